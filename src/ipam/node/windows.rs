//! A Windows node's pool, which the VPC resource controller keeps: slots of the primary ENI alone.
//!
//! A call that its subnet has no room for gains nothing, and none is made for two minutes: so the controller
//! does where blocks lack, and it is taken to do so where single addresses do.

use super::{Addresses, FULL_SUBNET_PAUSE_MS, Node};
use crate::ipam::windows::{WindowsPool, WindowsTargets, deviation};

impl Node {
    /// More slots, or fewer, as the targets ask; whether anything changed.
    pub(super) fn keep_windows<A: Addresses>(
        &mut self,
        targets: WindowsTargets,
        now_ms: u64,
        addresses: &mut A,
    ) -> bool {
        let unit = i64::from(self.targets.mode.addresses_per_slot());
        let slots = deviation(targets, self.windows_pool(now_ms)) / unit;
        let count = u32::try_from(slots.unsigned_abs()).unwrap_or(u32::MAX);
        if slots < 0 {
            return self.give_windows(count, now_ms, addresses);
        }
        let most = self.targets.slots_per_eni;
        let room = self.enis.first().map_or(0, |eni| most.saturating_sub(eni.slots));
        let count = count.min(room);
        if count == 0 {
            return false;
        }
        if self.last_no_room_ms.is_some_and(|last| now_ms - last < FULL_SUBNET_PAUSE_MS) {
            self.paused_steps = self.paused_steps.saturating_add(1);
            return false;
        }
        let (side, id) = (self.enis[0].side, self.enis[0].id);
        let ok = addresses.assign(side, id, self.slots(count));
        self.calls.windows_assign(ok);
        self.last_call_ms = now_ms;
        if ok {
            self.gain(0, count);
        } else {
            self.last_no_room_ms = Some(now_ms);
        }
        ok
    }

    fn give_windows<A: Addresses>(&mut self, count: u32, now_ms: u64, addresses: &mut A) -> bool {
        let rested_ms = self.rested_ms(now_ms);
        let Some(eni) = self.enis.first_mut() else { return false };
        let gone = eni.take_out_idle(count, rested_ms);
        if gone == 0 {
            return false;
        }
        let (side, id) = (eni.side, eni.id);
        addresses.unassign(side, id, self.slots(gone));
        self.lose(gone);
        self.calls.windows_unassign();
        self.last_call_ms = now_ms;
        true
    }

    /// Whether the targets ask for more than there is, though the ENI could hold it.
    pub(super) fn is_below_windows(&self, targets: WindowsTargets) -> bool {
        let has_room = self.enis.first().is_some_and(|eni| eni.slots < self.targets.slots_per_eni);
        has_room && deviation(targets, self.windows_pool(self.now_ms)) > 0
    }

    fn windows_pool(&self, now_ms: u64) -> WindowsPool {
        let rested_ms = self.rested_ms(now_ms);
        let cooling = self.enis.first().map_or(0, |eni| eni.resting(rested_ms));
        let idle = self.enis.first().map_or(0, |eni| eni.idle(rested_ms));
        WindowsPool {
            used: self.counts.assigned,
            warm: self.counts.available().saturating_sub(cooling),
            pending: 0,
            cooling,
            free_prefixes: idle,
        }
    }
}
