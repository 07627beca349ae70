//! `eksnet.node/v1`, and the lines of `eksnet node --trace`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    density::LaunchSettings,
    ipam::{Burst, NodeState},
    render::node::{NodeAnswer, NodeRow},
};

/// The output of `eksnet node`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NodeJson<'a> {
    /// `eksnet.node/v1`.
    schema: &'static str,
    /// The instance type.
    instance_type: &'a str,
    /// Nodes of the group.
    nodes: u32,
    #[serde(flatten)]
    row: RowJson<'a>,
    /// With `--compare`: the same under other settings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    compare: Vec<RowJson<'a>>,
    /// With `--sweep`: a row a pod count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sweep: Vec<RowJson<'a>>,
    /// What the instance is launched with; only where something was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    launch: Option<LaunchJson>,
    /// What a person should know.
    notes: &'a [String],
}

/// What an instance is launched with beside one plain primary ENI.
#[derive(Debug, Serialize, JsonSchema)]
struct LaunchJson {
    /// EFA interfaces; the first is the primary ENI.
    efa: u32,
    /// EFA-only interfaces, which have no address.
    efa_only: u32,
    /// ENIs that the VPC CNI does not manage.
    unmanaged_enis: u32,
    /// Addresses that each of those holds.
    unmanaged_addresses: u32,
    /// Prefixes of the primary ENI.
    ipv4_prefix_count: u32,
    /// Prefixes of each further EFA interface.
    #[serde(default)]
    efa_prefix_count: u32,
    /// Secondary addresses of the primary ENI.
    ipv4_address_count: u32,
    /// Addresses of the node's subnet that all of it takes, the primary ENI's own not counted.
    addresses: u32,
}

/// One set of settings with what becomes of the node.
#[derive(Debug, Serialize, JsonSchema)]
struct RowJson<'a> {
    /// The settings, in words.
    settings: &'a str,
    /// The kubelet's max pods.
    max_pods: u32,
    /// Pods that come at once on each settled node.
    pods: u32,
    /// Pods of them that the kubelet does not accept: more than max pods, host-network pods counted.
    pods_over_max_pods: u32,
    /// One node's states: as start-up returns, settled, and after the pods came.
    states: Vec<StateJson<'a>>,
    /// Why the node never becomes Ready.
    init_error: Option<&'a str>,
    /// Seconds until the last pod had an address; `null` when one never gets one, or where the pool is
    /// not ipamd's.
    pods_wait_s: Option<u64>,
    /// The whole group of nodes.
    group: GroupJson,
    /// Settings that strand pods or never settle.
    lints: Vec<LintJson<'a>>,
}

/// The whole group of nodes.
#[derive(Debug, Serialize, JsonSchema)]
struct GroupJson {
    /// Nodes that became Ready.
    nodes_ready: u32,
    /// Pods that came.
    pods_wanted: u64,
    /// Pods that got an address.
    pods_placed: u64,
    /// Addresses taken from the nodes' subnet.
    node_subnet_used: u32,
    /// Addresses taken from the pods' subnet.
    pod_subnet_used: u32,
    /// Addresses that the subnets lack for each node to hold what one node alone holds.
    short_of: u64,
    /// EC2 calls from start to end; `null` where they are not the node's.
    ec2_total: Option<u64>,
}

/// A lint.
#[derive(Debug, Serialize, JsonSchema)]
struct LintJson<'a> {
    /// Its id.
    id: &'a str,
    /// What happens, and why.
    message: &'a str,
}

/// A node's state, in the fields of the recorded traces.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StateJson<'a> {
    at: &'a str,
    t: u64,
    settled: bool,
    settled_after_s: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    oscillation: Option<OscillationJson>,
    enis: u32,
    per_eni: &'a [u32],
    /// /28 prefixes, where a node can have single addresses beside them (EKS Auto Mode).
    #[serde(skip_serializing_if = "Option::is_none")]
    prefixes: Option<u32>,
    /// Single addresses, where a node can have prefixes beside them (EKS Auto Mode).
    #[serde(skip_serializing_if = "Option::is_none")]
    single_addresses: Option<u32>,
    pods_per_eni: &'a [u32],
    trunk_index: Option<usize>,
    pods: u32,
    /// `null` where addresses never bind (IPv6).
    addresses: Option<u32>,
    node_subnet_used: u32,
    pod_subnet_used: u32,
    failed_adds: u32,
    failed_attempts: u32,
    ec2: &'a BTreeMap<&'static str, u32>,
    ec2_errors: &'a BTreeMap<&'static str, u32>,
    api: &'a BTreeMap<&'static str, u32>,
    ec2_total: u32,
}

/// Between which numbers a node goes up and down.
#[derive(Debug, Serialize, JsonSchema)]
struct OscillationJson {
    enis: [u32; 2],
    addresses: [u32; 2],
}

/// One line of `--trace`.
#[derive(Debug, Serialize)]
pub struct TraceJson<'a> {
    /// The case's name.
    pub case: &'a str,
    /// Its states.
    pub states: Vec<StateJson<'a>>,
    /// Why the node never becomes Ready; always there.
    pub init_error: Option<String>,
}

impl<'a> StateJson<'a> {
    /// A state; `bound` is whether addresses bind.
    #[must_use]
    pub fn new(state: &'a NodeState, bound: bool) -> Self {
        Self {
            at: &state.at,
            t: state.t,
            settled: state.settled,
            settled_after_s: state.settled_after_s,
            oscillation: state
                .oscillation
                .map(|o| OscillationJson { enis: o.enis, addresses: o.addresses }),
            enis: state.enis,
            per_eni: &state.per_eni,
            prefixes: state.mixed.map(|mixed| mixed.prefixes),
            single_addresses: state.mixed.map(|mixed| mixed.single_addresses),
            pods_per_eni: &state.pods_per_eni,
            trunk_index: state.trunk_index,
            pods: state.pods,
            addresses: bound.then_some(state.addresses),
            node_subnet_used: state.node_subnet_used,
            pod_subnet_used: state.pod_subnet_used,
            failed_adds: state.failed_adds,
            failed_attempts: state.failed_attempts,
            ec2: &state.ec2,
            ec2_errors: &state.ec2_errors,
            api: &state.api,
            ec2_total: state.ec2_total,
        }
    }
}

fn launch_json(launch: LaunchSettings, addresses: u32) -> LaunchJson {
    LaunchJson {
        efa: launch.efa,
        efa_only: launch.efa_only,
        unmanaged_enis: launch.unmanaged_enis,
        unmanaged_addresses: launch.unmanaged_addresses,
        ipv4_prefix_count: launch.ipv4_prefix_count,
        efa_prefix_count: launch.efa_prefix_count,
        ipv4_address_count: launch.ipv4_address_count,
        addresses,
    }
}

impl<'a> NodeJson<'a> {
    /// The document of an answer.
    #[must_use]
    pub fn new(answer: &'a NodeAnswer) -> Self {
        Self {
            schema: "eksnet.node/v1",
            instance_type: &answer.instance_type,
            nodes: answer.nodes,
            row: row_json(&answer.row),
            compare: answer.compare.iter().map(row_json).collect(),
            sweep: answer.sweep.iter().map(row_json).collect(),
            launch: answer.launch.map(|(launch, addresses)| launch_json(launch, addresses)),
            notes: &answer.notes,
        }
    }
}

fn row_json(row: &NodeRow) -> RowJson<'_> {
    let Burst { nodes_ready, pods_wanted, pods_placed, .. } = row.group;
    RowJson {
        settings: &row.settings,
        max_pods: row.max_pods,
        pods: row.pods,
        pods_over_max_pods: row.refused,
        states: row.states.iter().map(|state| StateJson::new(state, row.bound)).collect(),
        init_error: row.init_error.as_deref(),
        pods_wait_s: row.group.wait_s.filter(|_| row.stepped),
        group: GroupJson {
            nodes_ready,
            pods_wanted,
            pods_placed,
            node_subnet_used: row.group.node_subnet_used,
            pod_subnet_used: row.group.pod_subnet_used,
            short_of: row.group_short_of(),
            ec2_total: row.stepped.then_some(row.group.ec2_total),
        },
        lints: row
            .lints
            .iter()
            .map(|lint| LintJson { id: lint.id, message: &lint.message })
            .collect(),
    }
}
