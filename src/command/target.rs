//! What a path of output leads to.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Links that lead on from one another; the system follows as many.
const MOST_LINKS: u32 = 40;

/// Where output to a path goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OutputTarget {
    /// The program's own stdout.
    Stdout,
    /// Its stderr.
    Stderr,
    /// A device, a pipe or an open file, which is written as it comes.
    Stream(PathBuf),
    /// A file, there or not, which is replaced. No link: those that lead to it stay.
    File(PathBuf),
}

/// Follows a path to what it leads to, which need not be there.
///
/// # Errors
/// When nothing can be written there.
pub(super) fn target(path: &Path) -> io::Result<OutputTarget> {
    let mut path = path.to_owned();
    if path == Path::new("-") {
        return Ok(OutputTarget::Stdout);
    }
    for _ in 0..MOST_LINKS {
        // Beyond such a link stands the file that is open, and not the place in it.
        match descriptor(&path) {
            Some(1) => return Ok(OutputTarget::Stdout),
            Some(2) => return Ok(OutputTarget::Stderr),
            Some(_) => return Ok(OutputTarget::Stream(path)),
            None => {}
        }
        match fs::symlink_metadata(&path) {
            Ok(there) if there.is_symlink() => {
                path = folder_of(&path).join(fs::read_link(&path)?);
            }
            Ok(there) if there.is_dir() => {
                return Err(io::Error::new(io::ErrorKind::IsADirectory, "the path is a directory"));
            }
            Ok(there) if there.is_file() => return replaceable(path, &there),
            Ok(_) => return Ok(OutputTarget::Stream(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return new_file(path),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

/// The number of the open file that a path such as `/dev/fd/3` stands for.
fn descriptor(path: &Path) -> Option<u32> {
    let number = path.file_name()?.to_str()?.parse().ok()?;
    let folder = fs::canonicalize(folder_of(path)).ok()?;
    let own = format!("/proc/{}/fd", std::process::id());
    (folder == Path::new(&own) || folder == Path::new("/dev/fd")).then_some(number)
}

/// A file that may be written may be replaced: the right to the directory alone would let a file that is
/// protected go.
fn replaceable(path: PathBuf, there: &fs::Metadata) -> io::Result<OutputTarget> {
    if there.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    fs::OpenOptions::new().append(true).open(&path)?;
    Ok(OutputTarget::File(path))
}

fn new_file(path: PathBuf) -> io::Result<OutputTarget> {
    let folder = folder_of(&path);
    if path.file_name().is_none() || path.as_os_str().to_string_lossy().ends_with('/') {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "the path is not a file name"));
    }
    if !folder.is_dir() {
        let text = format!("the directory {} does not exist", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, text));
    }
    Ok(OutputTarget::File(path))
}

/// The directory that a path lies in.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
