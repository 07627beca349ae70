//! The files that documents show are files that eksnet takes.

use std::{fs, path::Path, process::Command};

use crate::{Outcome, documents, root};

#[test]
fn scenarios_and_policies_are_taken() -> Outcome {
    let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    // The name under which defaults of flags are found by themselves.
    let file = scratch.path().join(".eksnet.yaml");
    let mut taken = 0;
    for document in documents()? {
        let text = fs::read_to_string(&document)?;
        for block in blocks(&text, "yaml").filter(|block| block.starts_with("version: 1\n")) {
            fs::write(&file, block)?;
            let output = Command::new(env!("CARGO_BIN_EXE_eksnet"))
                .args(arguments(block, &file))
                .current_dir(if is_defaults(block) { scratch.path() } else { root() })
                .output()?;
            let code = output.status.code().ok_or("eksnet ends by itself")?;
            let said = String::from_utf8_lossy(&output.stderr);
            // What is shown need not fit, but it has to be understood.
            assert!(code < 2, "{}: exit {code}: {said}\n{block}", document.display());
            taken += 1;
        }
    }
    assert!(taken > 3, "the documents show some");
    Ok(())
}

/// The command that takes a file like this one.
fn arguments(block: &str, file: &Path) -> Vec<String> {
    let file = file.display().to_string();
    if is_defaults(block) {
        return ["limits", "list", "m5.large"].map(str::to_owned).into();
    }
    let words: &[&str] = if block.contains("\ngroups:") && block.contains("\nzones:") {
        &["plan", "-q"]
    } else if block.contains("\ngroups:") {
        // What goes over an observed requirement need not be whole.
        &["plan", "-q", "--from", "examples/vpc-prod"]
    } else if ["\nchecks:", "\nignore:"].iter().any(|key| block.contains(key)) {
        &["audit", "--from", "examples/vpc-prod", "-q", "--policy"]
    } else if block.contains("instance_type") {
        &["simulate", "--no-remedy", "-q"]
    } else {
        &["simulate", "--no-remedy", "-q", "--from", "examples/vpc-prod"]
    };
    words.iter().map(ToString::to_string).chain([file]).collect()
}

fn is_defaults(block: &str) -> bool {
    block.contains("\ndefaults:")
}

/// The fenced blocks of a language.
pub(crate) fn blocks<'a>(text: &'a str, language: &str) -> impl Iterator<Item = &'a str> {
    let fence = format!("```{language}\n");
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&fence)?;
        let (block, after) = after.split_once("```")?;
        rest = after;
        Some(block)
    })
}
