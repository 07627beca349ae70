//! The commands in `sh` blocks, which need AWS or a shell and so are not run, are commands all the same.

use std::fs;

use clap::{Parser as _, error::ErrorKind};
use eksnet::cli::Cli;

use crate::{Outcome, documents, files, shell::words};

#[test]
fn shown_commands_are_understood() -> Outcome {
    let mut seen = 0;
    for document in documents()?.iter().filter(|path| !path.ends_with("CHANGELOG.md")) {
        let text = fs::read_to_string(document)?;
        for block in files::blocks(&text, "sh") {
            let block = block.replace("\\\n", " ");
            for line in block.lines().filter(|line| line.trim_start().starts_with("eksnet ")) {
                let words = words(line);
                if let Err(error) = Cli::try_parse_from(&words) {
                    assert!(is_live(&error), "{}: `{line}`: {error}", document.display());
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 30, "the documents show {seen} commands");
    Ok(())
}

/// Whether a program without AWS access lacks what the command asks for.
fn is_live(error: &clap::Error) -> bool {
    let lacks =
        matches!(error.kind(), ErrorKind::UnknownArgument | ErrorKind::MissingRequiredArgument);
    !cfg!(feature = "aws") && lacks
}
