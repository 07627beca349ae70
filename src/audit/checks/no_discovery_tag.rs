//! Subnets that the VPC CNI does not find for pods, where others were tagged for it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Check, Claim, Facts,
    hints::{look_at, other},
};
use crate::{
    audit::count::{SubnetCount, SubnetNodes},
    cni::{Discovery, ROLE_TAG, Standing},
    finding::{Command, Finding, Severity, Word, counted, listed},
    inventory::Tags,
};

pub(super) const CHECK: Check = Check {
    id: "no-discovery-tag",
    about: "a subnet or a zone lacks the tag by which the VPC CNI finds subnets for pods",
    claim: |_| Claim::of("lacks the tag for pod subnets", "lack the tag for pod subnets"),
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
    let tagged = |subnet: &SubnetCount| {
        tags.get(subnet.subnet_id.as_str())
            .map_or(Standing::OwnNodes, |tags| discovery.standing(tags))
    };
    let zones = zones(facts, &tagged);
    let serving: BTreeSet<&str> = facts
        .node_subnets
        .into_iter()
        .flatten()
        .flat_map(|(_, its)| its.serving.iter().copied())
        .collect();
    // Tags are nothing to nodes of EKS Auto Mode.
    let auto_mode = facts.auto_mode_nodes();
    let count = |ids: &BTreeSet<&str>| ids.iter().filter(|id| !auto_mode.contains(*id)).count();
    let serving: BTreeSet<&str> =
        serving.into_iter().filter(|node| !auto_mode.contains(node)).collect();
    let mut findings = Vec::new();
    for (subnet, nodes) in facts.with_nodes() {
        if matches!(tagged(subnet), Standing::OwnNodes | Standing::Foreign) {
            let tag = Some(tagged(subnet)).filter(|standing| *standing == Standing::Foreign);
            let tag = tag.and(zones.cluster_tag.as_deref()).map(|tag| (tag, ""));
            let tag = tag.unwrap_or((ROLE_TAG, "1"));
            findings.extend(left_behind(subnet, (nodes, &serving), tag));
        }
        // Where the settings are not available, those that do without custom networking for sure.
        let alone = match discovery.custom_networking() {
            Some(true) => 0,
            Some(false) => count(&nodes.running),
            None => count(&nodes.serving),
        };
        if alone > 0 && tagged(subnet) != Standing::Refused {
            findings.extend(zone_without(subnet, alone, &zones));
        }
    }
    findings
}

/// Where subnets are for pods.
struct Zones<'a> {
    /// The zones of each VPC that have a subnet with the tag, whatever an unseen version makes of it.
    offering: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// The subnets of each VPC and zone that are tagged for other clusters alone.
    foreign: BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>>,
    /// The tag of this cluster.
    cluster_tag: Option<String>,
}

fn zones<'a>(facts: &Facts<'a>, tagged: &dyn Fn(&SubnetCount) -> Standing) -> Zones<'a> {
    let cluster_tag = Discovery::seen(facts.aws_node()).cluster_tag();
    let mut zones = Zones { offering: BTreeMap::new(), foreign: BTreeMap::new(), cluster_tag };
    for subnet in facts.subnets {
        let Some(zone) = subnet.availability_zone.as_deref() else { continue };
        let vpc = subnet.vpc_id.as_str();
        match tagged(subnet) {
            Standing::Offered | Standing::Unclear => {
                zones.offering.entry(vpc).or_default().insert(zone);
            }
            Standing::Foreign => {
                zones.foreign.entry((vpc, zone)).or_default().insert(&subnet.subnet_id);
            }
            Standing::OwnNodes | Standing::Refused => {}
        }
    }
    zones
}

/// A subnet that took ENIs of nodes from elsewhere once, and takes no more. `serving` are the nodes whose
/// primary ENI serves pods, in any subnet; `key` and `value` are the tag that it lacks.
fn left_behind(
    subnet: &SubnetCount,
    (nodes, serving): (&SubnetNodes<'_>, &BTreeSet<&str>),
    (key, value): (&str, &str),
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
    let (hint, command) = tag_it(&subnet.subnet_id, key, value);
    Some(
        CHECK
            .finding(Severity::Warning, &subnet.subnet_id)
            .message(format!(
                "{} has addresses for pods of {} that run in other subnets, and no tag \
                 {key}: the VPC CNI places no further ENIs there",
                subnet.label(),
                counted(guests.len(), "node", "nodes"),
            ))
            .hint(hint)
            .command(command)
            .detail("subnet")
            .with("tag", key)
            .with("nodes", guests),
    )
}

/// Nodes of a zone in which no subnet is for their pods: none is tagged while other zones have one, or
/// those that are tagged are for other clusters.
fn zone_without(subnet: &SubnetCount, nodes: usize, zones: &Zones<'_>) -> Option<Finding> {
    let zone = subnet.availability_zone.as_deref()?;
    let vpc = subnet.vpc_id.as_str();
    let none = BTreeSet::new();
    let offering = zones.offering.get(vpc).unwrap_or(&none);
    let foreign = zones.foreign.get(&(vpc, zone)).unwrap_or(&none);
    let is_foreign = foreign.contains(subnet.subnet_id.as_str());
    if offering.contains(zone) || (offering.is_empty() && !is_foreign) {
        return None;
    }
    let runs = format!("{} runs {}", subnet.label(), counted(nodes, "node", "nodes"));
    let elsewhere = if offering.is_empty() {
        String::new()
    } else {
        format!(", and some of {} are", listed(offering))
    };
    let message = match zones.cluster_tag.as_deref().filter(|_| !foreign.is_empty()) {
        None => format!(
            "{runs}, whose pods have no other subnet: no audited subnet of {zone} is tagged \
             {ROLE_TAG}{elsewhere}"
        ),
        Some(tag) if is_foreign => format!(
            "{runs} and is tagged for other clusters alone, so that it gives their pods no addresses: \
             no audited subnet of {zone} is tagged {tag}{elsewhere}"
        ),
        Some(tag) => format!(
            "{runs}, whose pods have no other subnet: {} in {zone}, tagged for other clusters alone, \
             lacks {tag}{elsewhere}",
            listed(foreign)
        ),
    };
    let known = zones.cluster_tag.as_deref().zip(foreign.first());
    let (hint, command) = if let Some((tag, subnet)) = known {
        tag_it(subnet, tag, "")
    } else {
        let hint = format!("give a subnet of {zone} for pods the tag {ROLE_TAG}=1");
        (hint, look_at(&subnet.subnet_id, "--nodes"))
    };
    Some(
        CHECK
            .finding(Severity::Warning, &subnet.subnet_id)
            .message(message)
            .hint(hint)
            .command(command)
            .detail(zone)
            .with("tag", ROLE_TAG)
            .with("availability_zone", zone)
            .with("tagged_zones", offering.iter().copied().collect::<Vec<_>>())
            .with("subnets_of_other_clusters", foreign.iter().copied().collect::<Vec<_>>())
            .with("nodes", nodes),
    )
}

/// What to do about a subnet without a tag, and the command for it.
fn tag_it(subnet: &str, key: &str, value: &str) -> (String, Option<Command>) {
    let create = "aws ec2 create-tags --resources";
    let tag = format!("Key={key},Value={value}");
    let command = [Word::Own(create), Word::Id(subnet), Word::Own("--tags"), Word::Name(&tag)];
    // The CLI's shorthand reads more into some characters, whatever the shell is told.
    let is_short = |text: &str| !text.contains([',', '=', '"', '\'', '[', ']', '{', '}', ' ']);
    match other(&command).filter(|_| is_short(key) && is_short(value)) {
        Some(command) => ("if pods should use it, tag it".to_owned(), Some(command)),
        None => {
            (format!("if pods should use it, give it the tag {key} with the value {value}"), None)
        }
    }
}
