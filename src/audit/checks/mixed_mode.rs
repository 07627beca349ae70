//! Nodes with single addresses and nodes with prefixes in one subnet: the ones spoil the blocks that the
//! others need.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Facts, counted};
use crate::audit::{Finding, Severity, SubnetReport, node_subnets::SubnetNodes};

pub(super) const CHECK: Check = Check {
    id: "mixed-mode",
    about: "nodes with secondary addresses and nodes with prefixes share a subnet",
    severities: &[Severity::Warning],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    facts.with_nodes().filter_map(|(subnet, nodes)| finding(subnet, nodes)).collect()
}

/// A node with both has leftovers of the other mode; it is counted with the prefixes.
fn finding(subnet: &SubnetReport, nodes: &SubnetNodes<'_>) -> Option<Finding> {
    let (both, single): (BTreeSet<&str>, BTreeSet<&str>) =
        nodes.secondary.iter().partition(|node| nodes.prefixes.contains_key(**node));
    if single.is_empty() || nodes.prefixes.is_empty() {
        return None;
    }
    let count = |len: usize| u64::try_from(len).unwrap_or(u64::MAX);
    Some(Finding {
        id: CHECK.id,
        detail: None,
        severity: Severity::Warning,
        resource: subnet.subnet_id.clone(),
        message: format!(
            "{} serves {} with secondary addresses and {} with prefixes: single addresses spoil /28 blocks",
            subnet.label(),
            counted(count(single.len()), "node", "nodes"),
            counted(count(nodes.prefixes.len()), "node", "nodes"),
        ),
        hint: "give nodes with prefixes subnets of their own, or replace the others by nodes in prefix \
               mode; --nodes shows what each holds"
            .to_owned(),
        evidence: BTreeMap::from([
            ("secondary_nodes", count(single.len()).into()),
            ("prefix_nodes", count(nodes.prefixes.len()).into()),
            ("nodes_with_both", count(both.len()).into()),
            ("fragmentation_score", subnet.fragmentation_score.into()),
        ]),
    })
}
