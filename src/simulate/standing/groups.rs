//! The groups with their pods.

use super::form::StandingGroup;
use crate::simulate::{Layout, Observed, PodsPerNode, Scaler, layout::LiveNode};

pub(super) fn groups(start: &Observed, layout: &Layout<'_>) -> Vec<StandingGroup> {
    let groups = start.groups.iter().zip(&layout.groups).enumerate();
    groups
        .map(|(at, (seen, group))| {
            let all = || layout.live.iter().filter(move |node| node.group == at);
            let live = || all().filter(|node| !node.is_pooled);
            let mut types: Vec<(&String, u32)> =
                seen.types.iter().map(|(name, count)| (name, *count)).collect();
            // Stable: types of which there are as many stay in the order of their names.
            types.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            StandingGroup {
                name: seen.name.clone(),
                scaler: seen.scaler,
                instance_types: types.into_iter().map(|(name, _)| name.clone()).collect(),
                nodes: group.nodes,
                warm_pool: all().filter(|node| node.is_pooled).map(|_| 1).sum(),
                pods: live().map(pods).sum(),
                pods_told: live().all(|node| node.pods_told),
                counted_nodes: counted_nodes(start, at),
                branch_pods_per_node: group.branch_pods,
                max_pods: max_pods(start, at),
                node_pool: seen
                    .node_pool
                    .as_ref()
                    .filter(|_| seen.scaler == Scaler::Karpenter)
                    .map(|pool| (pool.limits_text(), pool.budgets_text())),
                further_interfaces: group.launch_shown.clone(),
            }
        })
        .collect()
}

/// A group's nodes whose pods are aws-node's own count.
fn counted_nodes(start: &Observed, group: usize) -> u32 {
    let nodes = start.nodes.iter().filter(|node| node.group == group && node.is_counted);
    nodes.map(|_| 1).sum()
}

/// The lowest max pods of a group's nodes, where all are told.
fn max_pods(start: &Observed, group: usize) -> Option<u32> {
    let nodes = start.nodes.iter().filter(|node| node.group == group && !node.is_pooled);
    let told: Option<Vec<u32>> = nodes.map(|node| node.max_pods).collect();
    told?.into_iter().min()
}

fn pods(node: &LiveNode) -> u32 {
    match node.pods {
        PodsPerNode::Pods(pods) => pods,
        // Of an observed node it is always a number.
        PodsPerNode::Fill => node.settings.max_pods,
    }
}
