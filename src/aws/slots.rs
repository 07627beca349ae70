//! How many calls are under way at once: at most ten over a whole run, and fewer while AWS throttles.
//!
//! The SDK's adaptive retries hold each client to a rate of its own, which starts from what the client
//! happened to send; a run has several clients for one account's limits. Here one number holds for all:
//! it is halved when a call is throttled and grows by one with each round that is not.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// Most calls under way at once.
const MOST: usize = 10;
/// The fewest that throttling leaves: one that waits for its next attempt does not hold up all others.
const FEWEST: usize = 2;

/// The places for calls.
#[derive(Debug)]
pub(super) struct CallSlots {
    free: Semaphore,
    pace: Mutex<CallRate>,
}

/// How fast the run may go.
#[derive(Debug)]
struct CallRate {
    /// Calls that may be under way.
    limit: usize,
    /// Places that are to go once they are given back.
    owed: usize,
    /// Answers since the limit last changed.
    answers: usize,
}

impl CallSlots {
    pub(super) fn new() -> Self {
        let pace = CallRate { limit: MOST, owed: 0, answers: MOST };
        Self { free: Semaphore::new(MOST), pace: Mutex::new(pace) }
    }

    /// A place, as soon as one is free.
    pub(super) async fn take(&self) -> Slot<'_> {
        // The semaphore is never closed, so a permit always comes.
        Slot { slots: self, permit: self.free.acquire().await.ok() }
    }

    /// An attempt was throttled. Those that were under way with it say the same, and count once.
    pub(super) fn throttled(&self) {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        if pace.answers < pace.limit {
            pace.answers += 1;
            return;
        }
        let limit = (pace.limit / 2).max(FEWEST);
        let fewer = pace.limit - limit;
        pace.owed += fewer - self.free.forget_permits(fewer);
        pace.limit = limit;
        pace.answers = 0;
    }

    /// An attempt was answered and not throttled.
    pub(super) fn answered(&self) {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.answers += 1;
        if pace.limit == MOST || pace.answers < pace.limit {
            return;
        }
        pace.limit += 1;
        pace.answers = 0;
        match pace.owed.checked_sub(1) {
            Some(owed) => pace.owed = owed,
            None => self.free.add_permits(1),
        }
    }
}

/// A place that is taken.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    slots: &'a CallSlots,
    permit: Option<SemaphorePermit<'a>>,
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let mut pace = self.slots.pace.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(owed) = pace.owed.checked_sub(1)
            && let Some(permit) = self.permit.take()
        {
            pace.owed = owed;
            permit.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    /// How many places there are to be had.
    fn free(slots: &CallSlots) -> usize {
        let taken: Vec<_> =
            std::iter::from_fn(|| slots.take().now_or_never()).take(2 * MOST).collect();
        taken.len()
    }

    #[test]
    fn throttling_halves_and_answers_bring_back() {
        let slots = CallSlots::new();
        assert_eq!(free(&slots), 10);
        slots.throttled();
        assert_eq!(free(&slots), 5);
        // What was under way says the same.
        for _ in 0..5 {
            slots.throttled();
        }
        assert_eq!(free(&slots), 5);
        slots.throttled();
        assert_eq!(free(&slots), 2);
        for _ in 0..9 {
            slots.throttled();
        }
        assert_eq!(free(&slots), 2);
        for _ in 0..100 {
            slots.answered();
        }
        assert_eq!(free(&slots), 10);
    }

    #[test]
    fn what_is_taken_goes_when_it_is_given_back() {
        let slots = CallSlots::new();
        let taken: Vec<_> = std::iter::from_fn(|| slots.take().now_or_never()).collect();
        assert_eq!(taken.len(), 10);
        slots.throttled();
        assert_eq!(free(&slots), 0);
        drop(taken);
        assert_eq!(free(&slots), 5);
    }
}
