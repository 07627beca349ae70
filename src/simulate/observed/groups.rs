//! Which nodes belong together, by the tags that node groups, node pools and Auto Scaling groups leave.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    class_subnets,
    nodes::{InventoryReader, SeenNode},
    saved_pool::SavedPool,
    start::{NodeSubnets, ObservedGroup, ObservedNode},
};
use crate::{
    inventory::{
        EniTags, Inventory,
        keys::{AUTO_SCALING_TAG, CLUSTER_TAG, CLUSTER_TAG_OF_AWS, NODE_GROUP_TAG, NODE_POOL_KEY},
    },
    simulate::Scaler,
};

/// Tags that name a group, the surest first, each with what then starts the nodes: managed node groups,
/// Karpenter, eksctl, Auto Scaling.
const GROUP_TAGS: [(&str, Scaler); 4] = [
    (NODE_GROUP_TAG, Scaler::ManagedNodeGroup),
    (NODE_POOL_KEY, Scaler::Karpenter),
    ("alpha.eksctl.io/nodegroup-name", Scaler::Asg),
    (AUTO_SCALING_TAG, Scaler::Asg),
];
/// Tags that name a cluster.
const CLUSTER_TAGS: [&str; 2] = [CLUSTER_TAG, CLUSTER_TAG_OF_AWS];
/// A tag key with a cluster's name at its end.
const CLUSTER_PREFIX: &str = "kubernetes.io/cluster/";
/// The group of nodes that no tag names one for.
const NO_GROUP: &str = "ungrouped";

/// The group that tags name, and what starts its nodes.
fn group_of(tags: &EniTags) -> Option<(&str, Scaler)> {
    GROUP_TAGS.iter().find_map(|(key, scaler)| Some((tags.get(key)?, *scaler)))
}

fn cluster(tags: &EniTags) -> Option<&str> {
    let named = CLUSTER_TAGS.iter().find_map(|key| tags.get(key));
    named.or_else(|| tags.iter().find_map(|(key, _)| key.strip_prefix(CLUSTER_PREFIX)))
}

/// The groups by name, and the nodes in theirs. A name that two clusters have stands behind the
/// cluster's: `prod/general`.
pub(super) fn groups(
    inventory: &Inventory,
    seen: &InventoryReader<'_>,
    nodes: Vec<SeenNode>,
) -> (Vec<ObservedGroup>, Vec<ObservedNode>) {
    let key = |node: &SeenNode| {
        let tags = seen.instance(&node.instance_id).map(|instance| &instance.tags);
        let name = tags.and_then(group_of).map_or(NO_GROUP, |(name, _)| name).to_owned();
        (name, tags.and_then(cluster).unwrap_or_default().to_owned())
    };
    let keys: BTreeSet<(String, String)> = nodes.iter().map(key).collect();
    let mut clusters: BTreeMap<&str, u32> = BTreeMap::new();
    for (name, _) in &keys {
        *clusters.entry(name).or_default() += 1;
    }
    let told = inventory.kubernetes.as_ref();
    let pools = told.and_then(|told| told.node_pools.as_deref()).unwrap_or_default();
    let mut groups: BTreeMap<(String, String), ObservedGroup> = BTreeMap::new();
    for (name, cluster) in &keys {
        let shared = clusters.get(name.as_str()).is_some_and(|count| *count > 1);
        let shown =
            if shared && !cluster.is_empty() { format!("{cluster}/{name}") } else { name.clone() };
        let subnets = inventory
            .clusters
            .iter()
            .filter(|known| known.name == *cluster)
            .flat_map(|known| known.node_groups.iter().flatten())
            .filter(|group| group.name == *name)
            .flat_map(|group| &group.subnet_ids)
            .filter_map(|id| seen.index(id))
            .collect();
        let group = ObservedGroup {
            // Where two clusters have a NodePool of the name, which of them was saved is not known.
            node_pool: (!shared).then(|| SavedPool::named(name, pools)).flatten(),
            name: shown,
            scaler: Scaler::None,
            types: BTreeMap::new(),
            subnets,
            node_subnets: NodeSubnets::Seen,
        };
        groups.insert((name.clone(), cluster.clone()), group);
    }
    let order: BTreeMap<(String, String), usize> =
        keys.into_iter().enumerate().map(|(at, key)| (key, at)).collect();
    let mut placed = Vec::new();
    let mut instances: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for node in nodes {
        let key = key(&node);
        let Some(group) = groups.get_mut(&key) else { continue };
        let tags = seen.instance(&node.instance_id).map(|instance| &instance.tags);
        group.scaler = tags.and_then(group_of).map_or(group.scaler, |(_, scaler)| scaler);
        *group.types.entry(node.instance_type.clone()).or_default() += 1;
        group.subnets.insert(node.subnet);
        let id = seen.instance(&node.instance_id).map(|instance| &*instance.instance_id);
        instances.entry(key.clone()).or_default().extend(id);
        placed.push(ObservedNode {
            group: order.get(&key).copied().unwrap_or_default(),
            instance_type: node.instance_type,
            is_pooled: node.is_pooled,
            subnet: node.subnet,
            mode: node.mode,
            enis: node.enis,
            branches: node.branches,
            pods: node.pods,
            is_counted: node.is_counted,
            max_pods: node.max_pods,
            eni_config: node.eni_config,
        });
    }
    for (key, group) in &mut groups {
        if group.scaler == Scaler::Karpenter {
            let pool = group.node_pool.as_ref();
            let pool = pool.and_then(|_| pools.iter().find(|pool| pool.name == key.0));
            let instances = instances.get(key).map_or(&[][..], Vec::as_slice);
            match class_subnets::selected(inventory, seen, (pool, instances)) {
                Some((class, subnets)) => {
                    (group.subnets, group.node_subnets) = (subnets, NodeSubnets::Class(class));
                }
                None => group.node_subnets = NodeSubnets::Unsaved,
            }
        }
    }
    (groups.into_values().collect(), placed)
}
