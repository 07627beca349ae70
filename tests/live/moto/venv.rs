//! The Python environment that moto runs in, made once and kept between runs.

use std::{
    env, fs,
    fs::File,
    path::{Path, PathBuf},
    process::Command,
};

/// The interpreter that makes the environment.
const PYTHON: &str = "python3";
/// What is installed: moto at one version, since what it answers is compared number by number.
const REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/moto/requirements.txt");
/// Variables a Python needs to run; everything else is kept from it, AWS's above all.
const KEPT: [&str; 4] = ["PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

/// An environment with moto and boto3 in it.
pub(crate) struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// The environment of an earlier run if it holds what is required now, else a new one.
    ///
    /// Runs that meet here wait for one another: they share the folder.
    pub(crate) fn ready() -> Self {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let venv = Self { folder: scratch.join("moto-venv") };
        let lock = File::create(scratch.join("moto-venv.lock")).expect("cannot make a lock file");
        lock.lock().expect("cannot lock the Python environment");
        let wanted = contents();
        if fs::read_to_string(venv.stamp()).is_ok_and(|there| there == wanted) {
            return venv;
        }
        venv.make();
        fs::write(venv.stamp(), wanted).expect("cannot write down what is installed");
        venv
    }

    /// A Python of the environment that finds no AWS account: none of the caller's variables, no
    /// shared configuration, no proxy.
    pub(crate) fn python(&self, script: &str) -> Command {
        let mut command = Command::new(self.folder.join("bin/python"));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/moto").join(script);
        // Without -B the compiled form would be left beside the sources.
        command.arg("-B").arg(script).env_clear();
        command.envs(KEPT.iter().filter_map(|name| Some((name, env::var_os(name)?))));
        for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
            command.env(name, self.folder.join("no-such-file"));
        }
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        command
    }

    /// Written last: an environment that was left half made has none.
    fn stamp(&self) -> PathBuf {
        self.folder.join("eksnet-requirements")
    }

    fn make(&self) {
        let mut create = Command::new(PYTHON);
        create.args(["-m", "venv", "--clear"]).arg(&self.folder);
        finish(&mut create, "it needs Python's venv module (Debian: apt install python3-venv)");
        let mut install = Command::new(self.folder.join("bin/python"));
        install.args(["-m", "pip", "install", "--quiet", "--no-input", "--requirement"]);
        finish(install.arg(REQUIREMENTS), "it needs PyPI, or an index that pip is set up for");
    }
}

/// What an environment is made of: another Python or another requirement is another environment.
fn contents() -> String {
    let mut version = Command::new(PYTHON);
    let version = finish(version.arg("--version"), "install Python 3.10 or newer");
    let requirements = fs::read_to_string(REQUIREMENTS).expect("cannot read requirements.txt");
    format!("{version}{requirements}")
}

/// Runs a command to its end for its output; stops the test with what to do if it fails.
pub(crate) fn finish(command: &mut Command, hint: &str) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("moto cannot be run: {command:?}: {error}; {hint}"));
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(
        output.status.success(),
        "moto cannot be run: {command:?}: {}; {hint}\n{said}{complained}",
        output.status
    );
    said.into_owned()
}
