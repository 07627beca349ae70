//! The program, run in this process: it writes to a file, since stdout is the fuzzer's.

use std::{ffi::OsString, fs, path::PathBuf, process, sync::LazyLock};

use crate::fuzzed::program::{Call, Ended};

/// A folder in memory of this process' own.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = PathBuf::from(format!("/dev/shm/eksnet-fuzz-{}", process::id()));
    fs::create_dir_all(&folder).expect("/dev/shm is a folder in memory");
    folder
});

/// Runs the program.
pub(crate) fn run(call: &Call<'_>) -> Ended {
    let (input, output) = (FOLDER.join("input.json"), FOLDER.join("output"));
    if let Some(bytes) = call.input {
        fs::write(&input, bytes).expect("the folder is ours");
    }
    let _none = fs::remove_file(&output);
    let mut arguments = call.arguments(&input);
    arguments.extend([OsString::from("--output-file"), output.clone().into()]);
    let code = format!("{:?}", eksnet::command::run(arguments));
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let output = fs::read(&output).unwrap_or_default();
    Ended { code: code.parse().ok(), output }
}
