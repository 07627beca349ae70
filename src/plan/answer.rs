//! The answer: layouts that hold, ranked, and what was left out and why. The form of `eksnet.plan/v1`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::requirement::{Allowed, Requirement, Role};
use crate::{
    network::Cidr,
    simulate::{Cni, ReservationType, Scaler, Scenario, TightKind, Verdict},
};

/// A plan.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Plan {
    /// The requirement as it was understood, with its defaults.
    pub requirement: Requirement,
    /// What becomes of today's layout under the requirement; `null` where no subnet exists, as
    /// `assumed` says.
    pub existing: Option<Existing>,
    /// Layouts that hold, the best first.
    pub candidates: Vec<Candidate>,
    /// The id of the candidate to take; `null` where none is within the limits and has something to
    /// spare, as `impossible` says.
    pub recommended: Option<String>,
    /// Why nothing is recommended, and what would change that; `null` where something is.
    pub impossible: Option<Impossible>,
    /// Layouts that were looked at and fail.
    pub rejected: Vec<Rejected>,
    /// What was assumed where the requirement says nothing, and what a person must know.
    pub assumed: Vec<String>,
    /// What is needed for a surer answer: values that were not available.
    pub needed: Vec<Needed>,
    /// How the plan was found.
    pub search: SearchSummary,
}

/// What becomes of today's layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Existing {
    /// Whether it holds.
    pub verdict: Verdict,
    /// Whether it has nothing to spare; `false` where it fails.
    pub tight: bool,
    /// What fails first, or is tight first, in one sentence; `null` where nothing does.
    pub first_failure: Option<String>,
}

/// A layout that holds.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Candidate {
    /// Its levers, joined with `+`; `plain` without any.
    pub id: String,
    /// One sentence.
    pub summary: String,
    /// The levers that it uses.
    pub levers: Vec<Allowed>,
    /// The VPC's blocks before.
    #[schemars(with = "Vec<String>")]
    pub vpc_cidrs: Vec<Cidr>,
    /// Blocks to add to the VPC, in this order.
    pub vpc_cidrs_added: Vec<AddedBlock>,
    /// All subnets, the existing ones that are used among them.
    pub subnets: Vec<PlannedSubnet>,
    /// Settings of the VPC CNI, with the keys of a scenario.
    pub cni: Cni,
    /// Node groups.
    pub node_groups: Vec<PlannedGroup>,
    /// The control plane's ENIs; `null` where the requirement has none in this VPC.
    pub control_plane: Option<PlannedControlPlane>,
    /// Other address holders.
    pub others: Vec<PlannedOther>,
    /// What it takes and what it leaves.
    pub figures: Figures,
    /// Whether it holds: `fits` for every candidate.
    pub verdict: Verdict,
    /// Where it has nothing to spare.
    pub tight: Vec<PlannedTight>,
    /// The limits of the requirement that it breaks.
    pub beyond_limits: Vec<String>,
    /// What it changes, compared in this order.
    pub change: Change,
    /// What to do, in order.
    pub work: Vec<WorkStep>,
    /// What hung on how EC2 is read where it is described both ways, and why a figure is `null`.
    pub notes: Vec<String>,
    /// Why another candidate comes before it; `null` for the first.
    pub why_not_first: Option<String>,
    /// The scenario that was simulated.
    #[serde(skip)]
    pub scenario: Scenario,
}

/// A block to add to the VPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AddedBlock {
    /// The block.
    #[schemars(with = "String")]
    pub cidr: Cidr,
    /// Whether it is the primary block of a new VPC.
    pub primary: bool,
    /// Whether its addresses count as routable.
    pub routable: bool,
}

/// A subnet of a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedSubnet {
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: String,
    /// Its block.
    #[schemars(with = "String")]
    pub cidr: Cidr,
    /// What it is for.
    pub role: Role,
    /// Whether it has to be created.
    pub new: bool,
    /// Whether its addresses count as routable.
    pub routable: bool,
    /// All its tags.
    pub tags: BTreeMap<String, String>,
    /// All its subnet CIDR reservations.
    pub reservations: Vec<PlannedReservation>,
    /// The most addresses in use at one time, in the worst run.
    pub peak_used: u64,
    /// Addresses beside AWS's five.
    pub usable: u64,
    /// The fewest assignable /28 prefixes, in the worst run.
    pub min_assignable_prefixes: u64,
}

/// A subnet CIDR reservation of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedReservation {
    /// The block.
    #[schemars(with = "String")]
    pub cidr: Cidr,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: ReservationType,
    /// Whether it has to be created.
    pub new: bool,
}

/// What bounds the pods of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LimitedBy {
    /// `pods_per_node` of the requirement.
    PodsPerNode,
    /// The node's CPU.
    Cpu,
    /// The node's memory.
    Memory,
    /// The addresses that the ENIs carry.
    Addresses,
    /// The cap of 110 or 250 pods.
    Cap,
}

/// A node group of a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedGroup {
    /// Its name.
    pub name: String,
    /// The group of the requirement that it belongs to; with several clusters each has its own.
    pub of: String,
    /// The instance type, of several the first.
    pub instance_type: String,
    /// All instance types.
    pub instance_types: Vec<String>,
    /// What starts its nodes.
    pub scaler: Scaler,
    /// The operating system: `linux` or `windows`.
    pub os: super::requirement::GroupOs,
    /// Nodes for the usual pods.
    pub nodes_usual: u32,
    /// Nodes for the most pods.
    pub nodes_peak: u32,
    /// Nodes for the most pods after the growth.
    pub nodes_grown: u32,
    /// The kubelet's max pods.
    pub max_pods: u32,
    /// Pods on a node that need an address of its pool.
    pub pods_per_node: u32,
    /// What bounds them.
    pub limited_by: LimitedBy,
    /// Pods on a node that use the host network.
    pub host_network_pods: u32,
    /// Pods on a node with a branch ENI.
    pub branch_pods_per_node: u32,
    /// Stopped instances.
    pub warm_pool: u32,
    /// The subnets of the nodes.
    pub subnets: Vec<String>,
    /// The subnets of the pods by zone, for custom networking; empty without it.
    pub pod_subnets: BTreeMap<String, String>,
    /// Whether nodes that run today have to be replaced.
    #[serde(skip)]
    pub replaced: bool,
}

/// The control plane's ENIs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedControlPlane {
    /// The cluster's subnets.
    pub subnets: Vec<String>,
    /// The number of ENIs.
    pub interfaces: u32,
}

/// Another address holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedOther {
    /// Its subnet.
    pub subnet: String,
    /// The number of addresses.
    pub addresses: u32,
    /// A description.
    pub what: String,
}

/// What a candidate takes and what it leaves.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Figures {
    /// Addresses of the new subnets that are routable, AWS's five included.
    pub routable_addresses: u64,
    /// Addresses of the new subnets.
    pub addresses: u64,
    /// The most addresses that the nodes' interfaces hold at one time.
    pub held_addresses: u64,
    /// Nodes at the peak, before any growth.
    pub nodes_peak: u64,
    /// Blocks of the VPC afterwards.
    pub cidr_blocks: u64,
    /// The most EC2 calls in one minute, from the first event on.
    pub ec2_calls_peak_minute: u64,
    /// The longest that a pod waits for an address, in seconds; `null` where nothing ends the wait, as
    /// the candidate's `notes` say.
    pub longest_pod_wait_s: Option<u64>,
    /// The subnet with the highest use; `null` without subnets.
    pub tightest_subnet: Option<String>,
    /// Its highest use, in percent.
    pub tightest_use: f64,
    /// The fewest assignable /28 prefixes of a subnet that pods take prefixes from; `null` without
    /// prefix delegation.
    pub assignable_prefixes_min: Option<u64>,
    /// How many more pods than at the peak still fit.
    pub pods_more: u64,
    /// Months until they are there at the growth of the requirement; `null` without a growth.
    pub months: Option<f64>,
}

/// Where a candidate has nothing to spare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedTight {
    /// The kind, as `simulate` names it.
    pub kind: TightKind,
    /// The same in words.
    pub text: String,
}

/// What a candidate changes of what runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Change {
    /// Groups with other instance types.
    pub types: u32,
    /// Blocks added to the VPC.
    pub blocks: u32,
    /// Nodes to replace.
    pub nodes: u32,
    /// Groups with another max pods.
    pub max_pods: u32,
    /// New subnets.
    pub subnets: u32,
    /// CNI settings that change.
    pub settings: u32,
}

/// What a step of the work does. It names the files of `--emit` and the commands that do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WorkKind {
    /// Creates the VPC.
    Vpc,
    /// Adds CIDR blocks to the VPC.
    CidrBlocks,
    /// Creates subnets, with their tags.
    Subnets,
    /// Creates subnet CIDR reservations.
    Reservations,
    /// Tags subnets that exist.
    SubnetTags,
    /// Gives the control plane other subnets.
    ControlPlane,
    /// Creates ENIConfigs.
    EniConfigs,
    /// Changes settings of the VPC CNI.
    CniSettings,
    /// Changes settings of Windows nodes.
    WindowsSettings,
    /// Creates or changes node groups: subnets, instance types, max pods, sizes.
    NodeGroups,
    /// Replaces nodes, so that what holds for new nodes alone takes effect.
    ReplaceNodes,
    /// Anything else, such as a new cluster.
    Other,
}

/// A step of the work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkStep {
    /// What the step does.
    pub kind: WorkKind,
    /// What to do.
    pub what: String,
    /// Whether it takes effect on new nodes alone, so that nodes have to be replaced.
    pub new_nodes: bool,
    /// Whether max pods changes.
    pub max_pods_change: bool,
    /// What can go wrong.
    pub risk: String,
    /// How to see that it worked: a command where one shows it.
    pub check: String,
    /// How to go back.
    pub back: String,
}

/// A layout that fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rejected {
    /// Its id.
    pub id: String,
    /// Its levers.
    pub levers: Vec<Allowed>,
    /// Why, in one sentence.
    pub reason: String,
}

/// Nothing can be recommended.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Impossible {
    /// Why, in one sentence.
    pub reason: String,
    /// The smallest change of the requirement that was found to make it possible; `null` where none of those
    /// tried does, as the reason says.
    pub smallest_change: Option<SmallestChange>,
}

/// A change of the requirement.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SmallestChange {
    /// The change in words.
    pub text: String,
    /// The key of the requirement, such as `groups[0].max_nodes`.
    pub key: String,
    /// Its new value.
    pub value: serde_json::Value,
}

/// A value that was not available.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Needed {
    /// What.
    pub what: String,
    /// Where it was looked for.
    pub r#where: String,
    /// The key of the requirement that gives it.
    pub key: String,
}

/// How a plan was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SearchSummary {
    /// Combinations of levers that were looked at.
    pub candidates: u64,
    /// Simulations.
    pub simulations: u64,
    /// Whether every combination was looked at to its end.
    pub complete: bool,
}

impl Candidate {
    /// Whether the cluster is created with the layout: nothing of the requirement says that one runs.
    #[must_use]
    pub fn creates_cluster(&self, requirement: &Requirement) -> bool {
        let makes_vpc = self.vpc_cidrs_added.iter().any(|block| block.primary);
        let runs_nodes = requirement.groups.iter().any(|group| group.nodes_now.is_some());
        let is_new = makes_vpc || (requirement.vpc.subnets.is_empty() && !runs_nodes);
        is_new && self.control_plane.is_some()
    }
}

impl Plan {
    /// The recommended candidate.
    #[must_use]
    pub fn recommended(&self) -> Option<&Candidate> {
        let id = self.recommended.as_ref()?;
        self.candidate(id)
    }

    /// A candidate by its id.
    #[must_use]
    pub fn candidate(&self, id: &str) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.id == id)
    }
}
