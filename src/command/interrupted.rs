//! A temporary file or directory that goes away also when a signal ends the program: Ctrl-C leaves nothing
//! half-written.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tempfile::{NamedTempFile, TempDir};

/// The temporary file or directory that is there at the moment.
static PENDING: Mutex<Option<PathBuf>> = Mutex::new(None);

fn pending() -> MutexGuard<'static, Option<PathBuf>> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a temporary file that a signal removes.
pub(super) fn temporary(
    make: impl FnOnce() -> io::Result<NamedTempFile>,
) -> io::Result<NamedTempFile> {
    watch();
    // Held while the file is made, so that no signal comes between it and its being known.
    let mut pending = pending();
    let file = make()?;
    *pending = Some(file.path().to_owned());
    Ok(file)
}

/// Puts it where it belongs.
pub(super) fn persist(file: NamedTempFile, target: &Path) -> io::Result<()> {
    let mut pending = pending();
    file.persist(target).map_err(|error| error.error)?;
    *pending = None;
    Ok(())
}

/// Makes a temporary directory that a signal removes with all that is in it.
pub(super) fn temporary_folder(make: impl FnOnce() -> io::Result<TempDir>) -> io::Result<TempDir> {
    watch();
    let mut pending = pending();
    let folder = make()?;
    *pending = Some(folder.path().to_owned());
    Ok(folder)
}

/// Puts it where it belongs, where nothing is.
pub(super) fn persist_folder(folder: TempDir, target: &Path) -> io::Result<()> {
    let mut pending = pending();
    std::fs::rename(folder.path(), target)?;
    let _moved = folder.keep();
    *pending = None;
    Ok(())
}

/// From the first temporary file on, signals that end the program remove it first.
#[cfg(unix)]
fn watch() {
    use std::{
        fs,
        sync::{Once, mpsc},
        thread,
    };

    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        iterator::Signals,
        low_level::emulate_default_handler,
    };

    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let (sender, ready) = mpsc::channel();
        let watcher = move || {
            let wanted = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|s| !is_ignored(*s));
            let mut signals = Signals::new(wanted);
            let _sent = sender.send(());
            for signal in signals.iter_mut().flat_map(Signals::forever) {
                // Held to the end, so that no further file is made.
                let pending = pending();
                let gone =
                    |path: &PathBuf| fs::remove_file(path).or_else(|_| fs::remove_dir_all(path));
                let _gone = pending.as_ref().map(gone);
                // Ends the program as the signal would have, for whoever waits for it to see.
                let _ended = emulate_default_handler(signal);
            }
        };
        // Where no thread can be started, signals do what they did.
        if thread::Builder::new().spawn(watcher).is_ok() {
            let _ready = ready.recv();
        }
    });
}

/// Whether a signal is ignored, as SIGHUP is under nohup: then it stays so.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let bit = u32::try_from(signal - 1).ok().and_then(|bit| 1_u64.checked_shl(bit));
    mask.zip(bit).is_some_and(|(mask, bit)| mask & bit != 0)
}

#[cfg(not(unix))]
fn watch() {}
