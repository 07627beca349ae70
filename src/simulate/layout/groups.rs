//! Node groups: those that were observed, with what was written of them, then new ones.

use super::{
    eni_configs::pod_subnets,
    families::may_run,
    launched,
    names::{CheckError, PlaceNames, bounded, hosted, nodes, value},
    nodepool,
    pace::Budget,
    resolved::{Assumed, Group, MOST_GROUPS, OfPool},
    saved_pool,
    shares::zone_shares,
};
use crate::{
    cni::AutoModeNetwork,
    declared::Limits,
    density::{CannotLaunch, LaunchSettings, Os, STANDARD_HOST_NETWORK_PODS},
    instance::{Catalogue, InstanceLimits, nearest},
    simulate::{
        MaxPods, NodeGroup, Observed, PodsPerNode, PrefixSize, Scaler, Scenario, Topology,
        observed_settings::ObservedSettings,
    },
};

pub(super) fn groups<'a>(
    scenario: &Scenario,
    start: Option<&Observed>,
    catalogue: &'a Catalogue,
    places: &PlaceNames<'_>,
) -> Result<Vec<Group<'a>>, CheckError> {
    let observed = start.map_or(&[][..], |start| &start.groups);
    let count = observed.len() + scenario.node_groups.len();
    if count > MOST_GROUPS {
        let reason = format!("{count} groups: at most {MOST_GROUPS} can be simulated");
        return Err(value("node_groups", reason));
    }
    let mut groups = Vec::new();
    for (at, group) in observed.iter().enumerate() {
        let nodes = start.iter().flat_map(|start| &start.nodes);
        let of_group = nodes.filter(|node| node.group == at && !node.is_pooled);
        let count = of_group.map(|_| 1).sum();
        let types = group.types.iter().filter_map(|(name, count)| {
            // A type without limits was refused when the start was read.
            Some((catalogue.get(name)?, *count))
        });
        let mut seen = Group {
            name: group.name.as_str().into(),
            types: types.collect(),
            // Those of other systems are not among the nodes that were observed.
            os: Os::Linux,
            auto_mode: None,
            subnets: group.subnets.iter().copied().collect(),
            pod_subnets: Vec::new(),
            nodes: count,
            warm_pool: 0,
            launch: LaunchSettings::default(),
            launch_shown: None,
            min: None,
            max: None,
            max_pods: MaxPods::Auto,
            pods: PodsPerNode::Pods(0),
            host_network_pods: STANDARD_HOST_NETWORK_PODS,
            branch_pods: 0,
            scaler: group.scaler,
            zone_shares: Vec::new(),
            topology: Topology::default(),
            budget: Budget::of_all(&[]),
            limits: Limits::default(),
            assumed: Assumed { pods: true, branch_pods: true },
            of_pool: OfPool::default(),
            shown: ObservedSettings::default(),
        };
        for written in scenario.node_groups.iter().filter(|written| written.name == group.name) {
            add_to(&mut seen, written, places)?;
        }
        saved_pool::take_over(&mut seen, group);
        let nodes = start.iter().flat_map(|start| &start.nodes);
        launched::take_over(&mut seen, nodes.filter(|node| node.group == at));
        groups.push(seen);
    }
    for written in &scenario.node_groups {
        if !observed.iter().any(|group| group.name == written.name) {
            groups.push(new(written, catalogue, places)?);
        }
    }
    let all = groups.iter().map(|group| group.most(group.nodes)).sum();
    nodes("node_groups", all)?;
    Ok(groups)
}

/// What was written of a group that is there.
fn add_to(
    seen: &mut Group<'_>,
    written: &NodeGroup,
    places: &PlaceNames<'_>,
) -> Result<(), CheckError> {
    let place = format!("node_groups.{}", written.name);
    if written.instance_type.is_some() || !written.instance_types.is_empty() {
        return Err(value(
            place,
            "the group exists in the snapshot: its instance types are those \
                                 observed",
        ));
    }
    if written.nodes.is_some() {
        let reason = format!(
            "the group exists in the snapshot with {} nodes: use a scale step to change \
                     the number",
            seen.nodes
        );
        return Err(value(place, reason));
    }
    if written.os == Os::Windows {
        let reason = "the group exists in the snapshot with Linux nodes";
        return Err(value(format!("{place}.os"), reason));
    }
    if written.auto_mode {
        let reason = "the group exists in the snapshot with nodes of the VPC CNI";
        return Err(value(format!("{place}.auto_mode"), reason));
    }
    if !written.subnets.is_empty() {
        seen.subnets = places.subnets.find_all(&format!("{place}.subnets"), &written.subnets)?;
    }
    seen.pod_subnets = pod_subnets(&place, written, &seen.subnets, places)?;
    // What the scenario does not state stays as it was observed.
    seen.scaler = written.scaler.unwrap_or(seen.scaler);
    seen.warm_pool = warm_pool(&place, written, seen.scaler)?;
    seen.launch = launch(&place, written, &seen.types)?;
    (seen.min, seen.max, seen.max_pods) = (written.min, written.max, written.max_pods);
    seen.host_network_pods = written.host_network_pods.unwrap_or(STANDARD_HOST_NETWORK_PODS);
    seen.pods = written.pods_per_node.unwrap_or(seen.pods);
    seen.branch_pods = written.branch_pods_per_node.unwrap_or(seen.branch_pods);
    seen.topology = written.topology;
    (seen.budget, seen.limits) = nodepool::of_group(&place, written, seen.scaler, &seen.types)?;
    seen.zone_shares = zone_shares(&place, &written.zone_share, &seen.subnets, places)?;
    seen.assumed = Assumed {
        pods: written.pods_per_node.is_none(),
        branch_pods: written.branch_pods_per_node.is_none(),
    };
    hosted(&place, seen)?;
    bounded(&place, seen, seen.nodes)
}

fn new<'a>(
    written: &NodeGroup,
    catalogue: &'a Catalogue,
    places: &PlaceNames<'_>,
) -> Result<Group<'a>, CheckError> {
    let place = format!("node_groups.{}", written.name);
    let Some(count) = written.nodes else {
        return Err(value(place, "nodes is required: the number of nodes at the start"));
    };
    let subnets = places.subnets.find_all(&format!("{place}.subnets"), &written.subnets)?;
    let types = types(&place, written, catalogue)?;
    may_run(&place, written, &types)?;
    let scaler =
        if written.auto_mode { Scaler::Karpenter } else { written.scaler.unwrap_or_default() };
    let (budget, limits) = nodepool::of_group(&place, written, scaler, &types)?;
    let host_network_pods = match written.os {
        Os::Linux => STANDARD_HOST_NETWORK_PODS,
        Os::Windows => 0,
    };
    let pod_subnets = pod_subnets(&place, written, &subnets, places)?;
    let group = Group {
        name: written.name.as_str().into(),
        os: written.os,
        auto_mode: written.auto_mode.then(|| AutoModeNetwork {
            prefixes: written.ipv4_prefix_size == PrefixSize::Auto,
            pod_subnets: !pod_subnets.is_empty(),
        }),
        launch: launch(&place, written, &types)?,
        launch_shown: None,
        types,
        zone_shares: zone_shares(&place, &written.zone_share, &subnets, places)?,
        pod_subnets,
        subnets,
        nodes: nodes(&place, count)?,
        warm_pool: warm_pool(&place, written, scaler)?,
        min: written.min,
        max: written.max,
        max_pods: written.max_pods,
        pods: written.pods_per_node.unwrap_or_default(),
        host_network_pods: written.host_network_pods.unwrap_or(host_network_pods),
        branch_pods: written.branch_pods_per_node.unwrap_or(0),
        scaler,
        topology: written.topology,
        budget,
        limits,
        assumed: Assumed::default(),
        of_pool: OfPool::default(),
        shown: ObservedSettings::default(),
    };
    hosted(&place, &group)?;
    within_auto_mode(&place, &group, catalogue)?;
    bounded(&place, &group, group.nodes)?;
    Ok(group)
}

/// Auto Mode sets max pods itself: fewer are a what-if, more never are on a node.
fn within_auto_mode(
    place: &str,
    group: &Group<'_>,
    catalogue: &Catalogue,
) -> Result<(), CheckError> {
    let (Some(network), MaxPods::Pods(asked)) = (group.auto_mode, group.max_pods) else {
        return Ok(());
    };
    for (limits, _) in &group.types {
        let own = network.max_pods(catalogue, limits, group.host_network_pods);
        if let Some(own) = own.filter(|own| asked > *own) {
            let name = &limits.instance_type;
            let reason = format!("{asked} is above what EKS Auto Mode sets on {name}, {own}");
            return Err(value(format!("{place}.max_pods"), reason));
        }
    }
    Ok(())
}

/// The size of a group's warm pool, which only an Auto Scaling group has.
fn warm_pool(place: &str, written: &NodeGroup, scaler: Scaler) -> Result<u32, CheckError> {
    match scaler {
        Scaler::ManagedNodeGroup | Scaler::Asg => Ok(written.warm_pool),
        Scaler::Karpenter | Scaler::None if written.warm_pool > 0 => {
            let reason = "only a managed node group or an Auto Scaling group has a warm pool";
            Err(value(format!("{place}.warm_pool"), reason))
        }
        Scaler::Karpenter | Scaler::None => Ok(0),
    }
}

/// What a group's instances are launched with, which each of its types can be.
fn launch(
    place: &str,
    written: &NodeGroup,
    types: &[(&InstanceLimits, u32)],
) -> Result<LaunchSettings, CheckError> {
    let extra = written.extra_interfaces;
    let launch = LaunchSettings {
        card_efa_only: 0,
        efa: extra.efa,
        efa_only: extra.efa_only,
        unmanaged_enis: extra.unmanaged,
        unmanaged_addresses: extra.unmanaged_addresses.unwrap_or(1),
        ipv4_prefix_count: written.ipv4_prefix_count.max(written.ip_prefix_count),
        efa_prefix_count: written.ip_prefix_count,
        ipv4_address_count: written.ipv4_address_count,
        lowers_max_pods: false,
    };
    let of_unmanaged = match extra.unmanaged_addresses {
        Some(0) => Some("an ENI holds at least its own address"),
        Some(_) if extra.unmanaged == 0 => Some("no ENI has them: set unmanaged beside it"),
        Some(_) | None => None,
    };
    if let Some(reason) = of_unmanaged {
        return Err(value(format!("{place}.extra_interfaces.unmanaged_addresses"), reason));
    }
    if written.ip_prefix_count > 0 && written.ipv4_prefix_count > 0 {
        let reason = "ipv4_prefix_count is a launch template's, ip_prefix_count an EC2NodeClass': \
                      set one of them";
        return Err(value(place, reason));
    }
    if (written.os == Os::Windows || written.auto_mode) && launch != LaunchSettings::default() {
        let kind = if written.auto_mode { "EKS Auto Mode" } else { "Windows" };
        let reason =
            format!("{kind} nodes have none of extra_interfaces, ipv4_*_count and ip_prefix_count");
        return Err(value(place, reason));
    }
    let refused = types.iter().find_map(|(limits, _)| launch.check(limits).err());
    match refused {
        Some(error) => Err(CheckError::Launch { place: launch_key(place, &error, &launch), error }),
        None => Ok(launch),
    }
}

/// The key that asks for what EC2 refuses.
fn launch_key(place: &str, error: &CannotLaunch, launch: &LaunchSettings) -> String {
    let prefixes =
        if launch.efa_prefix_count > 0 { "ip_prefix_count" } else { "ipv4_prefix_count" };
    let key = match error {
        CannotLaunch::NoEfa { .. }
        | CannotLaunch::TooManyEfa { .. }
        | CannotLaunch::TooManyEnis { .. } => "extra_interfaces",
        CannotLaunch::NoPrefixes { .. } => prefixes,
        CannotLaunch::TooManySlots { asked, .. } => {
            if launch.unmanaged_enis > 0 && launch.unmanaged_addresses.saturating_sub(1) == *asked {
                "extra_interfaces.unmanaged_addresses"
            } else if launch.ipv4_prefix_count.max(launch.efa_prefix_count) > 0 {
                prefixes
            } else {
                "ipv4_address_count"
            }
        }
    };
    format!("{place}.{key}")
}

/// A group's types with their weights.
fn types<'a>(
    place: &str,
    written: &NodeGroup,
    catalogue: &'a Catalogue,
) -> Result<Vec<(&'a InstanceLimits, u32)>, CheckError> {
    let named: Vec<(&str, u32)> = match (&written.instance_type, written.instance_types.as_slice())
    {
        (Some(one), []) => vec![(one, 1)],
        (None, several @ [_, ..]) => {
            several.iter().map(|t| (t.instance_type.as_str(), t.weight)).collect()
        }
        (Some(_), [_, ..]) | (None, []) => {
            return Err(value(place, "either instance_type or instance_types is required"));
        }
    };
    let mut types = Vec::new();
    for (name, weight) in named {
        let limits = catalogue.get(name).ok_or_else(|| CheckError::Unknown {
            place: place.to_owned(),
            what: "instance type",
            value: name.to_owned(),
            known: nearest(catalogue, name).into_iter().map(str::to_owned).collect(),
        })?;
        types.push((limits, weight));
    }
    let weights: u64 = types.iter().map(|(_, weight)| u64::from(*weight)).sum();
    if !(1..=1000).contains(&weights) {
        return Err(value(
            place,
            format!("the sum of the weights, {weights}, is not from 1 to 1000"),
        ));
    }
    Ok(types)
}
