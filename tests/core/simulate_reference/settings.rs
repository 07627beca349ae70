//! The CNI's settings in force, and what a node's pool and subnets' tags make of them.

use std::collections::BTreeMap;

use eksnet::{
    density::{Addressing, DensitySettings, assess},
    instance::{BUILTIN, InstanceLimits},
    ipam::{PoolMode, PoolSettings},
    simulate::{Cni, MaxPods, NodeGroup, Scenario, Target},
};

/// What a patch states counts from now on, what it does not state stays.
pub(crate) fn patched(cni: &Cni, patch: &Cni) -> Cni {
    let (cni, patch) = (cni.clone(), patch.clone());
    Cni {
        version: patch.version.or(cni.version),
        prefix_delegation: patch.prefix_delegation.or(cni.prefix_delegation),
        custom_networking: match (patch.custom_networking, cni.custom_networking) {
            (Some(new), Some(mut known)) if !new.is_empty() => {
                known.extend(new);
                Some(known)
            }
            (new, known) => new.or(known),
        },
        warm_eni_target: patch.warm_eni_target.or(cni.warm_eni_target),
        warm_ip_target: patch.warm_ip_target.or(cni.warm_ip_target),
        minimum_ip_target: patch.minimum_ip_target.or(cni.minimum_ip_target),
        warm_prefix_target: patch.warm_prefix_target.or(cni.warm_prefix_target),
        max_eni: patch.max_eni.or(cni.max_eni),
        pod_eni: patch.pod_eni.or(cni.pod_eni),
        subnet_discovery: patch.subnet_discovery.or(cni.subnet_discovery),
        cooldown_seconds: patch.cooldown_seconds.or(cni.cooldown_seconds),
        disable_network_provisioning: patch
            .disable_network_provisioning
            .or(cni.disable_network_provisioning),
        cluster_name: patch.cluster_name.or(cni.cluster_name),
        ..cni
    }
}

/// The settings at the start: custom networking is on without a list for all where every group names a
/// subnet for each of its zones.
pub(crate) fn at_start(scenario: &Scenario) -> Cni {
    let zone = |name: &String| {
        let subnet = scenario.subnets.iter().find(|subnet| subnet.name == *name);
        subnet.unwrap().zone.clone()
    };
    let covers = |group: &NodeGroup| {
        group.subnets.iter().all(|subnet| group.pod_subnets.contains_key(&zone(subnet)))
    };
    let mut cni = scenario.cni.clone();
    if cni.custom_networking.is_none() && scenario.node_groups.iter().all(covers) {
        // On, and no zone that there is has a subnet by it.
        cni.custom_networking = Some(BTreeMap::from([(String::new(), String::new())]));
    }
    cni
}

/// The minor version and the patch, without one the last.
pub(crate) fn version(cni: &Cni) -> (u32, u32) {
    let mut parts = cni.version.as_deref().unwrap_or("1.23").split('.').skip(1);
    let mut number = || parts.next().map(|part| part.parse().unwrap());
    (number().unwrap(), number().unwrap_or(u32::MAX))
}

pub(crate) fn discovers(cni: &Cni) -> bool {
    cni.subnet_discovery.unwrap_or(true)
}

/// Whether pods have subnets of their own, zone by zone.
pub(crate) fn is_custom(cni: &Cni) -> bool {
    cni.custom_networking.as_ref().is_some_and(|by_zone| !by_zone.is_empty())
}

/// Whether a subnet with these tags takes further ENIs of a node that lies in it, or elsewhere in its
/// zone.
pub(crate) fn takes_enis(cni: &Cni, tags: &BTreeMap<String, String>, is_own: bool) -> bool {
    let role = tags.get("kubernetes.io/role/cni").map(String::as_str);
    if version(cni) < (22, 0) {
        // Any value opts a subnet in, 0 too.
        return is_own || (discovers(cni) && role.is_some());
    }
    match role {
        Some("0") => false,
        None | Some("") => is_own,
        Some(_) if discovers(cni) => !is_for_others(cni, tags),
        Some(_) => is_own,
    }
}

/// Whether a subnet names clusters, and not this one; without CLUSTER_NAME nobody asks.
fn is_for_others(cni: &Cni, tags: &BTreeMap<String, String>) -> bool {
    let renamed = version(cni) >= (22, 1);
    let prefix = if renamed { "cni.networking.k8s.aws/cluster/" } else { "kubernetes.io/cluster/" };
    let clusters: Vec<&str> = tags.keys().filter_map(|key| key.strip_prefix(prefix)).collect();
    match cni.cluster_name.as_deref() {
        None | Some("") => false,
        Some(own) => !clusters.is_empty() && !clusters.contains(&own),
    }
}

/// A group's types with their weights.
pub(crate) fn types(group: &NodeGroup) -> Vec<(&'static InstanceLimits, u32)> {
    let one = group.instance_type.iter().map(|name| (name.as_str(), 1));
    let several = group.instance_types.iter().map(|t| (t.instance_type.as_str(), t.weight));
    one.chain(several).map(|(name, weight)| (BUILTIN.get(name).unwrap(), weight)).collect()
}

fn max_pods(cni: &Cni, limits: &InstanceLimits) -> u32 {
    let prefix = cni.prefix_delegation.unwrap_or(false);
    let settings = DensitySettings {
        addressing: if prefix { Addressing::Prefix } else { Addressing::SecondaryIp },
        custom_networking: is_custom(cni),
        max_eni: cni.max_eni.and_then(Target::value).and_then(|most| u32::try_from(most).ok()),
        pod_eni: cni.pod_eni.unwrap_or(false),
        ..DensitySettings::default()
    };
    assess(&BUILTIN, limits, &settings).unwrap().max_pods.unwrap()
}

/// Pool settings of a new node. A group's automatic max pods is the lowest of its types'.
pub(crate) fn pool(cni: &Cni, group: &NodeGroup, kind: usize) -> PoolSettings {
    let types = types(group);
    let (limits, _) = types[kind];
    let lowest = types.iter().map(|(limits, _)| max_pods(cni, limits)).min().unwrap();
    let prefix = cni.prefix_delegation.unwrap_or(false) && limits.supports_prefixes();
    let pod_eni = cni.pod_eni.unwrap_or(false);
    // The shipped manifest sets these two warm targets to 1.
    let warm = |target: Option<Target>| target.unwrap_or(Target::Value(1)).value();
    let mut pool = PoolSettings {
        enis: limits.enis(),
        ipv4_per_eni: limits.ipv4_per_eni,
        mode: if prefix { PoolMode::Prefix } else { PoolMode::SecondaryIp },
        custom_networking: is_custom(cni),
        primary_excluded: false,
        pod_eni: pod_eni && limits.keeps_trunk_slot(),
        warm_eni_target: warm(cni.warm_eni_target),
        warm_ip_target: cni.warm_ip_target.and_then(Target::value),
        minimum_ip_target: cni.minimum_ip_target.and_then(Target::value),
        warm_prefix_target: warm(cni.warm_prefix_target),
        max_eni: cni.max_eni.and_then(Target::value),
        max_pods: match group.max_pods {
            MaxPods::Auto => lowest,
            MaxPods::Pods(pods) => pods,
        },
        subnet_discovery: discovers(cni),
        cool_down_seconds: cni.cooldown_seconds.unwrap_or(30),
        frozen: cni.disable_network_provisioning.unwrap_or(false),
        ..PoolSettings::default()
    };
    if pod_eni && !pool.pod_eni && version(cni) < (20, 4) {
        // A slot is kept for a trunk that never comes, but one ENI is always there.
        pool.enis = (pool.most_enis() - 1).max(1);
    }
    pool
}
