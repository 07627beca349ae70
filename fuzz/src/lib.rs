//! The targets of the fuzzer. What each does is in `fuzzed`, which the tests of eksnet replay too
//! (tests/cli/fuzz_corpora.rs); here the program is run in this process.

mod fuzzed;
mod in_process;

/// Plays a target.
///
/// # Panics
/// When a law does not hold.
pub fn play(target: &str, data: &[u8]) {
    fuzzed::play(target, data, &mut in_process::run);
}
