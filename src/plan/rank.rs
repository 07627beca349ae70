//! The order of layouts.

use super::answer::{Candidate, Change};
use crate::finding::{counted, thousands};

/// What layouts are compared by, in this order, the first difference deciding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Merits {
    /// Whether it has nothing to spare.
    pub(super) tight: bool,
    /// Whether it is beyond a limit of the requirement.
    pub(super) beyond: bool,
    pub(super) routable: u64,
    pub(super) change: Change,
    pub(super) addresses: u64,
    pub(super) calls: u64,
    pub(super) nodes: u64,
    /// Where nothing ends the wait, the longest there is.
    pub(super) wait_s: u64,
}

impl Merits {
    pub(super) fn of(candidate: &Candidate) -> Self {
        let figures = &candidate.figures;
        Self {
            tight: !candidate.tight.is_empty(),
            beyond: !candidate.beyond_limits.is_empty(),
            routable: figures.routable_addresses,
            change: candidate.change,
            addresses: figures.addresses,
            calls: figures.ec2_calls_peak_minute,
            nodes: figures.nodes_peak,
            wait_s: figures.longest_pod_wait_s.unwrap_or(u64::MAX),
        }
    }

    /// Whether a layout is at least as good in every respect.
    pub(super) fn dominates(&self, other: &Self) -> bool {
        self.each().iter().zip(other.each()).all(|(a, b)| *a <= b)
    }

    /// Every figure by itself: less of each is better.
    fn each(&self) -> [u64; 13] {
        let Self { tight, beyond, routable, change, addresses, calls, nodes, wait_s } = *self;
        let Change { types, blocks, nodes: replaced, max_pods, subnets, settings } = change;
        let [types, blocks, replaced, max_pods, subnets, settings] =
            [types, blocks, replaced, max_pods, subnets, settings].map(u64::from);
        [
            tight.into(),
            beyond.into(),
            routable,
            types,
            blocks,
            replaced,
            max_pods,
            subnets,
            settings,
            addresses,
            calls,
            nodes,
            wait_s,
        ]
    }
}

/// Why one layout comes after another.
pub(super) fn why_after(first: &Candidate, other: &Candidate) -> String {
    let (a, b) = (&first.figures, &other.figures);
    let id = &first.id;
    if let (true, Some(tight)) = (first.tight.is_empty(), other.tight.first()) {
        return format!("it has nothing to spare: {}", tight.text);
    }
    if let (true, Some(beyond)) = (first.beyond_limits.is_empty(), other.beyond_limits.first()) {
        return format!("it is beyond a limit: {beyond}");
    }
    let more = |what: &str, mine: u64, theirs: u64| {
        format!("it takes {} {what}, and {id} takes {}", thousands(theirs), thousands(mine))
    };
    if a.routable_addresses != b.routable_addresses {
        return more("routable addresses", a.routable_addresses, b.routable_addresses);
    }
    let (c, d) = (&first.change, &other.change);
    let changes = [
        (("group with other instance types", "groups with other instance types"), c.types, d.types),
        (("new CIDR block", "new CIDR blocks"), c.blocks, d.blocks),
        (("node to replace", "nodes to replace"), c.nodes, d.nodes),
        (("group with another max pods", "groups with another max pods"), c.max_pods, d.max_pods),
        (("new subnet", "new subnets"), c.subnets, d.subnets),
        (("changed CNI setting", "changed CNI settings"), c.settings, d.settings),
    ];
    if let Some(((one, many), mine, theirs)) = changes.into_iter().find(|(_, a, b)| a != b) {
        return format!("it has {}, and {id} has {}", counted(theirs, one, many), thousands(mine));
    }
    if a.addresses != b.addresses {
        return more("addresses", a.addresses, b.addresses);
    }
    if a.ec2_calls_peak_minute != b.ec2_calls_peak_minute {
        return more("EC2 calls in a minute", a.ec2_calls_peak_minute, b.ec2_calls_peak_minute);
    }
    if a.nodes_peak != b.nodes_peak {
        return more("nodes", a.nodes_peak, b.nodes_peak);
    }
    format!("it is as good as {id}: ids in order of the alphabet decide")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order compares changes one after another; being as good in every respect does not.
    #[test]
    fn a_smaller_change_before_a_larger_one_is_not_better_in_every_respect() {
        let merits = |change: Change| Merits {
            tight: false,
            beyond: false,
            routable: 0,
            change,
            addresses: 0,
            calls: 0,
            nodes: 0,
            wait_s: 0,
        };
        let settings = merits(Change { settings: 3, ..Change::default() });
        let subnets = merits(Change { subnets: 1, ..Change::default() });
        assert!(settings < subnets);
        assert!(!settings.dominates(&subnets) && !subnets.dominates(&settings));
        let both = merits(Change { subnets: 1, settings: 3, ..Change::default() });
        assert!(settings.dominates(&both) && subnets.dominates(&both) && both.dominates(&both));
    }
}
