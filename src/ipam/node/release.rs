//! Giving slots back and freeing ENIs (amazon-vpc-cni-k8s `pkg/ipamd/ipamd.go`,
//! `decreaseDatastorePool` and `tryFreeENI`).

use super::{Addresses, EniKind, Node, PoolCounts};
use crate::ipam::{PoolMode, eni::Eni};

/// How long after slots were given back none are, in milliseconds; it must be exceeded.
const GIVE_BACK_PAUSE_MS: u64 = 30_000;
/// How long an ENI stays at least, in milliseconds.
const ENI_MINIMUM_AGE_MS: u64 = 60_000;

impl Node {
    /// Gives back slots beyond the targets, ENI by ENI; whether any went.
    pub(super) fn give_back<A: Addresses>(&mut self, now_ms: u64, addresses: &mut A) -> bool {
        let mut over = self.targets.over(&self.counts);
        let paused = |last: u64| now_ms - last <= GIVE_BACK_PAUSE_MS;
        if over == 0 || self.last_give_back_ms.is_some_and(paused) {
            return false;
        }
        self.last_give_back_ms = Some(now_ms);
        let prefix = self.targets.mode == PoolMode::Prefix;
        let mut changed = false;
        for at in 0..self.enis.len() {
            if over == 0 {
                break;
            }
            let eni = &mut self.enis[at];
            let gone = eni.take_out(over);
            if gone == 0 {
                continue;
            }
            over -= gone;
            let (side, id) = (eni.side, eni.id);
            addresses.unassign(side, id, self.slots(gone));
            self.lose(gone);
            self.calls.unassign(prefix);
            self.last_call_ms = now_ms;
            changed = true;
        }
        changed
    }

    pub(super) fn lose(&mut self, slots: u32) {
        self.counts.prefixes -= slots;
        self.counts.free_prefixes -= slots;
        self.counts.addresses -= self.slots(slots).addresses();
    }

    /// Whether an ENI that could go at all has no pod.
    pub(super) fn has_idle_eni(&self) -> bool {
        self.enis.iter().any(|eni| eni.kind == EniKind::Secondary && eni.pods == 0)
    }

    /// Frees the first ENI that can go; whether one went.
    pub(super) fn free_eni<A: Addresses>(&mut self, now_ms: u64, addresses: &mut A) -> bool {
        let Some(at) = self.enis.iter().position(|eni| self.can_go(eni, now_ms)) else {
            return false;
        };
        let eni = self.enis.remove(at);
        self.lose(eni.slots);
        self.counts.enis -= 1;
        addresses.delete(eni.side, eni.id, self.slots(eni.slots));
        self.calls.free();
        self.last_call_ms = now_ms;
        true
    }

    fn can_go(&self, eni: &Eni, now_ms: u64) -> bool {
        eni.kind == EniKind::Secondary
            && eni.pods == 0
            && now_ms - eni.attached_ms >= ENI_MINIMUM_AGE_MS
            && !eni.cooling(self.rested_ms(now_ms))
            && self.targets.hold_without(&self.counts_without(eni))
    }

    /// The pool without an ENI that has no pod.
    fn counts_without(&self, eni: &Eni) -> PoolCounts {
        PoolCounts {
            enis: self.counts.enis - 1,
            addresses: self.counts.addresses - self.slots(eni.slots).addresses(),
            assigned: self.counts.assigned,
            prefixes: self.counts.prefixes - eni.slots,
            free_prefixes: self.counts.free_prefixes - eni.slots,
        }
    }
}
