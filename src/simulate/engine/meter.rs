//! What is counted while a layout is simulated: EC2 calls by operation, and the most in any minute; how
//! long pods wait.

use std::collections::BTreeMap;

use super::result::Waits;
use crate::ipam::busiest_minute;

/// Counts calls.
#[derive(Debug, Default)]
pub(super) struct CallMeter {
    step: BTreeMap<&'static str, u64>,
    /// Calls that there are beside them where ipamd does not pause.
    again: BTreeMap<&'static str, u64>,
    /// All calls, by when they were made.
    made: BTreeMap<u64, u64>,
    /// When each step began.
    steps: Vec<u64>,
}

/// What a pod is that found no address at the end of its step.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Never {
    /// A failure of its own: as many pods as before have an address, and this one was to be among them.
    #[default]
    Fails,
    /// One of the pods that the group is short of.
    IsShort,
}

/// What is kept of waiting while a step is simulated.
#[derive(Debug, Default)]
pub(super) struct WaitMeter {
    pub(super) waits: Waits,
    /// Pods that waited longer than they may.
    pub(super) late: u64,
    pub(super) longest_ms: u64,
    pub(super) never: Never,
}

impl CallMeter {
    /// Calls of one operation.
    pub(super) fn add(&mut self, now_ms: u64, operation: &'static str, calls: u64) {
        if calls > 0 {
            *self.step.entry(operation).or_default() += calls;
            *self.made.entry(now_ms).or_default() += calls;
        }
    }

    /// Calls of one operation that a node makes beside the others, where it does not pause.
    pub(super) fn add_again(&mut self, operation: &'static str, calls: u64) {
        if calls > 0 {
            *self.again.entry(operation).or_default() += calls;
        }
    }

    /// The calls since the last time this was asked, and the most that they may be.
    pub(super) fn take_step(&mut self) -> [BTreeMap<&'static str, u64>; 2] {
        let calls = std::mem::take(&mut self.step);
        let mut at_most = calls.clone();
        for (operation, more) in std::mem::take(&mut self.again) {
            *at_most.entry(operation).or_default() += more;
        }
        [calls, at_most]
    }

    /// A step begins.
    pub(super) fn begin_step(&mut self, now_ms: u64) {
        self.steps.push(now_ms);
    }

    /// The most calls in one minute that begins in each step.
    pub(super) fn peaks(&self) -> Vec<u64> {
        let ends = self.steps.iter().skip(1).copied().chain([u64::MAX]);
        let times = self.steps.iter().zip(ends).map(|(begin_ms, end_ms)| *begin_ms..end_ms);
        times.map(|begins| busiest_minute(&self.made, begins)).collect()
    }
}
