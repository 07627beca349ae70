//! Running the program, and the folders it is run on.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

pub(crate) use crate::program::{Ended, command, ended};

/// Runs the program to its end.
pub(crate) fn eksnet(arguments: &[&str]) -> Ended {
    ended(command(arguments).output().unwrap())
}

/// Runs a command that is given a text on stdin.
pub(crate) fn fed(mut command: Command, text: &[u8]) -> Ended {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that has read enough closes its end.
    let _closed = child.stdin.take().unwrap().write_all(text);
    ended(child.wait_with_output().unwrap())
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The example VPC.
pub(crate) fn example() -> PathBuf {
    root().join("examples/vpc-prod")
}

/// An empty folder of this test's own.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let test = thread::current().name().unwrap().replace("::", "-");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    // A program that starts in it names it so, also where the target directory is a link.
    fs::canonicalize(folder).unwrap()
}

/// A made VPC with its truth beside it, in a folder of this test's own.
pub(crate) fn made_world(seed: u32, nodes: u32) -> PathBuf {
    let folder = scratch(&format!("world-{seed}-{nodes}"));
    let made = Command::new("python3")
        .arg(root().join("scripts/make-example-vpc.py"))
        .args(["--seed", &seed.to_string(), "--nodes", &nodes.to_string()])
        .arg(&folder)
        .status();
    assert!(made.expect("python3 is needed to make worlds").success());
    folder
}
