//! Man pages: one for the program, one for each command.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use clap::Command;
use clap_mangen::{
    Man,
    roff::{Roff, bold, roman},
};

use super::{Failure, defaults, output::write_file};
use crate::{cli, instance::BUILTIN};

const MANUAL: &str = "eksnet manual";
/// What the program ends with, and why.
const EXITS: &[(&str, &str)] = &[
    ("0", "Done; no finding at or above the threshold."),
    ("1", "Findings at or above --fail-on, a difference, or a layout that does not fit."),
    ("2", "Bad usage or bad input."),
    ("3", "Credentials, network, permission or region: no result."),
    ("4", "Incomplete: data that the result needs is not available, and the output says which."),
    ("130", "Interrupted."),
];
const FILES: &[(&str, &str)] = &[
    (
        ".eksnet.yaml",
        "Policy of eksnet audit, and defaults of flags under the key defaults. The one of the working \
         directory, or of the nearest directory above it up to the root of the repository.",
    ),
    (
        "~/.aws/config, ~/.aws/credentials",
        "The shared AWS configuration, read by commands that call AWS.",
    ),
];
const VARIABLES: &[(&str, &str)] = &[
    ("NO_COLOR, CLICOLOR_FORCE", "Whether output is colored, unless --color says so."),
    (
        "AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, ...",
        "As the AWS CLI reads them, for commands that call AWS.",
    ),
];

/// The page of a command, such as `audit` or `limits show`; of the program without one.
pub(super) fn page(words: &[String], out: &mut Vec<u8>) -> Result<(), Failure> {
    let program = program();
    let mut command = &program;
    for word in words {
        command = command.find_subcommand(word).ok_or_else(|| {
            Failure::usage(
                format!("no command `{}`", words.join(" ")),
                "`eksnet help` lists the commands",
            )
        })?;
    }
    write(command, out).map_err(|error| Failure::writing(Path::new("stdout"), &error))
}

/// Every page, each to its file in a directory.
pub(super) fn pages(directory: &Path) -> Result<(), Failure> {
    fs::create_dir_all(directory).map_err(|error| Failure::writing(directory, &error))?;
    let program = program();
    let mut all = Vec::new();
    each(&program, &mut all);
    for command in all {
        let path = directory.join(format!("{}.1", name(command)));
        write_file(&path, |out| write(command, out))?;
    }
    Ok(())
}

fn program() -> Command {
    let mut program = cli::command();
    program.build();
    program
}

fn each<'a>(command: &'a Command, all: &mut Vec<&'a Command>) {
    all.push(command);
    for command in below(command) {
        each(command, all);
    }
}

fn below(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|command| command.get_name() != "help" && !command.is_hide_set())
}

/// Such as `eksnet-limits-show`.
fn name(command: &Command) -> String {
    command.get_bin_name().unwrap_or(command.get_name()).replace(' ', "-")
}

fn write(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    // What stands before the options is a section of its own, and so is what ends the program.
    let plain = command.clone().before_help("").before_long_help("").disable_help_subcommand(true);
    // What -h leaves out would stand here without its text.
    let plain = plain.mut_args(|arg| match (arg.get_long_help(), arg.get_help().cloned()) {
        (None, Some(help)) => arg.long_help(help),
        _ => arg,
    });
    let page = Man::new(plain)
        .title(name(command).to_uppercase())
        .source(format!("eksnet {}", env!("CARGO_PKG_VERSION")))
        .date(BUILTIN.as_of().to_owned())
        .manual(MANUAL);
    page.render_title(out)?;
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let mut head = Roff::new();
    head.control("SH", ["NAME"]);
    head.text([roman(format!("{} - {about}", name(command)))]);
    head.to_writer(out)?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)?;
    page.render_options_section(out)?;
    tail(command).to_writer(out)
}

fn tail(command: &Command) -> Roff {
    let mut roff = Roff::new();
    let mut commands = below(command).peekable();
    if commands.peek().is_some() {
        roff.control("SH", ["COMMANDS"]);
        for command in commands {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            entry(&mut roff, &format!("{}(1)", name(command)), &about);
        }
    }
    if let Some(notes) = command.get_after_help().filter(|_| command.get_name() != "eksnet") {
        roff.control("SH", ["NOTES"]);
        roff.text([roman(notes.to_string().replace('\n', " "))]);
    }
    roff.control("SH", ["ENVIRONMENT"]);
    for (name, about) in defaults::variables(command) {
        entry(&mut roff, &name, &format!("Default of --{about}."));
    }
    for (name, about) in VARIABLES {
        entry(&mut roff, name, about);
    }
    roff.control("SH", ["FILES"]);
    for (name, about) in FILES {
        entry(&mut roff, name, about);
    }
    roff.control("SH", ["EXIT STATUS"]);
    for (code, about) in EXITS {
        entry(&mut roff, code, about);
    }
    if let Some(examples) = command.get_before_help() {
        roff.control("SH", ["EXAMPLES"]);
        roff.control("nf", []);
        let examples = examples.to_string();
        for line in examples.lines().filter(|line| *line != cli::EXAMPLES) {
            roff.text([roman(line.trim())]);
        }
        roff.control("fi", []);
    }
    roff.control("SH", ["SEE ALSO"]);
    let mut also = vec!["eksnet(1)".to_owned()];
    also.extend(below(command).map(|command| format!("{}(1)", name(command))));
    also.retain(|page| *page != format!("{}(1)", name(command)));
    also.push(env!("CARGO_PKG_REPOSITORY").to_owned());
    roff.text([roman(also.join(", "))]);
    roff
}

fn entry(roff: &mut Roff, term: &str, about: &str) {
    roff.control("TP", []);
    roff.text([bold(term)]);
    roff.text([roman(about)]);
}
