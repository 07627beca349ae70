//! A copy of the example VPC to change, and the program run on it.

use std::{fs, path::PathBuf};

use crate::run::{command, ended, example, scratch};

/// Runs the program with nothing of the caller's environment; the exit code, stdout and stderr.
pub(crate) fn eksnet(arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String, String) {
    let environment = environment.iter().copied();
    let (code, stdout, stderr) = ended(command(arguments).envs(environment).output().unwrap());
    (code.unwrap(), stdout, stderr)
}

/// A copy of the example VPC.
pub(crate) struct Folder {
    path: PathBuf,
    from: String,
}

impl Folder {
    /// A copy of its own for a test.
    pub(crate) fn example(name: &str) -> Self {
        let path = scratch(name);
        fs::create_dir_all(path.join("answers")).unwrap();
        for entry in fs::read_dir(example()).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), path.join("answers").join(entry.file_name())).unwrap();
            }
        }
        let from = path.join("answers").to_str().unwrap().to_owned();
        Self { path, from }
    }

    /// The answers, for `--from`.
    pub(crate) fn from(&self) -> &str {
        &self.from
    }

    /// A file beside the answers.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.path.join(file)
    }

    /// Takes an answer away.
    pub(crate) fn remove(&self, file: &str) {
        fs::remove_file(self.path.join("answers").join(file)).unwrap();
    }

    /// Audits the folder.
    pub(crate) fn audit(&self, arguments: &[&str]) -> (i32, String, String) {
        eksnet(&[&["audit", "--from", self.from()], arguments].concat(), &[])
    }
}
