//! How a pool grows and shrinks in a pass.

use eksnet::ipam::{Addresses, EniId, PoolMode};

use super::{Kind, Node, numbers};

/// When the VPC resource controller attaches a trunk.
const TRUNK_MS: u64 = 10_000;
/// How long nothing grows after a subnet had no room.
const PAUSE_MS: u64 = 120_000;
/// More than this is between two times at which slots are given back.
const GIVE_BACK_MS: u64 = 30_000;

impl Node {
    /// One growth step: more slots on one ENI, or else one ENI more.
    pub(super) fn grow<A: Addresses>(&mut self, at_ms: u64, ec2: &mut A) -> bool {
        if self.settings.frozen {
            return false;
        }
        if self.last_no_room_ms.is_some_and(|last| at_ms - last < PAUSE_MS) {
            self.paused_steps += 1;
            return false;
        }
        let want = self.want();
        for at in 0..self.enis.len() {
            let eni = &self.enis[at];
            let room = self.slots_per_eni() - numbers::of(eni.slots.len());
            if !self.carries_pods(eni) || room <= 0 {
                continue;
            }
            self.last_call_ms = at_ms;
            if self.assign(at, want.min(room), ec2) || self.assign(at, 1, ec2) {
                return true;
            }
            if !self.settings.subnet_discovery {
                self.last_no_room_ms = Some(at_ms);
                return false;
            }
        }
        self.create(want.min(self.slots_per_eni()), at_ms, ec2)
    }

    fn assign<A: Addresses>(&mut self, at: usize, slots: i64, ec2: &mut A) -> bool {
        let slots = self.some(slots);
        let assigned = ec2.assign(self.enis[at].side, self.enis[at].id, slots);
        self.calls.api.alloc_ip_addresses += 1;
        self.calls.ec2.assign_private_ip_addresses += 1;
        if assigned {
            self.gain(at, slots);
        } else {
            self.calls.ec2_errors.assign_private_ip_addresses += 1;
        }
        assigned
    }

    fn create<A: Addresses>(&mut self, slots: i64, at_ms: u64, ec2: &mut A) -> bool {
        if self.attached() >= self.most_enis() - i64::from(self.lacks_trunk()) {
            return false;
        }
        let (side, slots) = (self.side_of_new(), self.some(slots));
        let created = ec2.create(side, EniId(self.enis_came), slots);
        self.last_call_ms = at_ms;
        self.calls.api.alloc_eni += 1;
        self.calls.ec2.create_network_interface += 1;
        if !self.settings.custom_networking {
            self.calls.ec2.describe_subnets += 1;
        }
        if created {
            self.calls.ec2.describe_instances += 1;
            self.calls.ec2.attach_network_interface += 1;
            self.calls.ec2.modify_network_interface_attribute += 1;
            self.calls.ec2.describe_subnets += 1;
            self.attach(Kind::Secondary, side, at_ms);
            self.gain(self.enis.len() - 1, slots);
        } else {
            self.calls.ec2_errors.create_network_interface += 1;
            self.last_no_room_ms = Some(at_ms);
        }
        created
    }

    /// Slots without a pod go back, resting ones too, with one call for each ENI that has some.
    pub(super) fn give_back<A: Addresses>(&mut self, at_ms: u64, ec2: &mut A) -> bool {
        let mut over = self.over();
        if over <= 0 || self.last_give_back_ms.is_some_and(|last| at_ms - last <= GIVE_BACK_MS) {
            return false;
        }
        self.last_give_back_ms = Some(at_ms);
        let mut changed = false;
        for at in 0..self.enis.len() {
            let eni = &mut self.enis[at];
            let mut gone = 0;
            eni.slots.retain(|slot| {
                let goes = gone < over && numbers::is_free(slot);
                gone += i64::from(goes);
                !goes
            });
            if gone == 0 {
                continue;
            }
            let (side, id) = (eni.side, eni.id);
            over -= gone;
            ec2.unassign(side, id, self.some(gone));
            self.last_call_ms = at_ms;
            self.calls.ec2.unassign_private_ip_addresses += 1;
            match self.settings.mode {
                PoolMode::SecondaryIp => self.calls.api.dealloc_ip_addresses += 1,
                PoolMode::Prefix => self.calls.api.dealloc_prefix_addresses += 1,
            }
            changed = true;
        }
        changed
    }

    pub(super) fn free_eni<A: Addresses>(&mut self, at_ms: u64, ec2: &mut A) -> bool {
        let Some(at) = (0..self.enis.len()).find(|at| self.can_go(*at, at_ms)) else {
            return false;
        };
        let eni = self.enis.remove(at);
        ec2.delete(eni.side, eni.id, self.some(numbers::of(eni.slots.len())));
        self.last_call_ms = at_ms;
        self.calls.api.free_eni += 1;
        self.calls.ec2.describe_network_interfaces += 1;
        self.calls.ec2.detach_network_interface += 1;
        self.calls.ec2.delete_network_interface += 1;
        true
    }

    /// MAX_ENI is nothing to the VPC resource controller, and ipamd sees what it attached.
    pub(super) fn attach_trunk<A: Addresses>(&mut self, ec2: &mut A) -> bool {
        let has_place = self.attached() < i64::from(self.settings.enis);
        if !self.lacks_trunk() || !has_place || self.now_ms <= TRUNK_MS {
            return false;
        }
        let side = self.side_of_new();
        let created = ec2.create(side, EniId(self.enis_came), self.some(0));
        if created {
            self.attach(Kind::Trunk, side, self.now_ms);
            self.last_call_ms = self.now_ms;
            self.calls.ec2.describe_network_interfaces += 1;
            self.calls.ec2.describe_subnets += 1;
        }
        created
    }
}
