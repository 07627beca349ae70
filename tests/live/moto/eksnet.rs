//! Running the program as a user does, with nothing of the caller's environment.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{command, ended};

/// The program, and what it sees of the world.
pub(crate) struct Eksnet<'a> {
    /// Its home and working folder: command lines name files relative to it.
    home: &'a Path,
    /// Where AWS is; without it the program has neither credentials nor a region.
    endpoint: Option<&'a str>,
}

impl<'a> Eksnet<'a> {
    /// With a server in AWS's place.
    pub(crate) fn at(endpoint: &'a str, home: &'a Path) -> Self {
        Self { home, endpoint: Some(endpoint) }
    }

    /// The same program without AWS.
    pub(crate) fn offline(&self) -> Self {
        Self { endpoint: None, ..*self }
    }

    /// A file of the working folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// Runs a command line to its end. Arguments are separated by spaces.
    pub(crate) fn run(&self, line: &str) -> Run {
        let arguments: Vec<&str> = line.split(' ').collect();
        let mut command = command(&arguments);
        command.current_dir(self.home).env("HOME", self.home);
        if let Some(endpoint) = self.endpoint {
            command.env("AWS_ENDPOINT_URL", endpoint).env("AWS_REGION", "eu-west-1");
            command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
        }
        let (code, stdout, stderr) = ended(command.output().expect("cannot run eksnet"));
        Run { line: line.to_owned(), code, stdout, stderr }
    }

    /// Runs a command line that has to end with an exit code and, whatever it found, say nothing
    /// on stderr but that it wrote its file.
    pub(crate) fn output(&self, line: &str, code: i32) -> String {
        let run = self.run(line);
        assert_eq!(run.code, Some(code), "{run}");
        assert!(run.stderr.is_empty() || run.stderr.starts_with("wrote "), "{run}");
        assert!(run.stderr.lines().count() <= 1, "{run}");
        run.stdout
    }

    /// The same for a command line that prints JSON.
    pub(crate) fn json(&self, line: &str, code: i32) -> Value {
        let output = self.output(line, code);
        serde_json::from_str(&output).unwrap_or_else(|error| panic!("`{line}`: {error}: {output}"))
    }

    /// Runs a command line that has to be refused as bad input: nothing on stdout, and two lines
    /// that say what is wrong and what to do.
    pub(crate) fn refuses(&self, line: &str, error: &str) {
        let run = self.run(line);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run}");
        let lines: Vec<&str> = run.stderr.lines().collect();
        assert!(
            matches!(lines.as_slice(), [said, hint]
                if said.starts_with("error: ") && said.contains(error) && hint.starts_with("hint: ")),
            "not about `{error}`: {run}"
        );
    }
}

/// What a run came to.
pub(crate) struct Run {
    line: String,
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { line, code, stdout, stderr } = self;
        write!(f, "eksnet {line}\nexit: {code:?}\nstderr: {stderr}\nstdout: {stdout}")
    }
}
