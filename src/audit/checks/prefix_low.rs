//! Fewer assignable prefixes than the nodes' next growth may ask for, where nodes take prefixes.

use super::{Check, Claim, Facts, hints::look_at, prefix_subnets::PrefixSubnets};
use crate::{
    audit::{
        count::SubnetCount,
        standards::{Field, Thresholds, Tunable},
    },
    cni::warm_prefixes,
    finding::{Finding, Severity, counted, thousands},
};

pub(super) const CHECK: Check = Check {
    id: "prefix-low",
    about: "assignable prefixes are fewer than the next growth of the nodes may ask for",
    claim: |_| {
        Claim::of(
            "may run out of prefixes at the next scale-out",
            "may run out of prefixes at the next scale-out",
        )
    },
    severities: &[Severity::Warning],
    tunables: &[
        Tunable {
            name: "warm_prefixes",
            about: "prefixes each node may ask for at once, instead of its warm prefix target",
            field: Field::Option(|bars| &mut bars.warm_prefixes),
        },
        Tunable {
            name: "surge_nodes",
            about: "new nodes that join at once, for which prefixes are kept",
            field: Field::Count(|bars| &mut bars.surge_nodes),
        },
    ],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let stated = warm_prefixes(facts.aws_node());
    let bars = &facts.settings.bars;
    let users = PrefixSubnets::of(facts);
    let concerned = facts.with_nodes().filter_map(|(subnet, nodes)| {
        let takers = u32::try_from(users.takers(subnet)?).ok().filter(|takers| *takers > 0)?;
        Some((subnet, Takers { nodes: takers, prefixes: nodes.prefix_count() }))
    });
    concerned.filter_map(|(subnet, takers)| finding(subnet, takers, bars, stated)).collect()
}

/// The nodes that take prefixes in a subnet, and the prefixes that they hold there.
#[derive(Debug, Clone, Copy)]
struct Takers {
    nodes: u32,
    prefixes: u32,
}

/// A node that grows asks for its warm prefixes; a node that comes while others go takes as many as
/// those there hold on average.
fn finding(
    subnet: &SubnetCount,
    takers: Takers,
    bars: &Thresholds,
    stated: u32,
) -> Option<Finding> {
    // None left at all is prefix-starved.
    let assignable = subnet.prefixes_at_most().filter(|assignable| *assignable > 0)?;
    let warm = bars.warm_prefixes.unwrap_or(stated);
    let mean = takers.prefixes.div_ceil(takers.nodes).max(warm);
    let growth = takers.nodes.saturating_mul(warm);
    let surge = bars.surge_nodes.saturating_mul(mean);
    let wanted = growth.saturating_add(surge);
    if assignable >= wanted {
        return None;
    }
    let missing = wanted - assignable;
    let warm_ones = counted(warm, "warm prefix", "warm prefixes");
    let surge_nodes = counted(bars.surge_nodes, "new node", "new nodes");
    Some(
        CHECK
            .finding(Severity::Warning, &subnet.subnet_id)
            .message(format!(
                "{} has {}, but the next scale-out may need {}: {warm_ones} for each of {}, \
                 plus {} for {surge_nodes}",
                subnet.label(),
                counted(assignable, "free /28 prefix", "free /28 prefixes"),
                thousands(wanted),
                counted(takers.nodes, "node", "nodes"),
                thousands(surge),
            ))
            .hint("add a subnet or a prefix reservation before the nodes grow; draining nodes makes blocks whole")
.command(look_at(&subnet.subnet_id, &format!("--want-prefixes {missing}")))
            .with("assignable_prefixes", assignable)
            .with("wanted_prefixes", wanted)
            .with("nodes_with_prefixes", takers.nodes)
            .with("prefixes_held", takers.prefixes)
            .with("warm_prefixes", warm)
            .with("surge_nodes", bars.surge_nodes),
    )
}
