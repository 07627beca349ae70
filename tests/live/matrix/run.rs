//! The program against a world with faults, ended from outside if it does not end by itself.

use std::{
    fs::{self, File},
    thread,
    time::{Duration, Instant},
};

use super::{oracle::Run, world};
use crate::{
    program::command,
    support::fake_ec2::{Call, FakeEc2, Options, World},
};

/// Between two looks at whether it has ended.
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// A run without a fault.
pub(super) fn run(world: World, arguments: &[&str], bound: Duration) -> Run {
    let options = Options { page_size: Some(5), ..Options::default() };
    played(world, options, arguments, bound).0
}

/// A run, and the calls that it made.
pub(super) fn played(
    world: World,
    options: Options,
    arguments: &[&str],
    bound: Duration,
) -> (Run, Vec<Call>) {
    let other = (world::OTHER_REGION, world::world_of_other_region(), options.clone());
    let server = FakeEc2::from_worlds(world, options, [other]);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    let mut child = command(arguments)
        .env("AWS_ENDPOINT_URL", server.endpoint())
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", world::REGION)
        .stdout(File::create(&out).unwrap())
        .stderr(File::create(&err).unwrap())
        .spawn()
        .unwrap();
    let started = Instant::now();
    let code = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status.code(),
            None if started.elapsed() > bound => {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            None => thread::sleep(BETWEEN_LOOKS),
        }
    };
    let read = |path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    (Run { code, stdout: read(out), stderr: read(err) }, server.calls())
}
