//! `eksnet diff`.

use std::path::Path;

use jiff::Timestamp;

use super::{Exit, Failure, aside, note, offline, output::Output};
use crate::{
    audit::{
        AuditReport, Policy, Settings, audit,
        diff::{Diff, diff},
    },
    cli::{CommonArgs, DiffArgs, DiffFormat, MomentArg},
    instance::BUILTIN,
    inventory::{Selection, select},
    render::{
        diff::{csv_grid, document},
        json::{diff::DiffJson, write_json},
        write_csv, write_markdown, write_table,
    },
};

pub(super) fn run(arguments: &DiffArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let side = |path: &Path, at| side(path, at, arguments.allow_large_cidr, common);
    let mut old = side(&arguments.old, arguments.old_at)?;
    let mut new = side(&arguments.new, arguments.new_at)?;
    if old.1.zip(new.1).is_some_and(|(old, new)| old > new) {
        let (first, second) = (arguments.old.display(), arguments.new.display());
        note(common, &format!("{first} is later than {second}: taken the other way round"));
        std::mem::swap(&mut old, &mut new);
    }
    for (what, one, other) in [
        ("region", &old.0.source.region, &new.0.source.region),
        ("account", &old.0.source.account, &new.0.source.account),
    ] {
        if let Some((one, other)) = one.as_ref().zip(other.as_ref()).filter(|(a, b)| a != b) {
            note(common, &format!("the two are not of one {what}: {one} and {other}"));
        }
    }
    let diff = diff((&old.0, old.1), (&new.0, new.1));
    write(arguments, common, &diff)?;
    if arguments.output == DiffFormat::Csv {
        aside(&[], &diff.withheld, common);
    }
    Ok(if diff.withheld.is_empty() { Exit::Done } else { Exit::Incomplete })
}

/// One side audited against the usual bars, with its moment: the one that is given, or the one it
/// says itself.
fn side(
    path: &Path,
    given: Option<MomentArg>,
    allow_large: bool,
    common: &CommonArgs,
) -> Result<(AuditReport, Option<Timestamp>), Failure> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let inventory = offline::read(&[path], common)?.inventory;
    let at = match (given, &inventory.source.captured_at) {
        (Some(MomentArg(at)), _) => Some(at),
        (None, Some(text)) => Some(text.parse().map_err(|_| {
            let error = format!("captured_at `{text}` is no moment");
            Failure::usage(named(&error), "it is such as 2026-11-25T10:00:00Z")
        })?),
        (None, None) => None,
    };
    // Nothing is named, so nothing can be missing.
    let selected = select(&inventory, &Selection::default())
        .map_err(|error| Failure::usage(named(&error), "check the file"))?;
    let policy = Policy::default();
    let settings = Settings::counting(&BUILTIN, &policy, allow_large);
    let report = audit(&inventory, &selected, &settings).map_err(|error| {
        let hint = if error.is_larger {
            "if the account has such subnets, add --allow-large-cidr"
        } else {
            "check the subnet's CidrBlock"
        };
        Failure::usage(named(&error), hint)
    })?;
    Ok((report, at))
}

fn write(arguments: &DiffArgs, common: &CommonArgs, diff: &Diff) -> Result<(), Failure> {
    let output = Output::new(&arguments.file, common.color);
    output.write(|out| match arguments.output {
        DiffFormat::Table => write_table(&document(diff), output.styling(), out),
        DiffFormat::Markdown => write_markdown(&document(diff), out),
        DiffFormat::Json => write_json(&DiffJson::new(diff), out),
        DiffFormat::Csv => write_csv(&csv_grid(diff), out),
    })
}
