//! A layout whose subnets have sizes, and not yet their places.

use std::collections::BTreeMap;

use super::groups::DraftGroup;
use crate::{
    network::Cidr,
    plan::{levers::Levers, requirement::Role},
    simulate::{Cni, ReservationType, Used},
};

/// A layout whose subnets have sizes.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Draft<'a> {
    pub(in crate::plan) levers: Levers,
    pub(in crate::plan) groups: Vec<DraftGroup<'a>>,
    pub(in crate::plan) subnets: Vec<DraftSubnet>,
    /// Blocks of the VPC, those to add after those that are there.
    pub(in crate::plan) blocks: Vec<Cidr>,
    /// The settings; the ENIConfigs' subnets stand in `pods_of`.
    pub(in crate::plan) cni: Cni,
    /// The subnet that the ENIConfig of each zone names.
    pub(in crate::plan) pods_of: BTreeMap<String, usize>,
    /// The cluster's subnets.
    pub(in crate::plan) control_plane: Vec<usize>,
    /// Other holders: the subnet, the addresses, and what they are.
    pub(in crate::plan) others: Vec<(usize, u32, String)>,
}

/// A subnet of a draft.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::plan) struct DraftSubnet {
    pub(in crate::plan) name: String,
    pub(in crate::plan) zone: String,
    pub(in crate::plan) role: Role,
    pub(in crate::plan) cidr: Cidr,
    pub(in crate::plan) new: bool,
    /// Whether its size is to be found.
    pub(in crate::plan) sized: bool,
    pub(in crate::plan) tags: BTreeMap<String, String>,
    /// Reservations that are there.
    pub(in crate::plan) reservations: Vec<(Cidr, ReservationType)>,
    /// The prefix length of its first part, which is left for single addresses; the rest is reserved for
    /// prefixes.
    pub(in crate::plan) singles: Option<u8>,
    pub(in crate::plan) used: Used,
}

/// The control plane's ENIs: EKS makes two to four (EKS user guide, network requirements).
pub(in crate::plan) const INTERFACES: u32 = 4;

/// Where new subnets for pods go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) enum PodSpace {
    /// Blocks of the VPC that are not routable.
    InVpc,
    /// A block that is added.
    Added,
    /// Routable blocks, as the nodes' subnets.
    WithNodes,
}
