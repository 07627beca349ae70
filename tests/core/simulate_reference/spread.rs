//! Which type and subnet a group's next node gets, and which nodes go first, counted from the nodes.

use std::cmp::Reverse;

use super::{play::Reference, settings};

impl Reference<'_> {
    pub(crate) fn is_lost(&self, subnet: usize) -> bool {
        self.lost_zones.contains(&self.scenario.subnets[subnet].zone)
    }

    fn zone(&self, id: usize) -> Option<&str> {
        self.machines[id].subnet.map(|subnet| self.scenario.subnets[subnet].zone.as_str())
    }

    /// The group's nodes that are there, old ones beside their replacements too, with what is asked.
    fn count_nodes(&self, group: usize, asked: impl Fn(usize) -> bool) -> usize {
        let ids = (0..self.machines.len()).filter(|id| !self.machines[*id].gone);
        ids.filter(|id| self.machines[*id].group == group && asked(*id)).count()
    }

    /// The type furthest below its weight's share once one more node is there, of several the first.
    pub(crate) fn next_kind(&self, group: usize) -> usize {
        let types = settings::types(&self.scenario.node_groups[group]);
        let all: u32 = types.iter().map(|(_, weight)| weight).sum();
        let signed = |len: usize| i64::try_from(len).unwrap();
        let lack = |kind: &usize| {
            let due = i64::from(types[*kind].1) * (signed(self.count_nodes(group, |_| true)) + 1);
            let have = self.count_nodes(group, |id| self.machines[id].kind == *kind);
            due - signed(have) * i64::from(all)
        };
        let kinds = (0..types.len()).filter(|kind| types[*kind].1 > 0);
        kinds.min_by_key(|kind| Reverse(lack(kind))).unwrap()
    }

    /// The zone with the fewest of the group's nodes, and in it the subnet with the fewest; of several
    /// the one with the fewest of the type, and then the first. None in lost zones.
    pub(crate) fn next_subnet(&self, group: usize, kind: usize) -> Option<usize> {
        let names = &self.scenario.node_groups[group].subnets;
        let subnets = names.iter().map(|name| self.subnet(name));
        let left: Vec<usize> = subnets.filter(|subnet| !self.is_lost(*subnet)).collect();
        let fewest = |is_there: &dyn Fn(usize) -> bool| {
            let of_kind = |id: usize| is_there(id) && self.machines[id].kind == kind;
            (self.count_nodes(group, is_there), self.count_nodes(group, of_kind))
        };
        let zone = |subnet: usize| Some(self.scenario.subnets[subnet].zone.as_str());
        let zones = left.iter().map(|subnet| zone(*subnet));
        let zone_of_it = zones.min_by_key(|zone| fewest(&|id| self.zone(id) == *zone))?;
        let its = left.iter().copied().filter(|subnet| zone(*subnet) == zone_of_it);
        its.min_by_key(|subnet| fewest(&|id| self.machines[id].subnet == Some(*subnet)))
    }

    /// The place in the list of the node that goes first: one without a zone, else one of the zone
    /// with the most; the newest of them, and of the zones the one whose newest is the newest.
    pub(crate) fn first_to_go(&self, group: usize) -> Option<usize> {
        let members = &self.groups[group].members;
        let zone = |at: usize| self.zone(members[at]);
        (0..members.len()).max_by_key(|at| {
            let alike = (0..members.len()).filter(|other| zone(*other) == zone(*at)).count();
            let newest = (0..members.len()).rfind(|other| zone(*other) == zone(*at));
            (zone(*at).is_none(), alike, newest, *at)
        })
    }
}
