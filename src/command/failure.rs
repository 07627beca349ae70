//! A run that ends without an answer: what is wrong, and what to do.

use std::{fmt::Display, io, path::Path};

use super::{Exit, stderr::say};
use crate::{audit::CountError, inventory::redact_texts, render::escape};

/// What is wrong, what to do about it, and the exit code.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    error: anyhow::Error,
    hint: String,
    /// Names of somebody's in them, which a run that hides them does not show.
    names: Vec<String>,
}

impl Failure {
    /// Bad usage or bad input.
    pub(super) fn usage(error: impl Display, hint: impl Into<String>) -> Self {
        Self::new(Exit::Usage, error, hint)
    }

    /// The environment does not let anything be said.
    pub(super) fn environment(error: impl Display, hint: impl Into<String>) -> Self {
        Self::new(Exit::Environment, error, hint)
    }

    /// Something the answer needs is absent.
    pub(super) fn incomplete(error: impl Display, hint: impl Into<String>) -> Self {
        Self::new(Exit::Incomplete, error, hint)
    }

    fn new(exit: Exit, error: impl Display, hint: impl Into<String>) -> Self {
        let error = anyhow::anyhow!("{error}");
        Self { exit, error, hint: hint.into(), names: Vec::new() }
    }

    /// The same failure, as one of the environment: the input was AWS's.
    pub(super) fn of_environment(self) -> Self {
        Self { exit: Exit::Environment, ..self }
    }

    /// The same failure, which has these names of somebody's in it.
    pub(super) fn naming(self, names: Vec<String>) -> Self {
        Self { names, ..self }
    }

    /// The same failure with placeholders for these names, for its own, and for whatever looks like an
    /// id.
    pub(super) fn redacted(self, names: &[String]) -> Self {
        let all = [names, &self.names].concat();
        let [error, hint] = redact_texts([&self.message(), &self.hint], &all);
        Self { hint, ..self }.with_error(error)
    }

    /// A file of input that cannot be opened or read. It was named, so that one that is absent is bad
    /// usage; answers that a directory lacks are told where they are needed.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the enum is not ours and may grow")]
    pub(super) fn reading(path: &Path, error: &io::Error) -> Self {
        let what = format!("cannot read {}: {error}", path.display());
        match error.kind() {
            io::ErrorKind::NotFound => Self::usage(what, "check the path"),
            io::ErrorKind::InvalidData => Self::usage(what, "save it as UTF-8"),
            io::ErrorKind::FileTooLarge => {
                Self::usage(what, "a valid file is never this large: check the path")
            }
            io::ErrorKind::PermissionDenied => {
                Self::environment(what, "check the file's permissions")
            }
            _ => Self::usage(what, "check whether the flag requires a file or a directory"),
        }
    }

    /// A file of output that cannot be written. A place that cannot be one is bad usage.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the enum is not ours and may grow")]
    pub(super) fn writing(path: &Path, error: &io::Error) -> Self {
        let what = format!("cannot write {}: {error}", path.display());
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                Self::usage(what, "create the directory first, or check the path")
            }
            io::ErrorKind::IsADirectory => Self::usage(
                what,
                "pass the name of a file in this \
                directory",
            ),
            io::ErrorKind::PermissionDenied => Self::environment(
                what,
                "check the permissions of the file and its directory, or use another file",
            ),
            _ => Self::environment(what, "check the free disk space and the file system"),
        }
    }

    /// The same failure in other words.
    pub(super) fn with_error(self, error: impl Display) -> Self {
        Self { error: anyhow::anyhow!("{error}"), ..self }
    }

    /// The same failure with more to do about it.
    pub(super) fn with_more_hint(self, more: &str) -> Self {
        Self { hint: format!("{}; {more}", self.hint), ..self }
    }

    /// How the run ends.
    #[must_use]
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// What is wrong, without what to do about it.
    pub(super) fn message(&self) -> String {
        format!("{:#}", self.error)
    }

    /// What to do about it.
    #[cfg(feature = "aws")]
    pub(super) fn hint(&self) -> &str {
        &self.hint
    }

    /// Prints the two lines to stderr.
    pub(super) fn print(&self) {
        say(&format!("error: {}", escape::terminal(&self.message())));
        say(&format!("hint: {}", escape::terminal(&self.hint)));
    }
}

/// Subnets whose networks cannot be.
impl From<CountError> for Failure {
    fn from(error: CountError) -> Self {
        let hint = if error.is_larger {
            "if the account has such subnets, add --allow-large-cidr"
        } else {
            "check the subnet's CidrBlock"
        };
        Self::usage(error, hint)
    }
}
