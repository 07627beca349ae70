//! Which type and subnet a group's next node gets, and which nodes go first, counted from the nodes.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use eksnet::simulate::Scaler;

use super::{ledger::Ledger, reference::Reference, settings};

/// For how long Karpenter leaves a subnet out that refused.
const REFUSED_MS: u64 = 180_000;
const WHOLE: i128 = 1_000_000_000;

/// What Karpenter knows of subnets.
#[derive(Default)]
pub(crate) struct Karpenter {
    /// Available addresses when nodes were started in a subnet, since it looked last.
    seen: BTreeMap<usize, usize>,
    /// Nodes started since, with the addresses they are taken to need.
    flights: Vec<(usize, u32)>,
    refused_until_ms: BTreeMap<usize, u64>,
}

impl Karpenter {
    pub(crate) fn look_again(&mut self) {
        self.seen.clear();
        self.flights.clear();
    }

    pub(crate) fn starts(&mut self, ledger: &Ledger, subnet: usize, addresses: u32) {
        self.seen.entry(subnet).or_insert_with(|| ledger.subnets[subnet].available().len());
        self.flights.push((subnet, addresses));
    }

    pub(crate) fn refused(&mut self, subnet: usize, now_ms: u64) {
        self.refused_until_ms.insert(subnet, now_ms + REFUSED_MS);
    }

    fn room(&self, ledger: &Ledger, subnet: usize) -> i64 {
        let seen = self.seen.get(&subnet).copied();
        let seen = seen.unwrap_or_else(|| ledger.subnets[subnet].available().len());
        let flights = self.flights.iter().filter(|(to, _)| *to == subnet);
        i64::try_from(seen).unwrap() - flights.map(|(_, needs)| i64::from(*needs)).sum::<i64>()
    }
}

impl Reference<'_> {
    pub(crate) fn is_lost(&self, subnet: usize) -> bool {
        self.lost_zones.contains(self.zone_of(subnet))
    }

    fn zone_of(&self, subnet: usize) -> &str {
        self.scenario.subnets[subnet].zone.as_str()
    }

    fn zone(&self, id: usize) -> Option<&str> {
        self.machines[id].subnet.map(|subnet| self.zone_of(subnet))
    }

    /// The group's nodes that are there, old ones beside their replacements too, with what is asked.
    fn count_nodes(&self, group: usize, asked: impl Fn(usize) -> bool) -> usize {
        let ids = (0..self.machines.len()).filter(|id| !self.machines[*id].gone);
        ids.filter(|id| self.machines[*id].group == group && asked(*id)).count()
    }

    /// The type furthest below its weight's share once one more node is there, of several the first.
    pub(crate) fn next_kind(&self, group: usize, is_open: impl Fn(usize) -> bool) -> Option<usize> {
        let types = settings::types(&self.scenario.node_groups[group]);
        let all: u32 = types.iter().map(|(_, weight)| weight).sum();
        let signed = |len: usize| i64::try_from(len).unwrap();
        let lack = |kind: &usize| {
            let due = i64::from(types[*kind].1) * (signed(self.count_nodes(group, |_| true)) + 1);
            let have = self.count_nodes(group, |id| self.machines[id].kind == *kind);
            due - signed(have) * i64::from(all)
        };
        let kinds = (0..types.len()).filter(|kind| types[*kind].1 > 0 && is_open(*kind));
        kinds.min_by_key(|kind| Reverse(lack(kind)))
    }

    pub(crate) fn subnets_of(&self, group: usize) -> Vec<usize> {
        let names = &self.scenario.node_groups[group].subnets;
        names.iter().map(|name| self.subnet(name)).collect()
    }

    /// A zone's share of a group's nodes in billionths, where any is written.
    fn share(&self, group: usize, zone: &str) -> Option<i128> {
        let written = &self.scenario.node_groups[group].zone_share;
        let exact = |share: &f64| format!("{:.0}", share * 1e9).parse::<i128>().unwrap();
        let zones: BTreeSet<&str> =
            self.subnets_of(group).into_iter().map(|subnet| self.zone_of(subnet)).collect();
        let unnamed = zones.iter().filter(|zone| !written.contains_key(**zone)).count();
        let rest = || WHOLE - written.values().map(exact).sum::<i128>();
        if written.is_empty() {
            return None;
        }
        let named = written.get(zone).map(exact);
        Some(named.unwrap_or_else(|| rest() / i128::try_from(unnamed).unwrap()))
    }

    /// How far a zone is from wanting a node: its nodes, or those beyond its share of one more.
    fn fullness(&self, group: usize, zone: &str) -> i128 {
        let wide = |len: usize| i128::try_from(len).unwrap();
        let here = wide(self.count_nodes(group, |id| self.zone(id) == Some(zone)));
        let all = wide(self.count_nodes(group, |_| true));
        self.share(group, zone).map_or(here, |share| here * WHOLE - share * (all + 1))
    }

    /// How far a subnet is from wanting a node; `None` for one that Karpenter leaves out.
    fn rank(&self, group: usize, subnet: usize) -> Option<i64> {
        if self.scenario.node_groups[group].scaler != Some(Scaler::Karpenter) {
            let here = self.count_nodes(group, |id| self.machines[id].subnet == Some(subnet));
            return i64::try_from(here).ok();
        }
        let until_ms = self.karpenter.refused_until_ms.get(&subnet).copied().unwrap_or(0);
        (until_ms <= self.now_ms).then(|| -self.karpenter.room(&self.ledger, subnet))
    }

    /// All subnets for a group's node, the best first: those of the home zone, then zone by zone as each is
    /// least full, and in a zone as each is; of several alike the one with the fewest of the type, and
    /// then the first. None in lost zones.
    pub(crate) fn order(&self, group: usize, kind: usize, home: Option<usize>) -> Vec<usize> {
        let home = home.map(|subnet| self.zone_of(subnet));
        let mut left = self.subnets_of(group);
        left.retain(|subnet| !self.is_lost(*subnet) && self.rank(group, *subnet).is_some());
        let mut zones: Vec<&str> = Vec::new();
        for subnet in self.subnets_of(group) {
            if !zones.contains(&self.zone_of(subnet)) {
                zones.push(self.zone_of(subnet));
            }
        }
        let of_kind = |is_there: &dyn Fn(usize) -> bool| {
            self.count_nodes(group, |id| is_there(id) && self.machines[id].kind == kind)
        };
        let mut order = Vec::new();
        while !left.is_empty() {
            let best = left.iter().min_by_key(|subnet| {
                let zone = self.zone_of(**subnet);
                (
                    home != Some(zone),
                    self.fullness(group, zone),
                    of_kind(&|id| self.zone(id) == Some(zone)),
                    zones.iter().position(|known| *known == zone),
                    self.rank(group, **subnet),
                    of_kind(&|id| self.machines[id].subnet == Some(**subnet)),
                )
            });
            let best = *best.unwrap();
            left.retain(|subnet| *subnet != best);
            order.push(best);
        }
        order
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
