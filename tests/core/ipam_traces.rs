//! Replays against what the genuine ipamd did: see `golden/README.md`.

use std::{collections::BTreeMap, fs, path::Path};

use eksnet::ipam::{
    DeleteOrder, NodeInput, NodeState, Op, Oscillation, PodEvent, PoolMode, PoolSettings, Replay,
    replay,
};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Trace {
    case: String,
    input: Input,
    output: Output,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    enis_max: u32,
    ipv4_per_eni: u32,
    prefix_delegation: bool,
    custom_networking: bool,
    pod_eni: bool,
    warm_eni_target: Option<i64>,
    warm_ip_target: Option<i64>,
    minimum_ip_target: Option<i64>,
    warm_prefix_target: Option<i64>,
    max_eni: Option<i64>,
    max_pods: u32,
    subnet_capacity: Option<u32>,
    pod_subnet_capacity: Option<u32>,
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    op: String,
    n: Option<u32>,
    #[serde(default)]
    retry: bool,
    del_order: Option<String>,
    wait: Option<u64>,
    t: Option<u64>,
}

#[derive(Deserialize)]
struct Output {
    states: Vec<Value>,
    init_error: Option<String>,
}

impl Event {
    fn read(self) -> PodEvent {
        PodEvent {
            op: match self.op.as_str() {
                "add" => Op::Add,
                "del" => Op::Delete,
                "wait" => Op::Wait,
                other => panic!("no such op: {other}"),
            },
            n: self.n.unwrap_or(0),
            retry: self.retry,
            del_order: match self.del_order.as_deref() {
                None | Some("newest") => DeleteOrder::Newest,
                Some("oldest") => DeleteOrder::Oldest,
                Some(other) => panic!("no such order: {other}"),
            },
            wait: self.wait,
            t: self.t,
        }
    }
}

impl Input {
    fn read(self) -> NodeInput {
        NodeInput {
            settings: PoolSettings {
                enis: self.enis_max,
                ipv4_per_eni: self.ipv4_per_eni,
                mode: if self.prefix_delegation { PoolMode::Prefix } else { PoolMode::SecondaryIp },
                custom_networking: self.custom_networking,
                primary_excluded: false,
                pod_eni: self.pod_eni,
                warm_eni_target: self.warm_eni_target,
                warm_ip_target: self.warm_ip_target,
                minimum_ip_target: self.minimum_ip_target,
                warm_prefix_target: self.warm_prefix_target,
                max_eni: self.max_eni,
                max_pods: self.max_pods,
                ..PoolSettings::default()
            },
            subnet_capacity: self.subnet_capacity,
            pod_subnet_capacity: self.pod_subnet_capacity,
            free_blocks: None,
            events: self.events.into_iter().map(Event::read).collect(),
        }
    }
}

/// A state in the traces' form.
fn written(state: &NodeState) -> Value {
    let counts = |counts: &BTreeMap<&'static str, u32>| json!(counts);
    let mut object = json!({
        "at": state.at,
        "t": state.t,
        "settled": state.settled,
        "settled_after_s": state.settled_after_s,
        "enis": state.enis,
        "per_eni": state.per_eni,
        "pods_per_eni": state.pods_per_eni,
        "trunk_index": state.trunk_index,
        "pods": state.pods,
        "addresses": state.addresses,
        "node_subnet_used": state.node_subnet_used,
        "pod_subnet_used": state.pod_subnet_used,
        "failed_adds": state.failed_adds,
        "failed_attempts": state.failed_attempts,
        "ec2": counts(&state.ec2),
        "ec2_errors": counts(&state.ec2_errors),
        "api": counts(&state.api),
        "ec2_total": state.ec2_total,
    });
    if let Some(Oscillation { enis, addresses }) = state.oscillation {
        object["oscillation"] = json!({ "enis": enis, "addresses": addresses });
    }
    object
}

/// Holds a pool's replays against every field of every trace.
pub(crate) fn hold(replay: impl Fn(&NodeInput) -> Replay) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ipamd_traces.jsonl");
    let (mut traces, mut wrong) = (0, Vec::new());
    for line in fs::read_to_string(file).unwrap().lines() {
        let Trace { case, input, output } = serde_json::from_str(line).unwrap();
        traces += 1;
        let replay = replay(&input.read());
        let states: Vec<Value> = replay.states.iter().map(written).collect();
        if replay.init_error.is_some() != output.init_error.is_some() {
            wrong
                .push(format!("{case}: {:?}, recorded {:?}", replay.init_error, output.init_error));
        }
        let first = states.iter().zip(&output.states).find(|(ours, theirs)| ours != theirs);
        if let Some((ours, theirs)) = first {
            wrong.push(format!("{case}:\n ours     {ours}\n recorded {theirs}"));
        } else if states.len() != output.states.len() {
            wrong.push(format!("{case}: {} states of {}", states.len(), output.states.len()));
        }
    }
    assert_eq!(traces, 200);
    assert!(wrong.is_empty(), "{} of {traces} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_field_of_every_trace() {
    hold(replay);
}
