//! The checks of a requirement, and its defaults.

use std::collections::BTreeSet;

use super::{assumed::assumptions, group, space, understood::Asked};
use crate::{
    cni::CniVersion,
    finding::counted,
    instance::Catalogue,
    network::{BrokenVpcRule, CIDR_QUOTA, Cidr, broken_vpc_rules, usable_addresses},
    plan::{
        error::PlanError,
        requirement::{Allowed, PodRequest, Requirement},
    },
    simulate::Factor,
};

/// The most groups, zones and clusters of a requirement, and the most zones lost at one time: what can be
/// searched in seconds.
const MOST_GROUPS: usize = 60;
const MOST_ZONES: usize = 6;
const MOST_CLUSTERS: u32 = 60;
/// The most pods of a requirement after its growth.
const MOST_PODS: u64 = 1_000_000;
/// The most addresses of others in one zone: those of a /16.
const MOST_OTHERS: u32 = 65_531;
/// The largest growth.
const MOST_GROWTH: f64 = 1000.0;

/// A requirement as it is understood.
///
/// # Errors
/// When a value cannot be, or two of them contradict each other.
pub(in crate::plan) fn understand<'a>(
    written: &Requirement,
    catalogue: &'a Catalogue,
) -> Result<Asked<'a>, PlanError> {
    let mut requirement = written.clone();
    let mut assumed = Vec::new();
    if let Some(version) = &requirement.cni.version {
        CniVersion::simulated(version).map_err(|reason| PlanError::new("cni.version", reason))?;
    }
    zones(&mut requirement, &mut assumed)?;
    blocks(&requirement, &mut assumed)?;
    subnets(&requirement)?;
    let growth = growth(&requirement)?;
    let groups = groups(&requirement, catalogue, growth)?;
    events(&requirement)?;
    let allow: BTreeSet<Allowed> =
        requirement.allow.clone().unwrap_or_else(|| Allowed::USUAL.to_vec()).into_iter().collect();
    let vpc = &requirement.vpc;
    let service = requirement.cluster.service_cidr.or_else(|| {
        let chosen = space::service_cidr(&vpc.cidrs, &vpc.avoid)?;
        let inside = vpc.avoid.iter().find(|range| range.overlaps(chosen));
        let inside = inside.map_or(String::new(), |range| {
            format!(
                "; it overlaps {range} of vpc.avoid, which pods then cannot reach: state another"
            )
        });
        assumed.push(format!(
            "cluster.service_cidr is {chosen}, the range that EKS chooses for this VPC{inside}"
        ));
        Some(chosen)
    });
    services(&vpc.cidrs, service, requirement.cluster.service_cidr.is_some())?;
    let forbidden = vpc.used.iter().chain(&vpc.avoid).copied().chain(service).collect();
    let public = allow.contains(&Allowed::PublicSpace);
    let space = space::Space::new(&vpc.cidrs, vpc.routable.as_deref(), forbidden, public);
    assumptions(&requirement, &allow, &mut assumed);
    requirement.cluster.is_service_cidr_assumed |= requirement.cluster.service_cidr.is_none();
    requirement.cluster.service_cidr = service;
    requirement.allow = Some(allow.iter().copied().collect());
    let quota = u32::try_from(CIDR_QUOTA).unwrap_or(u32::MAX);
    requirement.limits.cidr_blocks.get_or_insert(quota);
    for group in &mut requirement.groups {
        group.pods.usual.get_or_insert(group.pods.peak);
    }
    Ok(Asked { catalogue, requirement, allow, groups, space, growth, assumed })
}

fn zones(requirement: &mut Requirement, assumed: &mut Vec<String>) -> Result<(), PlanError> {
    if requirement.zones.is_empty() {
        let named: BTreeSet<String> =
            requirement.vpc.subnets.iter().map(|subnet| subnet.zone.clone()).collect();
        if named.is_empty() {
            return Err(PlanError::new("zones", "no availability zone is named")
                .with_hint("name them, such as zones: [eu-west-1a, eu-west-1b, eu-west-1c]"));
        }
        requirement.zones = named.into_iter().collect();
        assumed.push(format!("zones are those of the subnets: {}", requirement.zones.join(", ")));
    }
    let zones = &requirement.zones;
    let unique: BTreeSet<&String> = zones.iter().collect();
    if unique.len() < zones.len() {
        return Err(PlanError::new("zones", "a zone is named twice"));
    }
    if let Some(empty) = zones.iter().position(|zone| zone.trim().is_empty()) {
        return Err(PlanError::new(format!("zones[{empty}]"), "the name is empty"));
    }
    if zones.len() > MOST_ZONES {
        let message = format!("{} zones: at most {MOST_ZONES} can be planned", zones.len());
        return Err(PlanError::new("zones", message));
    }
    for (at, other) in requirement.others.iter().enumerate() {
        if !zones.contains(&other.zone) {
            let message =
                format!("unknown zone `{}`: the zones are {}", other.zone, zones.join(", "));
            return Err(PlanError::new(format!("others[{at}].zone"), message));
        }
        if other.addresses > MOST_OTHERS {
            let message = format!(
                "{} is more than a subnet can have: {MOST_OTHERS} at most",
                other.addresses
            );
            return Err(PlanError::new(format!("others[{at}].addresses"), message));
        }
    }
    let lost = requirement.survive.zone_loss.0;
    if usize::try_from(lost).is_ok_and(|lost| lost >= zones.len()) {
        let message = format!(
            "{} cannot be lost: the nodes are in {}",
            counted(lost, "zone", "zones"),
            counted(u64::try_from(zones.len()).unwrap_or(0), "zone", "zones")
        );
        return Err(PlanError::new("survive.zone_loss", message).with_hint("add zones"));
    }
    Ok(())
}

/// The blocks as AWS takes them. A VPC with subnets is there: what it has was accepted, in an order that is not
/// known.
fn blocks(requirement: &Requirement, assumed: &mut Vec<String>) -> Result<(), PlanError> {
    let vpc = &requirement.vpc;
    let is_there = !vpc.subnets.is_empty();
    let broken = broken_vpc_rules(&vpc.cidrs, is_there);
    for rule in broken.iter().filter(|rule| rule.is_refused()) {
        let of_order =
            matches!(rule, BrokenVpcRule::Restricted { .. } | BrokenVpcRule::TooLate { .. });
        if !of_order || !is_there {
            return Err(PlanError::new("vpc.cidrs", rule.message()).with_hint(rule.hint()));
        }
        assumed.push(format!("vpc.cidrs is what the VPC has, though {}", rule.message()));
    }
    Ok(())
}

fn subnets(requirement: &Requirement) -> Result<(), PlanError> {
    let vpc = &requirement.vpc;
    for (at, subnet) in vpc.subnets.iter().enumerate() {
        let place = format!("vpc.subnets[{at}]");
        if !vpc.cidrs.iter().any(|block| block.covers(subnet.cidr)) {
            let message =
                format!("{} ({}) is not inside a block of vpc.cidrs", subnet.cidr, subnet.name);
            return Err(PlanError::new(place, message));
        }
        let earlier = || vpc.subnets.iter().take(at);
        if let Some(other) = earlier().find(|other| other.cidr.overlaps(subnet.cidr)) {
            let message = format!("{} overlaps {} ({})", subnet.cidr, other.cidr, other.name);
            return Err(PlanError::new(place, message));
        }
        let usable = usable_addresses(subnet.cidr);
        if subnet.used.addresses() > usable {
            let message = format!(
                "{}: {} are used, and {} has {}",
                subnet.name,
                counted(subnet.used.addresses(), "address", "addresses"),
                subnet.cidr,
                counted(usable, "usable address", "usable addresses")
            );
            return Err(PlanError::new(format!("{place}.used"), message));
        }
        if earlier().any(|other| other.name == subnet.name) {
            return Err(PlanError::new(place, format!("the name {} is given twice", subnet.name)));
        }
    }
    Ok(())
}

fn growth(requirement: &Requirement) -> Result<Factor, PlanError> {
    let Some(growth) = requirement.growth else { return Ok(Factor::ONE) };
    let refused = |reason: String| PlanError::new("growth.factor", reason);
    if growth.factor < 1.0 {
        return Err(refused(format!("{:?} is below 1", growth.factor)));
    }
    Factor::exact(growth.factor, MOST_GROWTH).map_err(refused)
}

fn groups<'a>(
    requirement: &Requirement,
    catalogue: &'a Catalogue,
    growth: Factor,
) -> Result<Vec<group::AskedGroup<'a>>, PlanError> {
    let written = &requirement.groups;
    if written.is_empty() || written.len() > MOST_GROUPS {
        let message = format!("{} groups: 1 to {MOST_GROUPS} can be planned", written.len());
        return Err(PlanError::new("groups", message));
    }
    if !(1..=MOST_CLUSTERS).contains(&requirement.clusters) {
        let message = format!("{} is not from 1 to {MOST_CLUSTERS}", requirement.clusters);
        return Err(PlanError::new("clusters", message));
    }
    let all = written.len() * usize::try_from(requirement.clusters).unwrap_or(usize::MAX);
    if all > MOST_GROUPS {
        let message =
            format!("{all} node groups of all clusters: at most {MOST_GROUPS} can be planned");
        return Err(PlanError::new("clusters", message));
    }
    let mut pods = 0;
    for (at, group) in written.iter().enumerate() {
        let place = format!("groups[{at}]");
        if group.name.trim().is_empty() {
            return Err(PlanError::new(format!("{place}.name"), "the name is empty"));
        }
        if written.iter().take(at).any(|other| other.name == group.name) {
            return Err(PlanError::new(place, format!("the name {} is given twice", group.name)));
        }
        if group.pods.peak == 0 {
            return Err(PlanError::new(format!("{place}.pods.peak"), "0 pods need no plan"));
        }
        if group.pods.usual.is_some_and(|usual| usual > group.pods.peak) {
            let message = format!("usual is above peak, {}", group.pods.peak);
            return Err(PlanError::new(format!("{place}.pods"), message));
        }
        if group.pods_per_node == Some(0) || group.max_nodes == Some(0) {
            return Err(PlanError::new(place, "pods_per_node and max_nodes are at least 1"));
        }
        if group.pods_per_node.is_some() && group.pod.is_some() {
            let message = "both pods_per_node and pod say how many pods a node runs";
            return Err(PlanError::new(place, message).with_hint("keep one of the two"));
        }
        let is_empty = |pod: &PodRequest| {
            pod.cpu.is_none_or(|cpu| cpu.millicores == 0)
                && pod.memory.is_none_or(|memory| memory.bytes == 0)
        };
        if group.pod.as_ref().is_some_and(is_empty) {
            let message = "neither cpu nor memory is above 0";
            return Err(PlanError::new(format!("{place}.pod"), message));
        }
        pods += growth.of(group.pods.peak) * u64::from(requirement.clusters);
    }
    if pods > MOST_PODS {
        let message = format!("{pods} pods in all: at most {MOST_PODS} can be planned");
        return Err(PlanError::new("groups", message));
    }
    written.iter().enumerate().map(|(at, written)| group::group(at, written, catalogue)).collect()
}

fn events(requirement: &Requirement) -> Result<(), PlanError> {
    let Some(rollout) = &requirement.survive.rollout else { return Ok(()) };
    let is_none =
        |share: Option<crate::simulate::Share>| share.is_some_and(|share| share.of(100) == 0);
    if is_none(rollout.max_surge)
        && (is_none(rollout.max_unavailable) || rollout.max_unavailable.is_none())
    {
        let message = "max_surge and max_unavailable are both 0: no node can be replaced";
        return Err(PlanError::new("survive.rollout", message));
    }
    if is_none(rollout.budget) {
        return Err(PlanError::new("survive.rollout.budget", "0 lets no node be replaced"));
    }
    if let Some(fault) = rollout.budget.and_then(crate::simulate::Share::budget_fault) {
        return Err(PlanError::new("survive.rollout.budget", fault));
    }
    Ok(())
}

/// A Service range that the VPC has already cannot be used for Services.
fn services(blocks: &[Cidr], service: Option<Cidr>, is_stated: bool) -> Result<(), PlanError> {
    let Some(service) = service else { return Ok(()) };
    let overlapped = blocks.iter().find(|block| block.overlaps(service));
    match overlapped {
        None => Ok(()),
        Some(block) => {
            let what = if is_stated { "" } else { ", the range that EKS chooses," };
            let message = format!("{service}{what} overlaps the VPC's block {block}");
            Err(PlanError::new("cluster.service_cidr", message)
                .with_hint("set a range outside the VPC, such as 192.168.0.0/16"))
        }
    }
}
