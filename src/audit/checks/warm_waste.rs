//! Addresses that nodes hold warm beyond what their targets ask for.

use std::collections::BTreeMap;

use super::{Check, Claim, Facts, hints::look_at};
use crate::{
    audit::{
        pools::NodeUsage,
        standards::{Field, Tunable},
    },
    finding::{Finding, Severity, counted, thousands},
};

pub(super) const CHECK: Check = Check {
    id: "warm-waste",
    about: "nodes hold more unused addresses of a subnet than the CNI's targets ask for",
    claim: |_| {
        Claim::of(
            "holds warm addresses that no target asks for",
            "hold warm addresses that no target asks for",
        )
    },
    severities: &[Severity::Warning],
    tunables: &[Tunable {
        name: "warn",
        about: "percent of the usable addresses from which it is a warning",
        field: Field::Percent(|bars| &mut bars.warm_waste),
    }],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let mut wasted: BTreeMap<&str, (usize, u32)> = BTreeMap::new();
    for node in facts.nodes.into_iter().flatten() {
        for (subnet, addresses) in beyond(&node.usage) {
            let (nodes, sum) = wasted.entry(subnet).or_default();
            *nodes += 1;
            *sum += addresses;
        }
    }
    facts
        .subnets
        .iter()
        .filter_map(|subnet| {
            let (nodes, addresses) = *wasted.get(subnet.subnet_id.as_str())?;
            let usable = subnet.usable?;
            if !facts.settings.bars.warm_waste.is_reached(addresses, usable) {
                return None;
            }
            Some(
                CHECK
                    .finding(Severity::Warning, &subnet.subnet_id)
                    .message(format!(
                        "{}: {} of its {} usable addresses are warm on {} beyond \
                         what the CNI's targets ask for",
                        subnet.label(),
                        thousands(addresses),
                        thousands(usable),
                        counted(nodes, "node", "nodes")
                    ))
                    .hint("replace the nodes that hold most: a node keeps what its pods once needed, or an ENI that a single pod pins")
.command(look_at(&subnet.subnet_id, "--nodes"))
                    .with("nodes", nodes)
                    .with("addresses", addresses)
                    .with("usable", usable),
            )
        })
        .collect()
}

/// Warm addresses of a node beyond its targets, by subnet. Where they lie in several subnets, those that
/// cannot all lie in the others.
fn beyond(usage: &NodeUsage) -> Vec<(&str, u32)> {
    // Pods elsewhere: pods and ENIs were looked at at different moments, and what looks warm may not be.
    if usage.pods_elsewhere != Some(0) {
        return Vec::new();
    }
    let (Some(warm), Some(Ok(over))) =
        (usage.warm_addresses, usage.difference().map(u32::try_from))
    else {
        return Vec::new();
    };
    let mut by_subnet: BTreeMap<&str, u32> = BTreeMap::new();
    for eni in &usage.enis.list {
        *by_subnet.entry(&eni.subnet_id).or_default() += eni.for_pods().saturating_sub(eni.used);
    }
    let here = |(subnet, its): (_, u32)| {
        let elsewhere = warm.saturating_sub(its);
        (subnet, over.saturating_sub(elsewhere).min(its))
    };
    by_subnet.into_iter().map(here).filter(|(_, addresses)| *addresses > 0).collect()
}
