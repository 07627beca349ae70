//! `--emit`: the files that make a candidate.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    cli::{CommonArgs, PlanArgs},
    command::{Failure, note, output::write_file},
    finding::{counted, listed},
    render::{
        files::{EmittedFile, files},
        plan::{PlanAnswer, verdict},
    },
};

/// Writes the files of the candidate that was chosen or is recommended. Each replaces one of its name; other
/// files in the directory stay, and are named.
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
    make(folder)?;
    for file in &files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            make(parent)?;
        }
        write_file(&path, |out| out.write_all(file.text.as_bytes()))?;
    }
    let count = counted(files.len(), "file", "files");
    note(common, &format!("wrote {count} of {} to {}", candidate.id, folder.display()));
    let others = others(folder, &files);
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

fn make(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| {
        if folder.exists() && !folder.is_dir() {
            let what = format!("--emit {} is a file", folder.display());
            return Failure::usage(what, "pass the name of a directory");
        }
        Failure::writing(folder, &error)
    })
}

/// The files in a directory that were not written now: of an earlier plan, say.
fn others(folder: &Path, files: &[EmittedFile]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    // What cannot be looked at is not named.
    let _unreadable = walk(folder, Path::new(""), &mut found);
    for file in files {
        found.remove(&file.path);
    }
    found
}

fn walk(folder: &Path, below: &Path, found: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type()?.is_dir() {
            if !is_hidden {
                walk(folder, &path, found)?;
            }
        } else if !is_hidden {
            found.insert(path.display().to_string());
        }
    }
    Ok(())
}
