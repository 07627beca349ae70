//! Chance that can be repeated.

use std::sync::atomic::{AtomicU64, Ordering};

/// The step between two states of the generator (`SplitMix64`).
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A seeded generator that several threads share: the sequence is fixed, and which call gets
/// which number depends only on the order of the calls.
pub(super) struct Chance(AtomicU64);

impl Chance {
    /// A generator that starts from `seed`.
    pub(super) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// Whether an event of probability one in `n` happens now; with 0 it never does.
    pub(super) fn one_in(&self, n: u32) -> bool {
        n > 0 && self.next().is_multiple_of(u64::from(n))
    }

    /// A number below `end`.
    pub(super) fn below(&self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    fn next(&self) -> u64 {
        let mut mixed = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
