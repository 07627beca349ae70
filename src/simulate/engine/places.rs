//! Which subnet a node goes to, and where it goes when that one is full.

use super::{result::Reason, run::Engine, spread::PlacementRule};
use crate::simulate::Scaler;

impl Engine<'_> {
    pub(super) fn is_lost(&self, subnet: usize) -> bool {
        self.world.zone(subnet).is_some_and(|zone| self.lost_zones[zone])
    }

    /// Where the next node of a group and type goes.
    pub(super) fn next_place(&self, group: usize, kind: usize) -> Option<usize> {
        self.order(group, kind, None).first().copied()
    }

    /// Where a node goes that takes another's place: where that one was, or for Karpenter to the subnet of
    /// its zone with the most room; elsewhere when the zone is lost.
    pub(super) fn place_of(&self, group: usize, kind: usize, old: Option<usize>) -> Option<usize> {
        let old = old.filter(|subnet| !self.is_lost(*subnet));
        match (self.layout.groups[group].scaler, old) {
            (Scaler::Karpenter, _) | (_, None) => self.order(group, kind, old).first().copied(),
            (Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::None, Some(_)) => old,
        }
    }

    /// All subnets that a group's node may go to, the first choice first: those of one node's zone before
    /// others.
    fn order(&self, group: usize, kind: usize, home: Option<usize>) -> Vec<usize> {
        let room = |subnet| self.karpenter.room(&self.world, subnet, self.now_ms);
        let rule = PlacementRule {
            lost_zones: &self.lost_zones,
            home: home.and_then(|subnet| self.world.zone(subnet)),
            room: match self.layout.groups[group].scaler {
                Scaler::Karpenter => Some(&room),
                Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::None => None,
            },
        };
        self.spreads[group].order(kind, &rule)
    }

    /// An instance is launched where its group's scaler finds an address for it. Where it finds none, it
    /// waits where its turn was.
    pub(super) fn start(&mut self, id: usize) {
        let (group, kind, first) = {
            let machine = &self.machines[id];
            (machine.group, machine.kind, machine.subnet)
        };
        let mut refused = Some((None, Reason::NoSubnet));
        if let Some(subnet) = first {
            if self.start_in(id, subnet) {
                return;
            }
            refused = self.machines[id].holdings.refused;
        }
        match (self.layout.groups[group].scaler, first) {
            (Scaler::None, Some(_)) => {}
            (Scaler::None, None)
            | (Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::Karpenter, _) => {
                for subnet in self.order(group, kind, first) {
                    if Some(subnet) == first {
                        continue;
                    }
                    self.move_to(id, Some(subnet));
                    if self.start_in(id, subnet) {
                        return;
                    }
                }
            }
        }
        self.move_to(id, first);
        self.machines[id].holdings.refused = refused;
    }

    fn move_to(&mut self, id: usize, subnet: Option<usize>) {
        let machine = &mut self.machines[id];
        let spread = &mut self.spreads[machine.group];
        spread.remove(machine.kind, machine.subnet);
        spread.add(machine.kind, subnet);
        machine.subnet = subnet;
    }
}
