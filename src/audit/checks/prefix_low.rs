//! Fewer assignable prefixes than the nodes' next growth may ask for, where prefixes are in use.

use super::{Check, Facts};
use crate::{
    audit::{Bars, Field, SubnetReport, Tunable, node_subnets::SubnetNodes},
    cni::warm_prefixes,
    finding::{Finding, Severity, counted},
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
    let stated = warm_prefixes(facts.aws_node());
    let bars = &facts.settings.bars;
    facts.with_nodes().filter_map(|(subnet, nodes)| finding(subnet, nodes, bars, stated)).collect()
}

/// A node that grows asks for its warm prefixes; a node that comes while others go takes as many as
/// those there hold on average.
fn finding(
    subnet: &SubnetReport,
    nodes: &SubnetNodes<'_>,
    bars: &Bars,
    stated: u32,
) -> Option<Finding> {
    let holders = u32::try_from(nodes.prefixes.len()).ok().filter(|holders| *holders > 0)?;
    // None left at all is prefix-starved.
    let assignable = subnet.assignable_prefixes.filter(|assignable| *assignable > 0)?;
    let warm = bars.warm_prefixes.unwrap_or(stated);
    let mean = nodes.prefix_count().div_ceil(holders).max(warm);
    let growth = holders.saturating_mul(warm);
    let surge = bars.surge_nodes.saturating_mul(mean);
    let wanted = growth.saturating_add(surge);
    if assignable >= wanted {
        return None;
    }
    let surge_nodes = counted(bars.surge_nodes, "node that comes", "nodes that come");
    Some(
        CHECK
            .finding(Severity::Warning, &subnet.subnet_id)
            .message(format!(
                "{} can give {}, and the next growth may ask for {wanted}: {growth} for {} \
                 with prefixes there, {warm} each, and {surge} for {surge_nodes}",
                subnet.label(),
                counted(assignable, "/28 prefix", "/28 prefixes"),
                counted(holders, "node", "nodes"),
            ))
            .hint(format!(
                "add --subnet {} --map to see its /28 blocks; before nodes grow, give them \
                 a further subnet or a prefix reservation",
                subnet.subnet_id
            ))
            .with("assignable_prefixes", assignable)
            .with("wanted_prefixes", wanted)
            .with("nodes_with_prefixes", holders)
            .with("prefixes_held", nodes.prefix_count())
            .with("warm_prefixes", warm)
            .with("surge_nodes", bars.surge_nodes),
    )
}
