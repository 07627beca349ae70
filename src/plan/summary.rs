//! A candidate in one sentence.

use super::{
    answer::{AddedBlock, Candidate, PlannedSubnet},
    asked::Asked,
    requirement::{Allowed, Role},
};
use crate::finding::{counted, listed, thousands};

/// The sentence: where pods are, in how many subnets, how nodes take addresses, and what it takes.
pub(super) fn summary(asked: &Asked<'_>, candidate: &Candidate) -> String {
    let uses = |lever: Allowed| candidate.levers.contains(&lever);
    let mut parts = vec![where_pods_are(candidate)];
    if uses(Allowed::Ipv6) || asked.ipv6_today() {
        parts.push("IPv6 pods".to_owned());
    }
    if uses(Allowed::Prefixes) || asked.prefixes_today() {
        let reserved = if uses(Allowed::Reservations) { " from reservations" } else { "" };
        parts.push(format!("prefix delegation{reserved}"));
    }
    if uses(Allowed::WarmTargets) {
        parts.push(warm(candidate));
    }
    if uses(Allowed::OtherTypes) {
        let types = candidate.node_groups.iter().map(|group| group.instance_type.as_str());
        let mut types: Vec<&str> = types.collect();
        types.dedup();
        parts.push(format!("nodes of type {}", types.join(", ")));
    }
    let figures = &candidate.figures;
    format!(
        "{}; {} of new subnets, {} of them routable, {} at the peak",
        parts.join(", "),
        counted(figures.addresses, "address", "addresses"),
        thousands(figures.routable_addresses),
        counted(figures.nodes_peak, "node", "nodes"),
    )
}

fn where_pods_are(candidate: &Candidate) -> String {
    let has_pods_in = |block: &&AddedBlock| {
        let mut inside = candidate.subnets.iter().filter(|subnet| block.cidr.covers(subnet.cidr));
        let holds = |role: Role| role == Role::Pod || role == Role::NodeAndPod;
        !block.primary && inside.any(|subnet| holds(subnet.role))
    };
    let added = candidate.vpc_cidrs_added.iter().filter(has_pods_in);
    let added: Vec<String> = added.map(|block| block.cidr.to_string()).collect();
    let added = if added.is_empty() {
        String::new()
    } else {
        format!(
            " in the added {} {}",
            if added.len() == 1 { "block" } else { "blocks" },
            listed(added)
        )
    };
    let has_pods = candidate.subnets.iter().any(|subnet| subnet.role == Role::Pod);
    let is_custom = candidate.cni.custom_networking.as_ref().is_some_and(|map| !map.is_empty());
    if is_custom {
        let new = of_sizes(candidate, Role::Pod);
        let which = new.unwrap_or_else(|| "the subnets that are there".to_owned());
        format!("pods through custom networking in {which}{added}")
    } else if candidate.levers.contains(&Allowed::SubnetDiscovery) && has_pods {
        let new = of_sizes(candidate, Role::Pod);
        let which = new.unwrap_or_else(|| "the subnets that are there".to_owned());
        format!("pods through subnet discovery in {which}{added}")
    } else {
        match of_sizes(candidate, Role::NodeAndPod) {
            Some(new) => format!("nodes and pods in {new}{added}"),
            None => "nodes and pods in the subnets that are there".to_owned(),
        }
    }
}

/// `3 new /18`, of the new subnets of a role.
fn of_sizes(candidate: &Candidate, role: Role) -> Option<String> {
    let new: Vec<&PlannedSubnet> =
        candidate.subnets.iter().filter(|subnet| subnet.new && subnet.role == role).collect();
    let mut lens: Vec<u8> = new.iter().map(|subnet| subnet.cidr.prefix_len()).collect();
    lens.sort_unstable();
    let each: Vec<String> = lens
        .chunk_by(|a, b| a == b)
        .filter_map(|same| Some(format!("{} new /{}", same.len(), same.first()?)))
        .collect();
    (!each.is_empty()).then(|| each.join(" and "))
}

/// The warm targets as variables.
pub(super) fn warm(candidate: &Candidate) -> String {
    let cni = &candidate.cni;
    let all = [
        ("WARM_ENI_TARGET", cni.warm_eni_target),
        ("WARM_IP_TARGET", cni.warm_ip_target),
        ("MINIMUM_IP_TARGET", cni.minimum_ip_target),
        ("WARM_PREFIX_TARGET", cni.warm_prefix_target),
    ];
    let set: Vec<String> = all
        .into_iter()
        .filter_map(|(name, target)| Some(format!("{name}={}", target?.value()?)))
        .collect();
    set.join(" and ")
}
