//! Environments of Python for tests, made once and kept between runs.

use std::{
    env, fs,
    fs::File,
    path::{Path, PathBuf},
    process::Command,
};

/// The interpreter that makes the environment.
const PYTHON: &str = "python3";
/// Variables a Python needs to run; everything else is kept from it, AWS's above all.
const KEPT: [&str; 4] = ["PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

/// An environment with the packages of a file of requirements in it.
pub(crate) struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// The environment of an earlier run if it holds what is required now, else a new one.
    ///
    /// Runs that meet here wait for one another: they share the folder.
    ///
    /// # Errors
    /// With why it cannot be made.
    pub(crate) fn ready(name: &str, requirements: &Path) -> Result<Self, String> {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let venv = Self { folder: scratch.join(name) };
        let lock = File::create(scratch.join(format!("{name}.lock")));
        let lock = lock.map_err(|error| format!("cannot make a lock file: {error}"))?;
        lock.lock().map_err(|error| format!("cannot lock the Python environment: {error}"))?;
        let mut version = Command::new(PYTHON);
        let version = finish(version.arg("--version"), "install Python 3.11 or newer")?;
        let packages = fs::read_to_string(requirements).map_err(|error| error.to_string())?;
        // Another Python or another requirement is another environment.
        let wanted = format!("{version}{packages}");
        // Written last: an environment that was left half made has none.
        let stamp = venv.folder.join("eksnet-requirements");
        if fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
            return Ok(venv);
        }
        let mut create = Command::new(PYTHON);
        create.args(["-m", "venv", "--clear"]).arg(&venv.folder);
        finish(&mut create, "it needs Python's venv module (Debian: apt install python3-venv)")?;
        let mut install = Command::new(venv.folder.join("bin/python"));
        install.args(["-m", "pip", "install", "--quiet", "--no-input", "--requirement"]);
        finish(install.arg(requirements), "it needs PyPI, or an index that pip is set up for")?;
        fs::write(stamp, wanted).map_err(|error| error.to_string())?;
        Ok(venv)
    }

    /// A Python of the environment that runs a script with none of the caller's variables.
    pub(crate) fn python(&self, script: &Path) -> Command {
        let mut command = Command::new(self.folder.join("bin/python"));
        // Without -B the compiled form would be left beside the sources.
        command.arg("-B").arg(script).env_clear();
        command.envs(KEPT.iter().filter_map(|name| Some((name, env::var_os(name)?))));
        command
    }
}

/// Runs a command to its end for its output.
///
/// # Errors
/// With what it said, and what to do, if it fails.
pub(crate) fn finish(command: &mut Command, hint: &str) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}; {hint}"))?;
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        return Err(format!("{command:?}: {}; {hint}\n{said}{complained}", output.status));
    }
    Ok(said.into_owned())
}
