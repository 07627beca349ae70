//! What the fuzzer kept and what it found, replayed: every file of fuzz/corpus and fuzz/found through the
//! functions that the fuzzer itself plays.

use std::{fs, path::Path};

use crate::{
    fuzzed::{
        self,
        program::{Call, Ended},
    },
    run::{command, root, scratch},
};

/// Runs the program on a file of its own.
fn run(call: &Call<'_>, folder: &Path) -> Ended {
    let input = folder.join("input.json");
    if let Some(bytes) = call.input {
        fs::write(&input, bytes).unwrap();
    }
    let output = command(&call.arguments(&input)[1..]).output().unwrap();
    Ended { code: output.status.code(), output: output.stdout }
}

#[test]
#[expect(clippy::print_stdout, reason = "the last file named is the one that broke a law")]
fn what_the_fuzzer_kept_keeps_the_laws() {
    let folder = scratch("inputs");
    let mut played = 0;
    for name in fuzzed::names() {
        for kept in ["corpus", "found"] {
            let Ok(files) = fs::read_dir(root().join("fuzz").join(kept).join(name)) else {
                assert_eq!(kept, "found", "{name} has no corpus");
                continue;
            };
            for file in files {
                let path = file.unwrap().path();
                println!("{}", path.display());
                fuzzed::play(name, &fs::read(&path).unwrap(), &mut |call| run(call, &folder));
                played += 1;
            }
        }
    }
    assert!(played > 80, "{played}");
}
