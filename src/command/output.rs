//! Where output goes: stdout, or a file that is replaced whole or not at all.

use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use anstream::ColorChoice;

use super::Failure;
use crate::{
    cli::{ColorArg, OutputFileArg},
    render::Styling,
};

/// Buffered so that a large listing is not a system call a line.
const BUFFER: usize = 64 * 1024;

/// Where a command's output goes.
#[derive(Debug, Clone)]
pub(super) struct Output {
    path: Option<PathBuf>,
    color: ColorArg,
}

impl Output {
    pub(super) fn new(file: &OutputFileArg, color: ColorArg) -> Self {
        Self { path: file.output_file.clone(), color }
    }

    /// Whether tables are coloured: on a terminal that wants it, unless told otherwise.
    pub(super) fn styling(&self) -> Styling {
        let colour = match self.color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => {
                self.path.is_none()
                    && anstream::AutoStream::choice(&io::stdout()) != ColorChoice::Never
            }
        };
        if colour { Styling::Colour } else { Styling::Plain }
    }

    /// Writes the output.
    pub(super) fn write(
        &self,
        print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        match &self.path {
            Some(path) => write_file(path, print),
            None => to_stdout(print),
        }
    }
}

/// To stdout.
fn to_stdout(print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    stream(io::stdout().lock(), print)
        .map_err(|error| Failure::writing(Path::new("stdout"), &error))
}

/// To what is written as it comes. Who closes the pipe has read enough: that is no failure.
fn stream<W: Write>(to: W, print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, to);
    match print(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            // What is buffered would be written again when the writer goes.
            let _unwritten = out.into_parts();
            Ok(())
        }
        written => written,
    }
}

/// To a file: written beside it under another name, then renamed, so that nothing half-written
/// ever stands there.
pub(super) fn write_file(
    path: &Path,
    print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let failed = |error: &io::Error| Failure::writing(path, error);
    if !replaceable(path) {
        // A device or a pipe, such as /dev/stdout, has nothing to be renamed over.
        let file = std::fs::OpenOptions::new().write(true).open(path);
        return file.and_then(|file| stream(file, print)).map_err(|error| failed(&error));
    }
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    if !folder.is_dir() {
        let error = io::Error::other(format!("there is no folder {}", folder.display()));
        return Err(failed(&error));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".eksnet-");
    permissions(&mut builder, &target);
    let file = builder.tempfile_in(&folder).map_err(|error| failed(&error.kind().into()))?;
    let mut out = BufWriter::with_capacity(BUFFER, file);
    print(&mut out).and_then(|()| out.flush()).map_err(|error| failed(&error))?;
    let file = out.into_inner().map_err(|error| failed(error.error()))?;
    file.persist(&target).map_err(|error| failed(&error.error))?;
    Ok(())
}

fn replaceable(path: &Path) -> bool {
    std::fs::metadata(path).map_or(true, |there| there.is_file() || there.is_dir())
}

/// The permissions of the file that is replaced, or those any new file gets: a temporary file
/// would be readable by its owner alone.
#[cfg(unix)]
fn permissions(builder: &mut tempfile::Builder<'_, '_>, target: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    const NEW_FILE: u32 = 0o666;
    let permissions = std::fs::metadata(target)
        .map_or_else(|_| std::fs::Permissions::from_mode(NEW_FILE), |there| there.permissions());
    builder.permissions(permissions);
}

#[cfg(not(unix))]
fn permissions(_: &mut tempfile::Builder<'_, '_>, _: &Path) {}
