//! One recorded state of a replay, in the fields of the recorded traces.

use std::collections::BTreeMap;

use super::{CountedSubnets, Node, PoolRules, SubnetSide};

/// Between which numbers a node goes up and down without ever settling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Oscillation {
    /// Fewest and most ENIs.
    pub enis: [u32; 2],
    /// Fewest and most addresses for pods.
    pub addresses: [u32; 2],
}

/// Slots of both kinds at once, as nodes of EKS Auto Mode have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MixedSlots {
    /// Delegated /28 prefixes.
    pub prefixes: u32,
    /// Single addresses.
    pub single_addresses: u32,
}

/// A node's state after an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeState {
    /// After what: `node_init` (as start-up returns), `init` (settled), `event:0`, `event:1`, …
    pub at: String,
    /// Seconds since start.
    pub t: u64,
    /// Whether nothing changed for 120 s.
    pub settled: bool,
    /// Seconds from the event to the last change.
    pub settled_after_s: u64,
    /// Between which numbers it moves; only when it still changes after 3,600 s.
    pub oscillation: Option<Oscillation>,
    /// Attached ENIs, the primary one and a trunk included.
    pub enis: u32,
    /// Slots of each ENI (addresses or prefixes) in the order of attachment, the primary one first.
    pub per_eni: Vec<u32>,
    /// Slots by kind, where a node can have both (EKS Auto Mode).
    pub mixed: Option<MixedSlots>,
    /// Pods on each ENI.
    pub pods_per_eni: Vec<u32>,
    /// Where the trunk is among the ENIs.
    pub trunk_index: Option<usize>,
    /// Pods with an address.
    pub pods: u32,
    /// Addresses for pods.
    pub addresses: u32,
    /// Addresses in use in the node's subnet, each ENI's own included.
    pub node_subnet_used: u32,
    /// Addresses in use in the pods' subnet under custom networking, each ENI's own included.
    pub pod_subnet_used: u32,
    /// Pods that never got an address.
    pub failed_adds: u32,
    /// Attempts that found no address.
    pub failed_attempts: u32,
    /// EC2 calls since the start, by operation.
    pub ec2: BTreeMap<&'static str, u32>,
    /// Those that failed.
    pub ec2_errors: BTreeMap<&'static str, u32>,
    /// Calls of ipamd's wrapper of EC2 since the start.
    pub api: BTreeMap<&'static str, u32>,
    /// EC2 calls of all operations.
    pub ec2_total: u32,
}

/// How a stretch of passes ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) settled: bool,
    pub(super) after_ms: u64,
    pub(super) oscillation: Option<Oscillation>,
}

impl NodeState {
    pub(super) fn record(
        at: String,
        node: &Node,
        subnets: &CountedSubnets,
        ending: Ending,
        failed_adds: u32,
    ) -> Self {
        let counts = node.counts();
        let calls = node.calls();
        Self {
            at,
            t: node.now_ms() / 1000,
            settled: ending.settled,
            settled_after_s: ending.after_ms / 1000,
            oscillation: ending.oscillation,
            enis: counts.enis,
            per_eni: node.slots_by_eni().collect(),
            mixed: (node.settings().rules == PoolRules::AutoMode).then(|| node.mixed_slots()),
            pods_per_eni: node.pods_by_eni().collect(),
            trunk_index: node.trunk_index(),
            pods: counts.assigned,
            addresses: counts.addresses,
            node_subnet_used: subnets.used(SubnetSide::Node),
            pod_subnet_used: subnets.used(SubnetSide::Pod),
            failed_adds,
            failed_attempts: node.failed_attempts(),
            ec2: calls.ec2.by_name(),
            ec2_errors: calls.ec2_errors.by_name(),
            api: calls.api.by_name(),
            ec2_total: calls.ec2.total(),
        }
    }
}
