//! The summary of a step of GitHub Actions: Markdown, added to the file that `GITHUB_STEP_SUMMARY`
//! names.

use std::{
    env, fs,
    fs::OpenOptions,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::{
    command::{Failure, stderr::say},
    render::audit::{Presented, write_audit_markdown},
};

/// GitHub's variable with the path of the file.
const VARIABLE: &str = "GITHUB_STEP_SUMMARY";
/// What GitHub takes of one step, in bytes; it shows nothing of a longer one.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits>
const MOST: u64 = 1024 * 1024;

/// Adds an audit to the step's summary, if there is one: whole or not at all.
pub(super) fn add(shown: &Presented<'_>) -> Result<(), Failure> {
    let Some(path) = env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from)
    else {
        return Ok(());
    };
    let mut text = Vec::new();
    write_audit_markdown(shown, &mut text)
        .and_then(|()| append(&path, &text))
        // The path is of whoever runs the step, and not of the command line.
        .map_err(|error| {
            let what = format!("cannot write {}: {error}", path.display());
            Failure::environment(what, format!("check {VARIABLE}, or unset it"))
        })
}

/// What others wrote before stays, also when this cannot be written to its end.
fn append(path: &Path, text: &[u8]) -> io::Result<()> {
    // Nobody may ever read from a pipe. What cannot be looked at fails where it is opened.
    if fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        say(&format!("note: {VARIABLE} is a pipe or a device, not a file: no summary is written"));
        return Ok(());
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let before = file.metadata()?.len();
    let there = u64::try_from(text.len()).unwrap_or(u64::MAX);
    if before.saturating_add(there) > MOST {
        say("note: the step summary would exceed GitHub's size limit and was not written");
        return Ok(());
    }
    file.write_all(text).inspect_err(|_| {
        // What fails here as well leaves nothing more to try.
        let _left = file.set_len(before);
    })
}
