//! The requirement file: what is written, key by key. Unknown keys are refused.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{Allowed, CpuAmount, Duration, MemoryAmount, Range, ZoneLoss};
pub use crate::density::Os as GroupOs;
use crate::{
    network::Cidr,
    simulate::{Cni, Scaler, Share, Used},
};

/// What must run, and within which bounds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// The file's version: 1.
    pub version: u32,
    /// The VPC. Without `cidrs` the plan makes one.
    #[serde(default)]
    pub vpc: RequiredVpc,
    /// The availability zones of the nodes.
    #[serde(default)]
    pub zones: Vec<String>,
    /// The cluster.
    #[serde(default)]
    pub cluster: RequiredCluster,
    /// Groups of nodes and their pods.
    pub groups: Vec<RequiredGroup>,
    /// Other address holders, such as load balancers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<RequiredOther>,
    /// Events that the layout must survive.
    #[serde(default)]
    pub survive: Survive,
    /// The growth of the pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<Growth>,
    /// Bounds for what is recommended.
    #[serde(default)]
    pub limits: Limits,
    /// The number of equal clusters that share the VPC. Default: 1.
    #[serde(default = "one")]
    pub clusters: u32,
    /// The levers that the plan may use. Default: warm-targets, prefixes, subnet-discovery,
    /// custom-networking, reservations, add-cidr-block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow: Option<Vec<Allowed>>,
    /// Settings of the VPC CNI as they are today, with the keys of a scenario's `cni` section.
    #[serde(default)]
    pub cni: Cni,
}

fn one() -> u32 {
    1
}

/// The VPC of the requirement.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RequiredVpc {
    /// The IPv4 CIDR blocks, the primary one first. Empty: the plan makes a VPC.
    #[schemars(with = "Vec<String>")]
    pub cidrs: Vec<Cidr>,
    /// Ranges of the VPC that are taken.
    #[schemars(with = "Vec<String>")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<Cidr>,
    /// Subnets that exist and may be used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subnets: Vec<ExistingSubnet>,
    /// Ranges that must not be used: on-premises networks, peered VPCs.
    #[schemars(with = "Vec<String>")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub avoid: Vec<Cidr>,
    /// The blocks whose addresses are routable. Default: the RFC 1918 blocks of the VPC.
    #[schemars(with = "Vec<String>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routable: Option<Vec<Cidr>>,
}

/// A subnet that exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExistingSubnet {
    /// Its name or id.
    pub name: String,
    /// The availability zone.
    pub zone: String,
    /// The IPv4 block.
    #[schemars(with = "String")]
    pub cidr: Cidr,
    /// Addresses in use by what stays: a count, a list, or `{count, seed}`.
    #[serde(default)]
    pub used: Used,
    /// What it is for.
    #[serde(default)]
    pub role: Role,
    /// Its subnet CIDR reservations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reservations: Vec<crate::simulate::Reservation>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub tags: std::collections::BTreeMap<String, String>,
}

/// What a subnet is for.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Nodes start in it, and their pods have addresses of other subnets.
    Node,
    /// Pods have its addresses, and no node starts in it.
    Pod,
    /// Nodes start in it, and their pods have its addresses.
    #[default]
    NodeAndPod,
    /// The control plane's ENIs.
    ControlPlane,
    /// Load balancers and other address holders.
    Other,
}

impl Role {
    /// Whether nodes start in it.
    #[must_use]
    pub fn takes_nodes(self) -> bool {
        match self {
            Self::Node | Self::NodeAndPod => true,
            Self::Pod | Self::ControlPlane | Self::Other => false,
        }
    }
}

/// The cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RequiredCluster {
    /// The range of Service addresses. Default: what EKS chooses, 10.100.0.0/16, or
    /// 172.20.0.0/16 where the VPC has a block of 10.0.0.0/8.
    #[schemars(with = "String")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_cidr: Option<Cidr>,
    /// Whether the control plane's ENIs are in this VPC. Default: true.
    pub control_plane: bool,
    /// Whether the range of Service addresses was not stated: a cluster that exists may have another.
    #[serde(skip)]
    pub is_service_cidr_assumed: bool,
}

impl Default for RequiredCluster {
    fn default() -> Self {
        Self { service_cidr: None, control_plane: true, is_service_cidr_assumed: false }
    }
}

/// A group of nodes and the pods on them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequiredGroup {
    /// Its name.
    pub name: String,
    /// Pods that need an address.
    pub pods: PodCount,
    /// The instance types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instance_types: Vec<String>,
    /// The bounds within which the plan chooses an instance type, instead of `instance_types`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choose: Option<Choose>,
    /// Pods on each node that need an address. Default: as many as max pods allows, or `pod`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pods_per_node: Option<u32>,
    /// What a pod requests; it decides how many pods fit on a node, instead of `pods_per_node`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod: Option<PodRequest>,
    /// What daemonsets request on each node, with `pod`. Default: 250m and 512Mi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daemonsets: Option<PodRequest>,
    /// What starts the group's nodes. Default: managed_node_group.
    #[serde(default)]
    pub scaler: Scaler,
    /// The operating system. Default: linux.
    #[serde(default)]
    pub os: GroupOs,
    /// The maximum number of nodes. Default: as many as needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_nodes: Option<u32>,
    /// Pods on each node with a branch ENI of their own (security groups for pods).
    #[serde(default)]
    pub branch_pods_per_node: u32,
    /// Pods on each node that use the host network. Default: 2.
    #[serde(default = "two")]
    pub host_network_pods: u32,
    /// Stopped instances that hold their addresses.
    #[serde(default)]
    pub warm_pool: u32,
    /// The number of nodes today: what a change has to replace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes_now: Option<u32>,
    /// The kubelet's max pods today. Default: what `eksnet maxpods` says for today's settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_pods_now: Option<u32>,
}

fn two() -> u32 {
    2
}

/// Numbers of pods.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PodCount {
    /// On a usual day. Default: the peak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual: Option<u32>,
    /// The most at one time.
    pub peak: u32,
}

/// Bounds within which the plan chooses an instance type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// Instance families, such as `m7g`.
    pub families: Vec<String>,
    /// vCPUs, such as `4..16`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vcpus: Option<Range>,
    /// The processor architecture: `x86_64` or `arm64`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arch: Option<String>,
}

/// CPU and memory requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PodRequest {
    /// CPU, such as `500m`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<CpuAmount>,
    /// Memory, such as `1Gi`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<MemoryAmount>,
}

/// Another address holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequiredOther {
    /// The availability zone.
    pub zone: String,
    /// The number of addresses.
    pub addresses: u32,
    /// A description.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what: String,
}

/// Events that the layout must survive.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Survive {
    /// The number of zones that may be lost at one time; `true` is 1.
    pub zone_loss: ZoneLoss,
    /// The roll-out of every group. Karpenter groups follow `budget`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollout: Option<RequiredRollout>,
    /// The upgrade of the control plane.
    pub upgrade: bool,
    /// Pods that arrive at once on the settled usual nodes. Default: usual to peak.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub burst: Option<u32>,
}

/// How nodes are replaced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RequiredRollout {
    /// Additional nodes during the roll-out: a count or a percentage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_surge: Option<Share>,
    /// Nodes that may be missing during the roll-out: a count or a percentage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_unavailable: Option<Share>,
    /// The disruption budget of Karpenter groups. Default: 10 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Share>,
}

/// The growth of the pods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Growth {
    /// Pods afterwards divided by pods before, 1 to 1000.
    pub factor: f64,
    /// How long that takes, such as `18mo`, `2y`, `26w` or `90d`. Default: 12mo.
    #[serde(default)]
    pub over: Duration,
}

/// Bounds for what is recommended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The most routable addresses of new subnets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routable_addresses: Option<u64>,
    /// The most addresses of new subnets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addresses: Option<u64>,
    /// The most CIDR blocks of the VPC. Default: 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cidr_blocks: Option<u32>,
    /// The most EC2 calls in one minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ec2_calls_per_minute: Option<u64>,
    /// The longest that a pod may wait for an address, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod_wait_s: Option<u64>,
}
