//! The engine against a slow, obvious one that keeps sets of addresses, on random small scenarios.

mod events;
mod grown;
mod ledger;
mod machine;
mod nodes;
mod pool;
mod reference;
mod scenarios;
mod seat;
mod settings;
mod spread;
mod steps;
mod subnet;

use eksnet::{
    instance::BUILTIN,
    simulate::{Timeline, check, parse, run},
};
use proptest::prelude::*;

/// What the engine and the reference say; `None` for a scenario that is refused.
fn both(text: &str, seed: u64) -> Option<(Timeline, Timeline)> {
    let scenario = parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let layout = check(&scenario, &BUILTIN, false).ok()?;
    let engine = Timeline { tight: Vec::new(), ..run(&layout, seed) };
    Some((engine, reference::simulate(&scenario, seed)))
}

/// What differs, figure by figure: whole timelines are too long to read.
fn differences(engine: &Timeline, reference: &Timeline) -> String {
    let (engine, reference) = (figures(engine), figures(reference));
    let mut told = String::new();
    for (engine, reference) in engine.iter().zip(&reference).filter(|(a, b)| a != b) {
        told.extend(["engine    ", engine, "\nreference ", reference, "\n"]);
    }
    told
}

fn figures(timeline: &Timeline) -> Vec<String> {
    let peaks =
        (timeline.peak_calls_per_minute, timeline.most_address_units, timeline.most_units_step);
    let mut lines =
        vec![format!("{:?} {:?}", timeline.verdict, timeline.failures), format!("{peaks:?}")];
    lines.extend(timeline.subnets.iter().map(|subnet| format!("{subnet:?}")));
    for step in &timeline.steps {
        let head = format!("step {} {}", step.index, step.name);
        lines.push(format!("{head} {} s, settled {}", step.seconds, step.settled));
        lines.push(format!("{head} {:?}", step.ec2_calls));
        lines.extend(step.groups.iter().map(|group| format!("{head} {group:?}")));
        lines.extend(step.subnets.iter().map(|subnet| format!("{head} {subnet:?}")));
    }
    lines
}

proptest! {
    // PROPTEST_CASES=20000 plays more.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        max_global_rejects: u32::MAX,
        max_shrink_iters: 600,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_engine_says_what_the_reference_says(text in scenarios::scenario(), seed in 0u64..1000) {
        let played = both(&text, seed);
        prop_assume!(played.is_some());
        if let Some((engine, reference)) = played {
            prop_assert!(engine == reference, "{}\n{}", differences(&engine, &reference), text);
        }
    }
}

/// Where the two once differed: what it was about, subnet a, and the rest of the scenario.
const ONCE_DIFFERED: &[(&str, &str, &str)] = &[
    (
        "an ENI that was refused is no peak",
        "10.0.0.0/28",
        "node_groups: [{name: g, instance_type: t3.small, subnets: [a], nodes: 2, pods_per_node: 5}]",
    ),
    (
        "what the pool was refused is no reason for a branch ENI that lacks",
        "10.0.0.0/24, reservations: [{cidr: 10.0.0.0/26, type: prefix}]",
        "cni: {prefix_delegation: true}\nnode_groups: [{name: g, instance_type: m5.large, subnets: [a], \
         nodes: 3, pods_per_node: 1, branch_pods_per_node: 1}]",
    ),
    (
        "a node that starts in a round is not a round behind",
        "10.0.0.0/27",
        "node_groups:\n- {name: g, instance_type: m5.large, subnets: [a], nodes: 6, pods_per_node: 8}\n\
         - {name: h, instance_type: m5.large, subnets: [a], nodes: 3, pods_per_node: 2}\n\
         steps: [{scale: {group: g, nodes: 2}}, {burst: {group: g, pods: 57}}, \
         {grow: {group: g, factor: 1.25}}]",
    ),
    (
        "a trunk comes when there is room for it",
        "10.0.0.0/28",
        "cni: {pod_eni: true}\nnode_groups: [{name: g, instance_type: m5.large, subnets: [a], nodes: 2}]\n\
         steps: [{scale: {group: g, nodes: 1}}]",
    ),
    (
        "MAX_ENI holds when a slot begins to be kept for a trunk",
        "10.0.0.0/24",
        "cni: {max_eni: 1}\nnode_groups: [{name: g, instance_type: t3.small, subnets: [a], nodes: 1, \
         pods_per_node: 3}]\nsteps: [{set_cni: {version: 1.20.3, pod_eni: true}}]",
    ),
    (
        "churn passes nodes without a pod over",
        "10.0.0.0/24",
        "cni: {minimum_ip_target: 2}\nnode_groups: [{name: g, instance_type: m5.large, subnets: [a], \
         nodes: 5}]\nsteps: [{burst: {group: g, pods: 1}}, \
         {churn: {group: g, pods_per_minute: 1, minutes: 2}}]",
    ),
    (
        "the busiest minute begins anywhere",
        "10.0.0.0/24, tags: {kubernetes.io/role/cni: \"0\"}",
        "node_groups:\n- {name: g, instance_type: m5.large, subnets: [a, b, c], nodes: 0, pods_per_node: 9}\n\
         - {name: h, instance_type: m5.large, subnets: [a, b], nodes: 2, pods_per_node: 10}\n\
         steps: [{scale: {group: g, nodes: 2}}, {pods: {group: g, per_node: 0}}, \
         {scale: {group: g, nodes: 7}}]",
    ),
    (
        "an upgrade asks for five by the reading that is chosen",
        "10.0.0.0/24, reservations: [{cidr: 10.0.0.0/25, type: prefix}, {cidr: 10.0.0.128/25, type: explicit}]",
        "node_groups: [{name: g, instance_type: m5.large, subnets: [b], nodes: 0}]\n\
         control_plane: {subnets: [a, b], interfaces: 4}\nprefix_reservation_fallback: true\n\
         steps: [{upgrade_control_plane: {}}]",
    ),
    (
        "each zone gets as many nodes",
        "10.0.0.0/24",
        "node_groups: [{name: g, instance_type: m5.large, subnets: [a, b, c], nodes: 4}]",
    ),
    (
        "growth counts the nodes that a burst started",
        "10.0.0.0/24",
        "node_groups: [{name: g, instance_type: m5.large, subnets: [a], nodes: 0, max: 7}]\n\
         steps: [{burst: {group: g, pods: 1}}, {grow: {group: g, factor: 0.5}}]",
    ),
    (
        "an operation that was not called is not listed",
        "10.0.0.0/24",
        "cni: {subnet_discovery: false}\nnode_groups: [{name: g, instance_type: m5.large, subnets: [a], \
         nodes: 1}]",
    ),
];

#[test]
fn what_once_differed_is_equal() {
    for (name, a, rest) in ONCE_DIFFERED {
        let text = format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n- {{name: a, zone: z, cidr: {a}}}\n\
             - {{name: b, zone: y, cidr: 10.0.1.0/24}}\n- {{name: c, zone: z, cidr: 10.0.2.0/24}}\n{rest}\n"
        );
        let told = both(&text, 0).map(|(engine, reference)| differences(&engine, &reference));
        assert_eq!(told.as_deref(), Some(""), "{name}");
    }
}
