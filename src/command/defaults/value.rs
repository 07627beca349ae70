//! Whether values are ones of a flag.

use std::error::Error as _;

use clap::{Arg, ArgAction, Command};

/// Flags that have no default: they are about one run.
const NEVER: &[&str] = &["help", "version", "no-defaults"];

/// What the variables begin with.
pub(super) const VARIABLE: &str = "EKSNET_";

/// The variable of a flag.
pub(super) fn variable(long: &str) -> String {
    format!("{VARIABLE}{}", long.to_uppercase().replace('-', "_"))
}

/// The long names of the flags of a command and of those below it, sorted, each once.
pub(super) fn flags(command: &'static Command) -> Vec<&'static str> {
    let mut found: Vec<&str> = own(command).filter_map(Arg::get_long).collect();
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        found.extend(flags(command));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A flag as the commands have it that have one of this name.
pub(super) fn all(command: &'static Command, long: &str) -> Vec<&'static Arg> {
    let mut found: Vec<&Arg> = own(command).filter(|arg| arg.get_long() == Some(long)).collect();
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        found.extend(all(command, long));
    }
    found
}

/// The flags of a command that can have a default.
pub(super) fn own(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| arg.get_long().is_some_and(|long| !NEVER.contains(&long)))
}

/// A flag and its values as they are typed; `None` for a flag that is switched off.
///
/// # Errors
/// When they are not values of it.
pub(super) fn fits(arg: &Arg, values: &[String]) -> Result<Vec<String>, String> {
    let long = arg.get_long().unwrap_or_default();
    let first = match values {
        [] => return Err(format!("`{long}` has an empty list: leave it out")),
        [first, rest @ ..] => {
            let is_list = matches!(arg.get_action(), ArgAction::Append);
            if !rest.is_empty() && !is_list {
                return Err(format!("`{long}` takes one value, not {}", values.len()));
            }
            first
        }
    };
    if matches!(arg.get_action(), ArgAction::SetTrue) {
        return match first.as_str() {
            "true" => Ok(vec![format!("--{long}")]),
            "false" => Ok(Vec::new()),
            other => Err(format!("`{other}` is not a value of `{long}`: true or false")),
        };
    }
    if matches!(arg.get_action(), ArgAction::Count) {
        let times: u8 = match first.as_str() {
            "true" => 1,
            "false" => 0,
            other => other
                .parse()
                .map_err(|_| format!("`{other}` is not a value of `{long}`: a number of times"))?,
        };
        return Ok((0..times).map(|_| format!("--{long}")).collect());
    }
    let words: Vec<String> = values.iter().map(|value| format!("--{long}={value}")).collect();
    let alone = Arg::new("value")
        .long("value")
        .action(arg.get_action().clone())
        .value_parser(arg.get_value_parser().clone());
    let command =
        Command::new("eksnet").no_binary_name(true).arg(match arg.get_value_delimiter() {
            Some(delimiter) => alone.value_delimiter(delimiter),
            None => alone,
        });
    match command.try_get_matches_from(values.iter().map(|value| format!("--value={value}"))) {
        Ok(_) => Ok(words),
        Err(error) => {
            let possible: Vec<String> = arg
                .get_possible_values()
                .iter()
                .filter(|value| !value.is_hide_set())
                .map(|value| value.get_name().to_owned())
                .collect();
            let why = if possible.is_empty() {
                error.source().map_or_else(|| "it is empty".to_owned(), ToString::to_string)
            } else {
                possible.join(", ")
            };
            Err(format!("`{}` is not a value of `{long}`: {why}", values.join(", ")))
        }
    }
}
