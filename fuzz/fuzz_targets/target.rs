//! Every target: what its name says, with the bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| eksnet_fuzz::play(env!("CARGO_BIN_NAME"), data));
