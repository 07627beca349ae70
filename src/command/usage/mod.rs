//! Errors of the command line in this program's own two lines.

mod foreign;

use std::{ffi::OsString, io, path::Path};

use clap::{
    ColorChoice, Command,
    error::{ContextKind, ContextValue, ErrorKind},
};
use foreign::Typed;

use super::{Exit, Failure, stderr::say};
use crate::{cli, render::escape};

/// Flags that only a program with AWS access has, as clap names them, and the one that takes their
/// place.
const LIVE: &[&str] = &["'--live'", "'--region'", "'--profile'", "'-r'", "'-p'", "--from <"];
const WITHOUT_AWS: &str = "this program was built without AWS access: read saved data with --from, or \
                           install it with its default features";

/// Prints what clap has to say. Help and version are output; all else is bad usage.
#[expect(clippy::wildcard_enum_match_arm, reason = "the enum is not ours and may grow")]
pub(super) fn explain(error: &clap::Error, arguments: &[OsString]) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            match error.print() {
                // A closed pipe has read enough.
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    let failure = Failure::writing(Path::new("stdout"), &error);
                    failure.print();
                    failure.exit()
                }
                Ok(()) | Err(_) => Exit::Done,
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _closed = error.print();
            Exit::Usage
        }
        _ => {
            let (message, hint) = said(error, arguments);
            say(&format!("error: {}", escape::terminal(&message)));
            say(&format!("hint: {}", escape::terminal(&hint)));
            Exit::Usage
        }
    }
}

/// What the program is called by: as a plugin of kubectl it is a command of it.
pub(super) fn program(arguments: &[OsString]) -> &'static str {
    let name = arguments.first().and_then(|path| Path::new(path).file_stem());
    if name.is_some_and(|name| name == "kubectl-eksnet") { "kubectl eksnet" } else { "eksnet" }
}

/// Whether help is coloured: what `--color` says, wherever it stands.
pub(super) fn color(arguments: &[OsString]) -> ColorChoice {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let value = words.iter().enumerate().rev().find_map(|(at, word)| match *word {
        "--color" => words.get(at + 1).copied(),
        word => word.strip_prefix("--color="),
    });
    match value {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

/// What is wrong, and what to do about it.
fn said(error: &clap::Error, arguments: &[OsString]) -> (String, String) {
    let root = cli::command();
    let words: Vec<String> =
        arguments.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let (name, command) = command_of(&root, &words);
    let text = error.render().to_string();
    let typed_name = name.replacen("eksnet", program(arguments), 1);
    let (message, hint) = two_lines(&text, &typed_name);
    // clap takes a number that no flag takes for a flag.
    if let Some(number) = negative(&message) {
        let hint = format!("a number here is 0 or more, not {number}");
        return (message, hint);
    }
    if cfg!(not(feature = "aws")) && LIVE.iter().any(|flag| message.contains(flag)) {
        return (message, WITHOUT_AWS.to_owned());
    }
    let typed = Typed { name: &name, command, root: &root, words: &words };
    (message, ours(error, &typed).unwrap_or(hint))
}

/// What this program has in place of what others call otherwise.
#[expect(clippy::wildcard_enum_match_arm, reason = "the enum is not ours and may grow")]
fn ours(error: &clap::Error, typed: &Typed<'_>) -> Option<String> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.as_str()),
        _ => None,
    };
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let argument = context(ContextKind::InvalidArg)?;
            typed.in_place_of(argument.split('=').next().unwrap_or(argument))
        }
        ErrorKind::InvalidSubcommand => {
            typed.in_place_of_command(context(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::MissingRequiredArgument if lacks(error, "--dialect") => {
            Some("say who evaluates it: --dialect karpenter, nodeadm or castai".to_owned())
        }
        ErrorKind::MissingRequiredArgument if lacks(error, "--expression") => {
            Some("say what it evaluates: --expression EXPR".to_owned())
        }
        ErrorKind::MissingRequiredArgument if missing_flag(error).is_some() => {
            missing_flag(error).map(|flag| format!("add {flag}"))
        }
        ErrorKind::MissingRequiredArgument => typed.in_place_of_nothing().map(ToOwned::to_owned),
        _ => None,
    }
}

/// Whether a flag is missing, and not only in the usage that clap shows.
fn lacks(error: &clap::Error, flag: &str) -> bool {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::Strings(missing)) => missing.iter().any(|name| name.starts_with(flag)),
        _ => false,
    }
}

/// The flag that another one requires.
fn missing_flag(error: &clap::Error) -> Option<&str> {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::Strings(missing)) => {
            missing.iter().map(String::as_str).find(|name| name.starts_with("--"))
        }
        _ => None,
    }
}

/// The negative number that a message is about.
fn negative(message: &str) -> Option<&str> {
    let word = message.strip_prefix("unexpected argument '")?.split('\'').next()?;
    word.parse::<f64>().is_ok_and(|number| number < 0.0).then_some(word)
}

/// The first paragraph as the error, and the tips or the command's help as the hint.
fn two_lines(text: &str, command: &str) -> (String, String) {
    let mut paragraphs = text.split("\n\n");
    let first = paragraphs.next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    let message = first.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let rest: Vec<&str> = paragraphs.flat_map(str::lines).map(str::trim).collect();
    let tips: Vec<&str> = rest.iter().filter_map(|line| line.strip_prefix("tip: ")).collect();
    let hint = if tips.is_empty() { format!("see `{command} --help`") } else { tips.join("; ") };
    (message, hint)
}

/// The command among the words: those that are one, from the first on.
fn command_of<'a>(root: &'a Command, words: &[String]) -> (String, &'a Command) {
    let (mut name, mut command) = ("eksnet".to_owned(), root);
    for word in words {
        if let Some(next) = command.find_subcommand(word) {
            name = format!("{name} {word}");
            command = next;
        }
    }
    (name, command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clap_speaks_in_two_lines() {
        let text = "error: unexpected argument '--prefx' found\n\n  tip: a similar argument exists: \
                    '--prefix'\n\nUsage: eksnet maxpods --prefix <TYPE>...\n\nFor more";
        let (message, hint) = two_lines(text, "eksnet maxpods");
        assert_eq!(message, "unexpected argument '--prefx' found");
        assert_eq!(hint, "a similar argument exists: '--prefix'");
        let text = "error: the following required arguments were not provided:\n  <TYPE>...\n\n\
                    Usage: eksnet limits show <TYPE>\n";
        let (message, hint) = two_lines(text, "eksnet limits show");
        assert_eq!(message, "the following required arguments were not provided: <TYPE>...");
        assert_eq!(hint, "see `eksnet limits show --help`");
    }
}
