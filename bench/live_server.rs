//! A stand-in for EC2 and EKS that programs of any language can be measured against: it serves a folder
//! of saved answers on a free port of the loopback interface, prints its address and ends with its input.
//!
//!     cargo bench --no-default-features --bench live_server -- FOLDER [MILLISECONDS A CALL]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement stops where it fails, and prints"
)]

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests use more of it")]
mod support;

use std::{io::Read as _, path::Path, time::Duration};

use support::fake_ec2::{FakeEc2, Options};

fn main() {
    // Cargo runs benchmarks with a flag of its own, and in tests without a folder.
    let mut given = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let Some(folder) = given.next() else { return };
    let latency = given.next().map_or(0, |text| text.parse().unwrap());
    let options = Options { latency: Duration::from_millis(latency), ..Options::default() };
    let server = FakeEc2::start(Path::new(&folder), options);
    println!("{}", server.endpoint());
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}
