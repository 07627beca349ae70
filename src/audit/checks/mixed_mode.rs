//! Nodes with single addresses and nodes with prefixes in one subnet: the ones fragment the blocks that the
//! others need.

use std::collections::BTreeSet;

use super::{Check, Claim, Facts, hints::look_at};
use crate::{
    audit::count::{SubnetCount, SubnetNodes},
    finding::{Finding, Severity, counted},
};

pub(super) const CHECK: Check = Check {
    id: "mixed-mode",
    about: "nodes with secondary addresses and nodes with prefixes share a subnet",
    claim: |_| {
        Claim::of("mixes single addresses and prefixes", "mix single addresses and prefixes")
    },
    severities: &[Severity::Warning],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let auto_mode = facts.auto_mode_nodes();
    facts.with_nodes().filter_map(|(subnet, nodes)| finding(subnet, nodes, &auto_mode)).collect()
}

/// A node with both has leftovers of the other mode; it is counted with the prefixes.
fn finding(
    subnet: &SubnetCount,
    nodes: &SubnetNodes<'_>,
    auto_mode: &BTreeSet<&str>,
) -> Option<Finding> {
    let (both, single): (BTreeSet<&str>, BTreeSet<&str>) =
        nodes.secondary.iter().partition(|node| nodes.prefixes.contains_key(**node));
    if single.is_empty() || nodes.prefixes.is_empty() {
        return None;
    }
    // Nobody set a mode for these: Auto Mode fell back where no /28 was free.
    let fell_back = single.is_subset(auto_mode);
    let (why, hint) = if fell_back {
        (
            "; EKS Auto Mode falls back to single addresses where no /28 is free",
            "a larger pod subnet, or a prefix CIDR reservation, keeps blocks whole for new nodes",
        )
    } else {
        (
            "",
            "give nodes with prefixes subnets of their own, or replace the others by nodes in prefix mode",
        )
    };
    Some(
        CHECK
            .finding(Severity::Warning, &subnet.subnet_id)
            .message(format!(
                "{} serves {} with secondary addresses and {} with prefixes: single \
                 addresses fragment /28 blocks{why}",
                subnet.label(),
                counted(single.len(), "node", "nodes"),
                counted(nodes.prefixes.len(), "node", "nodes"),
            ))
            .hint(hint)
            .command(look_at(&subnet.subnet_id, "--nodes"))
            .with("secondary_nodes", single.len())
            .with("prefix_nodes", nodes.prefixes.len())
            .with("nodes_with_both", both.len())
            .with("fragmentation_score", subnet.fragmentation_score),
    )
}
