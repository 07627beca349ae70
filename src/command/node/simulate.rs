//! Simulates a request.

use std::collections::BTreeMap;

use super::request::{Pool, Request};
use crate::{
    ipam::{
        Burst, BurstInput, DeleteOrder, NodeInput, NodeState, Op, PodEvent, PoolMode, burst, ipv6,
        lints, replay, windows,
    },
    render::node::NodeRow,
};

/// What becomes of the nodes.
pub(super) fn simulate(request: &Request) -> NodeRow {
    match &request.pool {
        Pool::Linux | Pool::AutoMode => passes(request),
        Pool::Windows(targets) => windows_node(request, targets),
        Pool::Ipv6 => ipv6_node(request),
    }
}

/// A pool that is simulated pass by pass.
fn passes(request: &Request) -> NodeRow {
    let event = PodEvent {
        op: Op::Add,
        n: request.accepted(),
        retry: true,
        del_order: DeleteOrder::Newest,
        wait: None,
        t: None,
    };
    let event_comes = event.n > 0;
    let mut run = replay(&NodeInput {
        settings: request.settings.clone(),
        subnet_capacity: request.subnet_free,
        pod_subnet_capacity: request.pod_subnet_free,
        free_blocks: request.free_blocks,
        events: if event_comes { vec![event] } else { Vec::new() },
    });
    if request.pool == Pool::AutoMode {
        // Which calls the service makes is not known.
        run.states.iter_mut().for_each(without_calls);
    }
    let group = burst(&BurstInput {
        settings: request.settings.clone(),
        nodes: request.nodes,
        node_subnet_free: request.subnet_free,
        pod_subnet_free: request.pod_subnet_free,
        free_blocks: request.free_blocks,
        pods_per_node: request.accepted(),
    });
    row(request, run.states, run.init_error.map(|error| error.to_string()), group)
}

fn without_calls(state: &mut NodeState) {
    (state.ec2, state.ec2_errors, state.ec2_total) = (BTreeMap::new(), BTreeMap::new(), 0);
}

fn row(
    request: &Request,
    states: Vec<NodeState>,
    init_error: Option<String>,
    group: Burst,
) -> NodeRow {
    let stepped = request.pool == Pool::Linux;
    NodeRow {
        settings: request.label.clone(),
        max_pods: request.settings.max_pods,
        nodes: request.nodes,
        pods: request.pods,
        refused: request.pods - request.accepted(),
        states,
        init_error,
        group: refused(request, group),
        lints: if stepped {
            lints(&request.settings, request.host_network_pods)
        } else {
            Vec::new()
        },
        stepped,
        bound: request.pool != Pool::Ipv6,
    }
}

/// The group's sums with the pods that no kubelet accepts: they are wanted, and wait.
fn refused(request: &Request, group: Burst) -> Burst {
    let pods_wanted = u64::from(request.pods) * u64::from(request.nodes);
    let wait_s = group.wait_s.filter(|_| group.pods_placed == pods_wanted);
    Burst { pods_wanted, wait_s, ..group }
}

/// A state that no pass led to.
fn settled(at: &str, slots: u32, pods: u32) -> NodeState {
    NodeState {
        at: at.to_owned(),
        t: 0,
        settled: true,
        settled_after_s: 0,
        oscillation: None,
        enis: 1,
        per_eni: vec![slots],
        mixed: None,
        pods_per_eni: vec![pods],
        trunk_index: None,
        pods,
        addresses: 0,
        node_subnet_used: 1,
        pod_subnet_used: 0,
        failed_adds: 0,
        failed_attempts: 0,
        ec2: BTreeMap::new(),
        ec2_errors: BTreeMap::new(),
        api: BTreeMap::new(),
        ec2_total: 0,
    }
}

/// The states before and after the pods, and the group's sums.
fn steady(request: &Request, state: impl Fn(&str, u32) -> NodeState) -> NodeRow {
    let mut states = vec![state("init", 0)];
    if request.accepted() > 0 {
        states.push(state("event:0", request.accepted()));
    }
    let (before, last) = (states.first(), states.last());
    let all = |state: Option<&NodeState>| {
        state.map_or(0, |state| state.node_subnet_used.saturating_mul(request.nodes))
    };
    let placed = u64::from(last.map_or(0, |state| state.pods)) * u64::from(request.nodes);
    let group = Burst {
        nodes_ready: request.nodes,
        pods_placed: placed,
        node_subnet_before: all(before),
        node_subnet_used: all(last),
        ..Burst::default()
    };
    row(request, states, None, group)
}

fn windows_node(request: &Request, targets: &windows::WindowsSettings) -> NodeRow {
    let settings = &request.settings;
    let mut row = steady(request, |at, pods| {
        let it = windows::steady_state(settings.ipv4_per_eni, settings.mode, targets, pods);
        NodeState {
            addresses: it.addresses,
            node_subnet_used: 1 + it.addresses,
            failed_adds: pods - it.pods,
            ..settled(at, it.slots, it.pods)
        }
    });
    if let Some(free) = request.subnet_free
        && row.group.node_subnet_used > free
    {
        row.init_error = Some(format!(
            "the nodes need {} addresses, but the subnet has only {free} free",
            row.group.node_subnet_used
        ));
    }
    debug_assert!(matches!(settings.mode, PoolMode::SecondaryIp | PoolMode::Prefix));
    row
}

fn ipv6_node(request: &Request) -> NodeRow {
    let settings = &request.settings;
    let trunk = settings.pod_eni && !settings.slots().trunk_has_no_slot();
    let launched = request.settings.launched.subnet_addresses();
    steady(request, |at, pods| {
        let it = ipv6::node(trunk, 0);
        NodeState {
            enis: it.ipv4_addresses,
            per_eni: if trunk { vec![1, 0] } else { vec![1] },
            pods_per_eni: if trunk { vec![pods, 0] } else { vec![pods] },
            trunk_index: trunk.then_some(1),
            node_subnet_used: it.ipv4_addresses.saturating_add(launched),
            ..settled(at, 1, pods)
        }
    })
}
