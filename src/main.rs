//! The `eksnet` binary: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    eksnet::command::run(std::env::args_os())
}
