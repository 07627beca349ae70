//! What became of a call's attempts. The SDK makes them by itself; an interceptor of every client tells
//! the tally of the call that is under way.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

tokio::task_local! {
    static UNDER_WAY: Tally;
}

/// How far an attempt is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing is under way.
    #[default]
    Ready,
    /// Credentials are waited for.
    Credentials,
    /// The request is on its way.
    Asked,
    /// The answer has begun.
    Answered,
}

/// The attempts of a call, or of all pages of a listing.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    stage: Stage,
    attempts: usize,
    bytes: usize,
    /// What the last attempt that failed was told.
    last: Option<String>,
    /// The file that is being read.
    file: Option<String>,
}

impl Tally {
    /// The call, with this tally told of its attempts.
    pub(super) fn watching<T>(&self, call: impl Future<Output = T>) -> impl Future<Output = T> {
        UNDER_WAY.scope(self.clone(), call)
    }

    /// Tells the tally of the call that is under way.
    fn tell(change: impl FnOnce(&mut Counts)) {
        // Calls that nobody counts are the SDK's own.
        let _untold = UNDER_WAY.try_with(|tally| change(&mut tally.lock()));
    }

    /// An attempt begins; the number it has, and whether the one before failed.
    pub(super) fn begins() -> (usize, bool) {
        let mut attempt = (1, false);
        Self::tell(|counts| {
            counts.stage = Stage::Credentials;
            counts.attempts += 1;
            attempt = (counts.attempts, counts.last.is_some());
        });
        attempt
    }

    /// The attempt has got so far.
    pub(super) fn at(stage: Stage) {
        Self::tell(|counts| counts.stage = stage);
    }

    /// The attempt has ended, with an answer of so many bytes or with what went wrong.
    pub(super) fn ends(bytes: usize, failed: Option<String>) {
        Self::tell(|counts| {
            counts.bytes += bytes;
            counts.last = failed;
        });
    }

    /// A file is being read, or was.
    pub(super) fn reads(file: Option<String>) {
        Self::tell(|counts| counts.file = file);
    }

    /// What is missing of a call that did not end, after what the attempt before was told.
    pub(super) fn unfinished(&self) -> String {
        let counts = self.lock();
        if let Some(file) = &counts.file {
            return format!("{file} was not read");
        }
        let missing = match counts.stage {
            Stage::Ready => "the configuration was not read",
            Stage::Credentials => "no AWS credentials were received",
            Stage::Asked => "no response",
            Stage::Answered => "the response did not end",
        };
        match &counts.last {
            Some(last) => format!("{last}, then {missing}"),
            None => missing.to_owned(),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The line that the log gets for a call or a listing.
#[derive(Debug)]
pub(super) struct CallLog<'a> {
    name: &'static str,
    region: &'a str,
    began: Instant,
    /// Its attempts.
    pub(super) tally: Tally,
    /// Pages that were answered.
    pub(super) pages: usize,
    /// Rows in them.
    pub(super) rows: usize,
}

impl<'a> CallLog<'a> {
    pub(super) fn new(name: &'static str, region: &'a str) -> Self {
        let tally = Tally::default();
        Self { name, region, began: Instant::now(), tally, pages: 0, rows: 0 }
    }

    /// Writes the line. `about` tells the call from others of its kind.
    pub(super) fn write(&self, about: &str, outcome: Result<(), &str>) {
        let counts = self.tally.lock();
        let retries = counts.attempts.saturating_sub(self.pages + usize::from(outcome.is_err()));
        let (ms, region) = (self.began.elapsed().as_millis(), self.region);
        let (name, pages, rows, bytes) = (self.name, self.pages, self.rows, counts.bytes);
        let about = if about.is_empty() { String::new() } else { format!(" {about}") };
        let ended = outcome.map_or_else(|why| format!(": {why}"), |()| String::new());
        tracing::info!(
            "{name}{about} in {region}: pages={pages} rows={rows} retries={retries} bytes={bytes} ms={ms}{ended}"
        );
    }
}
