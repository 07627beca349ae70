//! What each node's addresses are used for: the pods on them, what it holds warm, and what a fresh node
//! would hold for as many pods. Everything here is of the whole node, in whatever subnets its ENIs lie.

use std::collections::BTreeMap;

use super::{
    enis::{NodeEni, NodeEnis, enis, excluded},
    metrics,
    model::Model,
    node::{NodeReport, NodeUsage},
    pods,
};
use crate::{
    audit::count::PlaceCount,
    cni::{CniSettings, CniVersion, Decides, Discovery, PoolKeeper, elsewhere},
    instance::{Catalogue, InstanceLimits},
    inventory::{Instance, KubernetesNode, NodeMetrics, NodePods, Withheld},
    ipam::{PoolMode, PoolSettings},
};

/// The nodes of a place with what they use.
#[derive(Debug, Default)]
pub(in crate::audit) struct UsedNodes {
    /// Sorted by id; `None` when they are not available.
    pub(in crate::audit) nodes: Option<Vec<NodeReport>>,
    /// What is there of kubectl and could not be used.
    pub(in crate::audit) withheld: Vec<Withheld>,
}

/// What the nodes of a place use.
pub(in crate::audit) fn used(place: &PlaceCount<'_>, catalogue: &Catalogue) -> UsedNodes {
    let Some(counts) = &place.nodes else { return UsedNodes::default() };
    let inventory = place.inventory;
    let mut withheld = Vec::new();
    let kubernetes = inventory.kubernetes.as_ref();
    let aws_node = kubernetes.and_then(|kubernetes| kubernetes.aws_node.as_ref());
    // An image without a version is taken for a current one.
    let discovery = Discovery::seen(aws_node).else_of(CniVersion::NEWEST);
    let named: BTreeMap<&str, &KubernetesNode> = kubernetes
        .and_then(|kubernetes| kubernetes.nodes.as_ref())
        .into_iter()
        .flatten()
        .filter_map(|node| Some((node.instance_id.as_deref()?, node)))
        .collect();
    let pods = NodePods::new(inventory).unwrap_or_else(|missing| {
        withheld.push(missing);
        None
    });
    withheld.extend(pods.as_ref().and_then(NodePods::withheld));
    let mut told = NodeMetrics::new(inventory);
    withheld.append(&mut told.withheld);
    let read = aws_node.map(|aws_node| CniSettings::read(aws_node, &[Decides::Pool]));
    let cni = read.and_then(|read| read.map_err(|hidden| withheld.push(elsewhere(&hidden))).ok());
    let shipped = CniSettings::shipped();
    let excluded = excluded(inventory, &discovery);
    let mut by_node = place.told.by_node();
    let instances: BTreeMap<&str, &Instance> = inventory
        .instances
        .iter()
        .flatten()
        .map(|instance| (instance.instance_id.as_str(), instance))
        .collect();
    let mut model = Model::default();
    let mut nodes = Vec::with_capacity(counts.len());
    for count in counts {
        let id = count.instance_id.as_str();
        let kubernetes = named.get(id).copied();
        // Both are sorted by id; nodes without ENIs in the subnets are passed over.
        let its = by_node.find(|(node, _)| *node == id);
        let (enis, held) = its
            .map(|(_, its)| enis(its, cni.as_ref().unwrap_or(&shipped), &excluded))
            .unwrap_or_default();
        let mut usage = NodeUsage { enis, ..NodeUsage::default() };
        usage.node_name = kubernetes.map(|node| node.name.clone());
        usage.allocatable_pods = kubernetes.and_then(|node| node.allocatable_pods);
        let its_pods = pods.as_ref().and_then(|pods| pods.of(id));
        let listed = its_pods.map(|pods| pods::count(pods, &held, &mut usage)).unwrap_or_default();
        usage.held_for_pods = usage.enis.list.iter().map(NodeEni::for_pods).sum();
        if let Some(told) = told.of(id)
            && let Err(why) = metrics::count(told, &held, &listed, &mut usage)
        {
            withheld.push(NodeMetrics::unused(told, id, &why));
        }
        usage.warm_addresses = usage.pods.map(|pods| usage.held_for_pods.saturating_sub(pods));
        let keeper = PoolKeeper::of(instances.get(id).copied(), kubernetes);
        usage.keeper = Some(keeper);
        if let Some(cni) = &cni
            && keeper == PoolKeeper::Ipamd
        {
            let limits = count.instance_type.as_deref().and_then(|kind| catalogue.get(kind));
            // Types that no source speaks of yet are new ones, which take prefixes.
            let of_unknown = || cni.prefix_delegation.then_some(PoolMode::Prefix);
            usage.mode = limits.map_or_else(of_unknown, |limits| Some(cni.mode(limits)));
            usage.pool = usage
                .allocatable_pods
                .and_then(|max_pods| pool(cni, limits, max_pods, &usage.enis));
        }
        usage.freeable_kept = metrics::kept(&usage);
        usage.expected_addresses =
            usage.pool.as_ref().zip(usage.pods).and_then(|(pool, pods)| model.expected(pool, pods));
        nodes.push(NodeReport::new(count, usage));
    }
    UsedNodes { nodes: Some(nodes), withheld }
}

/// The node's pool, if all of it is what the model speaks of: one network card, no IPv6.
pub(super) fn pool(
    cni: &CniSettings,
    limits: Option<&InstanceLimits>,
    max_pods: u32,
    enis: &NodeEnis,
) -> Option<PoolSettings> {
    // Under custom networking the tags of the primary ENI's subnet decide nothing.
    let excluded = enis.primary_excluded.or(cni.custom_networking.then_some(false))?;
    let limits = limits.filter(|_| !enis.is_beyond_model)?;
    Some(PoolSettings { unmanaged: enis.unmanaged(), ..cni.pool(limits, max_pods, excluded) })
}
