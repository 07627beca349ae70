//! The files of `--baseline` and `--write-baseline`.

use std::path::Path;

use crate::{
    audit::{AuditReport, Baseline, read_baseline, write_baseline},
    cli::BaselineArgs,
    command::{Failure, output::write_file, text},
};

/// The baseline that is asked for, read before AWS is.
pub(super) fn read(arguments: &BaselineArgs) -> Result<Option<Baseline>, Failure> {
    let Some(path) = &arguments.baseline else { return Ok(None) };
    let text = text::read(path, &text::BASELINE)?;
    read_baseline(&text).map(Some).map_err(|error| malformed(path, &error))
}

fn malformed(path: &Path, error: &serde_json::Error) -> Failure {
    Failure::usage(
        format!("{}: {error}", path.display()),
        "`eksnet audit --write-baseline FILE` writes a baseline",
    )
}

/// Writes what is known from now on, if that is asked for.
pub(super) fn write(arguments: &BaselineArgs, report: &AuditReport) -> Result<(), Failure> {
    match &arguments.write_baseline {
        Some(path) => write_file(path, |out| write_baseline(&report.known(), out)),
        None => Ok(()),
    }
}
