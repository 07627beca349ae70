//! The exit codes, as one table.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, nothing at or above the threshold.
    Done,
    /// Findings at or above the threshold, or a difference.
    Findings,
    /// Bad usage or bad input.
    Usage,
    /// Credentials, network, permission, region: nothing can be said.
    Environment,
    /// Something the answer needs is not available.
    Incomplete,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Environment => 3,
            Exit::Incomplete => 4,
        })
    }
}
