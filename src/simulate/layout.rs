//! A scenario with its names resolved: what the engine plays.

use std::collections::BTreeMap;

use super::{MaxPods, PodsPerNode, Share, settings::CniSettings};
use crate::{
    instance::{Catalogue, InstanceLimits},
    network::{AddressSpace, Cidr},
};

/// The most nodes that a scenario's groups have together; beyond any cluster AWS supports.
pub const MOST_NODES: u32 = 200_000;
/// The most subnets of a scenario.
pub const MOST_SUBNETS: usize = 2_000;
/// The most addresses of all subnets together: those of a /8.
pub(super) const MOST_ADDRESSES: u64 = 1 << 24;

/// A scenario that can be played.
#[derive(Debug, Clone)]
pub struct Layout<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) zones: Vec<String>,
    pub(super) subnets: Vec<PlacedSubnet>,
    pub(super) cni: CniSettings,
    pub(super) groups: Vec<Group<'a>>,
    pub(super) control_plane: Option<Interfaces>,
    pub(super) others: Vec<(usize, u32)>,
    pub(super) steps: Vec<(&'static str, Action)>,
}

/// A subnet with what is known to be held and reserved in it.
#[derive(Debug, Clone)]
pub(super) struct PlacedSubnet {
    pub(super) name: String,
    pub(super) zone: usize,
    pub(super) cidr: Cidr,
    pub(super) space: AddressSpace,
    /// Single addresses to strew over it, by which seed (`None`: the run's).
    pub(super) strewn: (u32, Option<u64>),
    pub(super) tags: BTreeMap<String, String>,
}

/// A node group.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    pub(super) name: String,
    /// Types with their weights.
    pub(super) types: Vec<(&'a InstanceLimits, u32)>,
    pub(super) subnets: Vec<usize>,
    pub(super) nodes: u32,
    /// The most nodes that a burst may bring it to.
    pub(super) max: Option<u32>,
    pub(super) max_pods: MaxPods,
    pub(super) pods: PodsPerNode,
    pub(super) host_network_pods: u32,
    pub(super) branch_pods: u32,
}

/// The cluster's own interfaces.
#[derive(Debug, Clone)]
pub(super) struct Interfaces {
    pub(super) subnets: Vec<usize>,
    pub(super) count: u32,
}

/// What a step does.
#[derive(Debug, Clone)]
pub(super) enum Action {
    Scale { group: usize, nodes: u32 },
    Pods { group: usize, per_node: PodsPerNode },
    Burst { group: usize, pods: u64 },
    Rollout { group: usize, surge: Share, unavailable: Share },
    LoseZone(usize),
    UpgradeControlPlane,
    SetCni(CniSettings),
    Churn { group: usize, pods_per_minute: u32, minutes: u32 },
}

impl Action {
    /// The group that gets another size, with its nodes.
    pub(super) fn scaled(&self) -> Option<(usize, u32)> {
        match self {
            Self::Scale { group, nodes } => Some((*group, *nodes)),
            Self::Pods { .. }
            | Self::Burst { .. }
            | Self::Rollout { .. }
            | Self::LoseZone(_)
            | Self::UpgradeControlPlane
            | Self::SetCni(_)
            | Self::Churn { .. } => None,
        }
    }

    /// What each node of a group runs from now on.
    pub(super) fn pods_set(&self) -> Option<PodsPerNode> {
        match self {
            Self::Pods { per_node, .. } => Some(*per_node),
            Self::Scale { .. }
            | Self::Burst { .. }
            | Self::Rollout { .. }
            | Self::LoseZone(_)
            | Self::UpgradeControlPlane
            | Self::SetCni(_)
            | Self::Churn { .. } => None,
        }
    }
}
