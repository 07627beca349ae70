//! `eksnet diff`.

use std::path::Path;

use jiff::Timestamp;

use super::{
    Exit, Failure, aside,
    dated::Dated,
    forms::Forms,
    note, offline,
    output::Output,
    selection::{chosen, narrowed},
};
use crate::{
    audit::{
        CountError, Counted, countable,
        diff::{Diff, diff},
    },
    cli::{CommonArgs, DiffArgs, Format, MomentArg},
    inventory::{Places, Selection},
    render::{
        diff::{answer, csv_grid, document},
        html::write_diff,
        json::diff::DiffJson,
    },
};

pub(super) fn run(arguments: &DiffArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let large = arguments.allow_large_cidr;
    let mut old = SideInput::read(&arguments.old, arguments.old_at, large, common)?;
    let mut new = SideInput::read(&arguments.new, arguments.new_at, large, common)?;
    if old.at.zip(new.at).is_some_and(|(old, new)| old > new) {
        let (first, second) = (arguments.old.display(), arguments.new.display());
        note(common, &format!("{first} is newer than {second}: compared in the opposite order"));
        std::mem::swap(&mut old, &mut new);
    }
    let (one, other) = (&old.places.source, &new.places.source);
    for (what, one, other) in
        [("region", &one.region, &other.region), ("account", &one.account, &other.account)]
    {
        if let Some((one, other)) = one.as_ref().zip(other.as_ref()).filter(|(a, b)| a != b) {
            note(common, &format!("the two snapshots have different {what}s: {one} and {other}"));
        }
    }
    let (before, after) = (old.counted(large)?, new.counted(large)?);
    let mut diff = diff((&before, old.at), (&after, new.at));
    diff.dated = dated(&old, &new);
    if let Some(text) = &diff.dated {
        note(common, text);
    }
    write(arguments, common, &diff)?;
    if arguments.output == Format::Csv {
        aside(&[], &diff.withheld, common);
    }
    Ok(if diff.withheld.is_empty() { Exit::Done } else { Exit::Incomplete })
}

/// That sides are dated by their names, in one line.
fn dated(old: &SideInput<'_>, new: &SideInput<'_>) -> Option<String> {
    match (&old.by_name, &new.by_name) {
        (Some(one), Some(other)) => {
            Some(format!("both snapshots dated by their names: {one} and {other}"))
        }
        (Some(written), None) => Some(Dated::said(old.path, written)),
        (None, Some(written)) => Some(Dated::said(new.path, written)),
        (None, None) => None,
    }
}

/// One side.
struct SideInput<'a> {
    path: &'a Path,
    places: Places,
    /// Its moment: the one that is given, or the one it says itself.
    at: Option<Timestamp>,
    /// How its name writes its moment, where nothing else says it.
    by_name: Option<String>,
}

impl<'a> SideInput<'a> {
    fn read(
        path: &'a Path,
        given: Option<MomentArg>,
        allow_large: bool,
        common: &CommonArgs,
    ) -> Result<Self, Failure> {
        let mut places = offline::read(&[path], common)?.places;
        let mut said = None;
        let at = match (given, &places.source.captured_at) {
            (Some(MomentArg(at)), _) => Some(at),
            (None, Some(text)) => Some(text.parse().map_err(|_| {
                Failure::usage(
                    format!("{}: captured_at `{text}` is not a timestamp", path.display()),
                    "use a timestamp like 2026-11-25T10:00:00Z",
                )
            })?),
            (None, None) => match Dated::of(path) {
                Dated::Not => None,
                Dated::At(at, written) => {
                    said = Some(written);
                    Some(at)
                }
                Dated::Unclear(why) => {
                    let why = format!("{}: {why}", path.display());
                    note(common, &why);
                    places.notes.push(why);
                    None
                }
            },
        };
        // Nothing is named, so nothing can be missing.
        let places = narrowed(chosen(places, &Selection::default())?);
        let places = countable(places, allow_large).map_err(|error| refused(path, error))?;
        Ok(Self { path, places, at, by_name: said })
    }

    fn counted(&self, allow_large: bool) -> Result<Counted<'_>, Failure> {
        Counted::of(&self.places, allow_large).map_err(|error| refused(self.path, error))
    }
}

fn refused(path: &Path, error: CountError) -> Failure {
    let what = format!("{}: {error}", path.display());
    Failure::from(error).with_error(what)
}

fn write(arguments: &DiffArgs, common: &CommonArgs, diff: &Diff) -> Result<(), Failure> {
    let output = Output::new(&arguments.file, common).with(&arguments.table);
    Forms {
        document: Some(&|_| document(diff)),
        json: &|| DiffJson::new(diff),
        csv: &|| csv_grid(diff),
        own: &|_, out| write_diff(diff, out),
        found: &|| answer(diff),
    }
    .write(arguments.output, &output)
}
