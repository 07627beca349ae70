//! What was observed as the start of a simulation: the subnets with every address that is held, the
//! nodes that the CNI serves, and what a snapshot does not tell.

mod cni;
mod groups;
mod nodes;
mod subnets;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

pub(super) use cni::StatedCni;

use crate::{
    instance::{Catalogue, nearest},
    inventory::{Inventory, Operation, Withheld},
    ipam::{PoolMode, SeenKind},
    network::{AddressSpace, Cidr, SpaceError},
};

/// Why an inventory cannot be the start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObserveError {
    /// Nodes of several VPCs.
    #[error("there are subnets of {} VPCs: {}", .0.len(), .0.join(", "))]
    SeveralVpcs(Vec<String>),
    /// Nothing to start from.
    #[error("there is no subnet with an IPv4 block")]
    NoSubnet,
    /// What the nodes are made of could not be seen.
    #[error("{operation} could not be seen, and without it there are no nodes to start with")]
    Unseen {
        /// The operation that would have told.
        operation: &'static str,
    },
    /// A node of a type without limits.
    #[error("{instance_id} is an `{instance_type}`, of which no limits are known")]
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
    pub(super) vpc_id: String,
    /// The VPC's blocks; `None` when they could not be seen.
    pub(super) cidrs: Option<Vec<Cidr>>,
    pub(super) subnets: Vec<ObservedSubnet>,
    pub(super) groups: Vec<ObservedGroup>,
    pub(super) nodes: Vec<ObservedNode>,
    /// The CNI's settings where kubectl told them.
    pub(super) cni: Option<StatedCni>,
    /// The control planes' cross-account interfaces.
    pub(super) control_plane: Vec<(usize, Ipv4Addr)>,
    /// The subnets that clusters name for them, and those they are in.
    pub(super) control_plane_subnets: BTreeSet<usize>,
    /// What was taken for granted, for a person to know.
    pub notes: Vec<String>,
    /// What could not be seen.
    pub withheld: Vec<Withheld>,
}

impl Observed {
    /// The VPC.
    #[must_use]
    pub fn vpc_id(&self) -> &str {
        &self.vpc_id
    }

    /// The VPC's blocks; `None` when they could not be seen.
    #[must_use]
    pub fn cidrs(&self) -> Option<&[Cidr]> {
        self.cidrs.as_deref()
    }
}

/// A subnet as it was observed.
#[derive(Debug, Clone)]
pub(super) struct ObservedSubnet {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) zone: String,
    pub(super) tags: BTreeMap<String, String>,
    /// What is held by others than the nodes and control planes.
    pub(super) space: AddressSpace,
    /// Whether it has a reservation for prefixes.
    pub(super) prefix_reserved: bool,
    /// Addresses that EC2 counts as taken and no visible interface holds.
    pub(super) invisible: u32,
}

/// Nodes that belong together.
#[derive(Debug, Clone)]
pub(super) struct ObservedGroup {
    pub(super) name: String,
    /// Its nodes' types, each with their number.
    pub(super) types: BTreeMap<String, u32>,
    pub(super) subnets: BTreeSet<usize>,
}

/// A node as it was observed.
#[derive(Debug, Clone)]
pub(super) struct ObservedNode {
    pub(super) group: usize,
    pub(super) instance_type: String,
    pub(super) subnet: usize,
    /// What its ENIs hold; `None` when they hold nothing for pods.
    pub(super) mode: Option<PoolMode>,
    /// The primary ENI first.
    pub(super) enis: Vec<ObservedEni>,
    pub(super) branches: Vec<(usize, Ipv4Addr)>,
    /// Pods with an address of its pool, where kubectl told them.
    pub(super) pods: Option<u32>,
    /// The kubelet's max pods, where kubectl told them.
    pub(super) max_pods: Option<u32>,
}

/// An ENI of a node as it was observed.
#[derive(Debug, Clone)]
pub(super) struct ObservedEni {
    pub(super) kind: SeenKind,
    /// Whether it is on the default network card.
    pub(super) on_card: bool,
    pub(super) subnet: usize,
    pub(super) primary: Ipv4Addr,
    pub(super) secondary: Vec<Ipv4Addr>,
    pub(super) prefixes: Vec<Cidr>,
}

impl ObservedNode {
    /// Whether its pods live beside its primary ENI alone: custom networking, or a primary ENI that is
    /// tagged out of use. The subnet of the first ENI that carries pods.
    pub(super) fn pods_beside(&self) -> Option<usize> {
        let carries = |eni: &&ObservedEni| !eni.secondary.is_empty() || !eni.prefixes.is_empty();
        let first = self.enis.iter().find(carries)?;
        (first.kind != SeenKind::Primary).then_some(first.subnet)
    }
}

/// Reads an inventory of one VPC as the start of a simulation. Subnets larger than /16 are refused
/// unless `allow_large` is set.
///
/// # Errors
/// When there is no subnet, or those of several VPCs; when interfaces or instances could not be seen;
/// when a node's type has no limits, or a subnet's block cannot be one.
pub fn observe(
    inventory: &Inventory,
    catalogue: &Catalogue,
    allow_large: bool,
) -> Result<Observed, ObserveError> {
    let unseen = |operation: Operation| ObserveError::Unseen { operation: operation.name() };
    let interfaces =
        inventory.interfaces.as_ref().ok_or(unseen(Operation::DescribeNetworkInterfaces))?;
    let instances = inventory.instances.as_ref().ok_or(unseen(Operation::DescribeInstances))?;
    let vpcs: BTreeSet<&String> = inventory.subnets.iter().map(|s| &s.vpc_id).collect();
    if vpcs.len() > 1 {
        return Err(ObserveError::SeveralVpcs(vpcs.into_iter().cloned().collect()));
    }
    let vpc_id = vpcs.first().ok_or(ObserveError::NoSubnet)?;
    let mut seen = nodes::Seen::new(inventory, interfaces, instances);
    seen.withheld.extend(inventory.withheld.iter().cloned());
    let nodes = seen.nodes();
    if let Some(node) = nodes.iter().find(|node| catalogue.get(&node.instance_type).is_none()) {
        return Err(ObserveError::UnknownType {
            instance_id: node.instance_id.clone(),
            instance_type: node.instance_type.clone(),
            near: nearest(catalogue, &node.instance_type).into_iter().map(Into::into).collect(),
        });
    }
    let control_plane = seen.control_plane();
    let subnets = subnets::subnets(inventory, &mut seen, allow_large)?;
    if subnets.is_empty() {
        return Err(ObserveError::NoSubnet);
    }
    let cni = StatedCni::new(inventory, |id| seen.index(id));
    let (groups, nodes) = groups::groups(inventory, &seen, nodes);
    let named = inventory.clusters.iter().flat_map(|cluster| &cluster.subnet_ids);
    let control_plane_subnets = named
        .filter_map(|id| seen.index(id))
        .chain(control_plane.iter().map(|(subnet, _)| *subnet))
        .collect();
    let cidrs = inventory
        .vpcs
        .as_ref()
        .and_then(|vpcs| Some(vpcs.iter().find(|vpc| vpc.vpc_id == **vpc_id)?.cidrs.clone()));
    let mut withheld: Vec<Withheld> = seen.withheld.into_iter().collect();
    withheld.sort();
    Ok(Observed {
        vpc_id: (*vpc_id).clone(),
        cidrs,
        subnets,
        groups,
        nodes,
        cni,
        control_plane,
        control_plane_subnets,
        notes: seen.notes,
        withheld,
    })
}
