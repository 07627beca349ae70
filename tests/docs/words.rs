//! What people read uses the words that people use: documents, help, schemas, pages and messages.

use std::{ffi::OsStr, fs, path::Path, process::Command};

use clap::CommandFactory as _;
use eksnet::cli::Cli;
use serde_json::Value;

use crate::{Outcome, documents, literals, root};

/// Words that no public text has, with what to write instead.
const FORBIDDEN: &[(&str, &str)] = &[
    ("bar", "threshold"),
    ("bars", "thresholds"),
    ("could not be seen", "is not available, and why"),
    ("cannot be seen", "is not visible, or is not available"),
    ("dear", "expensive"),
    ("folder", "directory"),
    ("folders", "directories"),
    ("kept by aws", "reserved by AWS"),
    ("aws keeps", "AWS reserves"),
    ("mend", "fix"),
    ("mended", "fixed"),
    ("mends", "fixes"),
    ("play", "simulate"),
    ("played", "simulated"),
    ("playing", "simulating"),
    ("plays", "simulates"),
    ("rather empty", "under 50 % used"),
    ("spoil", "fragment"),
    ("spoiled", "fragmented"),
    ("spoils", "fragments"),
    ("spoilt", "fragmented"),
    ("stand-in", "placeholder, or fake EC2"),
    ("stand-ins", "placeholders"),
    ("strewn", "scattered at random"),
    ("tell", "show, say"),
    ("tells", "shows, says"),
    ("told", "showed, said"),
    ("wants", "requires"),
];

#[test]
fn documents_use_the_words() -> Outcome {
    let mut found = Vec::new();
    for path in documents()? {
        if path.ends_with("CHANGELOG.md") {
            // What was written of past versions stays as it was written.
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let prose: Vec<String> = crate::prose(&text).map(without_code).collect();
        check(&path, &prose.join("\n"), &mut found);
    }
    none(found);
    Ok(())
}

#[test]
fn help_and_schemas_use_the_words() -> Outcome {
    let mut found = Vec::new();
    help(Cli::command(), &mut found);
    for entry in fs::read_dir(root().join("docs/generated/schemas"))? {
        let path = entry?.path();
        let name = path.file_stem().and_then(OsStr::to_str).ok_or("a schema has a name")?;
        let output = Command::new(env!("CARGO_BIN_EXE_eksnet"))
            .args(["generate", "schema", name])
            .output()?;
        let schema = serde_json::from_slice(&output.stdout)?;
        check(&path, &descriptions(&schema).join("\n"), &mut found);
    }
    none(found);
    Ok(())
}

/// The help of a command and of those below it.
fn help(mut command: clap::Command, found: &mut Vec<String>) {
    let text = command.render_long_help().to_string();
    check(Path::new(command.get_name()), &text, found);
    for below in command.get_subcommands() {
        help(below.clone(), found);
    }
}

#[test]
fn pages_use_the_words() -> Outcome {
    let mut found = Vec::new();
    pages(&root().join("templates"), &mut found)?;
    none(found);
    Ok(())
}

fn pages(directory: &Path, found: &mut Vec<String>) -> Outcome {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            pages(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "html") {
            check(&path, &without_markup(&fs::read_to_string(&path)?), found);
        }
    }
    Ok(())
}

/// What comments may not say either: the words for missing data are those of the reports.
const NOT_IN_COMMENTS: &[&str] =
    &["could not be seen", "could be seen", "cannot be seen", "strewn"];

#[test]
fn messages_use_the_words() -> Outcome {
    let mut found = Vec::new();
    sources(&root().join("src"), &mut found)?;
    none(found);
    Ok(())
}

fn sources(directory: &Path, found: &mut Vec<String>) -> Outcome {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            // A literal without a space is a name of something.
            let source = fs::read_to_string(&path)?;
            let comments = source.lines().filter(|line| line.trim_start().starts_with("//"));
            for line in comments {
                if let Some(word) = NOT_IN_COMMENTS.iter().find(|word| has(line, word)) {
                    found.push(format!("{}: `{word}` in: {}", path.display(), line.trim()));
                }
            }
            let text = literals::of(&source);
            let prose = text.iter().filter(|text| text.contains(' '));
            let prose: Vec<String> = prose.map(|text| without_arguments(text)).collect();
            check(&path, &prose.join("\n"), found);
        }
    }
    Ok(())
}

/// Looks a text through, line by line.
fn check(path: &Path, text: &str, found: &mut Vec<String>) {
    let name = path.strip_prefix(root()).unwrap_or(path);
    for line in text.lines() {
        let plain = line.to_lowercase();
        for (word, instead) in FORBIDDEN {
            if has(&plain, word) {
                found.push(format!(
                    "{}: `{word}` (better: {instead}) in: {}",
                    name.display(),
                    line.trim()
                ));
            }
        }
    }
}

/// Whether a line has a word as a word, and not as a part of a longer one or of a name.
fn has(line: &str, word: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

fn none(mut found: Vec<String>) {
    found.sort();
    let count = found.len();
    assert!(found.is_empty(), "{count} lines use words that nobody uses:\n{}", found.join("\n"));
}

/// A line of Markdown without what stands in backticks: names are names.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// A message without the names of what is put into it.
fn without_arguments(message: &str) -> String {
    let mut parts = message.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('}').map_or(part, |(_, after)| after))
}

/// What a schema says to people.
fn descriptions(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(members) => {
            let own = members.get("description").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(members.values().flat_map(descriptions)).collect()
        }
        Value::Array(items) => items.iter().flat_map(descriptions).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// A template's text: no style, no script, no tags, no expressions.
fn without_markup(template: &str) -> String {
    let ends =
        [("<style", "</style>"), ("<script", "</script>"), ("{%", "%}"), ("{{", "}}"), ("<", ">")];
    let mut text = template.to_owned();
    for (start, end) in ends {
        let mut rest = text.as_str();
        let mut kept = String::new();
        while let Some((before, after)) = rest.split_once(start) {
            kept.push_str(before);
            rest = after.split_once(end).map_or("", |(_, after)| after);
        }
        kept.push_str(rest);
        text = kept;
    }
    text
}

#[test]
fn words_are_found_as_words() {
    assert!(has("a bar of percent", "bar"));
    assert!(!has("a barrier, bar_chart and --bar", "bar"));
    let mut found = Vec::new();
    check(Path::new("x"), "What a Folder holds", &mut found);
    assert_eq!(found.len(), 1);
    assert_eq!(without_code("the `bars` of a file"), "the ` of a file");
    assert_eq!(without_markup("<p class=\"bar\">{{ bar }}text<style>.bar {}</style></p>"), "text");
}
