//! The commands: arguments to a checked request, the core's answer to a document, and the exit
//! code. The only module that reads files, the clock and the environment.

mod audit;
mod auto_mode;
mod catalogue;
mod complete;
mod dated;
mod decode;
mod defaults;
mod diff;
mod doctor;
mod exit;
mod explain;
mod expression;
mod failure;
mod files;
mod forms;
mod generate;
mod history;
mod iam_policy;
mod interrupted;
mod inventory;
mod launch;
mod limits;
#[cfg(feature = "aws")]
mod live;
mod man;
mod maxpods;
mod names;
mod node;
mod notes;
mod offline;
mod output;
mod plan;
mod redaction;
mod selection;
mod simulate;
mod snapshot;
mod start;
mod stderr;
mod target;
mod terminal;
mod text;
mod threads;
mod usage;
mod version;
mod windows;

use std::{ffi::OsString, process::ExitCode};

pub use exit::Exit;
pub use failure::Failure;

use defaults::Stopped;
use stderr::{aside, note};

use crate::cli::{Cli, Command, CommonArgs};

/// Runs the program with its arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if complete::completed(&arguments) {
        return Exit::Done.into();
    }
    let (cli, defaults) = match defaults::parse(&arguments, usage::color(&arguments)) {
        Ok(parsed) => parsed,
        Err(Stopped::Clap(error)) => return usage::explain(&error, &arguments).into(),
        Err(Stopped::Defaults(failure)) => {
            failure.print();
            return failure.exit().into();
        }
    };
    log(&cli.common);
    if !cli.common.no_defaults {
        for text in defaults::unknown() {
            note(&cli.common, &text);
        }
    }
    for one in &defaults {
        tracing::info!("default {} from {}", one.words.join(" "), one.source);
    }
    let hidden = redaction::hidden(&cli.command);
    if hidden.is_some() && cli.common.verbose > 0 {
        note(&cli.common, "the log lines of -v are not redacted: do not share stderr output");
    }
    match dispatch(cli) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let failure = match &hidden {
                Some(names) => failure.redacted(names),
                None => failure,
            };
            let failure = defaults::explained(failure, &defaults);
            failure.print();
            failure.exit().into()
        }
    }
}

fn dispatch(cli: Cli) -> Result<Exit, Failure> {
    let common = &cli.common;
    files::check(&cli.command)?;
    match cli.command {
        Command::MaxPods(arguments) => maxpods::run(&arguments, common),
        Command::Node(arguments) => node::run(&arguments, common),
        Command::Simulate(arguments) => simulate::run(&arguments, common),
        Command::Plan(arguments) => plan::run(&arguments, common),
        Command::Audit(arguments) => audit::run(&arguments, common),
        Command::Snapshot(arguments) => snapshot::run(&arguments, common),
        Command::Diff(arguments) => diff::run(&arguments, common),
        Command::Limits(arguments) => limits::run(&arguments.command, common),
        Command::IamPolicy(arguments) => iam_policy::run(&arguments, common),
        Command::Generate(arguments) => generate::run(arguments.command, common),
        Command::Doctor(arguments) => doctor::run(&arguments, common),
        Command::Explain(arguments) => explain::run(&arguments, common),
        Command::Version(arguments) => version::run(&arguments, common),
    }
}

/// Logging to stderr, off unless asked for. What libraries log is left out: the SDK's own log holds
/// requests with their signatures, key ids and tokens.
fn log(common: &CommonArgs) {
    use tracing_subscriber::{
        Layer as _, filter::LevelFilter, filter::filter_fn, fmt, layer::SubscriberExt as _,
    };

    let level = match common.verbose {
        0 => return,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let own = filter_fn(|record| record.target().starts_with(env!("CARGO_CRATE_NAME")));
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(false).without_time();
    let lines = lines.with_target(false).with_filter(own).with_filter(level);
    if tracing::subscriber::set_global_default(tracing_subscriber::registry().with(lines)).is_err()
    {
        stderr::say("note: logging is already configured; -v has no effect");
    }
}
