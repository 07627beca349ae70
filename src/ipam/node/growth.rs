//! One growth step (amazon-vpc-cni-k8s `pkg/ipamd/ipamd.go`, `increaseDatastorePool`): more slots on
//! an ENI that is there, or else one new ENI.

use super::{Addresses, Eni, EniId, EniKind, FULL_SUBNET_PAUSE_MS, Node};
use crate::ipam::PoolRules;

/// What became of more slots on an ENI that is there.
enum Extended {
    Grew,
    /// Whose subnet was asked had no room.
    NoRoom,
    /// No ENI has room.
    NotAsked,
}

impl Node {
    /// One growth step; whether anything was gained.
    pub(super) fn grow<A: Addresses>(&mut self, now_ms: u64, addresses: &mut A) -> bool {
        if self.settings.frozen {
            return false;
        }
        if self.last_no_room_ms.is_some_and(|last| now_ms - last < FULL_SUBNET_PAUSE_MS) {
            self.paused_steps = self.paused_steps.saturating_add(1);
            return false;
        }
        let want = self.targets.want(&self.counts);
        match self.extend(now_ms, want, addresses) {
            Extended::Grew => true,
            Extended::NoRoom if !self.settings.subnet_discovery => {
                self.last_no_room_ms = Some(now_ms);
                false
            }
            Extended::NoRoom | Extended::NotAsked => self.create(now_ms, want, addresses),
        }
    }

    /// Whether the pool is below its targets though the node's ENIs could hold more: what only EC2's
    /// refusals, or a pause after one, leave behind.
    #[must_use]
    pub fn is_below_target(&self) -> bool {
        let has_room = |eni: &Eni| {
            self.is_carrier(eni)
                && eni.slots.saturating_add(eni.leftover) < self.targets.slots_per_eni
        };
        let is_below = || match self.settings.rules {
            PoolRules::Ipamd => {
                self.targets.too_low(&self.counts)
                    && (self.may_create() || self.enis.iter().any(has_room))
            }
            PoolRules::Windows(targets) => self.is_below_windows(targets),
            PoolRules::AutoMode => self.is_below_auto_mode(),
            PoolRules::Ipv6 => false,
        };
        self.ready && !self.settings.frozen && is_below()
    }

    /// Whether the node may have one more ENI beside the slot that is kept for a trunk.
    pub(super) fn may_create(&self) -> bool {
        let kept_for_trunk = u32::from(self.settings.pod_eni && !self.trunk);
        self.attached() < self.most_enis.saturating_sub(kept_for_trunk)
    }

    /// More slots on the first ENI with room whose subnet has some too; without subnet discovery no other
    /// than the first with room is tried.
    fn extend<A: Addresses>(&mut self, now_ms: u64, want: u32, addresses: &mut A) -> Extended {
        let most = self.targets.slots_per_eni;
        let mut extended = Extended::NotAsked;
        for at in 0..self.enis.len() {
            let eni = &self.enis[at];
            let room = most.saturating_sub(eni.slots).saturating_sub(eni.leftover);
            if !self.is_carrier(eni) || room == 0 {
                continue;
            }
            let (side, id, all) = (eni.side, eni.id, want.min(room));
            self.last_call_ms = now_ms;
            // What does not fit as a whole is asked for again as one.
            for count in [all, 1] {
                let ok = addresses.assign(side, id, self.slots(count));
                self.calls.assign(ok);
                if ok {
                    self.gain(at, count);
                    return Extended::Grew;
                }
            }
            extended = Extended::NoRoom;
            if !self.settings.subnet_discovery {
                break;
            }
        }
        extended
    }

    /// One new ENI with slots, if there is room for it.
    fn create<A: Addresses>(&mut self, now_ms: u64, want: u32, addresses: &mut A) -> bool {
        if !self.may_create() {
            return false;
        }
        let side = self.side_of_new_eni();
        let count = want.min(self.targets.slots_per_eni);
        let ok = addresses.create(side, EniId(self.next_eni), self.slots(count));
        self.calls.create(self.settings.custom_networking, ok);
        self.last_call_ms = now_ms;
        if ok {
            self.attach(EniKind::Secondary, side, now_ms);
            self.gain(self.enis.len() - 1, count);
        } else {
            self.last_no_room_ms = Some(now_ms);
        }
        ok
    }

    pub(super) fn gain(&mut self, at: usize, count: u32) {
        self.enis[at].slots += count;
        self.counts.prefixes += count;
        self.counts.free_prefixes += count;
        self.counts.addresses += self.slots(count).addresses();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipam::{CountedSubnets, PoolSettings};

    /// An m5.large with one ENI at most and a warm one: nine addresses are wanted beside the pods'.
    fn alone() -> PoolSettings {
        PoolSettings {
            enis: 3,
            ipv4_per_eni: 10,
            warm_eni_target: Some(1),
            max_eni: Some(1),
            max_pods: 29,
            ..PoolSettings::default()
        }
    }

    fn is_below(settings: &PoolSettings, room: Option<u32>, pods: u32) -> bool {
        let mut subnets = CountedSubnets::new(room, None);
        let (mut node, _) = Node::start(settings.clone(), &mut subnets);
        for _ in 0..100 {
            node.pass(&mut subnets);
        }
        node.add_pods(pods);
        node.is_below_target()
    }

    #[test]
    fn a_node_is_below_its_target_where_its_enis_could_hold_more() {
        assert!(!is_below(&alone(), None, 0));
        // Its ENI holds nine and no more: what is lacking, nobody refused.
        assert!(!is_below(&alone(), None, 9));
        // The subnet had four addresses for it.
        assert!(is_below(&alone(), Some(5), 0));
        // One that never became Ready needs nothing.
        assert!(!is_below(&alone(), Some(0), 0));
        let frozen = PoolSettings { frozen: true, ..alone() };
        assert!(!is_below(&frozen, Some(5), 0));
        // A full ENI, and a second one may come, for which there is no address.
        let two = PoolSettings { max_eni: Some(2), ..alone() };
        assert!(is_below(&two, Some(10), 9));
        // The second place is kept for a trunk, for which there is no address either.
        assert!(!is_below(&PoolSettings { pod_eni: true, ..two }, Some(10), 9));
    }
}
