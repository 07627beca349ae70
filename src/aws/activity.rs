//! What the calls of a run are doing, for the person who waits for them.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// Where the calls of a run stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// The call that was made last, such as `DescribeSubnets`.
    pub call: String,
    /// The region it was made in.
    pub region: Option<String>,
    /// The accounts whose id is known by now.
    pub accounts: BTreeSet<String>,
    /// Responses so far, a page of a listing each.
    pub pages: usize,
    /// Attempts that repeat one that failed.
    pub retries: usize,
}

/// Is called with each change; calls come from one thread.
pub type Watcher = Arc<dyn Fn(&Activity) + Send + Sync>;

/// The activity of a run, and who watches it.
pub(super) struct WatchedActivity {
    now: Mutex<Activity>,
    watcher: Watcher,
}

impl WatchedActivity {
    pub(super) fn new(watcher: Watcher) -> Self {
        Self { now: Mutex::default(), watcher }
    }

    /// An attempt begins, perhaps one more after a failure.
    pub(super) fn begins(&self, call: &str, region: Option<&str>, is_retry: bool) {
        self.change(|now| {
            call.clone_into(&mut now.call);
            now.region = region.map(ToOwned::to_owned);
            now.retries += usize::from(is_retry);
        });
    }

    /// A response is whole.
    pub(super) fn responded(&self) {
        self.change(|now| now.pages += 1);
    }

    /// The account of credentials is known.
    pub(super) fn account(&self, id: &str) {
        self.change(|now| {
            now.accounts.insert(id.to_owned());
        });
    }

    fn change(&self, change: impl FnOnce(&mut Activity)) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut now);
        (self.watcher)(&now);
    }
}

impl fmt::Debug for WatchedActivity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("WatchedActivity").field(&self.now).finish()
    }
}
