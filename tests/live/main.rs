//! Live collection with the real SDK, against servers on the loopback interface.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]
#![expect(clippy::print_stderr, reason = "a run of the whole matrix says what it played")]
#![expect(clippy::wildcard_enum_match_arm, reason = "JSON is walked by its arrays and objects")]

#[path = "../support/program.rs"]
mod program;
#[path = "../support/mod.rs"]
mod support;

mod doctor;
mod ends;
mod generated;
mod held;
mod large;
mod late;
mod log;
mod matrix;
mod moto;
mod one;
mod regions;
mod said;
mod settings;
mod slow;
