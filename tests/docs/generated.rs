//! Parts of the documents that the program's own tables decide.

use std::{env, fs, path::Path};

use crate::Outcome;

/// Holds a document to its text, or writes it where `EKSNET_WRITE_GENERATED` is set, as `scripts/generate`
/// does.
pub(crate) fn hold(path: &Path, text: &str) -> Outcome {
    if env::var_os("EKSNET_WRITE_GENERATED").is_some() {
        fs::write(path, text)?;
    }
    let current = fs::read_to_string(path).unwrap_or_default() == text;
    assert!(current, "{} is out of date: run scripts/generate", path.display());
    Ok(())
}
