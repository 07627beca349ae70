//! The Python environment that moto runs in, made once and kept between runs.

use std::{path::Path, process::Command};

use crate::support::venv;

/// Where the scripts are, and what is installed: moto at one version, since what it answers is compared number
/// by number.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/moto");

/// An environment with moto and boto3 in it.
pub(crate) struct Venv {
    venv: venv::Venv,
}

impl Venv {
    /// The environment of an earlier run if it holds what is required now, else a new one.
    pub(crate) fn ready() -> Self {
        let requirements = Path::new(FOLDER).join("requirements.txt");
        let venv = venv::Venv::ready("moto-venv", &requirements);
        Self { venv: venv.unwrap_or_else(|error| panic!("moto cannot be run: {error}")) }
    }

    /// A Python of the environment that finds no AWS account: none of the caller's variables, no
    /// shared configuration, no proxy.
    pub(crate) fn python(&self, script: &str) -> Command {
        let mut command = self.venv.python(&Path::new(FOLDER).join(script));
        for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
            command.env(name, "/nonexistent");
        }
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        command
    }
}

/// Runs a command to its end for its output; stops the test with what to do if it fails.
pub(crate) fn finish(command: &mut Command, hint: &str) -> String {
    venv::finish(command, hint).unwrap_or_else(|error| panic!("moto cannot be run: {error}"))
}
