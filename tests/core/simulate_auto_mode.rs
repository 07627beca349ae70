//! Node groups of EKS Auto Mode, counted by hand. The reference engine knows ipamd alone; what holds these is
//! that one node takes what `ipam` replays.

use eksnet::{
    cni::AutoModeNetwork,
    density::assess,
    instance::BUILTIN,
    ipam::{DeleteOrder, NodeInput, NodeState, Op, PodEvent, replay},
    simulate::{
        Layout, Reason, Remedy, Scenario, Shortage, Sought, TightKind, Timeline, Verdict, check,
        parse, remedies, run, trial,
    },
};

/// Zone z has a for nodes and p for pods, zone y has b; all are of one length.
fn text(length: u8, group: &str, rest: &str) -> String {
    let subnet = |name: &str, zone: &str, at: u32| {
        format!("- {{name: {name}, zone: {zone}, cidr: 10.0.{}.0/{length}}}\n", at * 16)
    };
    format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n{}{}{}\
         node_groups: [{{name: g, auto_mode: true, {group}}}]\n{rest}",
        subnet("a", "z", 0),
        subnet("b", "y", 1),
        subnet("p", "z", 2),
    )
}

fn read(text: &str) -> Result<Scenario, String> {
    parse(text).map_err(|error| error.to_string())
}

fn layout(scenario: &Scenario) -> Result<Layout<'static>, String> {
    check(scenario, &BUILTIN, false).map_err(|error| error.to_string())
}

fn play(length: u8, group: &str, rest: &str) -> Timeline {
    run(&layout(&read(&text(length, group, rest)).unwrap()).unwrap(), 1)
}

/// Addresses in use of a, b and p at the end of the last step.
fn used(timeline: &Timeline) -> Vec<u32> {
    timeline.steps.last().unwrap().subnets.iter().map(|subnet| subnet.used).collect()
}

const FOUR: &str = "instance_type: m5.large, subnets: [a], nodes: 4";

#[test]
fn nodes_hold_a_prefix_and_more_as_pods_come() {
    for (pods, prefixes) in [(0, 1), (15, 1), (16, 2), (27, 2)] {
        let timeline = play(20, &format!("{FOUR}, pods_per_node: {pods}"), "");
        assert_eq!(used(&timeline), [4 * (1 + 16 * prefixes), 0, 0], "{pods}");
        assert_eq!(timeline.verdict, Verdict::Fits);
    }
    // 29 pods, two of them for the host network.
    let full = play(20, &format!("{FOUR}, pods_per_node: fill"), "");
    assert_eq!((used(&full), full.steps[0].groups[0].pods_placed), (vec![4 * 33, 0, 0], 4 * 27));
    let single = play(20, &format!("{FOUR}, pods_per_node: 5, ipv4_prefix_size: \"32\""), "");
    assert_eq!(used(&single), [4 * (1 + 6), 0, 0]);
    // Pods go, and what they held follows; none of the VPC CNI's settings counts.
    let steps =
        "steps: [{pods: {group: g, per_node: 3}}]\ncni: {warm_prefix_target: 4, max_eni: 1}";
    let fewer = play(20, &format!("{FOUR}, pods_per_node: 27"), steps);
    assert_eq!(used(&fewer), [4 * 17, 0, 0]);
}

#[test]
fn pod_subnets_take_the_pods() {
    let timeline = play(20, &format!("{FOUR}, pods_per_node: 12, pod_subnets: {{z: p}}"), "");
    assert_eq!(used(&timeline), [4, 0, 4 * (1 + 16)]);
    // Two ENIs of nine slots, and two pods for the host network: 18 with an address.
    let group = format!("{FOUR}, pods_per_node: fill, pod_subnets: {{z: p}}");
    assert_eq!(play(20, &group, "").steps[0].groups[0].pods_placed, 4 * 18);
}

/// A /27 has no block that could be a prefix, and 27 addresses; an ENI has nine slots.
#[test]
fn nodes_fall_back_to_single_addresses() {
    let group = |nodes: u32, pods: u32| {
        format!("instance_type: m5.large, subnets: [a], nodes: {nodes}, pods_per_node: {pods}")
    };
    let fallen = |timeline: &Timeline| {
        let mut all = timeline.tight.iter();
        all.find(|tight| tight.kind == TightKind::PrefixFallback).map(|tight| tight.value)
    };
    let fits = |timeline: &Timeline| (used(timeline)[0], timeline.verdict, fallen(timeline));
    // Itself, eight pods and a free one.
    assert_eq!(fits(&play(27, &group(1, 8), "")), (10, Verdict::Fits, Some(1)));
    // Twelve pods and a free one do not go on nine slots: a second ENI has an address too.
    assert_eq!(fits(&play(27, &group(1, 12), "")), (15, Verdict::Fits, Some(1)));
    assert_eq!(fits(&play(27, &group(2, 8), "")), (20, Verdict::Fits, Some(2)));
    // Seven are left for the third: itself and six pods.
    let three = play(27, &group(3, 8), "");
    let failure = three.first_failure().unwrap();
    assert_eq!((failure.what, failure.reason), (Shortage::Pods, Reason::InsufficientFreeAddresses));
    assert_eq!((failure.wanted, failure.placed), (24, 22));
    assert_eq!(fallen(&play(24, &group(2, 8), "")), None);
}

fn remedies_of(scenario: &Scenario) -> Vec<Remedy> {
    let layout = layout(scenario).unwrap();
    let failure = run(&layout, 1).first_failure().cloned().unwrap();
    let sought = Sought { failure: &failure, failing: vec![1], seeds: vec![1, 2, 3] };
    let found = remedies(&layout, &sought, &|layout, seeds, most_work| {
        seeds.iter().map(|seed| trial(layout, *seed, most_work)).collect()
    });
    found.list
}

#[test]
fn a_zone_without_pod_subnet_fails_by_name() {
    let group =
        "instance_type: m5.large, subnets: [a, b], nodes: 2, pods_per_node: 5, pod_subnets: {z: p}";
    let timeline = play(24, group, "");
    let failure = timeline.first_failure().unwrap();
    assert_eq!((failure.what, failure.reason), (Shortage::Pods, Reason::NoAutoModePodSubnet));
    assert_eq!((failure.wanted, failure.placed, failure.subnet.as_deref()), (10, 5, None));
    assert_eq!(failure.group.as_deref(), Some("g"));
    // The node is there all the same.
    assert_eq!(used(&timeline), [1, 1, 17]);
    let found = remedies_of(&read(&text(24, group, "")).unwrap());
    let texts: Vec<String> = found.iter().map(Remedy::text).collect();
    let told = |text: &String| {
        text.starts_with("create subnet b-2 (10.0.")
            && text.ends_with(" in y) and select it in podSubnetSelectorTerms of the NodeClass")
    };
    assert!(texts.iter().any(told), "{texts:?}");
    // Five pods and an ENI need six addresses, of the eleven of a /28.
    assert!(texts.iter().any(|text| text.contains("/28 in y")), "{texts:?}");
}

/// Ten nodes with five pods: a prefix each, as long as there is one, in a /25 with six.
#[test]
fn a_full_pod_subnet_has_a_remedy() {
    let group = "instance_type: m5.large, subnets: [a], nodes: 40, pods_per_node: 5, \
                 pod_subnets: {z: p}";
    let scenario = read(&text(25, group, "")).unwrap();
    let failure = run(&layout(&scenario).unwrap(), 1).first_failure().cloned().unwrap();
    assert_eq!((failure.subnet.as_deref(), failure.what), (Some("p"), Shortage::Pods));
    let texts: Vec<String> = remedies_of(&scenario).iter().map(Remedy::text).collect();
    let end = "and select it in podSubnetSelectorTerms of the NodeClass instead of p";
    assert!(texts.iter().any(|text| text.ends_with(end)), "{texts:?}");
}

#[test]
fn what_auto_mode_does_not_have_is_refused() {
    let refused = |group: &str, rest: &str| {
        let scenario = read(&text(24, &format!("{FOUR}, {group}"), rest)).unwrap();
        layout(&scenario).err().unwrap_or_default()
    };
    for (group, place) in [
        ("os: windows", "node_groups.g.os"),
        ("branch_pods_per_node: 1", "node_groups.g.branch_pods_per_node"),
        ("warm_pool: 1", "node_groups.g.warm_pool"),
        ("scaler: asg", "node_groups.g.scaler"),
    ] {
        let error = refused(group, "");
        assert!(error.contains(place) && error.contains("EKS Auto Mode"), "{error}");
    }
    assert!(refused("max: 9", "cni: {ipv6: true}").contains("node_groups.g.auto_mode"));
    let alone = text(24, &format!("{FOUR}, ipv4_prefix_size: \"32\""), "");
    let alone = read(&alone.replace("auto_mode: true, ", "")).unwrap();
    assert!(layout(&alone).unwrap_err().contains("node_groups.g.ipv4_prefix_size"));
    // A pod subnet of Auto Mode is no ENIConfig, and turns nothing on for others.
    let beside = text(24, &format!("{FOUR}, pod_subnets: {{z: p}}"), "").replace(
        "node_groups: [",
        "node_groups: [{name: l, instance_type: m5.large, subnets: [a], nodes: 1}, ",
    );
    let timeline = run(&layout(&read(&beside).unwrap()).unwrap(), 1);
    assert_eq!(used(&timeline), [10 + 4, 0, 4 * 17]);
}

#[test]
fn what_is_inferred_and_what_has_no_effect_is_told() {
    let notes = |group: &str, rest: &str| {
        layout(&read(&text(24, group, rest)).unwrap()).unwrap().notes().join("\n")
    };
    let told = notes(FOUR, "cni: {prefix_delegation: true}");
    assert!(told.contains("cni: no effect"), "{told}");
    assert!(told.contains("AWS states /28 prefixes") && told.contains("inferred:"), "{told}");
    let small = notes("instance_type: t3.small, subnets: [a], nodes: 1", "");
    assert!(small.contains("EKS Auto Mode does not launch t3.small"), "{small}");
    assert!(!small.contains("cni:"), "{small}");
}

/// What one node takes when its pods come at once on the settled node.
fn alone(network: AutoModeNetwork, name: &str, pods: Option<u32>) -> NodeState {
    let limits = BUILTIN.get(name).unwrap();
    let max_pods = assess(&BUILTIN, limits, &network.density()).unwrap().max_pods.unwrap();
    let event = PodEvent {
        op: Op::Add,
        n: pods.unwrap_or(max_pods - 2).min(max_pods - 2),
        retry: true,
        del_order: DeleteOrder::Newest,
        wait: None,
        t: None,
    };
    let run = replay(&NodeInput {
        settings: network.pool(limits, max_pods),
        subnet_capacity: None,
        pod_subnet_capacity: None,
        free_blocks: None,
        events: vec![event],
    });
    run.states.last().unwrap().clone()
}

#[test]
fn simulate_and_node_agree_for_one_node() {
    for name in ["m5.large", "c6a.4xlarge", "t3.medium", "m4.large", "p5.48xlarge"] {
        for (more, network) in [
            ("", AutoModeNetwork::default()),
            (", ipv4_prefix_size: \"32\"", AutoModeNetwork { prefixes: false, pod_subnets: false }),
            (", pod_subnets: {z: p}", AutoModeNetwork { prefixes: true, pod_subnets: true }),
        ] {
            for pods in [Some(0), Some(1), Some(15), Some(16), None] {
                let written = pods.map_or("fill".to_owned(), |pods| pods.to_string());
                let group = format!(
                    "instance_type: {name}, subnets: [a], nodes: 1, pods_per_node: {written}{more}"
                );
                let timeline = play(20, &group, "");
                let state = alone(network, name, pods);
                let expected = [state.node_subnet_used, 0, state.pod_subnet_used];
                assert_eq!(used(&timeline), expected, "{group}");
                let placed = timeline.steps[0].groups[0].pods_placed;
                assert_eq!(placed, u64::from(state.pods), "{group}");
            }
        }
    }
}
