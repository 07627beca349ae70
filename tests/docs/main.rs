//! The documents are true: their examples are run as they stand there, every command and every
//! check is in them, what the program decides is in them as it decides it, and their links lead somewhere.

mod checks;
mod commands;
mod examples;
mod files;
mod generated;
mod links;
mod literals;
mod scenario;
#[path = "../support/shell.rs"]
mod shell;
mod words;

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

type Outcome = Result<(), Box<dyn Error>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents at the top and under docs/, sorted.
fn documents() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root())? {
        found.extend(page(entry?.path()));
    }
    below(&root().join("docs"), &mut found)?;
    found.sort();
    Ok(found)
}

/// The documents in a directory and below it.
fn below(directory: &Path, found: &mut Vec<PathBuf>) -> Outcome {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            below(&entry.path(), found)?;
        } else {
            found.extend(page(entry.path()));
        }
    }
    Ok(())
}

fn page(path: PathBuf) -> Option<PathBuf> {
    path.extension().is_some_and(|ending| ending == "md").then_some(path)
}

/// The lines of a document outside of fenced blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}
