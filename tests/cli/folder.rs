//! A copy of the example VPC to change, and the program run on it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Runs the program with nothing of the caller's environment; the exit code, stdout and stderr.
pub(crate) fn eksnet(arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_eksnet"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A copy of the example VPC.
pub(crate) struct Folder {
    path: PathBuf,
    from: String,
}

impl Folder {
    /// A copy of its own for a test.
    pub(crate) fn example(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ci-formats").join(name);
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(path.join("answers")).unwrap();
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod");
        for entry in fs::read_dir(example).unwrap() {
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
