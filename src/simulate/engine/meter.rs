//! EC2 calls by operation, and the most in any minute.

use std::collections::{BTreeMap, VecDeque};

const MINUTE_MS: u64 = 60_000;

/// Counts calls.
#[derive(Debug, Default)]
pub(super) struct Meter {
    step: BTreeMap<&'static str, u64>,
    /// Calls of the minute that ends now, by when they were made.
    minute: VecDeque<(u64, u64)>,
    in_minute: u64,
    peak: u64,
}

impl Meter {
    /// Calls of one operation. Time never goes back.
    pub(super) fn add(&mut self, now_ms: u64, operation: &'static str, calls: u64) {
        if calls == 0 {
            return;
        }
        *self.step.entry(operation).or_default() += calls;
        let is_past = |(at_ms, _): &mut (u64, u64)| *at_ms + MINUTE_MS <= now_ms;
        while let Some((_, past)) = self.minute.pop_front_if(is_past) {
            self.in_minute -= past;
        }
        match self.minute.back_mut() {
            Some((at_ms, so_far)) if *at_ms == now_ms => *so_far += calls,
            Some(_) | None => self.minute.push_back((now_ms, calls)),
        }
        self.in_minute += calls;
        self.peak = self.peak.max(self.in_minute);
    }

    /// The calls since the last time this was asked.
    pub(super) fn take_step(&mut self) -> BTreeMap<&'static str, u64> {
        std::mem::take(&mut self.step)
    }

    /// The most calls in one minute, whenever it begins.
    pub(super) fn peak(&self) -> u64 {
        self.peak
    }
}
