//! A node with what its addresses are used for.

use std::net::Ipv4Addr;

use super::enis::{NodeEni, NodeEnis};
use crate::{
    audit::count::NodeCount,
    cni::PoolKeeper,
    inventory::Word,
    ipam::{PoolMode, PoolSettings},
    network::Cidr,
};

/// A node's ENIs and addresses in the audited subnets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeReport {
    /// The instance.
    pub instance_id: Word,
    /// Its Name tag.
    pub name: Option<Word>,
    /// Its type.
    pub instance_type: Option<Word>,
    /// Its availability zone.
    pub availability_zone: Option<Word>,
    /// Its ENIs in the subnets, trunk included.
    pub enis: u32,
    /// Secondary addresses, for pods.
    pub secondary_addresses: u32,
    /// Delegated /28 prefixes, for pods.
    pub prefixes: u32,
    /// All addresses it takes: primaries, secondaries and 16 for each prefix.
    pub addresses: u32,
    /// What its addresses are used for, in all subnets.
    pub usage: NodeUsage,
}

impl NodeReport {
    /// What was counted of a node, with what its addresses are used for.
    pub(super) fn new(count: &NodeCount, usage: NodeUsage) -> Self {
        let NodeCount {
            instance_id,
            name,
            instance_type,
            availability_zone,
            enis,
            secondary_addresses,
            prefixes,
            addresses,
        } = count;
        Self {
            instance_id: instance_id.clone(),
            name: name.clone(),
            instance_type: instance_type.clone(),
            availability_zone: availability_zone.clone(),
            enis: *enis,
            secondary_addresses: *secondary_addresses,
            prefixes: *prefixes,
            addresses: *addresses,
            usage,
        }
    }
}

/// An ENI's own address that the CNI took for one of its pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenAddress {
    /// The address.
    pub address: Ipv4Addr,
    /// The subnet of its ENI.
    pub subnet_id: Word,
    /// Whether it is the address that the node runs with, and not that of a further ENI.
    pub of_node: bool,
    /// Whether a pod has it now; otherwise one had it before.
    pub now: bool,
    /// The pod, as `namespace/name`, if kubectl lists it.
    pub pod: Option<String>,
}

impl GivenAddress {
    /// An ENI's address that a pod has now.
    pub(super) fn new(address: Ipv4Addr, eni: &NodeEni, pod: Option<String>) -> Self {
        let (subnet_id, of_node) = (eni.subnet_id.clone(), eni.is_primary());
        Self { address, subnet_id, of_node, now: true, pod }
    }
}

/// What a node's addresses are used for. `None` is "not available".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeUsage {
    /// Who gives its pods their addresses, as far as tags and labels say.
    pub keeper: Option<PoolKeeper>,
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
    /// The same by aws-node's own count, where its metrics were saved.
    pub assigned_addresses: Option<u32>,
    /// The same by kubectl's pods, where aws-node's own count goes before it.
    pub listed_pods: Option<u32>,
    /// Its prefixes in which no pod has an address, sorted.
    pub freeable_prefixes: Option<Vec<Cidr>>,
    /// Those of them that the warm targets keep.
    pub freeable_kept: Option<u32>,
    /// Its ENIs' own addresses that are in the pool for pods.
    pub given: Vec<GivenAddress>,
    /// Addresses for pods that a fresh node under the CNI's settings holds for as many pods.
    pub expected_addresses: Option<u32>,
    /// What it takes from its subnets by the CNI's settings, whatever it holds.
    pub(in crate::audit) mode: Option<PoolMode>,
    /// Its pool's settings, where all of it is what the model speaks of.
    pub pool: Option<PoolSettings>,
    /// The pods that wait for an address, as `namespace/name`.
    pub(in crate::audit) waiting: Vec<String>,
    /// Its ENIs.
    pub(in crate::audit) enis: NodeEnis,
}

impl NodeUsage {
    /// Whether it is a node of EKS Auto Mode.
    #[must_use]
    pub fn is_auto_mode(&self) -> bool {
        self.keeper == Some(PoolKeeper::AutoMode)
    }

    /// Whether the mode of its pool is not known: aws-node's settings are missing, or it is not ipamd's.
    #[must_use]
    pub fn has_no_mode(&self) -> bool {
        self.mode.is_none()
    }

    /// Warm addresses at most: without pods, all that it holds for them.
    #[must_use]
    pub fn warm_at_most(&self) -> u32 {
        self.warm_addresses.unwrap_or(self.held_for_pods)
    }

    /// Whether kubectl's pods and aws-node's own count differ.
    #[must_use]
    pub fn counts_differ(&self) -> bool {
        self.listed_pods.is_some_and(|listed| Some(listed) != self.assigned_addresses)
    }

    /// Prefixes without a pod that no warm target keeps; those that one may keep count where that is
    /// not known.
    #[must_use]
    pub fn freeable_now(&self) -> usize {
        let kept = usize::try_from(self.freeable_kept.unwrap_or(0)).unwrap_or(0);
        self.freeable_prefixes.as_ref().map_or(0, |all| all.len().saturating_sub(kept))
    }

    /// Addresses it holds beyond what a fresh node would; negative: it holds less.
    #[must_use]
    pub fn difference(&self) -> Option<i64> {
        Some(i64::from(self.held_for_pods) - i64::from(self.expected_addresses?))
    }
}
