//! The commands in `sh` blocks, which need AWS or a shell and so are not run, are commands all the same.

use std::fs;

use clap::{Parser as _, error::ErrorKind};
use eksnet::cli::Cli;

use crate::{Outcome, documents, files};

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

/// The words of a command as a shell splits them, up to a pipe, a redirection or a comment.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for letter in line.trim().chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, '|' | '>' | '#') if word.is_empty() => break,
            (None, ' ') => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            // What another command prints is one word.
            (None, '(') if word.ends_with('$') => {
                quote = Some(')');
                word.push('x');
            }
            (Some(_) | None, _) => word.push(letter),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[test]
fn words_are_those_of_a_shell() {
    let line = "eksnet audit --save history/$(date +%F).json --tag 'a b' | jq . # daily";
    assert_eq!(
        words(line),
        ["eksnet", "audit", "--save", "history/$xdate +%F.json", "--tag", "a b"]
    );
}
