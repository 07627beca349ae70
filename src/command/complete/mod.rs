//! Completion: what the scripts of `eksnet generate completions` ask for. It reads local files alone, says
//! nothing on stderr and calls nothing.

mod aws;
mod saved;

use std::{
    env,
    ffi::{OsStr, OsString},
    io::{self, Write},
};

use clap::{Arg, Command};
use clap_complete::{
    CompleteEnv, Shell,
    engine::{ArgValueCompleter, CompletionCandidate, PathCompleter},
    env::Shells,
};

use crate::{audit::checks::REGISTRY, cli, finding::Severity, instance::BUILTIN};

/// The variable with which a shell asks; one of our own, since others use a plain COMPLETE.
const VARIABLE: &str = "_EKSNET_COMPLETE";
const NAME: &str = "eksnet";

/// Answers a shell that asks; false if none does.
pub(super) fn completed(arguments: &[OsString]) -> bool {
    if env::var_os(VARIABLE).is_none() {
        return false;
    }
    let directory = env::current_dir().ok();
    let asked = CompleteEnv::with_factory(command).var(VARIABLE).bin(NAME).completer(NAME);
    // Whoever presses a key wants no error in the middle of a line.
    asked.try_complete(arguments.to_vec(), directory.as_deref()).unwrap_or(true)
}

/// The script that makes a shell ask.
pub(super) fn registration(shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    let shells = Shells::builtins();
    match shells.completer(&shell.to_string()) {
        Some(completer) => completer.write_registration(VARIABLE, NAME, NAME, NAME, out),
        None => Err(io::Error::other(format!("no completion for {shell}"))),
    }
}

/// The command line with what its values can be.
fn command() -> Command {
    completing(cli::command())
}

fn completing(command: Command) -> Command {
    let ids: Vec<String> = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
    let names: Vec<String> =
        command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let command = ids.into_iter().fold(command, |command, id| command.mut_arg(id, with_values));
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, completing))
}

fn with_values(arg: Arg) -> Arg {
    let id = arg.get_id().to_string();
    match id.as_str() {
        "types" | "instance_type" => arg.add(ArgValueCompleter::new(types)),
        "profile" => arg.add(ArgValueCompleter::new(|typed: &OsStr| among(typed, aws::profiles()))),
        "region" => arg.add(ArgValueCompleter::new(|typed: &OsStr| {
            listed(typed, aws::regions().map(ToOwned::to_owned))
        })),
        "vpc" => arg.add(ArgValueCompleter::new(|typed: &OsStr| listed(typed, saved::vpcs()))),
        "subnet" => {
            arg.add(ArgValueCompleter::new(|typed: &OsStr| listed(typed, saved::subnets())))
        }
        "cluster" => {
            arg.add(ArgValueCompleter::new(|typed: &OsStr| among(typed, saved::clusters())))
        }
        "fail_on" => arg.add(ArgValueCompleter::new(fail_on)),
        "check" => arg.add(ArgValueCompleter::new(checks)),
        "scenario" => arg.add(ArgValueCompleter::new(
            PathCompleter::file()
                .filter(|path| {
                    let end = path.extension().and_then(OsStr::to_str);
                    path.is_dir() || matches!(end, Some("yaml" | "yml" | "json"))
                })
                .stdio(),
        )),
        _ => arg,
    }
}

/// Those that begin with what is typed.
fn among(typed: &OsStr, names: impl IntoIterator<Item = String>) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let names = names.into_iter().filter(|name| name.starts_with(typed.as_ref()));
    names.map(CompletionCandidate::new).collect()
}

/// The same for the last of several with commas between them.
fn listed(typed: &OsStr, names: impl IntoIterator<Item = String>) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let (before, last) = match typed.rfind(',') {
        Some(comma) => typed.split_at(comma + 1),
        None => ("", typed.as_ref()),
    };
    let names = among(OsStr::new(last), names);
    names.into_iter().map(|name| name.add_prefix(before.to_owned())).collect()
}

/// Instance types. Globs are left as they are.
fn types(typed: &OsStr) -> Vec<CompletionCandidate> {
    among(typed, BUILTIN.types().iter().map(|row| row.instance_type.to_string()))
}

fn checks(typed: &OsStr) -> Vec<CompletionCandidate> {
    let found = listed(typed, REGISTRY.iter().map(|check| check.id.to_owned()));
    found.into_iter().map(explained).collect()
}

fn fail_on(typed: &OsStr) -> Vec<CompletionCandidate> {
    let severities = [Severity::Info, Severity::Warning, Severity::Critical];
    let severities = severities.into_iter().map(|severity| severity.name().to_owned());
    let ids = REGISTRY.iter().map(|check| check.id.to_owned());
    let found = listed(typed, severities.chain(["never".to_owned()]).chain(ids));
    found.into_iter().map(explained).collect()
}

/// With what a check looks for beside its id.
fn explained(candidate: CompletionCandidate) -> CompletionCandidate {
    let value = candidate.get_value().to_string_lossy().into_owned();
    let id = value.rsplit(',').next().unwrap_or_default();
    let about = REGISTRY.iter().find(|check| check.id == id).map(|check| check.about.into());
    candidate.help(about)
}
