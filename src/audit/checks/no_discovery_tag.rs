//! Subnets that the VPC CNI does not find for pods, where others were tagged for it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Facts};
use crate::{
    audit::{SubnetReport, node_subnets::SubnetNodes},
    cni::{Discovery, ROLE_TAG, Standing},
    finding::{Finding, Severity, counted, listed},
    inventory::Tags,
};

pub(super) const CHECK: Check = Check {
    id: "no-discovery-tag",
    about: "a subnet or a zone lacks the tag by which the VPC CNI finds subnets for pods",
    severities: &[Severity::Warning],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let discovery = Discovery::seen(facts.aws_node());
    if discovery.is_blind() {
        return Vec::new();
    }
    let tags: BTreeMap<&str, &Tags> =
        facts.inventory.subnets.iter().map(|s| (s.subnet_id.as_str(), &s.tags)).collect();
    let tagged = |subnet: &SubnetReport| {
        tags.get(subnet.subnet_id.as_str())
            .map_or(Standing::OwnNodes, |tags| discovery.standing(tags))
    };
    let zones = offering(facts, &tagged);
    let serving: BTreeSet<&str> = facts
        .node_subnets
        .iter()
        .flatten()
        .flat_map(|(_, its)| its.serving.iter().copied())
        .collect();
    let mut findings = Vec::new();
    for (subnet, nodes) in facts.with_nodes() {
        if tagged(subnet) == Standing::OwnNodes {
            findings.extend(left_behind(subnet, nodes, &serving));
        }
        // Where the settings could not be seen, those that do without custom networking for sure.
        let alone = match discovery.custom_networking() {
            Some(true) => 0,
            Some(false) => nodes.running.len(),
            None => nodes.serving.len(),
        };
        if alone > 0 && tagged(subnet) != Standing::Refused {
            findings.extend(zone_without(subnet, alone, &zones));
        }
    }
    findings
}

/// The zones of each VPC that have a subnet with the tag, whatever an unseen version makes of it.
fn offering<'a>(
    facts: &Facts<'a>,
    tagged: &dyn Fn(&SubnetReport) -> Standing,
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut zones: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for subnet in facts.subnets {
        if matches!(tagged(subnet), Standing::Offered | Standing::Unclear)
            && let Some(zone) = &subnet.availability_zone
        {
            zones.entry(&subnet.vpc_id).or_default().insert(zone);
        }
    }
    zones
}

/// A subnet that took ENIs of nodes from elsewhere once, and takes no more. `serving` are the nodes whose
/// primary ENI serves pods, in any subnet.
fn left_behind(
    subnet: &SubnetReport,
    nodes: &SubnetNodes<'_>,
    serving: &BTreeSet<&str>,
) -> Option<Finding> {
    // Where the primary ENI serves pods too, no ENIConfig chose the subnet.
    let guests: Vec<&str> = nodes
        .reaching
        .iter()
        .copied()
        .filter(|node| {
            !nodes.running.contains(node) && nodes.serves(node) && serving.contains(node)
        })
        .collect();
    if guests.is_empty() {
        return None;
    }
    Some(
        CHECK
            .finding(Severity::Warning, &subnet.subnet_id)
            .message(format!(
                "{} has addresses for pods of {} that run in other subnets, and no tag \
                 {ROLE_TAG}: the VPC CNI places no further ENIs there",
                subnet.label(),
                counted(guests.len(), "node", "nodes"),
            ))
            .hint(tag_it(&subnet.subnet_id))
            .detail("subnet")
            .with("tag", ROLE_TAG)
            .with("nodes", guests),
    )
}

/// Nodes of a zone in which no subnet is tagged, while other zones have one.
fn zone_without(
    subnet: &SubnetReport,
    nodes: usize,
    zones: &BTreeMap<&str, BTreeSet<&str>>,
) -> Option<Finding> {
    let zone = subnet.availability_zone.as_deref()?;
    let offering = zones.get(subnet.vpc_id.as_str()).filter(|zones| !zones.contains(zone))?;
    Some(
        CHECK
            .finding(Severity::Warning, &subnet.subnet_id)
            .message(format!(
                "{} runs {}, whose pods have no other subnet: no audited subnet of {zone} \
                 is tagged {ROLE_TAG}, and some of {} are",
                subnet.label(),
                counted(nodes, "node", "nodes"),
                listed(offering),
            ))
            .hint(tag_it(&format!("SUBNET-OF-{}", zone.to_uppercase())))
            .detail(zone)
            .with("tag", ROLE_TAG)
            .with("availability_zone", zone)
            .with("tagged_zones", offering.iter().copied().collect::<Vec<_>>())
            .with("nodes", nodes),
    )
}

fn tag_it(subnet: &str) -> String {
    format!(
        "if pods shall use it: aws ec2 create-tags --resources {subnet} --tags Key={ROLE_TAG},Value=1"
    )
}
