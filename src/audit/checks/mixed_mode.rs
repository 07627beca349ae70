//! Nodes with single addresses and nodes with prefixes in one subnet: the ones fragment the blocks that the
//! others need.

use std::collections::BTreeSet;

use super::{Check, Claim, Facts, hints::look_at};
use crate::{
    audit::count::{SubnetCount, SubnetNodes},
    declared::Ipv4PrefixSize,
    finding::{Finding, Severity, counted},
    inventory::{Inventory, keys::AUTO_CLASS_LABEL},
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
    let auto = AutoNodes { all: facts.auto_mode_nodes(), single: by_choice(facts.inventory) };
    facts.with_nodes().filter_map(|(subnet, nodes)| finding(subnet, nodes, &auto)).collect()
}

/// Nodes of EKS Auto Mode, by instance id.
struct AutoNodes<'a> {
    all: BTreeSet<&'a str>,
    /// Those whose NodeClass sets single addresses.
    single: BTreeSet<&'a str>,
}

/// The nodes whose NodeClass sets single addresses (`ipv4PrefixSize: "32"`).
fn by_choice(inventory: &Inventory) -> BTreeSet<&str> {
    let Some(told) = &inventory.kubernetes else { return BTreeSet::new() };
    let classes = told.node_classes.iter().flatten();
    let single: BTreeSet<&str> = classes
        .filter(|class| class.ipv4_prefix_size == Ipv4PrefixSize::Single)
        .map(|class| class.name.as_str())
        .collect();
    let nodes = told.nodes.iter().flatten().filter(|node| {
        node.labels.get(AUTO_CLASS_LABEL).is_some_and(|class| single.contains(class.as_str()))
    });
    nodes.filter_map(|node| node.instance_id.as_deref()).collect()
}

/// A node with both has leftovers of the other mode; it is counted with the prefixes.
fn finding(subnet: &SubnetCount, nodes: &SubnetNodes<'_>, auto: &AutoNodes<'_>) -> Option<Finding> {
    let (both, single): (BTreeSet<&str>, BTreeSet<&str>) =
        nodes.secondary.iter().partition(|node| nodes.prefixes.contains_key(**node));
    if single.is_empty() || nodes.prefixes.is_empty() {
        return None;
    }
    let chosen = single.intersection(&auto.single).count();
    // Nobody set a mode for the others: Auto Mode fell back where no /28 was free.
    let is_auto = single.is_subset(&auto.all);
    let (why, hint) = if is_auto && chosen > 0 {
        let nodes = counted(chosen, "node", "nodes");
        (
            format!("; the NodeClass of {nodes} sets single addresses (ipv4PrefixSize \"32\")"),
            "let that NodeClass select subnets of its own, or remove ipv4PrefixSize from it and replace its \
             nodes",
        )
    } else if is_auto {
        (
            "; EKS Auto Mode falls back to single addresses where no /28 is free".to_owned(),
            "a larger pod subnet, or a prefix CIDR reservation, keeps blocks whole for new nodes",
        )
    } else {
        (
            String::new(),
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
            .with("single_by_node_class", chosen)
            .with("fragmentation_score", subnet.fragmentation_score),
    )
}
