//! Laws that hold for every layout, on random small ones.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use eksnet::{
    instance::BUILTIN,
    simulate::{Scenario, Timeline, check, parse, run},
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

fn text((len, nodes, pods, branch, used): Figures, cni: &str, steps: &[usize]) -> String {
    let steps: Vec<&str> = steps.iter().map(|at| STEPS[*at % STEPS.len()]).collect();
    format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
         - {{name: a, zone: z, cidr: 10.0.0.0/{len}, used: {used}}}\n\
         - {{name: b, zone: y, cidr: 10.0.16.0/26}}\n\
         - {{name: p, zone: z, cidr: 10.0.32.0/25, tags: {{kubernetes.io/role/cni: \"1\"}}}}\n\
         control_plane: {{subnets: [a, b]}}\ncni: {cni}\n\
         node_groups: [{{name: g, instance_types: [{{type: m5.large, weight: 2}}, {{type: t3.small}}], \
         subnets: [a, b], nodes: {nodes}, pods_per_node: {pods}, branch_pods_per_node: {branch}}}]\n\
         steps: [{}]\n",
        steps.join(", ")
    )
}

fn scenario() -> impl Strategy<Value = (Scenario, u64)> {
    let cni = prop_oneof![
        Just("{}"),
        Just("{warm_ip_target: 2}"),
        Just("{prefix_delegation: true}"),
        Just("{pod_eni: true, max_eni: 2}"),
        Just("{custom_networking: {z: p, y: b}}"),
        Just("{warm_eni_target: 0, subnet_discovery: false}"),
    ];
    let steps = prop::collection::vec(0..STEPS.len(), 0..4);
    let figures = (22u8..=27, 0u32..6, 0u32..25, 0u32..2, 0u32..10);
    (figures, cni, steps, any::<u64>())
        .prop_map(|(figures, cni, steps, seed)| (parse(&text(figures, cni, &steps)).unwrap(), seed))
}

fn play(scenario: &Scenario, seed: u64) -> Timeline {
    run(&check(scenario, &BUILTIN, false).unwrap(), seed)
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
                prop_assert!(group.pods_placed + group.nodes_placed <= used);
            }
        }
        let peak = timeline.subnets.iter().all(|subnet| {
            timeline.steps[usize::try_from(subnet.peak_step).unwrap()].subnets.iter()
                .any(|state| *state.name == *subnet.name && state.peak_used == subnet.peak_used)
        });
        prop_assert!(peak);
    }

    #[test]
    fn the_same_seed_gives_the_same((scenario, seed) in scenario()) {
        prop_assert_eq!(play(&scenario, seed), play(&scenario, seed));
    }

    /// Single addresses only, one subnet: where they fall does not matter.
    #[test]
    fn a_larger_subnet_never_fits_fewer_nodes(len in 23u8..=28, nodes in 0u32..40, pods in 0u32..12) {
        let placed = |len: u8| {
            let text = format!(
                "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\n\
                 subnets: [{{name: a, zone: z, cidr: 10.0.0.0/{len}}}]\n\
                 node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: {nodes}, pods_per_node: {pods}}}]\n"
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
