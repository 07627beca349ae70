//! `eksnet snapshot`.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{
    Exit, Failure, aside,
    dated::Dated,
    inventory::places,
    note,
    output::Output,
    redaction::{of_snapshot, redacted},
    selection::{Origin, selection},
};
use crate::{
    cli::{CommonArgs, MomentArg, OutputFileArg, SnapshotArgs},
    finding::counted,
    inventory::{Places, write_snapshot},
};

pub(super) fn run(arguments: &SnapshotArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let (selection, region) = selection(&arguments.selection, &arguments.from)?;
    let origin = Origin {
        from: &arguments.from,
        #[cfg(feature = "aws")]
        all_vpcs: arguments.selection.all_vpcs,
        #[cfg(feature = "aws")]
        aws: &arguments.aws,
        region: region.as_deref(),
        selection: &selection,
    };
    if arguments.captured_at.is_some() && arguments.from.is_empty() {
        return Err(Failure::usage(
            "--captured-at is for saved responses, and AWS is asked now",
            "leave --captured-at out, or name saved responses with --from",
        ));
    }
    let mut places = places(&origin, common)?.places;
    match arguments.captured_at {
        Some(MomentArg(at)) => date(&mut places, at)?,
        None => date_by_name(&mut places, &arguments.from, common)?,
    }
    let places = redacted(places, of_snapshot(arguments).as_deref());
    let file = arguments.save.clone().or_else(|| arguments.file.output_file.clone());
    let output = Output::new(&OutputFileArg { output_file: file }, common);
    output.write(|out| write_snapshot(&places, out))?;
    let subnets: usize = places.list.iter().map(|(_, selected)| selected.subnets.len()).sum();
    output.say_written(&counted(subnets, "subnet", "subnets"));
    let withheld = places.withheld();
    if withheld.is_empty() {
        return Ok(Exit::Done);
    }
    aside(&[], &withheld, common);
    Ok(Exit::Incomplete)
}

/// Saved responses that do not say when they were saved: the one moment that names give, with a note. Several
/// that differ, or a name that is unclear, date nothing.
fn date_by_name(
    places: &mut Places,
    paths: &[PathBuf],
    common: &CommonArgs,
) -> Result<(), Failure> {
    let its = places.list.iter().map(|(inventory, _)| &inventory.source);
    if its.chain([&places.source]).any(|source| source.captured_at.is_some()) {
        return Ok(());
    }
    let mut found: Option<(Timestamp, &PathBuf, String)> = None;
    for path in paths {
        match (Dated::of(path), &found) {
            (Dated::Not, _) => {}
            (Dated::At(at, _), Some((known, ..))) if at == *known => {}
            (Dated::At(_, written), Some((.., known))) => {
                let text = format!("not dated: the names say {known} and {written}");
                note(common, &format!("{text}; pass --captured-at"));
                return Ok(());
            }
            (Dated::At(at, written), None) => found = Some((at, path, written)),
            (Dated::Unclear(why), _) => {
                let text = format!("{}: not dated: {why}", path.display());
                note(common, &format!("{text}; pass --captured-at"));
                return Ok(());
            }
        }
    }
    let Some((at, path, written)) = found else { return Ok(()) };
    note(common, &Dated::said(path, &written));
    date(places, at)
}

/// Writes the moment of saved responses down. What says itself when it was captured is not dated again.
fn date(places: &mut Places, at: Timestamp) -> Result<(), Failure> {
    let its = places.list.iter_mut().map(|(inventory, _)| &mut inventory.source);
    for source in its.chain([&mut places.source]) {
        let known = source.captured_at.replace(at.to_string());
        if let Some(known) = known.filter(|known| known.parse().ok() != Some(at)) {
            return Err(Failure::usage(
                format!("--captured-at {at}: what --from names was captured at {known}"),
                "leave --captured-at out: it is for saved responses, which do not say when they were saved",
            ));
        }
    }
    Ok(())
}
