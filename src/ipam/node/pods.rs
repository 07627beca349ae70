//! Pods on a node, and how they lie on its ENIs.

use super::{EniKind, Node, PodSlot};
use crate::ipam::{EniId, PoolRules, eni::Eni};

impl Node {
    /// Gives a new pod an address; `false`, counted as a failed attempt, if there is none.
    pub fn add_pod(&mut self) -> bool {
        self.add_pods(1) == 1
    }

    /// Gives new pods addresses, as many as there are; how many got one. Each other is a failed
    /// attempt.
    pub fn add_pods(&mut self, pods: u32) -> u32 {
        let mut placed = 0;
        while placed < pods && self.place() {
            placed += 1;
        }
        // What fails once fails again at the same moment.
        self.failed_attempts = self.failed_attempts.saturating_add(pods - placed);
        placed
    }

    fn place(&mut self) -> bool {
        if self.settings.rules == PoolRules::Ipv6 {
            // The node's prefix has more addresses than it can run pods.
            self.pods.push_back(PodSlot { eni: EniId::PRIMARY, slot: 0, is_single: false });
            self.counts.assigned += 1;
            return true;
        }
        // A node that is not Ready holds none either.
        if self.counts.available() == 0 {
            return false;
        }
        let unit = self.targets.mode.addresses_per_slot();
        let rested_ms = self.rested_ms(self.now_ms);
        if let Some((eni, taken)) = self
            .enis
            .iter_mut()
            .find_map(|eni| eni.place(unit, rested_ms).map(|taken| (eni.id, taken)))
        {
            self.pods.push_back(PodSlot { eni, slot: taken.slot, is_single: false });
            self.counts.free_prefixes -= u32::from(taken.was_free);
        } else if let Some((eni, taken)) = self
            .singles
            .iter_mut()
            .find_map(|eni| eni.place(1, rested_ms).map(|taken| (eni.id, taken)))
        {
            self.pods.push_back(PodSlot { eni, slot: taken.slot, is_single: true });
        } else {
            return false;
        }
        self.counts.assigned += 1;
        true
    }

    /// Ends the pod that came last; `false` if there is none.
    pub fn delete_newest(&mut self) -> bool {
        let last = self.pods.pop_back();
        self.release(last)
    }

    /// Ends the pod that came first; `false` if there is none.
    pub fn delete_oldest(&mut self) -> bool {
        let first = self.pods.pop_front();
        self.release(first)
    }

    fn release(&mut self, place: Option<PodSlot>) -> bool {
        let Some(place) = place else { return false };
        let now_ms = self.now_ms;
        let piles = if place.is_single { &mut self.singles } else { &mut self.enis };
        // An ENI with a pod is never freed, so it is there.
        if let Some(eni) = piles.iter_mut().find(|eni| eni.id == place.eni) {
            let slot_free = eni.release(place.slot, now_ms) && !place.is_single;
            self.counts.assigned -= 1;
            self.counts.free_prefixes += u32::from(slot_free);
        }
        true
    }

    /// Its pool's ENIs by order of attachment, the primary one first.
    pub fn eni_ids(&self) -> impl Iterator<Item = EniId> {
        self.enis.iter().map(|eni| eni.id)
    }

    /// Slots of each ENI by order of attachment, the primary one first.
    pub fn slots_by_eni(&self) -> impl Iterator<Item = u32> {
        self.enis.iter().map(|eni| eni.slots + self.single(eni.id).map_or(0, |its| its.slots))
    }

    /// Addresses for pods of each ENI by order of attachment.
    pub fn addresses_by_eni(&self) -> impl Iterator<Item = u32> {
        let own = |eni: &Eni| self.slots(eni.slots).addresses();
        self.enis.iter().map(move |eni| own(eni) + self.single(eni.id).map_or(0, |its| its.slots))
    }

    /// Pods on each ENI by order of attachment.
    pub fn pods_by_eni(&self) -> impl Iterator<Item = u32> {
        self.enis.iter().map(|eni| eni.pods + self.single(eni.id).map_or(0, |its| its.pods))
    }

    /// Pods on each slot that has had one, ENI by ENI, then zeros for the slots never used.
    pub fn pods_by_slot(&self) -> impl Iterator<Item = u32> {
        self.enis.iter().chain(&self.singles).flat_map(Eni::pods_by_slot)
    }

    /// Where the trunk is among the ENIs.
    #[must_use]
    pub fn trunk_index(&self) -> Option<usize> {
        self.enis.iter().position(|eni| eni.kind == EniKind::Trunk)
    }
}
