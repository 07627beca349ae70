//! The program as every test runs it: with nothing of the caller's environment, out of reach of AWS and of
//! any cluster, in a folder that holds nothing.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::Path,
    process::{Command, Output},
};

/// The program with its arguments, ready to be run or told more.
pub(crate) fn command<I: AsRef<OsStr>>(arguments: &[I]) -> Command {
    ready(Command::new(env!("CARGO_BIN_EXE_eksnet")), arguments)
}

/// The same with signals as a terminal's, whatever those of the test run are: a shell's job in the background
/// ignores SIGINT, and so do its children. Where `env` cannot do that they stay as they are.
pub(crate) fn with_signals<I: AsRef<OsStr>>(arguments: &[I]) -> Command {
    const DEFAULT: &str = "--default-signal=INT,TERM,HUP";
    let tried = Command::new("/usr/bin/env").args([DEFAULT, "true"]).output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        return command(arguments);
    }
    let mut run = Command::new("/usr/bin/env");
    run.args([DEFAULT, env!("CARGO_BIN_EXE_eksnet")]);
    ready(run, arguments)
}

fn ready<I: AsRef<OsStr>>(mut command: Command, arguments: &[I]) -> Command {
    let empty = Path::new(env!("CARGO_TARGET_TMPDIR")).join("empty");
    fs::create_dir_all(&empty).unwrap();
    command.args(arguments).current_dir(&empty).env_clear();
    command.env("AWS_EC2_METADATA_DISABLED", "true").env("HOME", &empty);
    for file in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        command.env(file, empty.join("no-such-file"));
    }
    command
}

/// How a run ended: its exit code, stdout and stderr.
pub(crate) type Ended = (Option<i32>, String, String);

/// What a run that has ended said.
pub(crate) fn ended(output: Output) -> Ended {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}
