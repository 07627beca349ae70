//! Where output goes: stdout, or a file that is replaced whole or not at all.

use std::{
    fs::OpenOptions,
    io::{self, BufWriter, IsTerminal as _, Write},
    path::{Path, PathBuf},
};

use anstream::ColorChoice;

use super::{
    Failure,
    interrupted::{persist, temporary},
    stderr::say,
    target::{OutputTarget, folder_of, target},
    terminal,
};
use crate::{
    cli::{ColorArg, CommonArgs, OutputFileArg, TableArgs},
    render::{Letters, Screen, Styling, escape},
};

/// Buffered so that a large listing is not a system call a line.
const BUFFER: usize = 64 * 1024;

/// Where a command's output goes.
#[derive(Debug, Clone)]
pub(super) struct Output {
    path: Option<PathBuf>,
    color: ColorArg,
    quiet: bool,
    headers: bool,
}

impl Output {
    pub(super) fn new(file: &OutputFileArg, common: &CommonArgs) -> Self {
        let (color, quiet) = (common.color, common.quiet);
        Self { path: file.output_file.clone(), color, quiet, headers: true }
    }

    /// The same with tables laid out as asked.
    pub(super) fn with(self, tables: &TableArgs) -> Self {
        Self { headers: !tables.no_headers, ..self }
    }

    /// Whether tables have a line of titles.
    pub(super) fn has_headers(&self) -> bool {
        self.headers
    }

    /// Says on stderr what was found and where it stands, if that is a file and somebody listens.
    pub(super) fn say_written(&self, found: &str) {
        if let Some(path) = self.path.as_ref().filter(|_| !self.quiet && self.is_file()) {
            say(&escape::terminal(&format!("wrote {}: {found}", path.display())));
        }
    }

    /// Whether it goes to a file, and not to somebody who reads it.
    pub(super) fn is_file(&self) -> bool {
        self.path.as_ref().is_some_and(|path| matches!(target(path), Ok(OutputTarget::File(_))))
    }

    /// What tables are drawn for: a terminal of some width, or a file.
    pub(super) fn screen(&self) -> Screen {
        let is_terminal = self.path.is_none() && io::stdout().is_terminal();
        let letters = if is_terminal { terminal::letters() } else { Letters::Unicode };
        let width = is_terminal.then(terminal::width).flatten();
        Screen { styling: self.styling(), width, letters, headers: self.headers }
    }

    /// The same with room for everything, however long the lines get.
    pub(super) fn wide(&self) -> Screen {
        Screen { width: None, ..self.screen() }
    }

    /// Whether tables are colored: on a terminal that supports it, unless set otherwise.
    fn styling(&self) -> Styling {
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

/// To a path: a file is written beside it under another name, then renamed, so that nothing half-written
/// ever stands there; what else there is, such as a device or a pipe, is written as it comes.
pub(super) fn write_file(
    path: &Path,
    print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::writing(path, &error);
    match target(path).map_err(failed)? {
        OutputTarget::Stdout => to_stdout(print),
        OutputTarget::Stderr => stream(io::stderr().lock(), print).map_err(failed),
        OutputTarget::Stream(path) => {
            // An open file that others write to as well keeps what it has: a log, say.
            let file = OpenOptions::new().append(true).open(path);
            file.and_then(|file| stream(file, print)).map_err(failed)
        }
        OutputTarget::File(target) => replace(&target, print).map_err(failed),
    }
}

/// Replaces a file whole or not at all.
fn replace(target: &Path, print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".eksnet-");
    permissions(&mut builder, target);
    let folder = folder_of(target);
    // Its own error names the temporary file, which nobody has asked for.
    let make = || builder.tempfile_in(folder).map_err(|error| error.kind().into());
    let file = temporary(make)?;
    let mut out = BufWriter::with_capacity(BUFFER, file.as_file());
    let written = print(&mut out).and_then(|()| out.flush());
    // What an error leaves in the buffer would be written again when the writer goes.
    let _unwritten = out.into_parts();
    written?;
    persist(file, target)
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
