//! Help, and what the program says of itself.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    run::{command, eksnet, ended},
    shell::words,
};

/// Every command that can be typed, as its words.
fn commands() -> Vec<Vec<String>> {
    fn below(command: &clap::Command, words: &[String], all: &mut Vec<Vec<String>>) {
        all.push(words.to_vec());
        for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
            below(command, &[words, &[command.get_name().to_owned()]].concat(), all);
        }
    }
    let mut all = Vec::new();
    below(&eksnet::cli::command(), &[], &mut all);
    all
}

fn help(words: &[String], flag: &str) -> String {
    let mut run = command(words);
    let (code, out, err) = ended(run.arg(flag).env("COLUMNS", "100").output().unwrap());
    assert_eq!((code, err.as_str()), (Some(0), ""), "{words:?} {flag}");
    out
}

/// The headings of a help text, in order.
fn headings(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.strip_suffix(':'))
        .filter(|line| !line.starts_with(' '))
        .collect()
}

#[test]
fn every_command_shows_examples_before_options_by_subject_and_global_ones_last() {
    for words in commands() {
        for flag in ["-h", "--help"] {
            let text = help(&words, flag);
            let mut headings = headings(&text);
            headings.retain(|heading| *heading != "Exit codes");
            assert_eq!(headings.last(), Some(&"Global options"), "{words:?} {flag}\n{text}");
            assert_eq!(headings.first(), Some(&"Examples"), "{words:?} {flag}\n{text}");
            assert!(!headings.contains(&"Options"), "no subject: {words:?}\n{text}");
            let different: BTreeSet<&str> = headings.iter().copied().collect();
            assert_eq!(different.len(), headings.len(), "{words:?}: {headings:?}");
            assert!(text.lines().all(|line| line.chars().count() <= 100), "{words:?}\n{text}");
        }
    }
}

/// What is rare stands in `--help` alone.
#[test]
fn short_help_fits_a_screen() {
    for words in commands() {
        let lines = help(&words, "-h").lines().count();
        assert!(lines <= 60, "{words:?}: {lines} lines");
    }
}

#[test]
fn examples_are_command_lines_that_parse() {
    for command in commands() {
        let text = help(&command, "-h");
        let lines = text.lines().skip_while(|line| *line != "Examples:").skip(1);
        for line in lines.take_while(|line| !line.is_empty()) {
            let line = line.trim().split("   ").next().unwrap();
            if !line.starts_with("eksnet ") {
                continue;
            }
            let parsed = eksnet::cli::command().try_get_matches_from(words(line));
            let lacks_aws = !cfg!(feature = "aws");
            assert!(parsed.is_ok() || lacks_aws, "{line}: {}", parsed.unwrap_err());
        }
    }
}

#[test]
fn help_is_a_command_too() {
    for words in [vec!["audit"], vec!["limits", "verify"], vec![]] {
        let (code, out, _) = eksnet(&[vec!["help"], words.clone()].concat());
        let (_, long, _) = eksnet(&[words.clone(), vec!["--help"]].concat());
        assert_eq!((code, out), (Some(0), long), "{words:?}");
    }
    let (code, _, err) = eksnet(&["help", "no-such"]);
    assert_eq!(code, Some(2), "{err}");
}

#[test]
fn help_is_coloured_as_the_flag_and_the_environment_say() {
    let escapes = |words: &[&str], set: &[(&str, &str)]| {
        let mut run = command(words);
        let output = run.envs(set.iter().copied()).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!escapes(&["--help"], &[]));
    assert!(escapes(&["--color", "always", "--help"], &[]));
    assert!(escapes(&["audit", "--help", "--color=always"], &[("NO_COLOR", "1")]));
    assert!(escapes(&["--help"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!escapes(&["--help"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!escapes(&["--help", "--color=never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn version_says_what_the_program_is() {
    let (code, out, err) = eksnet(&["version", "-o", "json"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let said: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(said["schema"], "eksnet.version/v1");
    assert_eq!(said["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(said["instance_table"], eksnet::instance::BUILTIN.as_of());
    assert_eq!(said["features"].as_array().unwrap().contains(&"aws".into()), cfg!(feature = "aws"));
    assert!(said["target"].as_str().is_some_and(|target| target.contains('-')), "{said}");
    let (_, schema, _) = eksnet(&["generate", "schema", "version"]);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&said), "{said}");
    let (_, table, _) = eksnet(&["version"]);
    assert!(table.starts_with(concat!("eksnet ", env!("CARGO_PKG_VERSION"), "\n")), "{table}");
    assert_eq!(eksnet(&["--version"]).1, concat!("eksnet ", env!("CARGO_PKG_VERSION"), "\n"));
}
