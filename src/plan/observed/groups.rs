//! The groups that run, with as many pods on a node as today.

use crate::{
    density::STANDARD_HOST_NETWORK_PODS,
    plan::requirement::{PodCount, RequiredGroup},
    simulate::{Standing, StandingGroup},
};

/// The groups that have nodes, or a warm pool.
pub(super) fn groups(standing: &Standing) -> Vec<RequiredGroup> {
    standing.groups.iter().filter(|group| is_there(group)).map(group).collect()
}

/// Whether a group has an instance.
pub(super) fn is_there(group: &StandingGroup) -> bool {
    group.nodes > 0 || group.warm_pool > 0
}

/// Whether no group has an instance.
pub(super) fn nothing_runs(standing: &Standing) -> bool {
    !standing.groups.iter().any(is_there)
}

/// Pods on a node as today, rounded up. A group without pods is planned with one, so that it has a node.
pub(super) fn pods_per_node(group: &StandingGroup) -> u32 {
    group.pods.max(1).div_ceil(group.nodes.max(1))
}

fn group(group: &StandingGroup) -> RequiredGroup {
    RequiredGroup {
        name: group.name.clone(),
        pods: PodCount { usual: None, peak: group.pods.max(1) },
        instance_types: group.instance_types.clone(),
        pods_per_node: Some(pods_per_node(group)),
        scaler: group.scaler,
        branch_pods_per_node: group.branch_pods_per_node,
        host_network_pods: STANDARD_HOST_NETWORK_PODS,
        warm_pool: group.warm_pool,
        nodes_now: Some(group.nodes),
        max_pods_now: group.max_pods,
        ..RequiredGroup::default()
    }
}
