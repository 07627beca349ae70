//! A scenario with its names resolved: what the engine plays.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    sync::Arc,
};

use super::{
    MaxPods, PodsPerNode, Share, observed::ObservedEni, settings::CniSettings, shown::Shown,
    world::PodSide,
};
use crate::{
    instance::{Catalogue, InstanceLimits},
    ipam::PoolSettings,
    network::{AddressSpace, Cidr},
};

/// The most nodes that a scenario's groups have together; beyond any cluster AWS supports.
pub const MOST_NODES: u32 = 200_000;
/// The most subnets of a scenario.
pub const MOST_SUBNETS: usize = 2_000;
/// The most node groups of a scenario.
pub(super) const MOST_GROUPS: usize = 2_000;
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
    /// Control plane interfaces that are there before the start.
    pub(super) control_plane_held: Vec<(usize, Ipv4Addr)>,
    /// Nodes that are there before the start.
    pub(super) live: Vec<LiveNode>,
    /// Whether kubectl told the CNI's settings.
    pub(super) cni_told: bool,
    pub(super) others: Vec<(usize, u32)>,
    pub(super) steps: Vec<(&'static str, Action)>,
}

impl Layout<'_> {
    /// Zones that a group's subnets are in.
    pub(super) fn zones_of(&self, group: usize) -> u32 {
        let subnets = self.groups.get(group).into_iter().flat_map(|group| &group.subnets);
        let zones = subnets.filter_map(|at| self.subnets.get(*at)).map(|subnet| subnet.zone);
        let zones: BTreeSet<usize> = zones.collect();
        u32::try_from(zones.len()).unwrap_or(u32::MAX)
    }

    /// States of subnets and groups that a run of it ends with: one of each at the end of each step.
    #[must_use]
    pub fn states(&self) -> u64 {
        let each = self.subnets.len() + self.groups.len();
        u64::try_from(each.saturating_mul(self.steps.len() + 1)).unwrap_or(u64::MAX)
    }

    /// Addresses in use before the start, by subnet.
    #[must_use]
    pub fn used_before(&self) -> Vec<u32> {
        let mut used: Vec<u32> =
            self.subnets.iter().map(|subnet| subnet.space.used() + subnet.strewn.0).collect();
        let mut add = |subnet: usize, addresses: usize| {
            if let Some(used) = used.get_mut(subnet) {
                *used = used.saturating_add(u32::try_from(addresses).unwrap_or(u32::MAX));
            }
        };
        for (subnet, _) in &self.control_plane_held {
            add(*subnet, 1);
        }
        for node in &self.live {
            for eni in &node.enis {
                add(eni.subnet, 1 + eni.secondary.len() + 16 * eni.prefixes.len());
            }
            for (subnet, _) in &node.branches {
                add(*subnet, 1);
            }
        }
        used
    }

    /// What was taken for granted of nodes that were observed, for a person to know.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.live.is_empty() {
            let on = |is: bool| if is { "on" } else { "off" };
            let said = if self.cni_told {
                "as the daemonset aws-node or cni states, and so are the warm targets"
            } else {
                "as the nodes show or cni states; warm targets do not show and are the shipped \
                 manifest's but for what cni states"
            };
            notes.push(format!(
                "new nodes have prefix delegation {} and custom networking {}, {said}",
                on(self.cni.prefix_delegation),
                on(self.cni.custom_networking.is_some()),
            ));
            notes.extend(self.shown_notes());
        }
        for (at, group) in self.groups.iter().enumerate().filter(|(_, group)| group.assumed.pods) {
            let members = self.live.iter().filter(|node| node.group == at);
            let untold = || members.clone().filter(|node| !node.pods_told);
            let count = untold().count();
            if count == 0 && members.clone().next().is_some() {
                continue;
            }
            let pods: u64 = untold()
                .map(|node| match node.pods {
                    PodsPerNode::Pods(pods) => u64::from(pods),
                    PodsPerNode::Fill => 0,
                })
                .sum();
            notes.push(format!(
                "{}: pods do not show; {pods} on {count} nodes are the most that their addresses and \
                 targets allow, and pods_per_node states another number",
                group.name
            ));
        }
        notes
    }
}

/// A subnet with what is known to be held and reserved in it.
#[derive(Debug, Clone)]
pub(super) struct PlacedSubnet {
    pub(super) name: Arc<str>,
    pub(super) zone: usize,
    pub(super) cidr: Cidr,
    pub(super) space: AddressSpace,
    /// Single addresses to strew over it, by which seed (`None`: the run's).
    pub(super) strewn: (u32, Option<u64>),
    pub(super) tags: BTreeMap<String, String>,
    /// Whether it has a reservation for prefixes, outside of which EC2 delegates none.
    pub(super) prefix_reserved: bool,
}

/// A node group.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    pub(super) name: Arc<str>,
    /// Types with their weights.
    pub(super) types: Vec<(&'a InstanceLimits, u32)>,
    pub(super) subnets: Vec<usize>,
    pub(super) nodes: u32,
    /// The fewest and most nodes it may have; a burst grows it up to the most.
    pub(super) min: Option<u32>,
    pub(super) max: Option<u32>,
    pub(super) max_pods: MaxPods,
    pub(super) pods: PodsPerNode,
    pub(super) host_network_pods: u32,
    pub(super) branch_pods: u32,
    /// What was not written of a group that was observed.
    pub(super) assumed: Assumed,
    pub(super) shown: Shown,
}

impl Group<'_> {
    /// The most nodes it can have, bursts included, when it is to have so many.
    pub(super) fn most(&self, nodes: u32) -> u64 {
        u64::from(nodes.max(self.max.unwrap_or(0)))
    }
}

/// What of a group is taken from what its nodes hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Assumed {
    pub(super) pods: bool,
    pub(super) branch_pods: bool,
}

/// A node that is there before the start.
#[derive(Debug, Clone)]
pub(super) struct LiveNode {
    pub(super) group: usize,
    /// Which of the group's types.
    pub(super) kind: usize,
    pub(super) subnet: usize,
    pub(super) settings: PoolSettings,
    pub(super) pod_side: PodSide,
    /// Pods with an address of its pool.
    pub(super) pods: PodsPerNode,
    /// Whether kubectl told them.
    pub(super) pods_told: bool,
    /// The primary ENI first.
    pub(super) enis: Vec<ObservedEni>,
    pub(super) branches: Vec<(usize, Ipv4Addr)>,
}

/// The cluster's own interfaces.
#[derive(Debug, Clone)]
pub(super) struct Interfaces {
    pub(super) subnets: Vec<usize>,
    pub(super) count: u32,
}

/// How fast nodes are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// So many new nodes beyond the group's size, and so many that may be missing.
    Bounds { surge: Share, unavailable: Share },
    /// As many new nodes as twice the group's zones, or as these if that is more.
    Managed { unavailable: Share },
}

impl Pace {
    /// Surge and unavailable nodes of a group of `nodes` in `zones` zones.
    pub(super) fn of(self, nodes: u32, zones: u32) -> (u32, u32) {
        match self {
            Self::Bounds { surge, unavailable } => (surge.of(nodes), unavailable.of(nodes)),
            Self::Managed { unavailable } => {
                (unavailable.of(nodes).max(zones.saturating_mul(2)).max(1), 0)
            }
        }
    }
}

/// A factor from 0 to 1000 as an exact decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Factor {
    pub(super) billionths: u64,
}

impl Factor {
    /// Decimals that it can have.
    pub(super) const DECIMALS: usize = 9;

    /// So many times a number of nodes, rounded up.
    pub(super) fn of(self, nodes: u32) -> u64 {
        u64::from(nodes).saturating_mul(self.billionths).div_ceil(1_000_000_000)
    }
}

/// What a step does.
#[derive(Debug, Clone)]
pub(super) enum Action {
    Scale {
        group: usize,
        nodes: u32,
    },
    /// By a factor; `nodes` is what the group then has if no burst makes it grow before.
    Grow {
        group: usize,
        factor: Factor,
        nodes: u32,
    },
    Pods {
        group: usize,
        per_node: PodsPerNode,
    },
    Burst {
        group: usize,
        pods: u64,
    },
    Rollout {
        group: usize,
        pace: Pace,
    },
    LoseZone(usize),
    UpgradeControlPlane,
    SetCni(CniSettings),
    Churn {
        group: usize,
        pods_per_minute: u32,
        minutes: u32,
    },
}

impl Action {
    /// The group that gets another size, with its nodes.
    pub(super) fn scaled(&self) -> Option<(usize, u32)> {
        match self {
            Self::Scale { group, nodes } | Self::Grow { group, nodes, .. } => {
                Some((*group, *nodes))
            }
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
            | Self::Grow { .. }
            | Self::Burst { .. }
            | Self::Rollout { .. }
            | Self::LoseZone(_)
            | Self::UpgradeControlPlane
            | Self::SetCni(_)
            | Self::Churn { .. } => None,
        }
    }
}
