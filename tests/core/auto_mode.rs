//! EKS Auto Mode: max pods and one node's addresses, counted by hand.

use std::collections::BTreeSet;

use eksnet::{
    cni::AutoModeNetwork,
    density::{DensityReport, DensitySettings, Mode, assess},
    instance::{BUILTIN, InstanceLimits},
    ipam::{
        DeleteOrder, MixedSlots, NodeInput, NodeState, Op, PodEvent, PoolSettings, Steady, replay,
        steady_state,
    },
};

const SINGLE: AutoModeNetwork = AutoModeNetwork { prefixes: false, pod_subnets: false };
const APART: AutoModeNetwork = AutoModeNetwork { prefixes: true, pod_subnets: true };

fn limits(name: &str) -> &'static InstanceLimits {
    BUILTIN.get(name).unwrap()
}

fn report(name: &str, settings: &DensitySettings) -> DensityReport {
    assess(&BUILTIN, limits(name), settings).unwrap()
}

/// E × (Q − 1) + 2 under 110, by single addresses whatever prefixes would hold.
#[test]
fn max_pods_are_those_of_single_addresses() {
    let density = AutoModeNetwork::default().density();
    for (name, addresses, most) in [
        ("m5.large", 3 * 9 * 16, 29),
        ("c6a.large", 3 * 9 * 16, 29),
        ("m5.xlarge", 4 * 14 * 16, 58),
        ("m5.4xlarge", 8 * 29 * 16, 110),
        // Two ENIs on the card that counts.
        ("p5.48xlarge", 2 * 49 * 16, 100),
    ] {
        let report = report(name, &density);
        assert_eq!(report.mode, Mode::AutoModePrefix, "{name}");
        assert_eq!(
            (report.pod_addresses, report.max_pods),
            (Some(addresses), Some(most)),
            "{name}"
        );
    }
    // As a node in the field reports it: no host-network pod is counted.
    let alone = DensitySettings { host_network_pods: 0, ..density.clone() };
    assert_eq!(report("c6a.large", &alone).max_pods, Some(27));
    // The primary ENI carries none.
    assert_eq!(report("m5.large", &APART.density()).max_pods, Some(2 * 9 + 2));
    let single = report("m5.large", &SINGLE.density());
    assert_eq!((single.mode, single.pod_addresses), (Mode::AutoModeSecondaryIp, Some(27)));
    // A type that holds no prefix, which AWS lists all the same.
    let xen = report("m4.large", &density);
    assert_eq!((xen.mode, xen.max_pods), (Mode::AutoModeSecondaryIp, Some(20)));
    assert!(xen.notes.iter().any(|note| note.starts_with("prefix delegation requires Nitro")));
}

#[test]
fn types_that_auto_mode_does_not_launch_are_told() {
    let density = AutoModeNetwork::default().density();
    for (name, why) in [
        ("t3.small", "no small size"),
        ("m7g.medium", "more than 1 vCPU"),
        ("a1.large", "the family a1"),
        ("mac2.metal", "the family mac2"),
    ] {
        let notes = report(name, &density).notes;
        let told = notes.iter().any(|note| note.contains("does not launch") && note.contains(why));
        assert!(told, "{name}: {notes:?}");
    }
    for name in ["t3.medium", "m7i-flex.large", "c4.large", "p6-b200.48xlarge"] {
        let notes = report(name, &density).notes;
        assert!(!notes.iter().any(|note| note.contains("does not launch")), "{name}: {notes:?}");
    }
}

fn event(op: Op, n: u32) -> PodEvent {
    PodEvent { op, n, retry: true, del_order: DeleteOrder::Newest, wait: None, t: None }
}

fn states(settings: PoolSettings, free_blocks: Option<u32>, events: &[PodEvent]) -> Vec<NodeState> {
    let run = replay(&NodeInput {
        settings,
        subnet_capacity: None,
        pod_subnet_capacity: None,
        free_blocks,
        events: events.to_vec(),
    });
    assert_eq!(run.init_error, None);
    run.states
}

fn settled(settings: PoolSettings, free_blocks: Option<u32>, pods: u32) -> NodeState {
    states(settings, free_blocks, &[event(Op::Add, pods)]).pop().unwrap()
}

fn mixed(prefixes: u32, single_addresses: u32) -> MixedSlots {
    MixedSlots { prefixes, single_addresses }
}

/// 16 addresses for up to 15 pods, and one address free beside the pods from there on.
#[test]
fn a_node_takes_prefixes_and_then_single_addresses() {
    let pool = AutoModeNetwork::default().pool(limits("m5.large"), 29);
    for (pods, prefixes) in [(0, 1), (1, 1), (15, 1), (16, 2), (27, 2)] {
        let state = settled(pool.clone(), None, pods);
        assert_eq!((state.mixed.unwrap(), state.enis, state.pods), (mixed(prefixes, 0), 1, pods));
        assert_eq!(state.node_subnet_used, 1 + 16 * prefixes);
    }
    // One /28 is left: the other five addresses, four for pods and a free one, come singly.
    let state = settled(pool.clone(), Some(1), 20);
    assert_eq!((state.mixed.unwrap(), state.pods), (mixed(1, 5), 20));
    assert_eq!((&state.per_eni[..], state.node_subnet_used), (&[6][..], 1 + 16 + 5));
    // None is left: nine slots on each of three ENIs.
    let state = settled(pool, Some(0), 27);
    assert_eq!((state.mixed.unwrap(), state.pods, state.enis), (mixed(0, 27), 27, 3));
    assert_eq!(state.node_subnet_used, 27 + 3);
    // So it is where single addresses are asked for, with a free one beside the pods.
    let state = settled(SINGLE.pool(limits("m5.large"), 29), None, 10);
    assert_eq!((state.mixed.unwrap(), &state.per_eni[..]), (mixed(0, 11), &[9, 2][..]));
}

#[test]
fn pods_with_subnets_of_their_own_leave_the_primary_eni() {
    let state = settled(APART.pool(limits("m5.large"), 20), None, 18);
    assert_eq!((&state.per_eni[..], state.mixed.unwrap()), (&[0, 2][..], mixed(2, 0)));
    assert_eq!((state.node_subnet_used, state.pod_subnet_used), (1, 1 + 32));
    // The pod subnet has 10 addresses: one for the ENI, and nine pods.
    let run = replay(&NodeInput {
        settings: APART.pool(limits("m5.large"), 20),
        subnet_capacity: None,
        pod_subnet_capacity: Some(10),
        free_blocks: None,
        events: vec![event(Op::Add, 18)],
    });
    let state = run.states.last().unwrap();
    assert_eq!((state.pods, state.failed_adds, state.mixed.unwrap()), (9, 9, mixed(0, 9)));
    // The node is Ready without any, and its pods wait.
    let run = replay(&NodeInput {
        settings: APART.pool(limits("m5.large"), 20),
        subnet_capacity: None,
        pod_subnet_capacity: Some(0),
        free_blocks: None,
        events: vec![event(Op::Add, 1)],
    });
    assert_eq!((run.init_error, run.states.last().unwrap().failed_adds), (None, 1));
}

#[test]
fn what_pods_leave_goes_back() {
    let pool = AutoModeNetwork::default().pool(limits("m5.large"), 29);
    let all = states(pool, Some(1), &[event(Op::Add, 27), event(Op::Delete, 20)]);
    let held: Vec<_> = all.iter().map(|state| (state.mixed.unwrap(), state.enis)).collect();
    // 16 addresses and twelve single ones: eight slots of the primary ENI beside the prefix, and four.
    assert_eq!(held[2], (mixed(1, 12), 2));
    assert_eq!(held[3], (mixed(1, 0), 1));
    assert_eq!(all[3].node_subnet_used, 17);
}

/// A node of any type holds the pods that max pods promises, also without a single /28.
#[test]
fn max_pods_and_one_node_agree_for_every_type() {
    let mut shapes = BTreeSet::new();
    for limits in BUILTIN.types() {
        let shape = (limits.enis(), limits.ipv4_per_eni, limits.supports_prefixes());
        for network in [AutoModeNetwork::default(), SINGLE, APART] {
            let report = assess(&BUILTIN, limits, &network.density()).unwrap();
            let max_pods = report.max_pods.unwrap();
            let pool = network.pool(limits, max_pods);
            assert_eq!(pool.carriers(), report.pod_enis, "{}", limits.instance_type);
            assert_eq!(
                Some(pool.most_addresses()),
                report.pod_addresses,
                "{}",
                limits.instance_type
            );
            // One node of each shape is enough.
            if !shapes.insert((shape, network.prefixes, network.pod_subnets)) {
                continue;
            }
            let pods = max_pods.saturating_sub(2).min(report.counted_addresses.unwrap());
            let last = settled(pool.clone(), Some(0), pods + 1);
            let fits = pods + u32::from(report.counted_addresses > Some(pods));
            assert_eq!(last.pods, fits, "{} {network:?}", limits.instance_type);
            // With blocks: what the closed form says.
            let roomy = settled(pool.clone(), None, pods);
            let Steady { slots, addresses, .. } = steady_state(&pool, pods).unwrap();
            assert_eq!(
                (roomy.pods, roomy.addresses),
                (pods, addresses),
                "{}",
                limits.instance_type
            );
            assert_eq!(roomy.per_eni.iter().sum::<u32>(), slots);
        }
        let usual = assess(&BUILTIN, limits, &DensitySettings::default()).unwrap();
        let auto = assess(&BUILTIN, limits, &AutoModeNetwork::default().density()).unwrap();
        assert_eq!(usual.node_values.auto_mode, auto.max_pods, "{}", limits.instance_type);
        assert_eq!(auto.node_values.auto_mode, auto.max_pods, "{}", limits.instance_type);
    }
}
