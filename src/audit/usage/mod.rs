//! What each node's addresses are used for: the pods on them, what it holds warm, and what a fresh node
//! would hold for as many pods. Everything here is of the whole node, in whatever subnets its ENIs lie.

mod enis;
mod model;
mod pods;
mod short;
mod what_if;

pub(super) use enis::{NodeEni, NodeEnis};
pub use short::WhatIfSubnet;
pub use what_if::{LeftOut, WhatIf, what_if};

use std::collections::{BTreeMap, BTreeSet};

use super::NodeReport;
use crate::{
    cni::{CniSettings, CniVersion, Decides, Discovery},
    instance::{Catalogue, InstanceLimits},
    inventory::{Inventory, Known, KubernetesNode, NodePods, Withheld},
    ipam::{PoolMode, PoolSettings},
};
use enis::enis;
use model::Model;

/// The label by which a node says its operating system.
const OS_LABEL: &str = "kubernetes.io/os";
/// The label of nodes whose CNI is EKS Auto Mode's, and the tag of their instances.
const COMPUTE_LABEL: &str = "eks.amazonaws.com/compute-type";
const AUTO_MODE_TAG: &str = "eks:eks-cluster-name";

/// What a node's addresses are used for. `None` is "could not be seen".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeUsage {
    /// Its name in Kubernetes.
    pub node_name: Option<String>,
    /// Addresses for pods that its ENIs hold: secondary ones, and 16 for each prefix.
    pub held_for_pods: u32,
    /// Addresses of these that pods use.
    pub pods: Option<u32>,
    /// Pods on the host's network.
    pub host_network_pods: Option<u32>,
    /// Pods with a branch ENI.
    pub branch_pods: Option<u32>,
    /// Pods with an address that none of the node's ENIs held when they were looked at.
    pub pods_elsewhere: Option<u32>,
    /// Pods that need an address and have none.
    pub pods_waiting: Option<u32>,
    /// Addresses for pods that no pod uses.
    pub warm_addresses: Option<u32>,
    /// Pods it takes, host-network pods included.
    pub allocatable_pods: Option<u32>,
    /// Addresses for pods that a fresh node under the CNI's settings holds for as many pods.
    pub expected_addresses: Option<u32>,
    /// What it takes from its subnets by the CNI's settings, whatever it holds.
    pub(super) mode: Option<PoolMode>,
    /// Its pool's settings.
    pub(super) pool: Option<PoolSettings>,
    /// The pods that wait for an address, as `namespace/name`.
    pub(super) waiting: Vec<String>,
    /// Its ENIs.
    pub(super) enis: NodeEnis,
}

impl NodeUsage {
    /// Warm addresses at most: without pods, all that it holds for them.
    #[must_use]
    pub fn warm_at_most(&self) -> u32 {
        self.warm_addresses.unwrap_or(self.held_for_pods)
    }

    /// Addresses it holds beyond what a fresh node would; negative: it holds less.
    #[must_use]
    pub fn difference(&self) -> Option<i64> {
        Some(i64::from(self.held_for_pods) - i64::from(self.expected_addresses?))
    }
}

/// Fills in what the nodes' addresses are used for; what is there of kubectl and could not be used is
/// answered.
pub(super) fn fill(
    nodes: &mut [NodeReport],
    inventory: &Inventory,
    known: &Known<'_>,
    catalogue: &Catalogue,
) -> Vec<Withheld> {
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
    let cni = aws_node.and_then(|aws_node| {
        CniSettings::read(aws_node, &[Decides::Pool])
            .map_err(|hidden| {
                let variables = hidden.into_iter().collect::<Vec<_>>().join(", ");
                let reason =
                    format!("the value of {variables} stands elsewhere than in the daemonset");
                withheld.push(Withheld::of_command(AWS_NODE_COMMAND, reason));
            })
            .ok()
    });
    let shipped = CniSettings::shipped();
    let mut enis = enis(inventory, known, (cni.as_ref().unwrap_or(&shipped), &discovery));
    let auto_mode: BTreeSet<&str> = inventory
        .instances
        .iter()
        .flatten()
        .filter(|instance| instance.tags.contains_key(AUTO_MODE_TAG))
        .map(|instance| instance.instance_id.as_str())
        .collect();
    let mut model = Model::default();
    for node in nodes {
        let id = node.instance_id.as_str();
        let kubernetes = named.get(id).copied();
        let mut usage =
            NodeUsage { enis: enis.remove(id).unwrap_or_default(), ..NodeUsage::default() };
        usage.node_name = kubernetes.map(|node| node.name.clone());
        usage.allocatable_pods = kubernetes.and_then(|node| node.allocatable_pods);
        if let Some(pods) = pods.as_ref().and_then(|pods| pods.of(id)) {
            pods::count(pods, &mut usage);
        }
        usage.held_for_pods = usage.enis.list.iter().map(NodeEni::for_pods).sum();
        usage.warm_addresses = usage.pods.map(|pods| usage.held_for_pods.saturating_sub(pods));
        if let Some(cni) = &cni
            && has_pool(kubernetes, auto_mode.contains(id))
        {
            let limits = node.instance_type.as_deref().and_then(|kind| catalogue.get(kind));
            usage.mode = limits.map(|limits| cni.mode(limits));
            usage.pool = usage
                .allocatable_pods
                .and_then(|max_pods| pool(cni, limits, max_pods, &usage.enis));
        }
        usage.expected_addresses =
            usage.pool.as_ref().zip(usage.pods).and_then(|(pool, pods)| model.expected(pool, pods));
        node.usage = usage;
    }
    withheld
}

/// The command whose answer has the CNI's settings.
pub(super) const AWS_NODE_COMMAND: &str = "kubectl -n kube-system get daemonset aws-node";

/// Whether ipamd keeps the node's pool: not on Windows, and not in EKS Auto Mode.
fn has_pool(node: Option<&KubernetesNode>, is_auto_mode: bool) -> bool {
    let label = |key: &str, value: &str| {
        node.is_some_and(|node| node.labels.get(key).is_some_and(|its| its == value))
    };
    !is_auto_mode && !label(OS_LABEL, "windows") && !label(COMPUTE_LABEL, "auto")
}

/// The node's pool, if all of it is what the model speaks of: one network card, no IPv6.
fn pool(
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
