//! What a start is made of.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use super::{eni_configs::EniConfigSubnet, saved_pool::SavedPool, stated::StatedCni};
use crate::{
    declared::NodePool,
    inventory::{PoolEni, Subnet, Withheld},
    ipam::{ADDRESSES_PER_PREFIX, PoolMode, SeenKind},
    network::{AddressSpace, Cidr, SpaceError},
    simulate::Scaler,
};

/// Why an inventory cannot be the start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObserveError {
    /// Nodes of several VPCs.
    #[error("the subnets belong to {} VPCs: {}", .0.len(), .0.join(", "))]
    SeveralVpcs(Vec<String>),
    /// Nothing to start from.
    #[error("no subnet has an IPv4 block")]
    NoSubnet,
    /// What the nodes are made of is not available.
    #[error("{operation} is not available: without its output there are no nodes to start with")]
    Unseen {
        /// The operation that would have told.
        operation: &'static str,
    },
    /// A node of a type without limits.
    #[error("{instance_id} is of type `{instance_type}`, whose limits are unknown")]
    UnknownType {
        /// The instance.
        instance_id: String,
        /// Its type.
        instance_type: String,
        /// Types with a near name.
        near: Vec<String>,
    },
    /// A subnet whose block cannot be one.
    #[error("{subnet_id}: {error}")]
    Subnet {
        /// The subnet.
        subnet_id: String,
        /// What is wrong with its block.
        error: SpaceError,
    },
}

/// The start of a simulation as it was observed.
#[derive(Debug, Clone)]
pub struct Observed {
    pub(in crate::simulate) vpc_id: String,
    /// The VPC's blocks; `None` when they are not available.
    pub(in crate::simulate) cidrs: Option<Vec<Cidr>>,
    /// Subnets of the VPC that are not part of the start: no other subnet can be where they are.
    pub(in crate::simulate) other_subnets: Vec<Cidr>,
    pub(in crate::simulate) subnets: Vec<ObservedSubnet>,
    pub(in crate::simulate) groups: Vec<ObservedGroup>,
    pub(in crate::simulate) nodes: Vec<ObservedNode>,
    /// The CNI's settings where kubectl told them.
    pub(in crate::simulate) cni: Option<StatedCni>,
    /// The control planes' cross-account interfaces.
    pub(in crate::simulate) control_plane: Vec<(usize, Ipv4Addr)>,
    /// The subnets that clusters name for them, and those they are in.
    pub(in crate::simulate) control_plane_subnets: BTreeSet<usize>,
    /// The ranges of Service addresses of the VPC's clusters.
    pub(in crate::simulate) service_cidrs: BTreeSet<Cidr>,
    /// The NodePools among the answers.
    pub(in crate::simulate) node_pools: Vec<NodePool>,
    /// Names of EKS Auto Mode's NodeClasses that give pods subnets of their own.
    pub(in crate::simulate) pod_subnet_classes: Vec<String>,
    /// What was taken for granted, for a person to know.
    pub notes: Vec<String>,
    /// Of those, which nodes are not simulated.
    pub left_out: Vec<String>,
    /// What is not available.
    pub withheld: Vec<Withheld>,
}

impl Observed {
    /// The VPC.
    #[must_use]
    pub fn vpc_id(&self) -> &str {
        &self.vpc_id
    }

    /// The same, knowing of further subnets, of which those of other VPCs and those of the start count for
    /// nothing.
    #[must_use]
    pub fn beside(mut self, subnets: &[Subnet]) -> Self {
        let own = |subnet: &&Subnet| subnet.vpc_id == self.vpc_id;
        let cidrs = subnets.iter().filter(own).filter_map(|subnet| subnet.cidr);
        let played = |cidr: &Cidr| self.subnets.iter().any(|subnet| subnet.space.cidr() == *cidr);
        self.other_subnets = cidrs.filter(|cidr| !played(cidr)).collect();
        self
    }

    /// The VPC's blocks; `None` when they are not available.
    #[must_use]
    pub fn cidrs(&self) -> Option<&[Cidr]> {
        self.cidrs.as_deref()
    }
}

/// A subnet as it was observed.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct ObservedSubnet {
    pub(in crate::simulate) id: String,
    pub(in crate::simulate) name: Option<String>,
    pub(in crate::simulate) zone: String,
    pub(in crate::simulate) tags: BTreeMap<String, String>,
    /// What is held by others than the nodes and control planes.
    pub(in crate::simulate) space: AddressSpace,
    /// The addresses held by others, by the name of their kind.
    pub(in crate::simulate) others: BTreeMap<&'static str, u32>,
    /// Whether it has a reservation for prefixes.
    pub(in crate::simulate) prefix_reserved: bool,
    /// Prefixes that EC2 can delegate as it is: all, and those inside a reservation for prefixes. Nodes and
    /// control planes count here.
    pub(in crate::simulate) prefixes: (u32, u32),
    /// Addresses that EC2 counts as taken and no visible interface holds.
    pub(in crate::simulate) invisible: u32,
}

/// Nodes that belong together.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct ObservedGroup {
    pub(in crate::simulate) name: String,
    /// What starts its nodes, by the tag that names it.
    pub(in crate::simulate) scaler: Scaler,
    /// The NodePool of its nodes, where it was saved.
    pub(in crate::simulate) node_pool: Option<SavedPool>,
    /// Its nodes' types, each with their number.
    pub(in crate::simulate) types: BTreeMap<String, u32>,
    /// Where its new nodes start.
    pub(in crate::simulate) subnets: BTreeSet<usize>,
    pub(in crate::simulate) node_subnets: NodeSubnets,
}

/// How it is known in which subnets a group's new nodes start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulate) enum NodeSubnets {
    /// By the group's nodes, and what is said of its node group.
    Seen,
    /// By the nodes alone, although an EC2NodeClass selects them, which was not saved.
    Unsaved,
    /// By the EC2NodeClass of this name.
    Class(String),
}

/// A node as it was observed.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct ObservedNode {
    pub(in crate::simulate) group: usize,
    pub(in crate::simulate) instance_type: String,
    /// Whether it is stopped and in the warm pool of its group.
    pub(in crate::simulate) is_pooled: bool,
    pub(in crate::simulate) subnet: usize,
    /// What its ENIs hold; `None` when they hold nothing for pods.
    pub(in crate::simulate) mode: Option<PoolMode>,
    /// The primary ENI first.
    pub(in crate::simulate) enis: Vec<ObservedEni>,
    pub(in crate::simulate) branches: Vec<(usize, Ipv4Addr)>,
    /// Pods with an address of its pool and those that wait for one, where kubectl or aws-node told them.
    pub(in crate::simulate) pods: Option<u32>,
    /// Whether aws-node's own count told them.
    pub(in crate::simulate) is_counted: bool,
    /// The kubelet's max pods, where kubectl told them.
    pub(in crate::simulate) max_pods: Option<u32>,
    pub(in crate::simulate) eni_config: EniConfigSubnet,
}

/// An ENI of a node as it was observed.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct ObservedEni {
    pub(in crate::simulate) kind: SeenKind,
    /// Whether it is on the default network card.
    pub(in crate::simulate) on_card: bool,
    pub(in crate::simulate) subnet: usize,
    /// Its own address, which `efa-only` interfaces do not have.
    pub(in crate::simulate) primary: Option<Ipv4Addr>,
    pub(in crate::simulate) secondary: Vec<Ipv4Addr>,
    pub(in crate::simulate) prefixes: Vec<Cidr>,
}

impl ObservedEni {
    /// Whether what it holds beside its own address is the pool's.
    pub(in crate::simulate) fn is_pool(&self) -> bool {
        self.kind != SeenKind::Unmanaged
    }

    /// The ENI as the pool has it.
    pub(super) fn in_pool(&self) -> PoolEni<'_> {
        PoolEni {
            is_pool: self.is_pool(),
            on_card: self.on_card,
            own: self.primary,
            secondary: &self.secondary,
            prefixes: &self.prefixes,
        }
    }

    /// Addresses that it holds in all, its own included.
    pub(in crate::simulate) fn held(&self) -> u32 {
        let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let in_prefixes = count(self.prefixes.len()).saturating_mul(ADDRESSES_PER_PREFIX);
        let own = u32::from(self.primary.is_some());
        count(self.secondary.len()).saturating_add(in_prefixes).saturating_add(own)
    }
}

impl ObservedNode {
    /// ENIs that take a place on the default card and that the CNI leaves alone.
    pub(in crate::simulate) fn unmanaged(&self) -> u32 {
        let unmanaged = self.enis.iter().filter(|eni| eni.on_card && !eni.is_pool());
        u32::try_from(unmanaged.count()).unwrap_or(u32::MAX)
    }

    /// Whether its pods live beside its primary ENI alone: custom networking, or a primary ENI that is
    /// tagged out of use. The subnet of the first ENI that carries pods.
    pub(in crate::simulate) fn pods_beside(&self) -> Option<usize> {
        let carries = |eni: &&ObservedEni| {
            eni.on_card && eni.is_pool() && (!eni.secondary.is_empty() || !eni.prefixes.is_empty())
        };
        let first = self.enis.iter().find(carries)?;
        (first.kind != SeenKind::Primary).then_some(first.subnet)
    }
}
