//! Laws of a node's pool, over any settings and events, and the edges of its input.

use std::collections::BTreeMap;

use eksnet::ipam::{
    Addresses, CountedSubnets, DeleteOrder, EniId, LONGEST_SECONDS, Node, NodeInput, Op, PodEvent,
    PoolMode, PoolSettings, Slots, StartError, Steady, SubnetSide, ipv6, lints, replay,
    steady_state,
};
use proptest::prelude::*;

fn settings() -> impl Strategy<Value = PoolSettings> {
    let target = || prop_oneof![3 => Just(None), 1 => (-2i64..4).prop_map(Some), 1 => (0i64..60).prop_map(Some)];
    let limits = (1u32..6, 1u32..12, any::<bool>(), any::<bool>(), any::<bool>());
    let rest = (prop::option::of(-1i64..7), prop_oneof![Just(0u32), 1u32..60, Just(110)]);
    (limits, target(), target(), target(), target(), rest).prop_map(
        |((enis, ipv4_per_eni, prefix, custom, pod_eni), eni, ip, minimum, warm_prefix, rest)| {
            PoolSettings {
                enis,
                ipv4_per_eni,
                mode: if prefix { PoolMode::Prefix } else { PoolMode::SecondaryIp },
                custom_networking: custom,
                primary_excluded: false,
                pod_eni,
                warm_eni_target: eni,
                warm_ip_target: ip,
                minimum_ip_target: minimum,
                warm_prefix_target: warm_prefix,
                max_eni: rest.0,
                max_pods: rest.1,
                ..PoolSettings::default()
            }
        },
    )
}

fn event() -> impl Strategy<Value = PodEvent> {
    let op = prop_oneof![3 => Just(Op::Add), 2 => Just(Op::Delete), 1 => Just(Op::Wait)];
    let wait = prop_oneof![2 => Just(None), 1 => (0u64..400).prop_map(Some)];
    (op, 0u32..30, any::<bool>(), any::<bool>(), wait, prop::option::of(0u64..3_000)).prop_map(
        |(op, n, retry, oldest, wait, t)| PodEvent {
            op,
            n,
            retry,
            del_order: if oldest { DeleteOrder::Oldest } else { DeleteOrder::Newest },
            wait,
            t,
        },
    )
}

fn input() -> impl Strategy<Value = NodeInput> {
    let capacity = || prop::option::of(0u32..120);
    (settings(), capacity(), capacity(), prop::collection::vec(event(), 0..8)).prop_map(
        |(settings, subnet_capacity, pod_subnet_capacity, events)| NodeInput {
            settings,
            subnet_capacity,
            pod_subnet_capacity,
            free_blocks: None,
            events,
        },
    )
}

/// EC2's own books, ENI by ENI, beside the counters.
struct Books {
    counted: CountedSubnets,
    enis: BTreeMap<EniId, (SubnetSide, u32)>,
}

impl Books {
    fn new(node: Option<u32>, pod: Option<u32>) -> Self {
        Self { counted: CountedSubnets::new(node, pod), enis: BTreeMap::new() }
    }

    /// Addresses that the ENIs of one side hold.
    fn held(&self, side: SubnetSide, unit: u32) -> u32 {
        self.enis.values().filter(|eni| eni.0 == side).map(|eni| 1 + eni.1 * unit).sum()
    }
}

impl Addresses for Books {
    fn assign(&mut self, side: SubnetSide, eni: EniId, slots: Slots) -> bool {
        let ok = self.counted.assign(side, eni, slots);
        if ok {
            let held = self.enis.get_mut(&eni).unwrap();
            assert_eq!(held.0, side);
            held.1 += slots.count;
        }
        ok
    }

    fn create(&mut self, side: SubnetSide, eni: EniId, slots: Slots) -> bool {
        let ok = self.counted.create(side, eni, slots);
        if ok {
            assert_eq!(self.enis.insert(eni, (side, slots.count)), None);
        }
        ok
    }

    fn unassign(&mut self, side: SubnetSide, eni: EniId, slots: Slots) {
        self.counted.unassign(side, eni, slots);
        let held = self.enis.get_mut(&eni).unwrap();
        assert_eq!(held.0, side);
        held.1 -= slots.count;
    }

    fn delete(&mut self, side: SubnetSide, eni: EniId, slots: Slots) {
        self.counted.delete(side, eni, slots);
        assert_eq!(self.enis.remove(&eni), Some((side, slots.count)));
    }
}

/// What is true of a node at any moment.
fn holds_together(node: &Node, books: &Books) -> Result<(), TestCaseError> {
    let (settings, counts) = (node.settings(), node.counts());
    let unit = settings.addresses_per_slot();
    let slots: Vec<u32> = node.slots_by_eni().collect();
    prop_assert!(slots.iter().all(|slots| *slots <= settings.slots_per_eni()));
    prop_assert!(counts.prefixes <= settings.carriers() * settings.slots_per_eni());
    prop_assert_eq!(counts.prefixes, slots.iter().sum::<u32>());
    prop_assert_eq!(counts.addresses, counts.prefixes * unit);
    prop_assert!(counts.assigned <= counts.addresses);
    prop_assert_eq!(counts.assigned, node.pods_by_eni().sum::<u32>());
    prop_assert_eq!(counts.assigned, node.pods_by_slot().sum::<u32>());
    let free = node.pods_by_slot().filter(|pods| *pods == 0).count();
    prop_assert_eq!(usize::try_from(counts.free_prefixes).unwrap(), free);
    prop_assert!(node.pods_by_slot().all(|pods| pods <= unit));
    prop_assert_eq!(usize::try_from(counts.enis).unwrap(), slots.len());
    prop_assert!(counts.enis <= settings.enis);
    prop_assert_eq!(books.enis.values().map(|eni| eni.1).collect::<Vec<_>>(), slots);
    for side in [SubnetSide::Node, SubnetSide::Pod] {
        prop_assert_eq!(books.counted.used(side), books.held(side, unit));
    }
    Ok(())
}

proptest! {
    #[test]
    fn the_pool_stays_within_its_bounds(input in input()) {
        let mut books = Books::new(input.subnet_capacity, input.pod_subnet_capacity);
        let (mut node, started) = Node::start(input.settings.clone(), &mut books);
        holds_together(&node, &books)?;
        prop_assert_eq!(started.is_ok(), node.is_ready());
        for event in &input.events {
            for _ in 0..event.n {
                match (event.op, event.del_order) {
                    (Op::Add, _) => node.add_pod(),
                    (Op::Delete, DeleteOrder::Newest) => node.delete_newest(),
                    (Op::Delete, DeleteOrder::Oldest) => node.delete_oldest(),
                    (Op::Wait, _) => break,
                };
            }
            for _ in 0..event.wait.unwrap_or(100) / 5 {
                let before = node.now_ms();
                node.pass(&mut books);
                holds_together(&node, &books)?;
                prop_assert!(matches!(node.now_ms() - before, 5_000 | 7_000));
                prop_assert!(node.last_change_ms() <= node.now_ms());
            }
        }
    }

    #[test]
    fn a_replay_twice_is_equal(input in input()) {
        let first = replay(&input);
        prop_assert_eq!(&first, &replay(&input));
        prop_assert!(first.states.len() <= input.events.len() + 2);
        prop_assert!(first.states.windows(2).all(|pair| pair[0].t <= pair[1].t));
        for (state, event) in first.states.iter().skip(2).zip(&input.events) {
            prop_assert!(state.t >= event.t.unwrap_or(0) + event.wait.unwrap_or(0));
        }
    }

    /// Jumping over passes that do nothing is the same as making them.
    #[test]
    fn a_long_wait_is_many_short_ones(input in input(), waits in 1u32..100) {
        let wait = |seconds| PodEvent {
            op: Op::Wait, n: 0, retry: false, del_order: DeleteOrder::Newest, wait: Some(seconds), t: None,
        };
        let with = |tail: Vec<PodEvent>| {
            let mut events = input.events.clone();
            for event in &mut events {
                event.wait = event.wait.or(Some(50));
            }
            // So that nothing is pending and passes end on the same seconds.
            events.push(PodEvent { wait: None, ..wait(0) });
            events.extend(tail);
            let replay = replay(&NodeInput { events, ..input.clone() });
            replay.states.into_iter().next_back().unwrap()
        };
        let short = with((0..waits).map(|_| wait(5)).collect());
        let long = with(vec![wait(u64::from(waits) * 5)]);
        // An ENI freed on the way makes a pass longer, and the two part.
        if short.t == long.t {
            prop_assert_eq!((short.ec2, short.per_eni), (long.ec2, long.per_eni));
        }
    }

    #[test]
    fn more_room_never_places_fewer_pods(
        settings in settings(),
        adds in prop::collection::vec(0u32..20, 1..6),
        (less, more) in (1u32..150, 0u32..150),
    ) {
        let placed = |capacity: u32| {
            let events = adds.iter().map(|n| PodEvent {
                op: Op::Add, n: *n, retry: true, del_order: DeleteOrder::Newest, wait: None, t: None,
            });
            let input = NodeInput {
                settings: settings.clone(),
                subnet_capacity: Some(capacity),
                pod_subnet_capacity: Some(capacity), free_blocks: None,
                events: events.collect(),
            };
            let replay = replay(&input);
            let oscillates = replay.states.iter().any(|state| state.oscillation.is_some());
            (oscillates, replay.states.last().map_or(0, |state| state.pods))
        };
        let (small, large) = (placed(less), placed(less + more));
        // One that never settles ends before its other pods come.
        if !small.0 && !large.0 {
            prop_assert!(large.1 >= small.1, "{:?} of {}, {:?} of {}", small, less, large, less + more);
        }
    }

    #[test]
    fn closed_forms_equal_the_passes(settings in settings(), pods in 0u32..60) {
        if let Some(form) = steady_state(&settings, pods) {
            prop_assert_eq!(form, stepped(&settings, pods));
        }
    }
}

/// What a node holds after its pods came one at a time.
fn stepped(settings: &PoolSettings, pods: u32) -> Steady {
    let mut subnets = CountedSubnets::new(None, None);
    let (mut node, _) = Node::start(settings.clone(), &mut subnets);
    for arrived in 0..=pods {
        for _ in 0..30 {
            node.pass(&mut subnets);
        }
        if arrived < pods {
            node.add_pod();
        }
    }
    let counts = node.counts();
    let used = node.slots_by_eni().filter(|slots| *slots > 0).count();
    Steady {
        carriers_used: u32::try_from(used).unwrap(),
        slots: counts.prefixes,
        addresses: counts.addresses,
    }
}

fn m5_large() -> PoolSettings {
    PoolSettings {
        enis: 3,
        ipv4_per_eni: 10,
        mode: PoolMode::SecondaryIp,
        custom_networking: false,
        primary_excluded: false,
        pod_eni: false,
        warm_eni_target: Some(1),
        warm_ip_target: None,
        minimum_ip_target: None,
        warm_prefix_target: Some(1),
        max_eni: None,
        max_pods: 29,
        ..PoolSettings::default()
    }
}

fn pods(op: Op, n: u32, wait: Option<u64>) -> PodEvent {
    PodEvent { op, n, retry: true, del_order: DeleteOrder::Newest, wait, t: None }
}

fn run(settings: PoolSettings, events: Vec<PodEvent>) -> eksnet::ipam::Replay {
    replay(&NodeInput {
        settings,
        subnet_capacity: None,
        pod_subnet_capacity: None,
        free_blocks: None,
        events,
    })
}

#[test]
fn a_full_subnet_stops_a_node_at_its_start() {
    let input = |capacity, custom_networking| NodeInput {
        settings: PoolSettings { custom_networking, ..m5_large() },
        subnet_capacity: Some(capacity),
        pod_subnet_capacity: Some(capacity),
        free_blocks: None,
        events: vec![pods(Op::Add, 3, None)],
    };
    let rows = [
        (0, false, Some(StartError::NoAddressForNode)),
        (0, true, Some(StartError::NoAddressForNode)),
        (1, false, None),
        (1, true, Some(StartError::EmptyPool)),
        (2, true, Some(StartError::EmptyPool)),
        (10, true, None),
    ];
    for (capacity, custom, error) in rows {
        let replay = replay(&input(capacity, custom));
        assert_eq!(replay.init_error, error, "{capacity} {custom}");
        assert_eq!(replay.states.len(), if error.is_some() { 1 } else { 3 });
    }
    let ready = replay(&input(1, false));
    let last = ready.states.last().unwrap();
    assert_eq!((last.pods, last.failed_adds, last.node_subnet_used), (0, 3, 1));
}

#[test]
fn absurd_input_ends() {
    let all = u32::MAX;
    let far = i64::MAX;
    let rows = [
        PoolSettings { ipv4_per_eni: 1, ..m5_large() },
        PoolSettings { ipv4_per_eni: 0, ..m5_large() },
        PoolSettings { enis: 0, ..m5_large() },
        PoolSettings { enis: 1, pod_eni: true, ..m5_large() },
        PoolSettings { enis: 1, custom_networking: true, ..m5_large() },
        PoolSettings { max_pods: 0, ..m5_large() },
        PoolSettings { max_eni: Some(far), warm_eni_target: Some(far), ..m5_large() },
        PoolSettings { max_eni: Some(i64::MIN), warm_eni_target: Some(i64::MIN), ..m5_large() },
        PoolSettings {
            mode: PoolMode::Prefix,
            warm_ip_target: Some(far),
            minimum_ip_target: Some(far),
            max_pods: all,
            ..m5_large()
        },
        PoolSettings {
            enis: all,
            ipv4_per_eni: all,
            mode: PoolMode::Prefix,
            warm_prefix_target: Some(far),
            max_pods: all,
            ..m5_large()
        },
        PoolSettings { enis: all, ipv4_per_eni: 1, warm_eni_target: Some(0), ..m5_large() },
    ];
    for settings in rows {
        let _ = lints(&settings, all);
        let _ = steady_state(&settings, all);
        let events = vec![
            pods(Op::Add, 0, None),
            pods(Op::Delete, 5, None),
            pods(Op::Wait, 0, None),
            PodEvent { t: Some(7), ..pods(Op::Add, 40, Some(0)) },
            pods(Op::Delete, all, Some(1)),
            pods(Op::Add, 3, None),
        ];
        let replay = run(settings.clone(), events);
        assert!(!replay.states.is_empty(), "{settings:?}");
    }
    let events =
        vec![pods(Op::Add, all, None), pods(Op::Add, all, None), pods(Op::Delete, all, None)];
    let last = run(m5_large(), events).states.into_iter().next_back().unwrap();
    assert_eq!((last.pods, last.failed_adds, last.failed_attempts), (0, all, all));
}

#[test]
fn events_wait_for_their_second() {
    let events = vec![
        PodEvent { t: Some(1_000), ..pods(Op::Add, 1, Some(0)) },
        PodEvent { t: Some(500), ..pods(Op::Add, 1, Some(12)) },
        PodEvent { t: Some(u64::MAX), ..pods(Op::Delete, 1, Some(u64::MAX)) },
    ];
    let states = run(m5_large(), events).states;
    let times: Vec<u64> = states.iter().map(|state| state.t).collect();
    // The last event's second and its wait count for a year each.
    assert_eq!(times, [0, 120, 1_000, 1_015, 1_015 + 2 * LONGEST_SECONDS]);
}

#[test]
fn one_trunk_takes_one_slot() {
    let settings = PoolSettings { pod_eni: true, ..m5_large() };
    assert_eq!(settings.carriers(), 2);
    let last = run(settings, vec![pods(Op::Add, 25, None)]).states.into_iter().next_back().unwrap();
    assert_eq!((last.enis, last.addresses, last.trunk_index), (3, 18, Some(1)));
    assert_eq!((last.pods, last.failed_adds), (18, 7));
    // With nothing beside the primary ENI a trunk has no place, and the primary carries pods.
    let alone = PoolSettings { enis: 1, pod_eni: true, ..m5_large() };
    let last = run(alone, vec![pods(Op::Add, 9, None)]).states.into_iter().next_back().unwrap();
    assert_eq!((last.enis, last.pods, last.trunk_index), (1, 9, None));
}

#[test]
fn published_steady_states() {
    let prefix = PoolSettings { mode: PoolMode::Prefix, max_pods: 110, ..m5_large() };
    let targets =
        PoolSettings { warm_ip_target: Some(2), minimum_ip_target: Some(10), ..m5_large() };
    // settings, pods, ENIs with slots, slots, addresses
    let rows = [
        (m5_large(), 0, (1, 9, 9)),
        (m5_large(), 1, (2, 18, 18)),
        (m5_large(), 27, (3, 27, 27)),
        (prefix.clone(), 0, (1, 1, 16)),
        (prefix.clone(), 17, (1, 3, 48)),
        (prefix, 110, (1, 7, 112)),
        (targets.clone(), 0, (2, 10, 10)),
        (targets, 12, (2, 14, 14)),
    ];
    for (settings, pods, expected) in rows {
        let form = steady_state(&settings, pods).unwrap();
        assert_eq!((form.carriers_used, form.slots, form.addresses), expected, "{pods}");
    }
}

#[test]
fn lints_fire_where_they_should() {
    let ids = |settings: &PoolSettings| {
        lints(settings, 2).into_iter().map(|lint| lint.id).collect::<Vec<_>>()
    };
    let prefix = PoolSettings { mode: PoolMode::Prefix, max_pods: 110, ..m5_large() };
    let rows = [
        (m5_large(), vec![]),
        (prefix.clone(), vec![]),
        (
            PoolSettings { minimum_ip_target: Some(22), ..prefix.clone() },
            vec!["minimum-without-warm"],
        ),
        (PoolSettings { warm_eni_target: Some(0), ..m5_large() }, vec!["warm-eni-zero"]),
        (PoolSettings { warm_eni_target: None, ..m5_large() }, vec![]),
        (PoolSettings { warm_prefix_target: None, ..prefix.clone() }, vec!["warm-prefix-zero"]),
        (PoolSettings { warm_prefix_target: Some(0), ..prefix.clone() }, vec!["warm-prefix-zero"]),
        (PoolSettings { warm_ip_target: Some(1), ..m5_large() }, vec!["small-warm-ip"]),
        (PoolSettings { warm_ip_target: Some(4), ..m5_large() }, vec!["small-warm-ip"]),
        (PoolSettings { warm_ip_target: Some(5), ..m5_large() }, vec![]),
        (PoolSettings { warm_ip_target: Some(1), ..prefix.clone() }, vec![]),
        (
            PoolSettings { warm_ip_target: Some(1), minimum_ip_target: Some(9), ..m5_large() },
            vec![],
        ),
        (
            PoolSettings { custom_networking: true, max_eni: Some(1), ..m5_large() },
            vec!["no-carriers", "max-pods-above-addresses"],
        ),
        (PoolSettings { pod_eni: true, ..m5_large() }, vec!["max-pods-above-addresses"]),
        (PoolSettings { max_pods: 30, ..m5_large() }, vec!["max-pods-above-addresses"]),
        (PoolSettings { max_pods: 110, custom_networking: true, ..prefix }, vec![]),
    ];
    for (settings, expected) in rows {
        assert_eq!(ids(&settings), expected, "{settings:?}");
    }
    // Thirty pods by one, two and four a pass are thirty, fifteen and eight passes of 5 s.
    for (warm, seconds) in [(1, 150), (2, 75), (4, 40)] {
        let slow = PoolSettings { warm_ip_target: Some(warm), ..m5_large() };
        let message = &lints(&slow, 2)[0].message;
        assert!(message.contains(&format!("wait about {seconds} s,")), "{message}");
    }
    let stuck = PoolSettings {
        mode: PoolMode::Prefix,
        minimum_ip_target: Some(22),
        max_pods: 110,
        ..m5_large()
    };
    assert!(lints(&stuck, 2)[0].message.contains("past 32 addresses"));
    // The rule the message states, as the passes have it: 32 of 40 pods get an address.
    let last = run(stuck, vec![pods(Op::Add, 40, None)]).states.into_iter().next_back().unwrap();
    assert_eq!((last.pods, last.failed_adds), (32, 8));
}

#[test]
fn ipv6_nodes_have_no_pool() {
    let plain = ipv6::node(false, 0);
    assert_eq!((plain.ipv4_addresses, plain.ipv6_addresses, plain.prefixes), (1, 1, 1));
    let trunk = ipv6::node(true, 9);
    assert_eq!((trunk.ipv4_addresses, trunk.ipv6_addresses, trunk.prefixes), (11, 11, 1));
}

/// Each start describes the one ENI, looks its subnet up and asks for one more, for which there is no
/// room; where the kubelet takes no pods, none is asked for.
#[test]
fn a_vain_start_costs_as_much_again() {
    for (max_pods, creates) in [(29, [1, 2, 3]), (0, [0, 0, 0])] {
        let settings = PoolSettings { custom_networking: true, max_pods, ..m5_large() };
        let mut subnets = CountedSubnets::new(None, Some(0));
        let (mut node, started) = Node::start(settings, &mut subnets);
        assert_eq!(started, Err(StartError::EmptyPool));
        for (starts, creates) in (1..).zip(creates) {
            let ec2 = node.calls().ec2;
            assert_eq!((ec2.create_tags, ec2.create_network_interface), (1, creates));
            assert_eq!((ec2.describe_network_interfaces, ec2.describe_subnets), (starts, starts));
            assert!(!node.start_again(&mut subnets));
        }
    }
}
