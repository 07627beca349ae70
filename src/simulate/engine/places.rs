//! Which subnet a node goes to, and where it goes when that one is full.

use super::{
    machine::Line,
    result::Reason,
    run::Engine,
    spread::{PlacementRule, Spread},
    world::Refusal,
};
use crate::simulate::Scaler;

impl Engine<'_> {
    pub(super) fn is_lost(&self, subnet: usize) -> bool {
        self.world.zone(subnet).is_some_and(|zone| self.lost_zones[zone])
    }

    /// Where the next node of a group and type goes.
    pub(super) fn next_place(&self, line: Line, kind: usize) -> Option<usize> {
        self.order(line, kind, None).first().copied()
    }

    /// Where a node goes that takes another's place: where that one was, or for Karpenter to the subnet of
    /// its zone with the most room; elsewhere when the zone is lost.
    pub(super) fn place_of(&self, line: Line, kind: usize, old: Option<usize>) -> Option<usize> {
        let old = old.filter(|subnet| !self.is_lost(*subnet));
        match (self.layout.groups[line.group].scaler, old) {
            (Scaler::Karpenter, _) | (_, None) => self.order(line, kind, old).first().copied(),
            (Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::None, Some(_)) => old,
        }
    }

    /// All subnets that a group's node may go to, the first choice first: those of one node's zone before
    /// others.
    fn order(&self, line: Line, kind: usize, home: Option<usize>) -> Vec<usize> {
        let room = |subnet| self.karpenter.room(&self.world, subnet, self.now_ms);
        let rule = PlacementRule {
            lost_zones: &self.lost_zones,
            home: home.and_then(|subnet| self.world.zone(subnet)),
            room: match self.layout.groups[line.group].scaler {
                Scaler::Karpenter => Some(&room),
                Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::None => None,
            },
        };
        self.spread(line).order(kind, &rule)
    }

    /// Where a group's nodes are, or the instances of its warm pool: each is balanced for itself.
    pub(super) fn spread(&self, line: Line) -> &Spread {
        let all = if line.is_pooled { &self.pool_spreads } else { &self.spreads };
        &all[line.group]
    }

    pub(super) fn spread_mut(&mut self, line: Line) -> &mut Spread {
        let all = if line.is_pooled { &mut self.pool_spreads } else { &mut self.spreads };
        &mut all[line.group]
    }

    /// An instance is launched where its group's scaler finds an address for it. Where it finds none, it
    /// waits where its turn was.
    pub(super) fn start(&mut self, id: usize) {
        if self.is_over_limits(id) && !self.takes_other_type(id) {
            self.machines[id].holdings.refused = Some((None, Reason::NodePoolLimit));
            return;
        }
        let machine = &self.machines[id];
        let (line, kind, first) = (machine.line(), machine.kind, machine.subnet);
        let mut refused = None;
        if let Some(subnet) = first {
            if self.start_in(id, subnet) {
                return;
            }
            refused = self.machines[id].holdings.refused;
        }
        match (self.layout.groups[line.group].scaler, first) {
            (Scaler::None, Some(_)) => {}
            (Scaler::None, None)
            | (Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::Karpenter, _) => {
                for subnet in self.order(line, kind, first) {
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
        let refused = refused.unwrap_or_else(|| self.nowhere(line.group));
        self.machines[id].holdings.refused = Some(refused);
    }

    /// Why there is no subnet for a node to wait in: every zone of its group is lost, or those that are left
    /// refused others so lately that Karpenter leaves them out.
    fn nowhere(&self, group: usize) -> Refusal {
        let mut own = self.layout.groups[group].subnets.iter();
        match own.find(|subnet| !self.is_lost(**subnet)) {
            None => (None, Reason::NoSubnet),
            Some(subnet) => {
                let why = self.karpenter.why_refused(*subnet);
                (Some(*subnet), why.unwrap_or(Reason::InsufficientFreeAddresses))
            }
        }
    }

    fn move_to(&mut self, id: usize, subnet: Option<usize>) {
        let machine = &mut self.machines[id];
        let (line, kind) = (machine.line(), machine.kind);
        let old = std::mem::replace(&mut machine.subnet, subnet);
        let spread = self.spread_mut(line);
        spread.remove(kind, old);
        spread.add(kind, subnet);
    }
}
