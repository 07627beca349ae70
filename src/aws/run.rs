//! What all calls of a run share: when it ends, how many are under way, and how much it may read.

use std::{
    fmt,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::OnceCell,
    time::{Instant, timeout_at},
};

use super::{
    activity::{WatchedActivity, Watcher},
    error::{AwsError, Trouble},
    settings::{self, AwsSettings},
    slots::CallSlots,
    tally::Tally,
};
use crate::inventory::Operation;

/// The part of a run's time that one call may take, its attempts included: a call that is never answered
/// leaves the others time.
const SHARE: u32 = 3;
/// Most that a run keeps of what it reads, in bytes: a million interfaces with twenty addresses each.
const MOST_KEPT: usize = 2 << 30;

/// Who is told how far collection is.
pub trait Progress {
    /// So many items of a kind have been read so far.
    fn read(&self, what: &'static str, items: usize);
}

/// How a run goes, as asked for.
#[derive(Clone)]
pub struct Bounds<'a> {
    /// How long it may take.
    pub timeout: Duration,
    /// Who is told how far it is.
    pub progress: &'a dyn Progress,
    /// Who is told what the calls are doing.
    pub watcher: Watcher,
}

impl fmt::Debug for Bounds<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Bounds").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// A run that is under way.
#[derive(Debug)]
pub(super) struct AwsRun {
    timeout: Duration,
    ends: Instant,
    slots: CallSlots,
    kept: AtomicUsize,
    activity: WatchedActivity,
    /// The files of the configuration, once somebody has asked.
    settings: OnceCell<Result<AwsSettings, AwsError>>,
}

impl AwsRun {
    /// A run that starts now.
    pub(super) fn new(bounds: &Bounds<'_>) -> Arc<Self> {
        let timeout = bounds.timeout;
        let ends = Instant::now() + timeout;
        let activity = WatchedActivity::new(Arc::clone(&bounds.watcher));
        let (slots, kept, settings) = (CallSlots::new(), AtomicUsize::new(0), OnceCell::new());
        Arc::new(Self { timeout, ends, slots, kept, activity, settings })
    }

    /// What the files of the configuration say, which are read once: a pipe says it once.
    pub(super) async fn settings(&self, is_named: bool) -> Result<&AwsSettings, AwsError> {
        let read = self.settings.get_or_init(|| settings::read(is_named)).await;
        read.as_ref().map_err(Clone::clone)
    }

    /// How long one call may take.
    pub(super) fn share(&self) -> Duration {
        self.timeout / SHARE
    }

    /// What the calls are doing.
    pub(super) fn activity(&self) -> &WatchedActivity {
        &self.activity
    }

    /// The places for calls.
    pub(super) fn slots(&self) -> &CallSlots {
        &self.slots
    }

    /// Makes a call when there is a place for it, and ends it when its time or the run's is over.
    /// `operation` is `None` for what is done before the first call.
    pub(super) fn call<'a, T: 'a>(
        &'a self,
        operation: Option<Operation>,
        tally: &'a Tally,
        call: impl Future<Output = Result<T, AwsError>> + 'a,
    ) -> impl Future<Output = Result<T, AwsError>> + 'a {
        // The SDK's calls are large, and there are many.
        let call = Box::pin(tally.watching(call));
        async move {
            let Ok(_slot) = timeout_at(self.ends, self.slots.take()).await else {
                return Err(self.late(operation, "not called", self.timeout));
            };
            let own = Instant::now() + self.share();
            let Ok(answer) = timeout_at(own.min(self.ends), call).await else {
                let within = if own < self.ends { self.share() } else { self.timeout };
                return Err(self.late(operation, &tally.unfinished(), within));
            };
            answer
        }
    }

    /// A call that did not end in its time.
    fn late(&self, operation: Option<Operation>, what: &str, within: Duration) -> AwsError {
        let whole = Seconds(self.timeout);
        let message = if within == self.timeout {
            format!("{what} within --timeout {whole}")
        } else {
            format!("{what} within {}, a third of --timeout {whole}", Seconds(within))
        };
        AwsError::new(operation, Trouble::Time, message)
    }

    /// Notes so many bytes more that are kept; an error when no account can need them.
    pub(super) fn keep(&self, operation: Operation, bytes: usize) -> Result<(), AwsError> {
        let before = self.kept.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) <= MOST_KEPT {
            return Ok(());
        }
        let most = MOST_KEPT >> 30;
        Err(AwsError::answer(operation, format!("the responses do not fit in {most} GiB")))
    }
}

/// A time as `--timeout` takes it.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.subsec_millis() {
            0 => write!(out, "{}s", self.0.as_secs()),
            _ => write!(out, "{:.1}s", self.0.as_secs_f64()),
        }
    }
}
