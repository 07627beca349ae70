//! Defaults of flags: what is typed wins over `EKSNET_*`, and that over `defaults:` of the nearest
//! `.eksnet.yaml`. A default is put behind what was typed, as if it had been typed.

mod file;
mod unknown;
mod value;

use std::{env, ffi::OsString, path::PathBuf};

use clap::{
    Arg, ArgAction, ArgMatches, ColorChoice, Command, FromArgMatches as _, error::ErrorKind,
    parser::ValueSource,
};
use file::Written;
use value::variable;

pub(super) use file::schema;
pub(super) use unknown::unknown;

use super::{Failure, audit, text, usage};
use crate::cli::{self, Cli};

/// Flags that together select: one that is typed replaces every default of the others.
const SELECTION: &[&str] = &["vpc", "subnet", "cluster", "all-vpcs"];
/// The flag that says where is read instead of AWS: what is selected by default need not be there. What is
/// typed to select is looked for in a default of it.
const SOURCE: &str = "from";
/// Commands that say something of the program itself: a file that cannot be read does not keep them from it.
const OWN: &[&str] = &["version", "explain", "generate", "help"];

/// Why there is no command line.
pub(super) enum Stopped {
    /// clap says so, help and version included.
    Clap(Box<clap::Error>),
    /// The defaults cannot be used.
    Defaults(Failure),
}

impl From<clap::Error> for Stopped {
    fn from(error: clap::Error) -> Self {
        Self::Clap(Box::new(error))
    }
}

/// A default that holds in this run.
#[derive(Debug, Clone)]
pub(super) struct Applied {
    /// The flag's long name.
    pub(super) flag: String,
    /// As it would be typed.
    pub(super) words: Vec<String>,
    /// Where it is from.
    pub(super) source: String,
    level: usize,
}

/// The command line as typed, with its defaults.
pub(super) fn parse(
    arguments: &[OsString],
    color: ColorChoice,
) -> Result<(Cli, Vec<Applied>), Stopped> {
    let name = usage::program(arguments);
    let command = || cli::command().color(color).bin_name(name);
    let typed = match cli::plain().color(color).bin_name(name).try_get_matches_from(arguments) {
        Ok(matches) if !are_there() => return Ok((Cli::from_arg_matches(&matches)?, Vec::new())),
        // Help and errors are shown as they are laid out.
        Err(_) => command().try_get_matches_from(arguments),
        typed => typed,
    };
    let (typed, missing) = match typed {
        Ok(matches) => (matches, None),
        // What is missing may have a default.
        Err(error) if error.kind() == ErrorKind::MissingRequiredArgument => {
            (command().ignore_errors(true).try_get_matches_from(arguments)?, Some(error))
        }
        Err(error) => return Err(error.into()),
    };
    let applied = if typed.get_flag("no_defaults") {
        Vec::new()
    } else {
        applied(&typed).map_err(Stopped::Defaults)?
    };
    if applied.is_empty() {
        return match missing {
            Some(error) => Err(error.into()),
            None => Ok((Cli::from_arg_matches(&typed)?, applied)),
        };
    }
    let mut all = arguments.to_vec();
    let end = all.iter().position(|word| word == "--").unwrap_or(all.len());
    let words = applied.iter().flat_map(|one| one.words.iter().map(OsString::from));
    all.splice(end..end, words);
    let matches = command().try_get_matches_from(all)?;
    Ok((Cli::from_arg_matches(&matches)?, applied))
}

/// Whether there can be defaults: most runs have none, and need nothing more.
fn are_there() -> bool {
    let is_ours = |name: &OsString| name.to_string_lossy().starts_with(value::VARIABLE);
    env::vars_os().any(|(name, _)| is_ours(&name)) || audit::found_policy().is_some()
}

/// A failure; where it is about a flag that was not typed, the hint says where that is from.
pub(super) fn explained(failure: Failure, defaults: &[Applied]) -> Failure {
    let message = failure.message();
    let of_it = |one: &&Applied| {
        let flag = format!("--{}", one.flag);
        message.split([' ', ':', ',', '`']).any(|word| word == flag)
    };
    match defaults.iter().find(of_it) {
        Some(one) => {
            failure.with_more_hint(&format!("--{} is a default from {}", one.flag, one.source))
        }
        None => failure,
    }
}

/// The defaults of the command that was typed.
fn applied(typed: &ArgMatches) -> Result<Vec<Applied>, Failure> {
    let (mut command, mut matches, mut path) = (file::commands(), typed, Vec::new());
    while let Some((name, next)) = matches.subcommand() {
        let Some(below) = command.find_subcommand(name) else { break };
        (command, matches) = (below, next);
        path.push(name);
    }
    let is_own = path.first().is_some_and(|name| OWN.contains(name));
    let written = if is_own { None } else { written()? };
    let is_typed = |arg: &Arg| {
        let id = arg.get_id().as_str();
        matches.try_contains_id(id).is_ok_and(|there| there)
            && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    let typed: Vec<&Arg> = command.get_arguments().filter(|arg| is_typed(arg)).collect();
    let mut found = Vec::new();
    for arg in value::own(command).filter(|arg| !typed.contains(arg)) {
        if !typed.iter().any(|other| are_against(command, arg, other))
            && let Some(one) = default(arg, &path, written.as_ref())?
        {
            found.push((arg, one));
        }
    }
    let all: Vec<(&Arg, usize)> = found.iter().map(|(arg, one)| (*arg, one.level)).collect();
    // What is nearer wins: a variable over the file, a command's own over those of all.
    let holds = |(arg, one): &(&Arg, Applied)| {
        let is_nearer =
            |(other, level): &(&Arg, usize)| *level < one.level && are_against(command, arg, other);
        !one.words.is_empty() && !all.iter().any(is_nearer)
    };
    Ok(found.into_iter().filter(holds).map(|(_, one)| one).collect())
}

/// Whether a default cannot go together with another flag, or is replaced by it.
fn are_against(command: &Command, one: &Arg, other: &Arg) -> bool {
    let selects = |arg: &Arg| arg.get_long().is_some_and(|long| SELECTION.contains(&long));
    let is_source = other.get_long() == Some(SOURCE);
    (one.get_id() != other.get_id() && selects(one) && (selects(other) || is_source))
        || command.get_arg_conflicts_with(one).contains(&other)
        || command.get_arg_conflicts_with(other).contains(&one)
}

/// The default of a flag, from where it is nearest.
fn default(
    arg: &Arg,
    path: &[&str],
    written: Option<&(PathBuf, Vec<Written>)>,
) -> Result<Option<Applied>, Failure> {
    let long = arg.get_long().unwrap_or_default();
    let name = variable(long);
    if let Some(value) = env::var_os(&name).filter(|value| !value.is_empty()) {
        let value = value.to_string_lossy();
        let value = match (arg.get_action(), value.as_ref()) {
            (ArgAction::SetTrue, "1" | "yes" | "on") => "true",
            (ArgAction::SetTrue, "0" | "no" | "off") => "false",
            (_, value) => value,
        };
        let values = [value.to_owned()];
        let words = match value::fits(arg, &values) {
            Ok(words) => Some(words),
            // It is a value of this flag of another command.
            Err(_)
                if value::all(file::commands(), long)
                    .iter()
                    .any(|arg| value::fits(arg, &values).is_ok()) =>
            {
                None
            }
            Err(fault) => {
                let hint = "correct the variable, or unset it; --no-defaults ignores it";
                return Err(Failure::usage(format!("{name}: {fault}"), hint));
            }
        };
        if let Some(words) = words {
            return Ok(Some(Applied { flag: long.to_owned(), words, source: name, level: 0 }));
        }
    }
    let Some((file, written)) = written else { return Ok(None) };
    for depth in (0..=path.len()).rev() {
        let command = path.get(..depth).unwrap_or_default().join(" ");
        let one = written.iter().find(|one| one.command == command && one.flag == long);
        if let Some(words) = one.and_then(|one| value::fits(arg, &one.values).ok()) {
            let (flag, source) = (long.to_owned(), file.display().to_string());
            return Ok(Some(Applied { flag, words, source, level: 1 + path.len() - depth }));
        }
    }
    Ok(None)
}

/// The variables of a command's flags, with the flags.
pub(super) fn variables(command: &Command) -> Vec<(String, String)> {
    let flags = value::own(command).filter_map(Arg::get_long);
    flags.map(|flag| (variable(flag), flag.to_owned())).collect()
}

/// The nearest file with defaults, and what it holds.
fn written() -> Result<Option<(PathBuf, Vec<Written>)>, Failure> {
    let Some(path) = audit::found_policy() else { return Ok(None) };
    let text = text::read(&path, &text::POLICY)?;
    // A file without any need not be one that can be read, unless an audit is made.
    if !text.contains("defaults") {
        return Ok(None);
    }
    let written = file::parse(&text).map_err(|error| {
        Failure::usage(
            format!("{}: {error}", path.display()),
            "`defaults:` holds flags by their long names; --no-defaults ignores it",
        )
    })?;
    Ok(Some((path, written)))
}
