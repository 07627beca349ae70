//! What pages are opened with: Chromium and poppler of the system, and packages of npm at one version. What is
//! missing is installed where that is possible, as CI does; elsewhere the tests say that they were skipped.

use std::{
    env, fs,
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Set where the tests must not be skipped.
const REQUIRED: &str = "EKSNET_REQUIRE_BROWSER";
/// Names of the browser's program.
const BROWSERS: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/// Scripts and the packages that they need.
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser");
/// What is copied beside the packages.
const FILES: [&str; 4] = ["package.json", "package-lock.json", "check.mjs", "inside.mjs"];

/// A folder with the packages and scripts in it, and the browser.
pub(super) struct Tools {
    pub(super) folder: PathBuf,
    pub(super) browser: PathBuf,
}

impl Tools {
    /// The tools, installed if need be; `None`, after saying why, where they cannot be had.
    pub(super) fn ready() -> Option<Self> {
        match Self::found() {
            Ok(tools) => Some(tools),
            Err(why) => {
                assert!(!is_required(), "{REQUIRED} is set, and {why}");
                say(&format!("skipped: no page was opened in a browser, since {why}"));
                None
            }
        }
    }

    fn found() -> Result<Self, String> {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
        // Runs that meet here wait for one another.
        let lock = File::create(scratch.join("browser.lock")).map_err(|error| error.to_string())?;
        lock.lock().map_err(|error| error.to_string())?;
        if browser().is_none() || program("pdftotext").is_none() {
            debian(&["chromium", "poppler-utils", "fonts-dejavu-core"]);
        }
        if program("node").is_none() || program("npm").is_none() {
            debian(&["nodejs", "npm"]);
        }
        let browser = browser().ok_or("there is no Chromium, and apt-get cannot install it")?;
        for name in ["pdftotext", "node", "npm"] {
            program(name).ok_or(format!("there is no {name}, and apt-get cannot install it"))?;
        }
        let folder = scratch.join("browser");
        packages(&folder)?;
        Ok(Self { folder, browser })
    }

    /// Runs a script of the folder on a file, for what it prints.
    pub(super) fn node(&self, script: &str, argument: &Path) -> String {
        let mut node = Command::new("node");
        node.arg(self.folder.join(script)).arg(argument).current_dir(&self.folder);
        let output = node.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script}: {}\n{said}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Says something even where the harness keeps what tests print.
pub(crate) fn say(text: &str) {
    assert!(writeln!(io::stderr(), "{text}").is_ok(), "stderr is closed");
}

/// Whether nothing may be skipped or behind.
pub(super) fn is_required() -> bool {
    env::var_os(REQUIRED).is_some()
}

fn program(name: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn browser() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| program(name))
}

/// Installs packages of the distribution, where this is its superuser. What fails shows in what is missing.
fn debian(packages: &[&str]) {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    if !is_root || program("apt-get").is_none() {
        return;
    }
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.args(["-q", "-y", "-o", "DPkg::Lock::Timeout=300"]).args(arguments);
        apt.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()).stdout(Stdio::null());
        apt.status().is_ok_and(|status| status.success())
    };
    let install = [&["install", "--no-install-recommends"], packages].concat();
    if !apt(&install) && apt(&["update"]) {
        apt(&install);
    }
}

/// The packages as the lock file has them, kept between runs.
fn packages(folder: &Path) -> Result<(), String> {
    let text = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
    let (stamp, wanted) =
        (folder.join("installed"), text(Path::new(SOURCES).join("package-lock.json")));
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    for name in FILES {
        fs::copy(Path::new(SOURCES).join(name), folder.join(name))
            .map_err(|error| error.to_string())?;
    }
    if text(stamp.clone()) == wanted {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    let installed = npm.current_dir(folder).stdin(Stdio::null()).output();
    match installed {
        Ok(output) if output.status.success() => {
            fs::write(stamp, wanted).map_err(|error| error.to_string())
        }
        Ok(output) => Err(format!("npm ci fails: {}", String::from_utf8_lossy(&output.stderr))),
        Err(error) => Err(format!("npm cannot be run: {error}")),
    }
}
