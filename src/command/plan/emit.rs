//! `--emit`: the files that make a candidate.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::folder::write_folder;
use crate::{
    cli::{CommonArgs, PlanArgs},
    command::{Failure, note},
    finding::{counted, listed},
    render::{
        files::{EmittedFile, files},
        plan::{PlanAnswer, verdict},
    },
};

/// Writes the files of the candidate that was chosen or is recommended. Other files in the directory stay, and
/// are named.
pub(super) fn emit(
    arguments: &PlanArgs,
    common: &CommonArgs,
    answer: &PlanAnswer,
) -> Result<(), Failure> {
    let Some(folder) = &arguments.emit else { return Ok(()) };
    let Some(candidate) = answer.selected() else {
        note(common, &format!("no file was written: {}", verdict(&answer.plan)));
        return Ok(());
    };
    let files = files(answer, candidate).map_err(|error| Failure::writing(folder, &error))?;
    not_read(arguments, folder, &files)?;
    let others = write_folder(folder, &files, arguments.force)?;
    let count = counted(files.len(), "file", "files");
    note(common, &format!("wrote {count} of {} to {}", candidate.id, folder.display()));
    if !others.is_empty() {
        note(common, &format!("left as they were in {}: {}", folder.display(), listed(others)));
    }
    Ok(())
}

/// Refuses to write over the requirement.
fn not_read(arguments: &PlanArgs, folder: &Path, files: &[EmittedFile]) -> Result<(), Failure> {
    let read: Vec<PathBuf> = arguments
        .requirement
        .iter()
        .chain(&arguments.from)
        .chain(&arguments.limits)
        .filter_map(|path| fs::canonicalize(path).ok())
        .collect();
    let written = files.iter().map(|file| folder.join(&file.path));
    let is_read = |path: &PathBuf| fs::canonicalize(path).is_ok_and(|path| read.contains(&path));
    match written.into_iter().find(is_read) {
        Some(path) => Err(Failure::usage(
            format!("--emit would overwrite {}, which is read", path.display()),
            "use another directory for the files",
        )),
        None => Ok(()),
    }
}
