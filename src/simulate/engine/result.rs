//! What became of a layout: the public figures, without any text formatting.

use std::{collections::BTreeMap, sync::Arc};

use schemars::JsonSchema;
use serde::Serialize;

use crate::network::Cidr;

/// Whether everything that was wanted found its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It did.
    Fits,
    /// Something did not.
    Fails,
}

/// What was wanted and not placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shortage {
    /// Nodes that never became Ready.
    Nodes,
    /// Pods without an address.
    Pods,
    /// Host-network pods, which need no address.
    HostNetworkPods,
    /// New nodes of a roll-out, against which old ones were to go.
    Replacements,
    /// Interfaces of the control plane.
    Interfaces,
    /// Addresses of other holders.
    Addresses,
    /// Free addresses that EKS asks for in a cluster subnet.
    FreeAddresses,
    /// IPv4 blocks of the VPC.
    VpcBlocks,
    /// Network address units of the VPC.
    AddressUnits,
    /// Pods that started in time.
    PodStarts,
    /// Instances of a warm pool that found no address.
    PooledInstances,
}

impl Shortage {
    /// What was wanted, and what becomes of what is placed, such as `pods` that `have an address`.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Nodes => ("nodes", "are Ready"),
            Self::Pods => ("pods", "have an address"),
            Self::HostNetworkPods => ("host-network pods", "are scheduled"),
            Self::Replacements => ("new nodes", "run the pods of the old nodes"),
            Self::Interfaces => ("control plane interfaces", "are placed"),
            Self::Addresses => ("addresses of other holders", "are placed"),
            Self::FreeAddresses => ("addresses that EKS requires", "are free"),
            Self::VpcBlocks => ("blocks of the VPC", "are accepted"),
            Self::AddressUnits => ("network address units", "are allowed"),
            Self::PooledInstances => ("instances of the warm pool", "have an address"),
            Self::PodStarts => ("new pods", "have an address in time"),
        }
    }
}

/// Why something was not placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// EC2's InsufficientFreeAddressesInSubnet: too few single addresses.
    InsufficientFreeAddresses,
    /// EC2's InsufficientCidrBlocks: no free aligned /28.
    InsufficientCidrBlocks,
    /// The same where prefixes come from a reservation alone, whatever is free outside of it.
    PrefixReservationFull,
    /// Custom networking has no subnet for the node's zone.
    NoEniConfig,
    /// The node's own subnet is tagged out of use for pods, and no other of its zone is tagged for
    /// them.
    NoPodSubnet,
    /// EKS Auto Mode: the NodeClass selects pod subnets, and none in the node's zone.
    NoAutoModePodSubnet,
    /// No ENI of the node can carry a pod address (such as MAX_ENI=1 under custom networking).
    NoCarrier,
    /// The group, or the control plane, has no subnet outside of the zones that are lost.
    NoSubnet,
    /// Max pods, host-network and branch pods leave no room on the nodes.
    MaxPods,
    /// No subnet was short: the node's ENIs or its targets give no more addresses.
    PoolLimit,
    /// The node has no trunk or no branch ENI left.
    BranchLimit,
    /// EKS refuses to upgrade a cluster with a subnet that has fewer than five free addresses.
    ControlPlaneNeedsFive,
    /// AWS refuses a block of the VPC.
    VpcBlockRefused,
    /// The VPC has no more network address units.
    AddressUnitsExceeded,
    /// An address came later than it may.
    WaitedTooLong,
    /// The NodePool's limits allow no further node.
    NodePoolLimit,
    /// The NodePool's disruption budget allows no node to be replaced.
    DisruptionBudget,
}

impl Reason {
    /// Whether more room in a subnet could help.
    pub(in crate::simulate) fn is_for_want_of_room(self) -> bool {
        match self {
            Self::InsufficientFreeAddresses
            | Self::InsufficientCidrBlocks
            | Self::PrefixReservationFull
            | Self::ControlPlaneNeedsFive => true,
            Self::NoEniConfig
            | Self::NoPodSubnet
            | Self::NoAutoModePodSubnet
            | Self::NoCarrier
            | Self::NoSubnet
            | Self::MaxPods
            | Self::PoolLimit
            | Self::BranchLimit
            | Self::WaitedTooLong
            | Self::NodePoolLimit
            | Self::DisruptionBudget
            | Self::VpcBlockRefused
            | Self::AddressUnitsExceeded => false,
        }
    }

    /// The reason as a lower-case clause.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::InsufficientFreeAddresses => "the subnet has too few free addresses",
            Self::InsufficientCidrBlocks => "the subnet has no free aligned /28 for a prefix",
            Self::PrefixReservationFull => "the subnet's prefix reservation has no free /28",
            Self::NoEniConfig => "no ENIConfig names a subnet for the zone (custom networking)",
            Self::NoPodSubnet => "the VPC CNI may not use any subnet of the zone for pods",
            Self::NoAutoModePodSubnet => {
                "the NodeClass has no pod subnet in the node's zone (podSubnetSelectorTerms)"
            }
            Self::NoCarrier => "no ENI of the node can carry a pod address",
            Self::NoSubnet => "the group has no subnet outside the lost zones",
            Self::MaxPods => "the nodes already run max pods",
            Self::PoolLimit => "the nodes' ENIs or warm targets allow no more addresses",
            Self::WaitedTooLong => "the address was not available in time, or at all",
            Self::NodePoolLimit => "the NodePool's limits allow no further node",
            Self::DisruptionBudget => "the NodePool's disruption budget is 0",
            Self::BranchLimit => "the nodes have no free trunk or branch ENI",
            Self::ControlPlaneNeedsFive => {
                "EKS upgrades a cluster only if each of its subnets has 5 free addresses"
            }
            Self::VpcBlockRefused => "AWS rejects a CIDR block of the VPC",
            Self::AddressUnitsExceeded => "the VPC's quota of network address units is exceeded",
        }
    }
}

/// Something that did not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutFailure {
    /// The step's index.
    pub step: u32,
    /// The subnet that was short, if one was.
    pub subnet: Option<String>,
    /// The group it happened to; `None` for the control plane, other holders and the VPC.
    pub group: Option<String>,
    /// What was short.
    pub what: Shortage,
    /// How many were wanted.
    pub wanted: u64,
    /// How many were placed.
    pub placed: u64,
    /// Why.
    pub reason: Reason,
}

impl LayoutFailure {
    /// Whether AWS refuses the VPC itself, whatever is placed in it.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self.what {
            Shortage::VpcBlocks | Shortage::AddressUnits => true,
            Shortage::Nodes
            | Shortage::Pods
            | Shortage::HostNetworkPods
            | Shortage::Replacements
            | Shortage::Interfaces
            | Shortage::Addresses
            | Shortage::PodStarts
            | Shortage::PooledInstances
            | Shortage::FreeAddresses => false,
        }
    }

    /// Whether it is one that there was before, and no more of it.
    pub(super) fn lasts(&self, before: &Self) -> bool {
        let about = |failure: &Self| {
            (failure.subnet.clone(), failure.group.clone(), failure.what, failure.reason)
        };
        let missing = |failure: &Self| failure.wanted.saturating_sub(failure.placed);
        about(self) == about(before) && missing(self) <= missing(before)
    }
}

/// Where there is nothing to spare, though all fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TightKind {
    /// Nodes hold fewer warm addresses than their target asks for, since EC2 refused them more. The value
    /// is how many nodes.
    WarmTargetUnmet,
    /// A subnet had room for fewer single addresses than one more node takes: for its ENIs and, in
    /// secondary-IP mode, for the pods and what it keeps warm. Of what stands at the start the warm pool
    /// does not count, since unmet targets show there. The value is the addresses left.
    NextEniRefused,
    /// A subnet has fewer assignable /28 blocks than one more node takes, with its warm prefixes. The
    /// value is the blocks left.
    LastPrefixes,
    /// Nodes of EKS Auto Mode hold single addresses, since their subnet had no free /28. The value is how
    /// many nodes.
    PrefixFallback,
    /// More of a subnet was in use than the margin allows, not counting addresses in the nodes' pools that
    /// wait for pods: those are to spare. The value is the percentage, rounded up.
    Margin,
}

/// Where there is nothing to spare, and by how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TightReason {
    /// What is tight.
    pub kind: TightKind,
    /// The subnet, where one is known.
    pub subnet: Option<String>,
    /// The group, if it is about one.
    pub group: Option<String>,
    /// The figure, as the kind says.
    pub value: u64,
    /// The step's index.
    pub step: u32,
    /// The same in words.
    pub text: String,
}

/// A group at the end of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupState {
    /// Its name.
    pub name: Arc<str>,
    /// Nodes it is to have.
    pub nodes_wanted: u64,
    /// Nodes that are Ready.
    pub nodes_placed: u64,
    /// Pods it is to have that need an address, branch pods included.
    pub pods_wanted: u64,
    /// Those with an address.
    pub pods_placed: u64,
}

/// A subnet at the end of a step, in addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubnetState {
    /// Its name.
    pub name: Arc<str>,
    /// Addresses in use.
    pub used: u32,
    /// The most in use at one time of the step.
    pub peak_used: u32,
    /// Usable addresses not in use.
    pub free: u32,
    /// Prefixes that EC2 can delegate: free /28 blocks outside of explicit reservations, and inside the
    /// prefix reservation where there is one.
    pub assignable_prefixes: u32,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepResult {
    /// 0 is the start.
    pub index: u32,
    /// `start`, or the step's key.
    pub name: String,
    /// Simulated seconds until the last change.
    pub seconds: u64,
    /// Whether nothing changed any more at the end.
    pub settled: bool,
    /// Groups, as the scenario orders them.
    pub groups: Vec<GroupState>,
    /// Subnets, as the scenario orders them.
    pub subnets: Vec<SubnetState>,
    /// EC2 calls of the nodes, and of the VPC resource controller for their branch ENIs, failed ones
    /// included, by operation.
    pub ec2_calls: BTreeMap<&'static str, u64>,
    /// The same where EC2 answers in a full subnet with a code that does not make ipamd pause for 120 s.
    pub ec2_calls_at_most: BTreeMap<&'static str, u64>,
    /// How long pods waited for an address, where they were replaced or came all at once.
    pub waits: Option<Waits>,
    /// The most EC2 calls of the nodes in one minute that begins in this step.
    pub peak_calls_per_minute: u64,
}

/// How long pods waited for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waits {
    /// Pods that came in place of others, or all at once and for which a node had room.
    pub started: u64,
    /// Those that found no address at once.
    pub waited: u64,
    /// The longest that one waited that found one, in seconds.
    pub longest_s: u64,
    /// Those that found none.
    pub never: u64,
}

/// When a subnet first left something without a place, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubnetShort {
    /// The step's index.
    pub step: u32,
    /// Why.
    pub reason: Reason,
}

/// A subnet over all steps, in addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubnetSummary {
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: String,
    /// Its block.
    pub cidr: Cidr,
    /// All addresses but AWS's five.
    pub usable: u32,
    /// The most in use at one time.
    pub peak_used: u32,
    /// The first step that reached it.
    pub peak_step: u32,
    /// The fewest free.
    pub min_free: u32,
    /// The fewest prefixes that EC2 could delegate.
    pub min_assignable_prefixes: u32,
    /// When it first left a node, pod, interface or address without a place, if it did: failures name
    /// one subnet of a group, and others may have been as short.
    pub short: Option<SubnetShort>,
}

/// A simulated layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// Whether it fits.
    pub verdict: Verdict,
    /// What did not, in the order of the steps. What lasts is listed in the step in which it began, and
    /// again when it became more.
    pub failures: Vec<LayoutFailure>,
    /// Where there is nothing to spare.
    pub tight: Vec<TightReason>,
    /// Step by step.
    pub steps: Vec<StepResult>,
    /// Subnets over all steps.
    pub subnets: Vec<SubnetSummary>,
    /// What hung on how EC2 is read where it is described both ways.
    pub notes: Vec<String>,
    /// The most EC2 calls of the nodes in one minute of simulated time, whenever it begins.
    pub peak_calls_per_minute: u64,
    /// The most network address units at the end of a step or of a roll-out's batch; a delegated prefix
    /// is one.
    pub most_address_units: u64,
    /// The first step that reached them.
    pub most_units_step: u32,
}

impl Timeline {
    /// What did not fit first.
    #[must_use]
    pub fn first_failure(&self) -> Option<&LayoutFailure> {
        self.failures.first()
    }
}
