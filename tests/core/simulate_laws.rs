//! Laws that hold for every layout, on random small ones.

use eksnet::{
    instance::BUILTIN,
    render::{
        json::{simulate::SimulateJson, write_json},
        simulate::SimulateAnswer,
    },
    simulate::{Scenario, Simulated, Timeline, check, parse, run},
};
use proptest::prelude::*;

const STEPS: &[&str] = &[
    "{scale: {group: g, nodes: 7}}",
    "{scale: {group: g, nodes: 2}}",
    "{pods: {group: g, per_node: 17}}",
    "{pods: {group: g, per_node: fill}}",
    "{burst: {group: g, pods: 40}}",
    "{rollout: {group: g, max_surge: 50%}}",
    "{rollout: {group: g, max_unavailable: 2}}",
    "{rollout: {group: g}}",
    "{lose_zone: y}",
    "{upgrade_control_plane: {}}",
    "{grow: {group: g, factor: 1.5}}",
    "{set_cni: {warm_ip_target: 3, minimum_ip_target: 10}}",
    "{set_cni: {prefix_delegation: true}}",
    "{set_cni: {custom_networking: {z: p}}}",
    "{set_cni: {pod_eni: true}}",
    "{churn: {group: g, pods_per_minute: 90, minutes: 2}}",
];

/// Node group and subnet figures: prefix length, nodes, pods, branch pods, addresses used.
type Figures = (u8, u32, u32, u32, u32);

/// What the group has beside its nodes, and a second group.
const BESIDE: &[(&str, &str)] = &[
    ("", ""),
    (", warm_pool: 2", ""),
    (
        "",
        ", {name: w, os: windows, instance_type: m5.large, subnets: [a], nodes: 2, pods_per_node: 3}",
    ),
    (
        ", warm_pool: 1",
        ", {name: w, os: windows, instance_type: m5.xlarge, subnets: [b, a], nodes: 1, warm_pool: 1, \
         pods_per_node: fill}",
    ),
];

fn text(figures: Figures, cni: &str, steps: &[usize], beside: usize) -> String {
    let (len, nodes, pods, branch, used) = figures;
    // An IPv6 cluster has neither custom networking nor Windows nodes.
    let ipv6 = cni.contains("ipv6");
    let (keys, group) = BESIDE[if ipv6 { beside % 2 } else { beside }];
    let steps = steps.iter().map(|at| STEPS[*at % STEPS.len()]);
    let steps: Vec<&str> =
        steps.filter(|step| !(ipv6 && step.contains("custom_networking"))).collect();
    format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
         - {{name: a, zone: z, cidr: 10.0.0.0/{len}, used: {used}}}\n\
         - {{name: b, zone: y, cidr: 10.0.16.0/26}}\n\
         - {{name: p, zone: z, cidr: 10.0.32.0/25, tags: {{kubernetes.io/role/cni: \"1\"}}}}\n\
         control_plane: {{subnets: [a, b]}}\ncni: {cni}\n\
         node_groups: [{{name: g, instance_types: [{{type: m5.large, weight: 2}}, {{type: t3.small}}], \
         subnets: [a, b], nodes: {nodes}, pods_per_node: {pods}, branch_pods_per_node: {branch}{keys}}}{group}]\n\
         steps: [{}]\n",
        steps.join(", ")
    )
}

fn cni() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("{}"),
        Just("{warm_ip_target: 2}"),
        Just("{prefix_delegation: true}"),
        Just("{pod_eni: true, max_eni: 2}"),
        Just("{custom_networking: {z: p, y: b}}"),
        Just("{warm_eni_target: 0, subnet_discovery: false}"),
        Just("{ipv6: true, pod_eni: true}"),
        Just("{windows: {prefix_delegation: true, warm_ip_target: 2}}"),
    ]
}

fn figures() -> impl Strategy<Value = Figures> {
    (22u8..=27, 0u32..6, 0u32..25, 0u32..2, 0u32..10)
}

fn scenario() -> impl Strategy<Value = (Scenario, u64)> {
    let steps = prop::collection::vec(0..STEPS.len(), 0..4);
    (figures(), cni(), steps, 0..BESIDE.len(), any::<u64>()).prop_map(
        |(figures, cni, steps, beside, seed)| {
            (parse(&text(figures, cni, &steps, beside)).unwrap(), seed)
        },
    )
}

fn play(scenario: &Scenario, seed: u64) -> Timeline {
    run(&check(scenario, &BUILTIN, false).unwrap(), seed)
}

/// What does not tell how large the subnets are.
fn without_sizes(mut timeline: Timeline) -> Timeline {
    for subnet in timeline.steps.iter_mut().flat_map(|step| &mut step.subnets) {
        (subnet.free, subnet.assignable_prefixes) = (0, 0);
    }
    for subnet in &mut timeline.subnets {
        (subnet.usable, subnet.min_free, subnet.cidr) = (0, 0, "0.0.0.0/0".parse().unwrap());
        subnet.min_assignable_prefixes = 0;
    }
    timeline
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// That every used address has one holder is asserted by the engine itself after each step.
    #[test]
    fn figures_agree((scenario, seed) in scenario()) {
        let timeline = play(&scenario, seed);
        prop_assert_eq!(timeline.steps.len(), scenario.steps.len() + 1);
        for step in &timeline.steps {
            for (subnet, whole) in step.subnets.iter().zip(&timeline.subnets) {
                prop_assert_eq!(subnet.used + subnet.free, whole.usable);
                prop_assert!(subnet.used <= subnet.peak_used && subnet.peak_used <= whole.peak_used);
                prop_assert_eq!(whole.peak_used + whole.min_free, whole.usable);
            }
            let used: u64 = step.subnets.iter().map(|subnet| u64::from(subnet.used)).sum();
            for group in &step.groups {
                prop_assert!(group.nodes_placed <= group.nodes_wanted);
                prop_assert!(group.pods_placed <= group.pods_wanted);
                // Those of an IPv6 cluster take no IPv4 address.
                let pods = if scenario.cni.ipv6 == Some(true) { 0 } else { group.pods_placed };
                prop_assert!(pods + group.nodes_placed <= used);
            }
        }
        let peak = timeline.subnets.iter().all(|subnet| {
            timeline.steps[usize::try_from(subnet.peak_step).unwrap()].subnets.iter()
                .any(|state| *state.name == *subnet.name && state.peak_used == subnet.peak_used)
        });
        prop_assert!(peak);
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes((scenario, seed) in scenario()) {
        let bytes = || {
            let layout = check(&scenario, &BUILTIN, false).unwrap();
            let answer = SimulateAnswer {
                simulated: Simulated::once(&layout, &run(&layout, seed)),
                findings: Vec::new(),
                notes: Vec::new(),
                withheld: Vec::new(),
            };
            let mut bytes = Vec::new();
            write_json(&SimulateJson::new(&answer), &mut bytes).unwrap();
            bytes
        };
        prop_assert_eq!(bytes(), bytes());
    }

    /// Where nothing is ever short, neither the size of the subnet nor where addresses fall matters.
    #[test]
    fn a_subnet_with_room_to_spare_might_as_well_be_larger(
        (_, nodes, pods, branch, _) in figures(),
        cni in cni(),
        steps in prop::collection::vec(0..STEPS.len(), 0..4),
        (beside, seeds) in (0..BESIDE.len(), any::<(u64, u64)>()),
    ) {
        let roomy = |len: u8, seed: u64| {
            let text = text((len, nodes, pods, branch, 0), cni, &steps, beside)
                .replace("10.0.16.0/26", &format!("10.1.0.0/{len}"))
                .replace("10.0.32.0/25", &format!("10.2.0.0/{len}"))
                .replace("[10.0.0.0/16]", "[10.0.0.0/16, 10.1.0.0/16, 10.2.0.0/16]");
            without_sizes(play(&parse(&text).unwrap(), seed))
        };
        prop_assert_eq!(roomy(20, seeds.0), roomy(19, seeds.1));
    }

    /// Single addresses only, one subnet: where they fall does not matter. With large types it is no
    /// law: see `a_larger_subnet_can_fit_fewer_nodes`.
    #[test]
    fn a_larger_subnet_never_fits_fewer_small_nodes(
        len in 23u8..=28,
        nodes in 0u32..40,
        pods in 0u32..12,
        instance_type in prop::sample::select(&["t3.small", "m5.large", "m5.xlarge"][..]),
    ) {
        let placed = |len: u8| {
            let text = format!(
                "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\n\
                 subnets: [{{name: a, zone: z, cidr: 10.0.0.0/{len}}}]\n\
                 node_groups: [{{name: g, instance_type: {instance_type}, subnets: [a], \
                 nodes: {nodes}, pods_per_node: {pods}}}]\n"
            );
            play(&parse(&text).unwrap(), 1).steps[0].groups[0].nodes_placed
        };
        prop_assert!(placed(len - 1) >= placed(len));
    }

    #[test]
    fn no_text_is_a_panic(text in ".{0,200}") {
        let _ = parse(&text);
    }
}
