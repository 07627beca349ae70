//! A layout under way: its subnets have sizes, and not yet their places.

mod build;
mod groups;
mod names;
mod reserve;
mod scenario;

pub(super) use build::{
    Choice, LARGEST, build, has_prefix_reservation, in_use, provisional_block, takes_nodes,
};
pub(super) use groups::DraftGroup;
pub(super) use reserve::reserved;
pub(super) use scenario::{node_subnets, scenario};

use std::collections::BTreeMap;

use super::{levers::Levers, requirement::Role};
use crate::{
    network::Cidr,
    simulate::{Cni, ReservationType, Used},
};

/// A layout whose subnets have sizes.
#[derive(Debug, Clone)]
pub(super) struct Draft<'a> {
    pub(super) levers: Levers,
    pub(super) groups: Vec<DraftGroup<'a>>,
    pub(super) subnets: Vec<DraftSubnet>,
    /// Blocks of the VPC, those to add after those that are there.
    pub(super) blocks: Vec<Cidr>,
    /// The settings; the ENIConfigs' subnets stand in `pods_of`.
    pub(super) cni: Cni,
    /// The subnet that the ENIConfig of each zone names.
    pub(super) pods_of: BTreeMap<String, usize>,
    /// The cluster's subnets.
    pub(super) control_plane: Vec<usize>,
    /// Other holders: the subnet, the addresses, and what they are.
    pub(super) others: Vec<(usize, u32, String)>,
}

/// A subnet of a draft.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DraftSubnet {
    pub(super) name: String,
    pub(super) zone: String,
    pub(super) role: Role,
    pub(super) cidr: Cidr,
    pub(super) new: bool,
    /// Whether its size is to be found.
    pub(super) sized: bool,
    pub(super) tags: BTreeMap<String, String>,
    /// Reservations that are there.
    pub(super) reservations: Vec<(Cidr, ReservationType)>,
    /// The prefix length of its first part, which is left for single addresses; the rest is reserved for
    /// prefixes.
    pub(super) singles: Option<u8>,
    pub(super) used: Used,
}

/// The control plane's ENIs: EKS makes two to four (EKS user guide, network requirements).
pub(super) const INTERFACES: u32 = 4;

/// Where new subnets for pods go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PodSpace {
    /// Blocks of the VPC that are not routable.
    InVpc,
    /// A block that is added.
    Added,
    /// Routable blocks, as the nodes' subnets.
    WithNodes,
}
