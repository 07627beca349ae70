//! The program, run with arguments and a file that were made up.

use std::{ffi::OsString, path::Path};

use clap::Parser as _;
use eksnet::cli::{Cli, ColorArg, Command, Format, GenerateCommand, LimitsCommand};

use super::laws;

/// How the program is run.
pub(crate) type Run<'a> = &'a mut dyn FnMut(&Call<'_>) -> Ended;

/// A run: its arguments behind the program's name, in which `INPUT` is the file that holds the bytes.
pub(crate) struct Call<'a> {
    words: &'a [&'a str],
    pub(crate) input: Option<&'a [u8]>,
}

impl Call<'_> {
    /// The arguments, the program's name first.
    pub(crate) fn arguments(&self, input: &Path) -> Vec<OsString> {
        let word = |word: &&str| if *word == "INPUT" { input.into() } else { OsString::from(word) };
        [OsString::from("eksnet")].into_iter().chain(self.words.iter().map(word)).collect()
    }
}

/// How it ended, and what it wrote.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) output: Vec<u8>,
}

impl Ended {
    /// The output as JSON, where there is one.
    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.output).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The most of a number on a command line that is played: what is allowed takes time in proportion.
const MOST: u32 = 300;

/// Arguments, a line each. Those of commands that need no file are run.
pub(super) fn command_line(data: &[u8], run: Run<'_>) {
    // No argument of a process holds a NUL.
    let Some(text) = str::from_utf8(data).ok().filter(|text| !text.contains('\0')) else { return };
    let words: Vec<&str> = text.lines().take(24).collect();
    let arguments = [&["eksnet"], words.as_slice()].concat();
    let Ok(cli) = Cli::try_parse_from(&arguments) else { return };
    if !is_pure(&cli) {
        return;
    }
    let ended = run(&Call { words: &words, input: None });
    assert!(matches!(ended.code, Some(0 | 1 | 2 | 4)), "{words:?}: {ended:?}");
    if ended.code != Some(0) {
        return;
    }
    assert!(!ended.output.is_empty() || matches!(cli.command, Command::MaxPods(_)), "{words:?}");
    if is_json(&cli.command) {
        let _document = ended.json();
    } else if !matches!(cli.common.color, ColorArg::Always) {
        laws::is_plain_text(&without_tabs(&ended.output));
    }
}

/// Completions and CSV have tabs and line ends of their own.
fn without_tabs(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|byte| !matches!(byte, b'\t' | b'\r')).collect()
}

/// Whether a command reads nothing, writes to where it is told by us, and is short.
fn is_pure(cli: &Cli) -> bool {
    if cli.common.verbose > 0 {
        return false;
    }
    match &cli.command {
        Command::MaxPods(all) => all.limits.is_none() && all.file.output_file.is_none(),
        Command::Node(all) => {
            let short = |number: Option<u32>| number.is_none_or(|number| number <= MOST);
            let sweep = all.sweep.is_none_or(|range| short(range.most) && range.most.is_some());
            let files = (&all.limits, &all.trace, &all.file.output_file);
            let short = short(Some(all.pods)) && short(Some(all.nodes)) && sweep;
            short && files == (&None, &None, &None)
        }
        Command::Limits(all) => match &all.command {
            LimitsCommand::Show(all) => all.limits.is_none() && all.file.output_file.is_none(),
            LimitsCommand::List(all) => all.limits.is_none() && all.file.output_file.is_none(),
            LimitsCommand::Update(_) | LimitsCommand::Verify(_) => false,
        },
        Command::IamPolicy(all) => all.file.output_file.is_none(),
        Command::Explain(all) => all.file.output_file.is_none(),
        Command::Version(all) => all.file.output_file.is_none(),
        Command::Generate(all) => match &all.command {
            GenerateCommand::Completions { .. } | GenerateCommand::Man { .. } => false,
            GenerateCommand::Schema { file, .. } => file.output_file.is_none(),
        },
        Command::Doctor(_)
        | Command::Simulate(_)
        | Command::Plan(_)
        | Command::Audit(_)
        | Command::Snapshot(_)
        | Command::Diff(_) => false,
    }
}

fn is_json(command: &Command) -> bool {
    match command {
        Command::MaxPods(all) => matches!(all.output, Format::Json),
        Command::Node(all) => matches!(all.output, Format::Json),
        Command::Version(all) => matches!(all.output, Format::Json),
        Command::Generate(_) | Command::IamPolicy(_) => true,
        Command::Limits(_)
        | Command::Doctor(_)
        | Command::Explain(_)
        | Command::Simulate(_)
        | Command::Plan(_)
        | Command::Audit(_)
        | Command::Snapshot(_)
        | Command::Diff(_) => false,
    }
}

/// A file that an audit is given, whatever it is.
pub(super) fn audit_file(data: &[u8], run: Run<'_>) {
    let words =
        ["audit", "--from", "INPUT", "-o", "json", "--nodes", "--owners", "--fail-on", "never"];
    let ended = run(&Call { words: &words, input: Some(data) });
    match ended.code {
        Some(code @ (0 | 4)) if !ended.output.is_empty() => {
            let report = ended.json();
            laws::report(&report);
            let is_said = report["withheld"].as_array().is_some_and(|rows| !rows.is_empty());
            assert_eq!(code == 4, is_said, "{report}");
        }
        code => assert!(matches!(code, Some(2 | 4)), "{ended:?}"),
    }
}

/// Recorded cases, a line each.
pub(super) fn trace(data: &[u8], run: Run<'_>) {
    let words = ["node", "--trace", "INPUT"];
    let call = Call { words: &words, input: Some(data) };
    let ended = run(&call);
    assert_eq!(ended, run(&call), "replayed twice");
    assert!(matches!(ended.code, Some(0 | 2)), "{ended:?}");
    for line in str::from_utf8(&ended.output).unwrap().lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        for state in case["states"].as_array().expect("states") {
            let (pods, addresses) = (state["pods"].as_u64(), state["addresses"].as_u64());
            assert!(pods.is_some() && pods <= addresses, "{state}");
        }
    }
}
