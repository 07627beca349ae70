//! Files that are read whole: those of our own forms, and small answers.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use super::{Failure, decode::Decoded};

/// The most bytes of a file that is read whole.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// The text at a path, or on stdin for `-`.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    read_bounded(path, MOST_BYTES)
}

/// The same, with a bound of its own.
pub(super) fn read_bounded(path: &Path, most: u64) -> Result<String, Failure> {
    let failed = |error: io::Error| Failure::reading(path, &error);
    let mut text = String::new();
    open(path)?.take(most.saturating_add(1)).read_to_string(&mut text).map_err(failed)?;
    if u64::try_from(text.len()).is_ok_and(|read| read > most) {
        return Err(Failure::usage(
            format!("{} has more than {most} bytes", path.display()),
            "no file of its kind needs as many: check the path",
        ));
    }
    Ok(text)
}

/// The text at a path, or on stdin for `-`, as it is read.
pub(super) fn open(path: &Path) -> Result<Box<dyn Read>, Failure> {
    let failed = |error: io::Error| Failure::reading(path, &error);
    if path == Path::new("-") {
        return Ok(Box::new(Decoded::new(io::stdin().lock())));
    }
    if fs::metadata(path).map_err(failed)?.is_dir() {
        return Err(Failure::usage(
            format!("{} is a folder", path.display()),
            "name the file itself",
        ));
    }
    Ok(Box::new(Decoded::new(File::open(path).map_err(failed)?)))
}
