//! Too few free addresses for a load balancer to come or to scale.

use std::collections::BTreeMap;

use super::{Check, Claim, Facts, hints::look_at};
use crate::{
    audit::{
        count::SubnetCount,
        standards::{Field, Tunable},
    },
    finding::{Finding, Severity, counted},
    inventory::{OwnerKind, Tags},
};

pub(super) const CHECK: Check = Check {
    id: "load-balancer-headroom",
    about: "a subnet for load balancers has fewer free addresses than one requires",
    claim: |_| {
        Claim::of(
            "has too few free addresses for a load balancer",
            "have too few free addresses for a load balancer",
        )
    },
    severities: &[Severity::Warning],
    tunables: &[Tunable {
        name: "addresses",
        about: "free addresses below which it is a finding",
        field: Field::Count(|bars| &mut bars.load_balancer_addresses),
    }],
    run,
};

/// The tags by which subnets are found for load balancers, with the value 1 or none (AWS Load Balancer
/// Controller, "Subnet auto-discovery").
const TAGS: [&str; 2] = ["kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"];

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let tags: BTreeMap<&str, &Tags> =
        facts.inventory.subnets.iter().map(|s| (s.subnet_id.as_str(), &s.tags)).collect();
    let least = facts.settings.bars.load_balancer_addresses;
    facts
        .subnets
        .iter()
        .filter_map(|subnet| finding(subnet, tags.get(subnet.subnet_id.as_str()).copied()?, least))
        .collect()
}

fn finding(subnet: &SubnetCount, tags: &Tags, least: u32) -> Option<Finding> {
    let free = subnet.room_at_most().map(|room| room.singles).filter(|free| *free < least)?;
    let held = subnet
        .owners
        .as_ref()
        .and_then(|owners| owners.get(&OwnerKind::LoadBalancer))
        .map_or(0, |count| count.interfaces);
    let tag = TAGS
        .into_iter()
        .find(|tag| tags.get(*tag).is_some_and(|value| value.is_empty() || value == "1"));
    let why = match (held, tag) {
        (0, None) => return None,
        (0, Some(tag)) => format!("is tagged {tag}"),
        (held, _) => {
            let enis = counted(held, "ENI", "ENIs");
            format!("holds {enis} of load balancers")
        }
    };
    Some(
        CHECK
            .finding(Severity::Warning, &subnet.subnet_id)
            .message(format!(
                "{} {why} and has {}{}: a load balancer requires {least} in each of its subnets",
                subnet.label(),
                subnet.at_most(),
                counted(free, "free address", "free addresses"),
            ))
            .hint("see who holds the addresses")
            .command(look_at(&subnet.subnet_id, "--owners"))
            .with("free", subnet.room().map(|room| room.singles))
            .with("wanted", least)
            .with("load_balancer_interfaces", subnet.owners.as_ref().map(|_| held))
            .with("tag", tag),
    )
}
