//! EC2 calls by operation and by minute.

use std::collections::BTreeMap;

const MINUTE_MS: u64 = 60_000;

/// Counts calls.
#[derive(Debug, Default)]
pub(super) struct Meter {
    step: BTreeMap<&'static str, u64>,
    minute: u64,
    in_minute: u64,
    peak: u64,
}

impl Meter {
    /// Calls of one operation. Time never goes back.
    pub(super) fn add(&mut self, now_ms: u64, operation: &'static str, calls: u64) {
        *self.step.entry(operation).or_default() += calls;
        let minute = now_ms / MINUTE_MS;
        if minute != self.minute {
            self.minute = minute;
            self.in_minute = 0;
        }
        self.in_minute += calls;
        self.peak = self.peak.max(self.in_minute);
    }

    /// The calls since the last time this was asked.
    pub(super) fn take_step(&mut self) -> BTreeMap<&'static str, u64> {
        std::mem::take(&mut self.step)
    }

    /// The most calls in one minute.
    pub(super) fn peak(&self) -> u64 {
        self.peak
    }
}
