//! Which nodes to drain so that whole /28 blocks come back. A drained node is one that is gone: its
//! ENIs' own addresses, its pods' and its delegated prefixes are free then.

use super::{
    blocks::{Recoverable, Subnets},
    search::{Budget, DrainSets, smallest},
};
use crate::audit::count::{Counted, PlaceCount};

/// Most sets that are shown of a subnet.
const MOST_SETS: usize = 5;
/// Looks at an owner of a block that the search takes at most: for one subnet, and for all of a place.
const SUBNET_WORK: u64 = 20_000_000;
const TOTAL_WORK: u64 = 200_000_000;

/// Which nodes to drain in a subnet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drain {
    /// The subnet.
    pub subnet_id: String,
    /// /28 blocks that are to come back.
    pub wanted: u32,
    /// /28 prefixes that can be delegated now.
    pub assignable_now: Option<u32>,
    /// Blocks that would come back if every node that holds addresses in it were drained; `None`,
    /// and with it all that follows, when it is not known who holds the subnet's addresses.
    pub recoverable: Option<u32>,
    /// Sets of nodes, the smallest that were found; none when fewer blocks than wanted can come back.
    pub sets: Vec<DrainSet>,
    /// Whether no smaller set does it; `None` without a set.
    pub exact: Option<bool>,
    /// Nodes that any set has at least; `None` without a set.
    pub lower_bound: Option<u32>,
    /// Nodes that give back blocks each by itself, the most first.
    pub single: Vec<DrainNode>,
}

/// Nodes to drain together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrainSet {
    /// The nodes' instances, sorted.
    pub nodes: Vec<String>,
    /// Blocks that come back.
    pub blocks: u32,
}

/// One node drained by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrainNode {
    /// The node's instance.
    pub node: String,
    /// Blocks that come back.
    pub blocks: u32,
}

/// For each counted IPv4 subnet, the smallest sets of nodes whose drain gives back so many /28 blocks.
#[must_use]
pub fn drains(counted: &Counted<'_>, wanted: u32) -> Vec<Drain> {
    counted.places.iter().flat_map(|place| of_place(place, wanted)).collect()
}

fn of_place(place: &PlaceCount<'_>, wanted: u32) -> Vec<Drain> {
    let subnets = Subnets::new(place.inventory, &place.known);
    let mut left = TOTAL_WORK;
    let ipv4 = place.subnets.iter().filter(|subnet| subnet.cidr.is_some());
    ipv4.map(|subnet| {
        let mut drain = Drain {
            subnet_id: subnet.subnet_id.clone(),
            wanted,
            assignable_now: subnet.assignable_prefixes,
            ..Drain::default()
        };
        // Without owners, or with owners that are invisible, a block may be anybody's.
        let seen = subnet.all_owners().is_some() && subnet.shared_by.is_none();
        if let Some(found) = seen.then(|| subnets.recoverable(&subnet.subnet_id)).flatten() {
            let mut budget = Budget::new(SUBNET_WORK.min(left));
            fill(&mut drain, &found, &mut budget);
            left -= budget.spent();
        }
        drain
    })
    .collect()
}

fn fill(drain: &mut Drain, found: &Recoverable<'_>, budget: &mut Budget) {
    let name = |node: &usize| found.nodes.get(*node).map(|name| (*name).to_owned());
    drain.recoverable = Some(found.edges.iter().map(|edge| edge.blocks).sum());
    for edge in &found.edges {
        if let [only] = edge.owners.as_slice() {
            let node = name(only).unwrap_or_default();
            drain.single.push(DrainNode { node, blocks: edge.blocks });
        }
    }
    drain.single.sort_by(|a, b| b.blocks.cmp(&a.blocks).then_with(|| a.node.cmp(&b.node)));
    let Some(DrainSets { sets, exact, lower_bound }) =
        smallest(&found.edges, drain.wanted, MOST_SETS, budget)
    else {
        return;
    };
    drain.sets = sets
        .into_iter()
        .map(|(nodes, blocks)| DrainSet { nodes: nodes.iter().filter_map(name).collect(), blocks })
        .collect();
    for set in &mut drain.sets {
        set.nodes.sort();
    }
    drain.sets.sort_by(|a, b| b.blocks.cmp(&a.blocks).then_with(|| a.nodes.cmp(&b.nodes)));
    drain.exact = Some(exact);
    drain.lower_bound = Some(lower_bound);
}
