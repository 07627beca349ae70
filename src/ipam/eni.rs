//! One ENI's slots and the pods on them.

use std::collections::VecDeque;

use super::{EniId, SubnetSide};

/// What an ENI is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EniKind {
    Primary,
    Secondary,
    Trunk,
    Unmanaged,
}

/// A slot that a pod has been on.
#[derive(Debug, Clone)]
struct UsedSlot {
    /// Grows along an ENI's slots, so that a slot is found by it.
    id: u32,
    pods: u32,
    /// Addresses no pod ever had.
    fresh: u32,
    /// When addresses that rest, or have rested, were freed; oldest first.
    freed_ms: VecDeque<u64>,
}

impl UsedSlot {
    /// An address for a pod: one that was freed before `rested_ms`, else one never used.
    fn take(&mut self, rested_ms: u64) -> bool {
        if self.freed_ms.front().is_some_and(|freed| *freed < rested_ms) {
            self.freed_ms.pop_front();
        } else if self.fresh > 0 {
            self.fresh -= 1;
        } else {
            return false;
        }
        self.pods += 1;
        true
    }
}

impl UsedSlot {
    /// Addresses that were not freed before `rested_ms`.
    fn resting(&self, rested_ms: u64) -> u32 {
        let resting = self.freed_ms.iter().filter(|freed| **freed >= rested_ms);
        resting.map(|_| 1).sum()
    }

    fn is_idle(&self, rested_ms: u64) -> bool {
        self.pods == 0 && self.resting(rested_ms) == 0
    }
}

/// Where a pod is, with whether its slot had no pod before.
pub(super) struct TakenSlot {
    pub(super) slot: u32,
    pub(super) was_free: bool,
}

/// One ENI. Pods go to the first slot with an address, so slots a pod has been on come first and
/// those never used need only be counted.
#[derive(Debug, Clone)]
pub(super) struct Eni {
    pub(super) id: EniId,
    pub(super) kind: EniKind,
    pub(super) side: SubnetSide,
    pub(super) attached_ms: u64,
    /// Slots it holds, used or not.
    pub(super) slots: u32,
    /// Slots of the other mode, left from before a change of mode: they take room and nothing else.
    pub(super) leftover: u32,
    /// Pods on it.
    pub(super) pods: u32,
    used: Vec<UsedSlot>,
    next_slot: u32,
    /// The latest time an address was freed on a slot still here.
    last_freed_ms: Option<u64>,
}

impl Eni {
    pub(super) fn new(id: EniId, kind: EniKind, side: SubnetSide, attached_ms: u64) -> Self {
        Self {
            id,
            kind,
            side,
            attached_ms,
            slots: 0,
            leftover: 0,
            pods: 0,
            used: Vec::new(),
            next_slot: 0,
            last_freed_ms: None,
        }
    }

    fn unused(&self) -> u32 {
        self.slots.saturating_sub(u32::try_from(self.used.len()).unwrap_or(u32::MAX))
    }

    /// An address for a pod on the first slot that has one; `unit` addresses are on a slot, and those
    /// freed before `rested_ms` have rested enough.
    pub(super) fn place(&mut self, unit: u32, rested_ms: u64) -> Option<TakenSlot> {
        // Full ENIs are the usual case on a busy node.
        if self.pods >= self.slots * unit {
            return None;
        }
        let taken = if let Some(used) = self.used.iter_mut().find_map(|used| {
            let was_free = used.pods == 0;
            used.take(rested_ms).then_some(TakenSlot { slot: used.id, was_free })
        }) {
            used
        } else {
            if self.unused() == 0 {
                return None;
            }
            let slot = self.next_slot;
            self.next_slot += 1;
            self.used.push(UsedSlot {
                id: slot,
                pods: 1,
                fresh: unit - 1,
                freed_ms: VecDeque::new(),
            });
            TakenSlot { slot, was_free: true }
        };
        self.pods += 1;
        Some(taken)
    }

    /// A pod leaves its slot; whether the slot now has none.
    pub(super) fn release(&mut self, slot: u32, now_ms: u64) -> bool {
        let Ok(at) = self.used.binary_search_by_key(&slot, |used| used.id) else {
            return false;
        };
        let used = &mut self.used[at];
        used.pods -= 1;
        used.freed_ms.push_back(now_ms);
        self.pods -= 1;
        self.last_freed_ms = Some(now_ms);
        used.pods == 0
    }

    /// Takes out up to `most` slots without a pod, in the order they came, resting ones too; how
    /// many went.
    pub(super) fn take_out(&mut self, most: u32) -> u32 {
        let unused = self.unused();
        let mut left = most;
        self.used.retain(|used| {
            let goes = used.pods == 0 && left > 0;
            left -= u32::from(goes);
            !goes
        });
        self.last_freed_ms =
            self.used.iter().filter_map(|used| used.freed_ms.back().copied()).max();
        left -= unused.min(left);
        let gone = most - left;
        self.slots -= gone;
        gone
    }

    /// Addresses on it that rest: not freed before `rested_ms`.
    pub(super) fn resting(&self, rested_ms: u64) -> u32 {
        self.used.iter().map(|used| used.resting(rested_ms)).sum()
    }

    /// Slots without a pod and without an address that rests.
    pub(super) fn idle(&self, rested_ms: u64) -> u32 {
        let used = self.used.iter().map(|used| u32::from(used.is_idle(rested_ms)));
        used.sum::<u32>() + self.unused()
    }

    /// Takes out up to `most` of those, in the order they came; how many went.
    pub(super) fn take_out_idle(&mut self, most: u32, rested_ms: u64) -> u32 {
        let unused = self.unused();
        let mut left = most;
        self.used.retain(|used| {
            let goes = left > 0 && used.is_idle(rested_ms);
            left -= u32::from(goes);
            !goes
        });
        left -= unused.min(left);
        let gone = most - left;
        self.slots -= gone;
        gone
    }

    /// Pods on each slot.
    pub(super) fn pods_by_slot(&self) -> impl Iterator<Item = u32> {
        let unused = std::iter::repeat_n(0, usize::try_from(self.unused()).unwrap_or(usize::MAX));
        self.used.iter().map(|used| used.pods).chain(unused)
    }

    /// Whether an address on it is still resting: not freed before `rested_ms`.
    pub(super) fn cooling(&self, rested_ms: u64) -> bool {
        self.last_freed_ms.is_some_and(|freed| freed >= rested_ms)
    }
}
