//! The scenario file: what is written, key by key. Unknown keys are refused.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    placement::{Scaler, Start, Topology},
    values::{MaxPods, PodsPerNode, Share, Target, Used, count, stated, stated_count},
};
use crate::network::Cidr;

/// A layout and what happens to it.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The file's version: 1.
    pub version: u32,
    /// The VPC; beside an observed start, blocks that are added to it.
    #[serde(default, deserialize_with = "stated")]
    pub vpc: Option<Vpc>,
    /// Its subnets; beside an observed start, subnets that are added.
    #[serde(default)]
    pub subnets: Vec<Subnet>,
    /// Settings of the VPC CNI.
    #[serde(default)]
    pub cni: Cni,
    /// Whether EC2 goes on in the rest of a subnet when its prefix reservation is full, and inside of the
    /// reservation for single addresses when the rest is full. It is described both ways; `false` is the
    /// strict reading.
    #[serde(default)]
    pub prefix_reservation_fallback: bool,
    /// How nodes come: `grown` (one after another) or `at_once`.
    #[serde(default)]
    pub start: Start,
    /// Node groups, which are there after step 0. Beside an observed start, a group that is there by its
    /// name, with what cannot be observed of it, or a new one.
    #[serde(default)]
    pub node_groups: Vec<NodeGroup>,
    /// The cluster's own cross-account interfaces.
    #[serde(default, deserialize_with = "stated")]
    pub control_plane: Option<ControlPlane>,
    /// Other holders of addresses.
    #[serde(default)]
    pub others: Vec<Other>,
    /// What happens, in order, each until nothing changes.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// The VPC.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    /// Its IPv4 blocks.
    #[schemars(with = "Vec<String>")]
    pub cidrs: Vec<Cidr>,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subnet {
    /// Its name, by which the file speaks of it.
    pub name: String,
    /// Its availability zone.
    pub zone: String,
    /// Its IPv4 block.
    #[schemars(with = "String")]
    pub cidr: Cidr,
    /// What others hold in it at the start: a count, a list, or `{count, seed}`.
    #[serde(default)]
    pub used: Used,
    /// Its tags; `kubernetes.io/role/cni` counts, and from v1.22 on `cni.networking.k8s.aws/cluster/NAME`.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Its CIDR reservations.
    #[serde(default)]
    pub reservations: Vec<Reservation>,
}

/// A subnet CIDR reservation.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// The reserved block.
    #[schemars(with = "String")]
    pub cidr: Cidr,
    /// What it is for.
    #[serde(rename = "type")]
    pub kind: ReservationType,
}

/// What a subnet CIDR reservation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReservationType {
    /// EC2 takes prefixes from it.
    Prefix,
    /// EC2 never assigns from it by itself.
    Explicit,
}

/// Settings of the VPC CNI; what is absent is as in the shipped manifest.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cni {
    /// The CNI's version, `1.18.3` to `1.23` (the default): subnet discovery, the trunk's slot and EC2
    /// calls differ.
    #[serde(default, deserialize_with = "stated")]
    pub version: Option<String>,
    /// ENABLE_PREFIX_DELEGATION.
    #[serde(default, deserialize_with = "stated")]
    pub prefix_delegation: Option<bool>,
    /// Zone to subnet of the pods. Zones that are not named keep theirs; absent from the start on, or empty,
    /// is off.
    #[serde(default, deserialize_with = "stated")]
    pub custom_networking: Option<BTreeMap<String, String>>,
    /// WARM_ENI_TARGET, in ENIs.
    #[serde(default, deserialize_with = "stated")]
    pub warm_eni_target: Option<Target>,
    /// WARM_IP_TARGET, in addresses.
    #[serde(default, deserialize_with = "stated")]
    pub warm_ip_target: Option<Target>,
    /// MINIMUM_IP_TARGET, in addresses.
    #[serde(default, deserialize_with = "stated")]
    pub minimum_ip_target: Option<Target>,
    /// WARM_PREFIX_TARGET, in prefixes.
    #[serde(default, deserialize_with = "stated")]
    pub warm_prefix_target: Option<Target>,
    /// MAX_ENI, in ENIs.
    #[serde(default, deserialize_with = "stated")]
    pub max_eni: Option<Target>,
    /// ENABLE_POD_ENI: security groups for pods.
    #[serde(default, deserialize_with = "stated")]
    pub pod_eni: Option<bool>,
    /// ENABLE_SUBNET_DISCOVERY.
    #[serde(default, deserialize_with = "stated")]
    pub subnet_discovery: Option<bool>,
    /// IP_COOLDOWN_PERIOD: seconds that an address rests after its pod is gone, 30 unless it is stated.
    #[serde(default, deserialize_with = "stated")]
    pub cooldown_seconds: Option<u32>,
    /// DISABLE_NETWORK_RESOURCE_PROVISIONING: nodes hold what they have, and nothing grows or shrinks.
    #[serde(default, deserialize_with = "stated")]
    pub disable_network_provisioning: Option<bool>,
    /// CLUSTER_NAME, against which subnets tagged for single clusters are held; absent, they are not.
    #[serde(default, deserialize_with = "stated")]
    pub cluster_name: Option<String>,
}

/// Settings that change; what is absent stays.
pub type CniPatch = Cni;

/// A group of nodes.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeGroup {
    /// Its name.
    pub name: String,
    /// The type of all its nodes.
    #[serde(default, deserialize_with = "stated")]
    pub instance_type: Option<String>,
    /// Or several types by weight.
    #[serde(default)]
    pub instance_types: Vec<WeightedType>,
    /// Subnets its nodes go to, as `scaler` decides.
    #[serde(default)]
    pub subnets: Vec<String>,
    /// Nodes; wanted unless the group was observed.
    #[serde(default, deserialize_with = "stated_count")]
    pub nodes: Option<u64>,
    /// The fewest nodes it may have.
    #[serde(default, deserialize_with = "stated")]
    pub min: Option<u32>,
    /// The most nodes it may have. A burst that finds no room starts nodes up to here, as an autoscaler
    /// does; without it the group does not grow by itself.
    #[serde(default, deserialize_with = "stated")]
    pub max: Option<u32>,
    /// Pods a node takes, host-network pods included: `auto` or a number.
    #[serde(default)]
    pub max_pods: MaxPods,
    /// Pods on each node that need an address: a number or `fill`; 0 unless the group was observed, and
    /// then the most that its nodes' addresses allow.
    #[serde(default, deserialize_with = "stated")]
    pub pods_per_node: Option<PodsPerNode>,
    /// Pods on each node that use the host network.
    #[serde(default = "standard_host_network_pods")]
    pub host_network_pods: u32,
    /// Pods on each node with a branch ENI of their own.
    #[serde(default, deserialize_with = "stated")]
    pub branch_pods_per_node: Option<u32>,
    /// What starts its nodes.
    #[serde(default)]
    pub scaler: Scaler,
    /// Zones with their share of the nodes, 0 to 1, for pools that do not balance; zones that are not named
    /// share what is left.
    #[serde(default)]
    pub zone_share: BTreeMap<String, f64>,
    /// Which nodes the pods of a burst go to.
    #[serde(default)]
    pub topology: Topology,
}

/// aws-node and kube-proxy.
pub(in crate::simulate) fn standard_host_network_pods() -> u32 {
    2
}

/// One type of several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WeightedType {
    /// The type.
    #[serde(rename = "type")]
    pub instance_type: String,
    /// Its share of the nodes, against the other weights.
    #[serde(default = "one")]
    pub weight: u32,
}

fn one() -> u32 {
    1
}

/// The cluster's own interfaces.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlPlane {
    /// Subnets they go to in turn.
    pub subnets: Vec<String>,
    /// How many, 2 to 4 for a cluster.
    #[serde(default = "two")]
    pub interfaces: u32,
}

fn two() -> u32 {
    2
}

/// Another holder of addresses, such as a load balancer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Other {
    /// Its subnet.
    pub subnet: String,
    /// Addresses it holds there.
    pub addresses: u32,
    /// What it is.
    #[serde(default)]
    pub what: String,
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// A group gets so many nodes.
    Scale {
        /// The group.
        group: String,
        /// Nodes.
        #[serde(deserialize_with = "count")]
        nodes: u64,
    },
    /// Each node of a group gets so many pods.
    Pods {
        /// The group.
        group: String,
        /// Pods on each node that need an address.
        per_node: PodsPerNode,
    },
    /// Pods come at once to a group's nodes, as its `topology` says.
    Burst {
        /// The group.
        group: String,
        /// Pods.
        #[serde(deserialize_with = "count")]
        pods: u64,
    },
    /// A group's nodes are replaced, batch by batch. Without any bound as a managed node group does it.
    Rollout {
        /// The group.
        group: String,
        /// New nodes beyond the group's size: a count or a percentage.
        #[serde(default, deserialize_with = "stated")]
        max_surge: Option<Share>,
        /// Nodes that may be missing: a count or a percentage.
        #[serde(default, deserialize_with = "stated")]
        max_unavailable: Option<Share>,
        /// Whose way of replacing nodes gives the bounds that are not written.
        #[serde(default, deserialize_with = "stated")]
        like: Option<RolloutLike>,
    },
    /// A zone's nodes go and are started in the other zones of their groups.
    LoseZone(String),
    /// A zone that was lost is there again: nodes that start from now on may go there. Those that run stay
    /// where they are.
    RestoreZone(String),
    /// New control plane interfaces come before the old go.
    UpgradeControlPlane {},
    /// A group grows by a factor.
    Grow {
        /// The group.
        group: String,
        /// Nodes after by nodes before.
        factor: f64,
    },
    /// CNI settings change: warm targets, MAX_ENI and subnet discovery at once, the rest on nodes
    /// that start afterwards.
    SetCni(CniPatch),
    /// Pods of a group are replaced one after the other.
    Churn {
        /// The group.
        group: String,
        /// Pods replaced in a minute.
        pods_per_minute: u32,
        /// For how many minutes.
        minutes: u32,
    },
}

/// Whose way of replacing nodes is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RolloutLike {
    /// A managed node group's default strategy: new nodes come first, twice as many as there are zones or
    /// as many as `max_unavailable` (1), whichever is more (EKS user guide, "Understand each phase of node
    /// updates").
    ManagedNodeGroup,
    /// A managed node group's minimal strategy: `max_unavailable` (1) nodes go, then their replacements
    /// come.
    ManagedNodeGroupMinimal,
    /// Karpenter: replacements come first, for as many nodes at a time as the disruption budget has, 10 %
    /// unless `max_surge` states another (Karpenter, "Disruption").
    Karpenter,
}

impl Step {
    /// The step's key in the file.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Scale { .. } => "scale",
            Self::Pods { .. } => "pods",
            Self::Burst { .. } => "burst",
            Self::Rollout { .. } => "rollout",
            Self::LoseZone(_) => "lose_zone",
            Self::RestoreZone(_) => "restore_zone",
            Self::UpgradeControlPlane {} => "upgrade_control_plane",
            Self::Grow { .. } => "grow",
            Self::SetCni(_) => "set_cni",
            Self::Churn { .. } => "churn",
        }
    }
}
