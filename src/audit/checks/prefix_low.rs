//! Fewer assignable prefixes than the nodes' next growth may ask for, where prefixes are in use.

use std::collections::BTreeMap;

use super::{Check, Facts, cni::Cni, counted};
use crate::audit::{
    Bars, Field, Finding, Severity, SubnetReport, Tunable, node_subnets::SubnetNodes,
};

pub(super) const CHECK: Check = Check {
    id: "prefix-low",
    about: "assignable prefixes are fewer than the next growth of the nodes may ask for",
    severities: &[Severity::Warning],
    tunables: &[
        Tunable {
            name: "warm_prefixes",
            about: "prefixes each node may ask for at once, instead of its warm prefix target",
            field: Field::Option(|bars| &mut bars.warm_prefixes),
        },
        Tunable {
            name: "surge_nodes",
            about: "nodes that come at once, for which prefixes are kept",
            field: Field::Count(|bars| &mut bars.surge_nodes),
        },
    ],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let cni = Cni::of(facts.inventory);
    let bars = &facts.settings.bars;
    facts.with_nodes().filter_map(|(subnet, nodes)| finding(subnet, nodes, bars, cni)).collect()
}

/// A node that grows asks for its warm prefixes; a node that comes while others go takes as many as
/// those there hold on average.
fn finding(
    subnet: &SubnetReport,
    nodes: &SubnetNodes<'_>,
    bars: &Bars,
    cni: Cni,
) -> Option<Finding> {
    let holders = u32::try_from(nodes.prefixes.len()).ok().filter(|holders| *holders > 0)?;
    // None left at all is prefix-starved.
    let assignable = subnet.assignable_prefixes.filter(|assignable| *assignable > 0)?;
    let warm = bars.warm_prefixes.unwrap_or_else(|| cni.warm_prefixes());
    let mean = nodes.prefix_count().div_ceil(holders).max(warm);
    let growth = holders.saturating_mul(warm);
    let surge = bars.surge_nodes.saturating_mul(mean);
    let wanted = growth.saturating_add(surge);
    if assignable >= wanted {
        return None;
    }
    let surge_nodes = counted(bars.surge_nodes.into(), "node that comes", "nodes that come");
    Some(Finding {
        id: CHECK.id,
        detail: None,
        severity: Severity::Warning,
        resource: subnet.subnet_id.clone(),
        message: format!(
            "{} can give {}, and the next growth may ask for {wanted}: {growth} for {} with prefixes \
             there, {warm} each, and {surge} for {surge_nodes}",
            subnet.label(),
            counted(assignable.into(), "/28 prefix", "/28 prefixes"),
            counted(holders.into(), "node", "nodes"),
        ),
        hint: format!(
            "add --subnet {} --map to see its /28 blocks; before nodes grow, give them a further subnet \
             or a prefix reservation",
            subnet.subnet_id
        ),
        evidence: BTreeMap::from([
            ("assignable_prefixes", assignable.into()),
            ("wanted_prefixes", wanted.into()),
            ("nodes_with_prefixes", holders.into()),
            ("prefixes_held", nodes.prefix_count().into()),
            ("warm_prefixes", warm.into()),
            ("surge_nodes", bars.surge_nodes.into()),
        ]),
    })
}
