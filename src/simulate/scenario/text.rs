//! The scenario file: what is written, key by key. Unknown keys are refused.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    interfaces::ExtraInterfaces,
    placement::{PrefixSize, Scaler, Start, Topology},
    pool_limits::PoolLimits,
    values::{
        MaxPods, PodsPerNode, Share, Target, Used, count, is_default, stated, stated_count, zone,
    },
};
use crate::{density::Os, network::Cidr};

/// A network layout and the steps to simulate.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The file's version: 1.
    pub version: u32,
    /// The VPC; with `--from`, CIDR blocks to add to it.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub vpc: Option<Vpc>,
    /// The subnets; with `--from`, subnets to add.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub subnets: Vec<Subnet>,
    /// Settings of the VPC CNI.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub cni: Cni,
    /// Whether EC2 falls back to the rest of a subnet when its prefix reservation is full, and to
    /// the reservation for single addresses when the rest is full. Sources disagree; `false` is the
    /// strict reading.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub prefix_reservation_fallback: bool,
    /// How nodes take their addresses: `grown` (one node after another) or `at_once`.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub start: Start,
    /// Node groups, present after step 0. With `--from`: a group of the snapshot, by its name, to
    /// set what cannot be observed, or a new group.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub node_groups: Vec<NodeGroup>,
    /// The EKS control plane's cross-account ENIs.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub control_plane: Option<ControlPlane>,
    /// Other address holders, such as load balancers.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub others: Vec<Other>,
    /// The steps, in order. Each runs until nothing changes.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub steps: Vec<Step>,
}

/// An empty scenario of this version, so that what is named stands out.
impl Default for Scenario {
    fn default() -> Self {
        Self {
            version: Self::VERSION,
            vpc: None,
            subnets: Vec::new(),
            cni: Cni::default(),
            prefix_reservation_fallback: false,
            start: Start::default(),
            node_groups: Vec::new(),
            control_plane: None,
            others: Vec::new(),
            steps: Vec::new(),
        }
    }
}

impl Scenario {
    /// The version of the file's form.
    pub const VERSION: u32 = 1;
}

/// The VPC.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    /// The IPv4 CIDR blocks.
    #[schemars(with = "Vec<String>")]
    pub cidrs: Vec<Cidr>,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subnet {
    /// The name that this file uses for the subnet.
    pub name: String,
    /// The availability zone.
    pub zone: String,
    /// The IPv4 block.
    #[schemars(with = "String")]
    pub cidr: Cidr,
    /// Addresses in use by others at the start: a count, a list, or `{count, seed}`.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub used: Used,
    /// The tags. The VPC CNI reads `kubernetes.io/role/cni`, and from v1.22 on
    /// `cni.networking.k8s.aws/cluster/NAME`.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub tags: BTreeMap<String, String>,
    /// The subnet CIDR reservations.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub reservations: Vec<Reservation>,
}

/// A subnet CIDR reservation.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// The reserved block.
    #[schemars(with = "String")]
    pub cidr: Cidr,
    /// The type of the reservation.
    #[serde(rename = "type")]
    pub kind: ReservationType,
}

/// What a subnet CIDR reservation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReservationType {
    /// EC2 assigns prefixes from the block.
    Prefix,
    /// EC2 never assigns addresses of the block by itself.
    Explicit,
}

/// Settings of the VPC CNI. A missing setting has the default of the VPC CNI manifest.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cni {
    /// The VPC CNI version, `1.18.3` to `1.23` (default). Subnet discovery, the slot of the trunk
    /// ENI and EC2 calls depend on it.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub version: Option<String>,
    /// ENABLE_PREFIX_DELEGATION.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub prefix_delegation: Option<bool>,
    /// Custom networking: the subnet of the pods, by zone. Zones that are not listed keep theirs.
    /// Absent at the start, or empty: off.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub custom_networking: Option<BTreeMap<String, String>>,
    /// WARM_ENI_TARGET, in ENIs.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub warm_eni_target: Option<Target>,
    /// WARM_IP_TARGET, in addresses.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub warm_ip_target: Option<Target>,
    /// MINIMUM_IP_TARGET, in addresses.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub minimum_ip_target: Option<Target>,
    /// WARM_PREFIX_TARGET, in prefixes.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub warm_prefix_target: Option<Target>,
    /// MAX_ENI, in ENIs.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub max_eni: Option<Target>,
    /// ENABLE_POD_ENI: security groups for pods.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub pod_eni: Option<bool>,
    /// ENABLE_SUBNET_DISCOVERY.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub subnet_discovery: Option<bool>,
    /// IP_COOLDOWN_PERIOD: seconds before the address of a deleted pod can be reused. Default: 30.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub cooldown_seconds: Option<u32>,
    /// DISABLE_NETWORK_RESOURCE_PROVISIONING: nodes keep their addresses; pools do not grow or
    /// shrink.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub disable_network_provisioning: Option<bool>,
    /// An IPv6 cluster, for its life: each node takes 1 IPv4 address (a trunk ENI and each branch ENI
    /// take 1 more), and pods take none. Warm targets, MAX_ENI and prefix delegation have no effect.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub ipv6: Option<bool>,
    /// Settings for Windows nodes, in the ConfigMap `amazon-vpc-cni`.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub windows: Option<WindowsCni>,
    /// CLUSTER_NAME: subnets tagged for other clusters are excluded. If absent, cluster tags are
    /// not checked.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub cluster_name: Option<String>,
}

/// Settings for Windows nodes, in the ConfigMap `amazon-vpc-cni`. A missing setting has the default of
/// the VPC resource controller.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WindowsCni {
    /// `enable-windows-prefix-delegation`.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub prefix_delegation: Option<bool>,
    /// `warm-ip-target`, in addresses. Default: 3, in prefix mode 1.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub warm_ip_target: Option<Target>,
    /// `minimum-ip-target`, in addresses. Default: 3.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub minimum_ip_target: Option<Target>,
    /// `warm-prefix-target`, in prefixes: only if the other two are not set.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub warm_prefix_target: Option<Target>,
}

/// Settings that change; what is absent stays.
pub type CniPatch = Cni;

/// A group of nodes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeGroup {
    /// Its name.
    pub name: String,
    /// The instance type of all nodes.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub instance_type: Option<String>,
    /// Several instance types with weights, instead of `instance_type`.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub instance_types: Vec<WeightedType>,
    /// The operating system. Windows nodes take pod addresses from their own subnet for their primary
    /// ENI, whatever ENIConfigs and subnet tags say. Of the settings of the VPC CNI only `cni.windows`
    /// is for them.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub os: Os,
    /// Nodes of EKS Auto Mode, which has its own CNI: `cni` has no effect on them, and they are started as
    /// Karpenter does.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub auto_mode: bool,
    /// `advancedNetworking.ipv4PrefixSize` of the NodeClass, for nodes of EKS Auto Mode.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub ipv4_prefix_size: PrefixSize,
    /// The subnets of the nodes. `scaler` decides which subnet a node uses.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub subnets: Vec<String>,
    /// ENIConfigs of the group's own: the subnet of the pods, by zone. They take precedence over
    /// `cni.custom_networking`, which must be on: with it, or with `pod_subnets` for each zone of
    /// every group. For nodes of EKS Auto Mode: the subnet that `podSubnetSelectorTerms` of the NodeClass
    /// selects, by zone.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub pod_subnets: BTreeMap<String, String>,
    /// The number of nodes at the start; required for a new group.
    #[serde(default, deserialize_with = "stated_count", skip_serializing_if = "is_default")]
    pub nodes: Option<u64>,
    /// Stopped instances in the warm pool of a managed node group or an Auto Scaling group. They keep
    /// the addresses of a node without pods from step 0 on, and are no nodes. A roll-out replaces them
    /// after the nodes.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub warm_pool: u32,
    /// Interfaces of each instance beside its primary ENI.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub extra_interfaces: ExtraInterfaces,
    /// Prefixes that the primary ENI and each EFA interface have from their launch on: `ipPrefixCount` of
    /// Karpenter's EC2NodeClass. Not with `ipv4_prefix_count`.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub ip_prefix_count: u32,
    /// Prefixes that the primary ENI has from its launch on: `ipv4_prefix_count` of a launch template.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub ipv4_prefix_count: u32,
    /// Secondary addresses that the primary ENI has from its launch on: `ipv4_address_count` of a launch
    /// template.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub ipv4_address_count: u32,
    /// The minimum number of nodes.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub min: Option<u32>,
    /// The maximum number of nodes. A burst without room starts nodes up to this number, as an
    /// autoscaler does. Without `max` the group does not grow by itself.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub max: Option<u32>,
    /// The kubelet's max pods, including host-network pods: `auto` or a number.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub max_pods: MaxPods,
    /// Pods on each node that need an address: a number or `fill`. Default: 0 for a new group; for
    /// a group of the snapshot, the most that the addresses of its nodes allow.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub pods_per_node: Option<PodsPerNode>,
    /// Pods on each node that use the host network. Default: 2, aws-node and kube-proxy; none with
    /// Windows.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub host_network_pods: Option<u32>,
    /// Pods on each node that have a branch ENI of their own.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub branch_pods_per_node: Option<u32>,
    /// What starts the group's nodes. Nodes of EKS Auto Mode: always Karpenter. Default:
    /// `managed_node_group`; for a group of the snapshot, what the tags of its instances name.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
    pub scaler: Option<Scaler>,
    /// The share of the nodes by zone, 0 to 1, for groups that are not balanced. Zones that are not
    /// listed share the rest.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub zone_share: BTreeMap<String, f64>,
    /// How the pods of a burst are spread over the nodes.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub topology: Topology,
    /// The disruption budgets of a Karpenter NodePool, each a count or a percentage of its nodes. In a
    /// roll-out the least holds; 0 blocks it. Default: 10 %; for a group of the snapshot, those of its
    /// NodePool where that was saved.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub disruption_budgets: Vec<Share>,
    /// The limits of a Karpenter NodePool: it starts no node that would pass one. Default for a group of
    /// the snapshot: those of its NodePool where that was saved.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub limits: PoolLimits,
}

/// One of several instance types.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WeightedType {
    /// The instance type.
    #[serde(rename = "type")]
    pub instance_type: String,
    /// The share of the nodes, relative to the other weights.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[schemars(!skip_serializing_if)]
    pub weight: u32,
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_one(weight: &u32) -> bool {
    *weight == one()
}

/// The control plane's ENIs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlPlane {
    /// The subnets of the ENIs, used in turn.
    pub subnets: Vec<String>,
    /// The number of ENIs, 2 to 4 for a cluster.
    #[serde(default = "two", skip_serializing_if = "is_two")]
    #[schemars(!skip_serializing_if)]
    pub interfaces: u32,
}

fn two() -> u32 {
    2
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_two(interfaces: &u32) -> bool {
    *interfaces == two()
}

/// Another address holder, such as a load balancer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Other {
    /// Its subnet.
    pub subnet: String,
    /// The number of addresses.
    pub addresses: u32,
    /// A description.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(!skip_serializing_if)]
    pub what: String,
}

/// A step of the scenario.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Sets the number of nodes of a group.
    Scale {
        /// The group.
        group: String,
        /// The number of nodes.
        #[serde(deserialize_with = "count")]
        nodes: u64,
    },
    /// Sets the number of pods on each node of a group.
    Pods {
        /// The group.
        group: String,
        /// Pods on each node that need an address.
        per_node: PodsPerNode,
    },
    /// Schedules pods at once on a group's nodes, as its `topology` defines.
    Burst {
        /// The group.
        group: String,
        /// The number of pods.
        #[serde(deserialize_with = "count")]
        pods: u64,
    },
    /// Replaces a group's nodes, batch by batch. Default: as a managed node group does, or with
    /// `scaler: karpenter` as Karpenter does.
    Rollout {
        /// The group.
        group: String,
        /// Additional nodes during the rollout: a count or a percentage.
        #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
        max_surge: Option<Share>,
        /// Nodes that may be missing during the rollout: a count or a percentage.
        #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
        max_unavailable: Option<Share>,
        /// Karpenter's disruption budget for this rollout, instead of the group's
        /// `disruption_budgets`: a count or a percentage.
        #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
        budget: Option<Share>,
        /// The kind of rollout. It provides the bounds that are not set.
        #[serde(default, deserialize_with = "stated", skip_serializing_if = "is_default")]
        like: Option<RolloutLike>,
    },
    /// Loses a zone: its nodes stop and are started in the other zones of their groups.
    LoseZone(#[serde(deserialize_with = "zone")] String),
    /// Restores a lost zone: new nodes may use it. Running nodes stay where they are.
    RestoreZone(#[serde(deserialize_with = "zone")] String),
    /// Upgrades the control plane: new ENIs are created before the old ones are deleted.
    UpgradeControlPlane {},
    /// Grows a group by a factor.
    Grow {
        /// The group.
        group: String,
        /// The number of nodes afterwards divided by the number before.
        factor: f64,
    },
    /// Changes CNI settings: warm targets, MAX_ENI and subnet discovery take effect at once, the
    /// others on nodes that start afterwards.
    SetCni(CniPatch),
    /// Replaces pods of a group one after another.
    Churn {
        /// The group.
        group: String,
        /// Pods replaced per minute.
        pods_per_minute: u32,
        /// The duration in minutes.
        minutes: u32,
    },
}

/// The kind of rollout to simulate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RolloutLike {
    /// The default update strategy of a managed node group: new nodes join first, twice the number
    /// of zones or `max_unavailable` (1), whichever is larger (EKS user guide, "Understand each
    /// phase of node updates").
    ManagedNodeGroup,
    /// The minimal update strategy of a managed node group: `max_unavailable` (1) nodes are
    /// removed, then their replacements join.
    ManagedNodeGroupMinimal,
    /// Karpenter: replacements join first, for as many nodes at a time as the disruption budget
    /// allows: `budget` (or `max_surge`), the group's `disruption_budgets`, or 10 % (Karpenter,
    /// "Disruption").
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
