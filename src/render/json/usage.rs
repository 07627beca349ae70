//! The parts of `eksnet.audit/v1` that say what nodes use, what other settings would save, and which
//! nodes to drain.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    audit::{Drain, NodeUsage, WhatIf},
    cni::PoolKeeper,
};

/// What a node's addresses are used for, in whatever subnets its ENIs lie.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct NodeUsageJson<'a> {
    /// Its name in Kubernetes.
    node_name: Option<&'a str>,
    /// Addresses for pods that its ENIs hold.
    held_for_pods: u32,
    /// Addresses of these that pods use.
    pods: Option<u32>,
    /// Pods on the host's network.
    host_network_pods: Option<u32>,
    /// Pods with a branch ENI.
    branch_pods: Option<u32>,
    /// Pods with an address that none of its ENIs held.
    pods_elsewhere: Option<u32>,
    /// Pods that need an address and have none.
    pods_waiting: Option<u32>,
    /// Addresses for pods that no pod uses.
    warm_addresses: Option<u32>,
    /// The most that can be; without pods all that it holds for them.
    warm_at_most: u32,
    /// Pods it takes.
    allocatable_pods: Option<u32>,
    /// Addresses for pods that a fresh node under the CNI's settings holds for as many pods.
    expected_addresses: Option<u32>,
    /// Who gives its pods their addresses: vpc-cni, eks-auto-mode or vpc-resource-controller, as far as tags
    /// and labels say.
    pool_keeper: Option<&'static str>,
    /// held_for_pods − expected_addresses.
    difference: Option<i64>,
    /// Addresses that pods use by aws-node's own metrics; then `pods` is the same number.
    assigned_addresses: Option<u32>,
    /// Addresses that pods use by kubectl's pods, where aws-node's metrics are there too.
    listed_pods: Option<u32>,
    /// Its /28 prefixes in which no pod has an address; `null` when it is not known which those are.
    freeable_prefixes: Option<Vec<String>>,
    /// Those of them that the warm targets keep; `null` when that is not known.
    freeable_kept: Option<u32>,
}

impl<'a> NodeUsageJson<'a> {
    pub(super) fn new(usage: &'a NodeUsage) -> Self {
        Self {
            node_name: usage.node_name.as_deref(),
            held_for_pods: usage.held_for_pods,
            pods: usage.pods,
            host_network_pods: usage.host_network_pods,
            branch_pods: usage.branch_pods,
            pods_elsewhere: usage.pods_elsewhere,
            pods_waiting: usage.pods_waiting,
            warm_addresses: usage.warm_addresses,
            warm_at_most: usage.warm_at_most(),
            allocatable_pods: usage.allocatable_pods,
            expected_addresses: usage.expected_addresses,
            pool_keeper: usage.keeper.map(PoolKeeper::name),
            difference: usage.difference(),
            assigned_addresses: usage.assigned_addresses,
            listed_pods: usage.listed_pods,
            freeable_prefixes: usage
                .freeable_prefixes
                .as_ref()
                .map(|prefixes| prefixes.iter().map(ToString::to_string).collect()),
            freeable_kept: usage.freeable_kept,
        }
    }
}

/// What other settings of the CNI would save.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WhatIfJson<'a> {
    /// The settings as they were asked for.
    settings: &'a str,
    /// Nodes that could be modeled.
    nodes: u32,
    /// Those that would hold another number of addresses.
    nodes_affected: u32,
    /// Nodes of which no number can be given.
    nodes_left_out: u32,
    /// The reasons for that, with the nodes of each.
    left_out: Vec<WhatIfLeftOutJson>,
    /// The audited subnets, by id.
    subnets: Vec<WhatIfSubnetJson<'a>>,
    /// Addresses saved in them.
    saved: Option<i64>,
    /// Of these, what fresh nodes give back under today's settings; negative: they hold more. `null` when
    /// that could not be modeled.
    saved_by_fresh_nodes: Option<i64>,
    /// Of these, what the settings themselves give back.
    saved_by_settings: Option<i64>,
    /// Pods of today that would have no address.
    pods_without_address: u32,
    /// EC2 calls of all nodes together.
    ec2_calls: Option<WhatIfCallsJson>,
}

/// One subnet under other settings.
#[derive(Debug, Serialize, JsonSchema)]
struct WhatIfSubnetJson<'a> {
    subnet_id: &'a str,
    held: u32,
    would_hold: u32,
    /// What fresh nodes would hold under today's settings; `null` when that could not be modeled.
    fresh: Option<u32>,
    /// held − would_hold.
    saved: i64,
    /// Addresses that the subnet has too few for that: what EC2 can assign decides, and where prefixes
    /// are asked for whole /28 blocks.
    short: Option<u32>,
    /// The /28 blocks among them.
    short_prefixes: Option<u32>,
}

/// Nodes without a number.
#[derive(Debug, Serialize, JsonSchema)]
struct WhatIfLeftOutJson {
    /// never-ready, never-settles: so it is under the other settings. not-today, no-pool, no-pods,
    /// no-subnet: unknown.
    reason: &'static str,
    nodes: u32,
}

/// EC2 calls when as many pods as a node has now come at once on it, empty and settled.
#[derive(Debug, Serialize, JsonSchema)]
struct WhatIfCallsJson {
    /// Under today's settings.
    now: u64,
    /// Under the other ones.
    then: u64,
}

impl<'a> WhatIfJson<'a> {
    pub(super) fn new(row: &'a WhatIf) -> Self {
        let subnets = row.subnets.iter().map(|subnet| WhatIfSubnetJson {
            subnet_id: &subnet.subnet_id,
            held: subnet.held,
            would_hold: subnet.would_hold,
            fresh: subnet.fresh,
            saved: subnet.saved(),
            short: subnet.short,
            short_prefixes: subnet.short_prefixes,
        });
        let left_out = row
            .left_out
            .iter()
            .map(|(why, nodes)| WhatIfLeftOutJson { reason: why.name(), nodes: *nodes });
        Self {
            settings: &row.settings,
            nodes: row.nodes,
            nodes_affected: row.nodes_affected,
            nodes_left_out: row.nodes_left_out,
            left_out: left_out.collect(),
            subnets: subnets.collect(),
            saved: row.saved,
            saved_by_fresh_nodes: row.saved_by_fresh_nodes(),
            saved_by_settings: row.saved_by_settings(),
            pods_without_address: row.pods_without_address,
            ec2_calls: row.ec2_calls.map(|(now, then)| WhatIfCallsJson { now, then }),
        }
    }
}

/// Which nodes to drain in a subnet, so that whole /28 blocks come back.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DrainJson<'a> {
    subnet_id: &'a str,
    /// Blocks that are to come back.
    wanted: u32,
    /// /28 prefixes that can be delegated now.
    assignable_now: Option<u32>,
    /// Blocks that come back when every node in the subnet is drained.
    recoverable: Option<u32>,
    /// The smallest sets that were found; empty when fewer blocks than wanted can come back.
    sets: Vec<DrainSetJson<'a>>,
    /// Whether no smaller set does it.
    exact: Option<bool>,
    /// Nodes that any set has at least.
    lower_bound: Option<u32>,
    /// Nodes that give back blocks each by itself, the most first.
    single: Vec<DrainNodeJson<'a>>,
}

/// Nodes to drain together.
#[derive(Debug, Serialize, JsonSchema)]
struct DrainSetJson<'a> {
    nodes: &'a [String],
    /// Blocks that come back.
    blocks: u32,
}

/// One node drained by itself.
#[derive(Debug, Serialize, JsonSchema)]
struct DrainNodeJson<'a> {
    node: &'a str,
    /// Blocks that come back.
    blocks: u32,
}

impl<'a> DrainJson<'a> {
    pub(super) fn new(drain: &'a Drain) -> Self {
        let sets = drain.sets.iter();
        let single = drain.single.iter();
        Self {
            subnet_id: &drain.subnet_id,
            wanted: drain.wanted,
            assignable_now: drain.assignable_now,
            recoverable: drain.recoverable,
            sets: sets.map(|set| DrainSetJson { nodes: &set.nodes, blocks: set.blocks }).collect(),
            exact: drain.exact,
            lower_bound: drain.lower_bound,
            single: single
                .map(|one| DrainNodeJson { node: &one.node, blocks: one.blocks })
                .collect(),
        }
    }
}
