//! The pool of a node of EKS Auto Mode: prefixes, and single addresses where no /28 is left.
//!
//! A subnet that refuses is not asked for two minutes, as the VPC CNI does; AWS states nothing of it.

use super::{Addresses, Eni, EniId, EniKind, FULL_SUBNET_PAUSE_MS, Node, Slots};
use crate::ipam::{MixedSlots, PoolMode, auto_mode::target};

/// How long a further ENI stays at least, in milliseconds: as the VPC CNI has it.
const ENI_MINIMUM_AGE_MS: u64 = 60_000;

/// What became of a request for more addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grown {
    Some,
    /// The subnet has no room.
    Refused,
    /// No ENI has a slot left, and the node can have no more of them.
    Full,
}

impl Node {
    /// More addresses, or fewer, as the pods ask; whether anything changed.
    pub(super) fn keep_auto_mode<A: Addresses>(&mut self, now_ms: u64, addresses: &mut A) -> bool {
        if self.short_of(now_ms) == 0 {
            return self.shrink(now_ms, addresses);
        }
        if self.last_no_room_ms.is_some_and(|last| now_ms - last < FULL_SUBNET_PAUSE_MS) {
            self.paused_steps = self.paused_steps.saturating_add(1);
            return false;
        }
        let mut changed = false;
        loop {
            let short = self.short_of(now_ms);
            if short == 0 {
                return changed;
            }
            self.last_call_ms = now_ms;
            match self.more(short, now_ms, addresses) {
                Grown::Some => changed = true,
                Grown::Refused => {
                    self.last_no_room_ms = Some(now_ms);
                    return changed;
                }
                Grown::Full => return changed,
            }
        }
    }

    /// Slots of both kinds.
    #[must_use]
    pub fn mixed_slots(&self) -> MixedSlots {
        let own = self.enis.iter().map(|eni| eni.slots).sum();
        let singles: u32 = self.singles.iter().map(|eni| eni.slots).sum();
        match self.targets.mode {
            PoolMode::Prefix => MixedSlots { prefixes: own, single_addresses: singles },
            PoolMode::SecondaryIp => MixedSlots { prefixes: 0, single_addresses: own + singles },
        }
    }

    /// Whether it lacks addresses that its ENIs could hold.
    pub(super) fn is_below_auto_mode(&self) -> bool {
        let has_room = |eni: &Eni| self.is_carrier(eni) && self.room_on(eni) > 0;
        self.short_of(self.now_ms) > 0 && (self.may_create() || self.enis.iter().any(has_room))
    }

    /// The single addresses beside an ENI's prefixes.
    pub(super) fn single(&self, id: EniId) -> Option<&Eni> {
        self.singles.iter().find(|eni| eni.id == id)
    }

    fn goal(&self) -> u32 {
        target(self.counts.assigned, self.settings.max_pods)
    }

    /// Addresses that are there and do not rest.
    fn ready_addresses(&self, now_ms: u64) -> u32 {
        let rested_ms = self.rested_ms(now_ms);
        let piles = self.enis.iter().chain(&self.singles);
        self.counts.addresses - piles.map(|eni| eni.resting(rested_ms)).sum::<u32>()
    }

    fn short_of(&self, now_ms: u64) -> u32 {
        self.goal().saturating_sub(self.ready_addresses(now_ms))
    }

    /// Slots that an ENI has left.
    fn room_on(&self, eni: &Eni) -> u32 {
        let taken = eni.slots + eni.leftover + self.single(eni.id).map_or(0, |its| its.slots);
        self.targets.slots_per_eni.saturating_sub(taken)
    }

    /// What is asked for in turn where so many addresses are lacking and so many slots are left: all that it
    /// takes, then one; prefixes first.
    fn asks(&self, short: u32, room: u32) -> Vec<Slots> {
        let modes: &[PoolMode] = match self.targets.mode {
            PoolMode::Prefix => &[PoolMode::Prefix, PoolMode::SecondaryIp],
            PoolMode::SecondaryIp => &[PoolMode::SecondaryIp],
        };
        let mut asks = Vec::new();
        for mode in modes.iter().copied() {
            let all = short.div_ceil(mode.addresses_per_slot()).min(room);
            asks.push(Slots { mode, count: all });
            if all > 1 {
                asks.push(Slots { mode, count: 1 });
            }
        }
        asks
    }

    /// One request that is granted: on the first ENI with a slot left, else on a new one.
    fn more<A: Addresses>(&mut self, short: u32, now_ms: u64, addresses: &mut A) -> Grown {
        let open = |eni: &&Eni| self.is_carrier(eni) && self.room_on(eni) > 0;
        let found = self.enis.iter().find(open).map(|eni| (eni.id, eni.side, self.room_on(eni)));
        if let Some((id, side, room)) = found {
            for slots in self.asks(short, room) {
                let ok = addresses.assign(side, id, slots);
                self.calls.auto_assign(ok);
                if ok {
                    self.gain_on(id, slots);
                    return Grown::Some;
                }
            }
            return Grown::Refused;
        }
        if !self.may_create() || self.targets.slots_per_eni == 0 {
            return Grown::Full;
        }
        let (side, id) = (self.side_of_new_eni(), EniId(self.next_eni));
        for slots in self.asks(short, self.targets.slots_per_eni) {
            let ok = addresses.create(side, id, slots);
            self.calls.auto_create(ok);
            if ok {
                self.attach(EniKind::Secondary, side, now_ms);
                self.gain_on(id, slots);
                return Grown::Some;
            }
        }
        Grown::Refused
    }

    fn gain_on(&mut self, id: EniId, slots: Slots) {
        let Some(at) = self.enis.iter().position(|eni| eni.id == id) else { return };
        if slots.mode == self.targets.mode {
            self.gain(at, slots.count);
            return;
        }
        self.counts.addresses += slots.addresses();
        if let Some(its) = self.singles.iter_mut().find(|eni| eni.id == id) {
            its.slots += slots.count;
        } else {
            let eni = &self.enis[at];
            let mut its = Eni::new(id, eni.kind, eni.side, eni.attached_ms);
            its.slots = slots.count;
            self.singles.push(its);
        }
    }

    /// Gives back what is beyond the goal and has rested, single addresses first and the last ENI first.
    fn shrink<A: Addresses>(&mut self, now_ms: u64, addresses: &mut A) -> bool {
        let rested_ms = self.rested_ms(now_ms);
        let mut over = self.ready_addresses(now_ms).saturating_sub(self.goal());
        let mut changed = false;
        let mode = self.targets.mode;
        for at in (0..self.singles.len()).rev() {
            let its = &mut self.singles[at];
            let count = its.take_out_idle(over, rested_ms);
            if count > 0 {
                let (side, id) = (its.side, its.id);
                let slots = Slots { mode: mode.other(), count };
                over -= count;
                self.counts.addresses -= count;
                addresses.unassign(side, id, slots);
                self.calls.auto_unassign();
                changed = true;
            }
        }
        self.singles.retain(|its| its.slots > 0);
        for at in (0..self.enis.len()).rev() {
            let its = &mut self.enis[at];
            let count = its.take_out_idle(over / mode.addresses_per_slot(), rested_ms);
            if count > 0 {
                let (side, id) = (its.side, its.id);
                let slots = self.slots(count);
                over -= slots.addresses();
                self.lose(count);
                addresses.unassign(side, id, slots);
                self.calls.auto_unassign();
                changed = true;
            }
        }
        changed |= self.free_empty(now_ms, addresses);
        if changed {
            self.last_call_ms = now_ms;
        }
        changed
    }

    /// Frees further ENIs that carry nothing any more; whether any went.
    fn free_empty<A: Addresses>(&mut self, now_ms: u64, addresses: &mut A) -> bool {
        let can_go = |node: &Self, eni: &Eni| {
            eni.kind == EniKind::Secondary
                && eni.slots == 0
                && node.single(eni.id).is_none()
                && now_ms - eni.attached_ms >= ENI_MINIMUM_AGE_MS
        };
        let mut changed = false;
        while let Some(at) = self.enis.iter().position(|eni| can_go(self, eni)) {
            let eni = self.enis.remove(at);
            self.counts.enis -= 1;
            addresses.delete(eni.side, eni.id, self.slots(0));
            self.calls.auto_free();
            changed = true;
        }
        changed
    }
}
