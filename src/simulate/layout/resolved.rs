//! A scenario with its names resolved: what the engine simulates.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    sync::Arc,
};

use super::pace::{Budget, RolloutPace};
use crate::{
    cni::AutoModeNetwork,
    declared::Limits,
    density::{LaunchSettings, Os},
    instance::{Catalogue, InstanceLimits},
    ipam::PoolSettings,
    network::{BrokenVpcRule, Cidr, Full, SubnetAddresses},
    simulate::{
        MaxPods, PodsPerNode, Scaler, Start, Topology,
        observed::ObservedEni,
        observed_settings::ObservedSettings,
        settings::{GroupNetwork, InForce},
    },
};

/// The most nodes that a scenario's groups have together; beyond any cluster AWS supports.
pub const MOST_NODES: u32 = 200_000;
/// The most subnets of a scenario.
pub const MOST_SUBNETS: usize = 2_000;
/// The most node groups of a scenario.
pub(in crate::simulate) const MOST_GROUPS: usize = 2_000;
/// The most addresses of all subnets together: those of a /8.
pub(in crate::simulate) const MOST_ADDRESSES: u64 = 1 << 24;

/// The share of a subnet, in percent, above whose use nothing is to spare, unless another is stated.
pub const MARGIN: u8 = 90;
/// The margin that no subnet passes.
pub(in crate::simulate) const MOST_MARGIN: u8 = 100;

/// A scenario that can be simulated.
#[derive(Debug, Clone)]
pub struct Layout<'a> {
    pub(in crate::simulate) catalogue: &'a Catalogue,
    pub(in crate::simulate) zones: Vec<String>,
    pub(in crate::simulate) subnets: Vec<PlacedSubnet>,
    pub(in crate::simulate) cni: InForce,
    pub(in crate::simulate) groups: Vec<Group<'a>>,
    pub(in crate::simulate) control_plane: Option<Interfaces>,
    /// Control plane interfaces that are there before the start.
    pub(in crate::simulate) control_plane_held: Vec<(usize, Ipv4Addr)>,
    /// Nodes that are there before the start.
    pub(in crate::simulate) live: Vec<LiveNode>,
    /// What is written and has no effect, for a person to know.
    pub(in crate::simulate) vain: Vec<String>,
    /// Whether kubectl told the CNI's settings.
    pub(in crate::simulate) cni_told: bool,
    pub(in crate::simulate) others: Vec<(usize, u32)>,
    pub(in crate::simulate) start: Start,
    /// How long a pod may wait for an address, in seconds.
    pub(in crate::simulate) max_wait: Option<u64>,
    /// What EC2 does where a prefix reservation, or the rest beside it, is full.
    pub(in crate::simulate) full: Full,
    pub(in crate::simulate) steps: Vec<(&'static str, Action)>,
    /// The VPC as AWS judges it and as further subnets find room in it.
    pub(in crate::simulate) vpc: PlannedVpc,
    /// The share of a subnet, in percent, above whose use nothing is to spare.
    pub(in crate::simulate) margin: u8,
}

/// The VPC's blocks.
#[derive(Debug, Clone, Default)]
pub(in crate::simulate) struct PlannedVpc {
    /// All blocks, those there are first; `None` where they are not known.
    pub(in crate::simulate) blocks: Option<Vec<Cidr>>,
    /// Subnets of the VPC that are not simulated.
    pub(in crate::simulate) other_subnets: Vec<Cidr>,
    /// The rules that the blocks break that the scenario adds. What is there already AWS has accepted,
    /// in an order that is not known.
    pub(in crate::simulate) broken: Vec<BrokenVpcRule>,
}

impl Layout<'_> {
    /// The same with another margin, in percent: the share of a subnet above whose use nothing is to
    /// spare. With 100 only the nodes' warm targets count.
    #[must_use]
    pub fn with_margin(self, margin: u8) -> Self {
        Self { margin, ..self }
    }

    /// Zones that a group's subnets are in.
    pub(in crate::simulate) fn zones_of(&self, group: usize) -> u32 {
        let subnets = self.groups.get(group).into_iter().flat_map(|group| &group.subnets);
        let zones = subnets.filter_map(|at| self.subnets.get(*at)).map(|subnet| subnet.zone);
        let zones: BTreeSet<usize> = zones.collect();
        u32::try_from(zones.len()).unwrap_or(u32::MAX)
    }

    /// The same with the longest that a pod may wait for an address, in seconds.
    #[must_use]
    pub fn with_max_wait(self, max_wait: Option<u64>) -> Self {
        Self { max_wait, ..self }
    }

    /// States of subnets and groups that a run of it ends with: one of each at the end of each step.
    #[must_use]
    pub fn states(&self) -> u64 {
        let each = self.subnets.len() + self.groups.len();
        u64::try_from(each.saturating_mul(self.steps.len() + 1)).unwrap_or(u64::MAX)
    }

    /// The pools that the nodes that were observed start with.
    pub fn observed_pools(&self) -> impl Iterator<Item = &PoolSettings> {
        self.live.iter().map(|node| &node.settings)
    }

    /// Settings of the pools of new nodes, by group and type.
    #[must_use]
    pub fn pools(&self) -> Vec<Vec<PoolSettings>> {
        let pools = |group: &Group<'_>| {
            let own = self.cni.of_group(group.network());
            own.pools(self.catalogue, (&group.types, &group.shown), group.max_pods)
        };
        self.groups.iter().map(pools).collect()
    }

    /// Addresses in use before the start, by subnet.
    #[must_use]
    pub fn used_before(&self) -> Vec<u32> {
        let mut used: Vec<u32> = self
            .subnets
            .iter()
            .map(|subnet| subnet.start.space().used() + subnet.scattered.0)
            .collect();
        let mut add = |subnet: usize, addresses: u32| {
            if let Some(used) = used.get_mut(subnet) {
                *used = used.saturating_add(addresses);
            }
        };
        for (subnet, _) in &self.control_plane_held {
            add(*subnet, 1);
        }
        for node in &self.live {
            for eni in &node.enis {
                add(eni.subnet, eni.held());
            }
            for (subnet, _) in &node.branches {
                add(*subnet, 1);
            }
        }
        used
    }
}

/// A subnet with what is known to be held and reserved in it.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct PlacedSubnet {
    pub(in crate::simulate) name: Arc<str>,
    pub(in crate::simulate) zone: usize,
    pub(in crate::simulate) cidr: Cidr,
    /// What is held and reserved before the start, shared by all runs.
    pub(in crate::simulate) start: Arc<SubnetAddresses>,
    /// Single addresses to strew over it, by which seed (`None`: the run's).
    pub(in crate::simulate) scattered: (u32, Option<u64>),
    pub(in crate::simulate) tags: BTreeMap<String, String>,
    /// Whether it has a reservation for prefixes, outside of which EC2 delegates none.
    pub(in crate::simulate) prefix_reserved: bool,
}

/// A node group.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct Group<'a> {
    pub(in crate::simulate) name: Arc<str>,
    /// Types with their weights.
    pub(in crate::simulate) types: Vec<(&'a InstanceLimits, u32)>,
    pub(in crate::simulate) os: Os,
    /// The network of its NodeClass, for nodes of EKS Auto Mode.
    pub(in crate::simulate) auto_mode: Option<AutoModeNetwork>,
    pub(in crate::simulate) subnets: Vec<usize>,
    /// The pods' subnet of each zone by the group's own ENIConfigs or NodeClass; empty where it has none.
    pub(in crate::simulate) pod_subnets: Vec<Option<usize>>,
    pub(in crate::simulate) nodes: u32,
    /// Stopped instances that hold addresses beside the nodes.
    pub(in crate::simulate) warm_pool: u32,
    /// What its instances are launched with.
    pub(in crate::simulate) launch: LaunchSettings,
    /// What of that its nodes show, in words.
    pub(in crate::simulate) launch_shown: Option<String>,
    /// The fewest and most nodes it may have; a burst grows it up to the most.
    pub(in crate::simulate) min: Option<u32>,
    pub(in crate::simulate) max: Option<u32>,
    pub(in crate::simulate) max_pods: MaxPods,
    pub(in crate::simulate) pods: PodsPerNode,
    pub(in crate::simulate) host_network_pods: u32,
    pub(in crate::simulate) branch_pods: u32,
    pub(in crate::simulate) scaler: Scaler,
    /// The share of each zone of its subnets, by the zone's index; empty where they are alike.
    pub(in crate::simulate) zone_shares: Vec<(usize, Factor)>,
    pub(in crate::simulate) topology: Topology,
    /// The disruption budget of its NodePool.
    pub(in crate::simulate) budget: Budget,
    /// The most that its NodePool starts.
    pub(in crate::simulate) limits: Limits,
    /// What was not written of a group that was observed.
    pub(in crate::simulate) assumed: Assumed,
    /// What of it is that of its saved NodePool.
    pub(in crate::simulate) of_pool: OfPool,
    pub(in crate::simulate) shown: ObservedSettings,
}

impl Group<'_> {
    /// The most nodes it can have, bursts and its warm pool included, when it is to have so many.
    pub(in crate::simulate) fn most(&self, nodes: u32) -> u64 {
        u64::from(nodes.max(self.max.unwrap_or(0))) + u64::from(self.warm_pool)
    }

    /// What is its own of how its nodes and their pods get addresses.
    pub(in crate::simulate) fn network(&self) -> GroupNetwork<'_> {
        GroupNetwork {
            shown: &self.shown,
            pod_subnets: &self.pod_subnets,
            launch: self.launch,
            os: self.os,
            auto_mode: self.auto_mode,
            host_network_pods: self.host_network_pods,
        }
    }
}

/// What of a group is taken from what its nodes hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::simulate) struct Assumed {
    pub(in crate::simulate) pods: bool,
    pub(in crate::simulate) branch_pods: bool,
}

/// What a group that was observed has of its saved NodePool, in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::simulate) struct OfPool {
    pub(in crate::simulate) limits: Option<String>,
    pub(in crate::simulate) budgets: Option<String>,
    /// Where its new nodes start.
    pub(in crate::simulate) subnets: Option<String>,
}

/// A node that is there before the start.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct LiveNode {
    pub(in crate::simulate) group: usize,
    /// Which of the group's types.
    pub(in crate::simulate) kind: usize,
    /// Whether it is stopped and in the group's warm pool.
    pub(in crate::simulate) is_pooled: bool,
    pub(in crate::simulate) subnet: usize,
    pub(in crate::simulate) settings: PoolSettings,
    pub(in crate::simulate) pod_side: PodSide,
    /// Pods with an address of its pool.
    pub(in crate::simulate) pods: PodsPerNode,
    /// Whether kubectl or aws-node told them.
    pub(in crate::simulate) pods_told: bool,
    /// The primary ENI first.
    pub(in crate::simulate) enis: Vec<ObservedEni>,
    pub(in crate::simulate) branches: Vec<(usize, Ipv4Addr)>,
}

/// Where a node's further ENIs go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulate) enum PodSide {
    /// Wherever discovery says.
    Discovered,
    /// The ENIConfig's subnet.
    EniConfig(usize),
    /// Custom networking names none for the zone.
    Missing,
    /// The node's own subnet, as in EKS Auto Mode without pod subnets.
    Own,
    /// No pod subnet of the NodeClass is in the zone.
    NoPodSubnet,
}

/// The cluster's own interfaces.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct Interfaces {
    pub(in crate::simulate) subnets: Vec<usize>,
    pub(in crate::simulate) count: u32,
}

/// A factor from 0 to 1000 as an exact decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factor {
    pub(in crate::simulate) billionths: u64,
}

impl Factor {
    /// What changes nothing.
    pub const ONE: Self = Self { billionths: 1_000_000_000 };
    /// Decimals that it can have.
    const DECIMALS: usize = 9;

    /// A factor exactly as it is written: the shortest text that reads back as the float is the decimal
    /// number that was meant, as the float itself (1.1 is a little more) is not.
    ///
    /// # Errors
    /// In words, when it is below 0 or above the most, or has more than 9 decimals.
    pub fn exact(factor: f64, most: f64) -> Result<Self, String> {
        let refused = |reason: String| format!("{factor:?} {reason}");
        if !(0.0..=most).contains(&factor) {
            return Err(refused(format!("is not from 0 to {most}")));
        }
        let text = factor.abs().to_string();
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let billionths = format!("{whole}{part:0<width$}", width = Self::DECIMALS);
        match billionths.parse() {
            Ok(billionths) if part.len() <= Self::DECIMALS => Ok(Self { billionths }),
            Ok(_) | Err(_) => Err(refused("has more than 9 decimals".to_owned())),
        }
    }

    /// So many times a number of nodes or pods, rounded up.
    #[must_use]
    pub fn of(self, number: u32) -> u64 {
        u64::from(number).saturating_mul(self.billionths).div_ceil(Self::ONE.billionths)
    }
}

/// What a step does.
#[derive(Debug, Clone)]
pub(in crate::simulate) enum Action {
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
        pace: RolloutPace,
    },
    LoseZone(usize),
    RestoreZone(usize),
    UpgradeControlPlane,
    SetCni(Box<InForce>),
    Churn {
        group: usize,
        pods_per_minute: u32,
        minutes: u32,
    },
}

impl Action {
    /// The group that gets another size, with its nodes.
    pub(in crate::simulate) fn scaled(&self) -> Option<(usize, u32)> {
        match self {
            Self::Scale { group, nodes } | Self::Grow { group, nodes, .. } => {
                Some((*group, *nodes))
            }
            Self::Pods { .. }
            | Self::Burst { .. }
            | Self::Rollout { .. }
            | Self::LoseZone(_)
            | Self::RestoreZone(_)
            | Self::UpgradeControlPlane
            | Self::SetCni(_)
            | Self::Churn { .. } => None,
        }
    }

    /// How fast a group's nodes are replaced, if it does that.
    pub(in crate::simulate) fn pace_of(&self, wanted: usize) -> Option<RolloutPace> {
        match self {
            Self::Rollout { group, pace } if *group == wanted => Some(*pace),
            Self::Rollout { .. }
            | Self::Scale { .. }
            | Self::Grow { .. }
            | Self::Pods { .. }
            | Self::Burst { .. }
            | Self::LoseZone(_)
            | Self::RestoreZone(_)
            | Self::UpgradeControlPlane
            | Self::SetCni(_)
            | Self::Churn { .. } => None,
        }
    }

    /// The CNI's settings from now on.
    pub(in crate::simulate) fn cni_set(&self) -> Option<&InForce> {
        match self {
            Self::SetCni(cni) => Some(cni),
            Self::Scale { .. }
            | Self::Grow { .. }
            | Self::Pods { .. }
            | Self::Burst { .. }
            | Self::Rollout { .. }
            | Self::LoseZone(_)
            | Self::RestoreZone(_)
            | Self::UpgradeControlPlane
            | Self::Churn { .. } => None,
        }
    }

    /// What each node of a group runs from now on.
    pub(in crate::simulate) fn pods_set(&self) -> Option<PodsPerNode> {
        match self {
            Self::Pods { per_node, .. } => Some(*per_node),
            Self::Scale { .. }
            | Self::Grow { .. }
            | Self::Burst { .. }
            | Self::Rollout { .. }
            | Self::LoseZone(_)
            | Self::RestoreZone(_)
            | Self::UpgradeControlPlane
            | Self::SetCni(_)
            | Self::Churn { .. } => None,
        }
    }
}
