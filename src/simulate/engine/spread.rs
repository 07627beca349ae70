//! How a group's nodes spread over zones, subnets and types: which get the next node, and which nodes
//! go first.
//!
//! Amazon EC2 Auto Scaling launches into the zone with the fewest instances and takes from the one
//! with the most (Auto Scaling user guide, "Instance distribution" and "Default termination policy").

use std::cmp::Reverse;

use crate::simulate::layout::{Factor, Group, PlacedSubnet};

/// A subnet with the group's nodes in it.
#[derive(Debug, Clone)]
struct ZoneSubnet {
    subnet: usize,
    /// Whether new nodes may go there.
    open: bool,
    nodes: NodeTally,
}

/// What decides where a node goes beside the nodes that are there.
pub(super) struct PlacementRule<'a> {
    pub(super) lost_zones: &'a [bool],
    /// The zone to stay in, if it is not full.
    pub(super) home: Option<usize>,
    /// The room of a subnet where that decides; `None` for one that is left out.
    pub(super) room: Option<&'a dyn Fn(usize) -> Option<i64>>,
}

/// A zone with the group's nodes in it.
#[derive(Debug, Clone)]
struct SpreadZone {
    index: usize,
    /// Its share of the nodes, where that is written.
    share: Option<Factor>,
    nodes: NodeTally,
    seats: Vec<ZoneSubnet>,
}

/// How many nodes, and of each type.
#[derive(Debug, Clone)]
struct NodeTally {
    all: u32,
    of_kind: Vec<u32>,
}

impl NodeTally {
    fn new(kinds: usize) -> Self {
        Self { all: 0, of_kind: vec![0; kinds] }
    }

    fn of(&self, kind: usize) -> u32 {
        self.of_kind.get(kind).copied().unwrap_or(0)
    }

    fn add(&mut self, kind: usize) {
        self.all += 1;
        if let Some(count) = self.of_kind.get_mut(kind) {
            *count += 1;
        }
    }

    fn remove(&mut self, kind: usize) {
        self.all = self.all.saturating_sub(1);
        if let Some(count) = self.of_kind.get_mut(kind) {
            *count = count.saturating_sub(1);
        }
    }
}

/// One group's nodes by zone, subnet and type. Each change and each choice costs what the group has of
/// zones, subnets and types, however many nodes it has.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    weights: Vec<u32>,
    nodes: NodeTally,
    /// In the order of the group's subnets.
    zones: Vec<SpreadZone>,
}

impl Spread {
    /// A group without nodes. Nodes that are there before the start may be in other subnets than its
    /// own, to which no new ones go.
    pub(super) fn new(
        group: &Group<'_>,
        others: impl Iterator<Item = usize>,
        subnets: &[PlacedSubnet],
    ) -> Self {
        let kinds = group.types.len();
        let mut zones: Vec<SpreadZone> = Vec::new();
        let own = group.subnets.iter().map(|subnet| (*subnet, true));
        for (subnet, open) in own.chain(others.map(|subnet| (subnet, false))) {
            let Some(zone) = subnets.get(subnet).map(|subnet| subnet.zone) else { continue };
            let at = zones.iter().position(|known| known.index == zone).unwrap_or_else(|| {
                let mut shares = group.zone_shares.iter();
                let share = shares.find(|(known, _)| *known == zone).map(|(_, share)| *share);
                zones.push(SpreadZone {
                    index: zone,
                    share,
                    nodes: NodeTally::new(kinds),
                    seats: Vec::new(),
                });
                zones.len() - 1
            });
            if let Some(zone) = zones.get_mut(at)
                && !zone.seats.iter().any(|seat| seat.subnet == subnet)
            {
                zone.seats.push(ZoneSubnet { subnet, open, nodes: NodeTally::new(kinds) });
            }
        }
        let weights = group.types.iter().map(|(_, weight)| *weight).collect();
        Self { weights, nodes: NodeTally::new(kinds), zones }
    }

    /// The type that is furthest below its weight's share of the nodes once one more is there; of
    /// several the first.
    pub(super) fn next_kind(&self) -> usize {
        self.next_kind_of(|_| true).unwrap_or(0)
    }

    /// The same among types that something is true of.
    pub(super) fn next_kind_of(&self, fits: impl Fn(usize) -> bool) -> Option<usize> {
        let all: i64 = self.weights.iter().map(|weight| i64::from(*weight)).sum();
        let lack = |kind: usize, weight: u32| {
            let due = i64::from(weight) * (i64::from(self.nodes.all) + 1);
            due - i64::from(self.nodes.of(kind)) * all
        };
        let kinds = self.weights.iter().enumerate();
        let open = kinds.filter(|(kind, weight)| **weight > 0 && fits(*kind));
        let most = open.min_by_key(|(kind, weight)| (Reverse(lack(*kind, **weight)), *kind));
        most.map(|(kind, _)| kind)
    }

    /// Subnets that new nodes may go to, the first choice first: zone after zone, the one furthest below its
    /// share or with the fewest nodes first, and in each subnet after subnet, the one with the fewest nodes
    /// first or the one with the most room. Of several that are alike the one with the fewest nodes of the
    /// type comes first, and then the first as they are written.
    pub(super) fn order(&self, kind: usize, rule: &PlacementRule<'_>) -> Vec<usize> {
        let is_lost =
            |zone: &&SpreadZone| rule.lost_zones.get(zone.index).copied().unwrap_or(false);
        let mut zones: Vec<&SpreadZone> = self.zones.iter().filter(|zone| !is_lost(zone)).collect();
        zones.sort_by_key(|zone| {
            (rule.home != Some(zone.index), self.fullness(zone), zone.nodes.of(kind))
        });
        let mut order = Vec::new();
        for zone in zones {
            let open = zone.seats.iter().filter(|seat| seat.open);
            let mut seats: Vec<(i64, &ZoneSubnet)> = match rule.room {
                None => open.map(|seat| (seat.nodes.all.into(), seat)).collect(),
                Some(room) => open
                    .filter_map(|seat| Some((room(seat.subnet)?.saturating_neg(), seat)))
                    .collect(),
            };
            seats.sort_by_key(|(rank, seat)| (*rank, seat.nodes.of(kind)));
            order.extend(seats.into_iter().map(|(_, seat)| seat.subnet));
        }
        order
    }

    /// How far a zone is from wanting a further node: its nodes, or those beyond its share.
    fn fullness(&self, zone: &SpreadZone) -> i128 {
        let nodes = i128::from(zone.nodes.all);
        match zone.share {
            None => nodes,
            Some(share) => {
                let due = i128::from(share.billionths) * (i128::from(self.nodes.all) + 1);
                nodes * i128::from(Factor::ONE.billionths) - due
            }
        }
    }

    pub(super) fn add(&mut self, kind: usize, subnet: Option<usize>) {
        self.change(kind, subnet, NodeTally::add);
    }

    pub(super) fn remove(&mut self, kind: usize, subnet: Option<usize>) {
        self.change(kind, subnet, NodeTally::remove);
    }

    fn change(&mut self, kind: usize, subnet: Option<usize>, change: fn(&mut NodeTally, usize)) {
        change(&mut self.nodes, kind);
        for zone in &mut self.zones {
            let mut seats = zone.seats.iter_mut();
            if let Some(seat) = seats.find(|seat| Some(seat.subnet) == subnet) {
                change(&mut seat.nodes, kind);
                change(&mut zone.nodes, kind);
                return;
            }
        }
    }
}

/// Which of a group's nodes go when so many have to, as places in their list, which is the oldest
/// first with the zone of each: the newest of the zone that has the most, of several such zones the
/// newest of them. Those without a zone run nowhere and go first.
pub(super) fn leaving(zones: &[Option<usize>], count: usize) -> Vec<bool> {
    let mut of_zone: Vec<(Option<usize>, Vec<usize>)> = Vec::new();
    for (at, zone) in zones.iter().enumerate() {
        match of_zone.iter_mut().find(|(known, _)| known == zone) {
            Some((_, nodes)) => nodes.push(at),
            None => of_zone.push((*zone, vec![at])),
        }
    }
    let mut leaves = vec![false; zones.len()];
    for _ in 0..count {
        let most = of_zone.iter_mut().max_by_key(|(zone, nodes)| {
            let homeless = zone.is_none() && !nodes.is_empty();
            (homeless, nodes.len(), nodes.last().copied())
        });
        let newest = most.and_then(|(_, nodes)| nodes.pop());
        if let Some(leaves) = newest.and_then(|at| leaves.get_mut(at)) {
            *leaves = true;
        }
    }
    leaves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_the_fullest_zone_goes() {
        let rows = [
            (vec![Some(0), Some(1), Some(0)], 1, vec![2]),
            (vec![Some(0), Some(0), Some(1)], 1, vec![1]),
            (vec![Some(0), Some(0), Some(0), Some(1)], 2, vec![1, 2]),
            (vec![Some(0), Some(1)], 1, vec![1]),
            (vec![None, Some(1), Some(1)], 2, vec![0, 2]),
        ];
        for (zones, count, expected) in rows {
            let leaves = leaving(&zones, count);
            let gone: Vec<usize> = (0..zones.len()).filter(|at| leaves[*at]).collect();
            assert_eq!(gone, expected, "{zones:?} {count}");
        }
    }
}
