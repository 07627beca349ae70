//! Warm targets: the search against the whole grid, and numbers from the documents.

use std::cmp::Reverse;

use eksnet::{
    ipam::{
        CountedSubnets, DeleteOrder, Node, NodeInput, Op, PodEvent, PoolMode, PoolRules,
        PoolSettings, lints, replay,
    },
    plan::{
        LEAST_WARM_IP, WarmBounds, WarmChoice, WarmGroup, WarmTargets, warm_grid, warm_targets,
    },
    simulate::Target,
};
use proptest::prelude::*;

/// An m5.xlarge as the shipped manifest has it.
fn m5_xlarge() -> PoolSettings {
    PoolSettings {
        enis: 4,
        ipv4_per_eni: 15,
        warm_eni_target: Some(1),
        warm_prefix_target: Some(1),
        max_pods: 58,
        ..PoolSettings::default()
    }
}

fn group(settings: PoolSettings, nodes: u32, (usual_pods, most_pods): (u32, u32)) -> WarmGroup {
    WarmGroup { settings, nodes, usual_pods, most_pods }
}

fn targets(choice: &WarmChoice) -> [Option<i64>; 4] {
    choice.targets.variables().map(|(_, target)| target.value())
}

/// 250 m5.xlarge with ten pods each. By default a node has two ENIs of 1 + 14 addresses: 7,500 in all.
/// WARM_IP_TARGET 2 and MINIMUM_IP_TARGET 12 hold one ENI of 1 + 12, assigned with one call where the second
/// ENI takes six. Prefixes hold 1 + 2 × 16 a node.
#[test]
fn the_example_of_the_documents() {
    let found = warm_targets(&[group(m5_xlarge(), 250, (10, 10))], &WarmBounds::default());
    assert_eq!(found.in_force.figures.addresses_usual, 7_500);
    assert_eq!(found.in_force.figures.start_calls, 250 * (4 + 1 + 6));
    let best = found.best.unwrap();
    assert_eq!(targets(&best), [Some(1), Some(2), Some(12), Some(1)]);
    assert_eq!((best.figures.addresses_usual, best.figures.start_calls), (3_250, 250 * 5));
    assert_eq!((best.figures.wait_s, best.figures.burst_calls_per_minute), (Some(0), 0));
    assert_eq!(found.bounds.pod_wait_s, Some(0));

    let prefixes = PoolSettings { mode: PoolMode::Prefix, max_pods: 110, ..m5_xlarge() };
    let found = warm_targets(&[group(prefixes, 250, (10, 10))], &WarmBounds::default());
    assert_eq!(found.in_force.figures.addresses_usual, 8_250);
    // One prefix serves ten pods and leaves six: the largest warm target that it satisfies.
    let best = found.best.unwrap();
    assert_eq!((targets(&best)[1], best.figures.addresses_usual), (Some(6), 250 * 17));
}

/// From 10 to 30 pods at once. By default a node has 28 addresses for ten pods and two ENIs more for 30, and
/// a new one serves 14 at once, 28 after a pass and 30 after two. No pool under 28 calls as little and waits
/// no longer; one of 28 with two warm goes on to 32 where the default goes on to 56.
#[test]
fn a_burst_keeps_more_addresses() {
    let groups = [group(m5_xlarge(), 100, (10, 30))];
    let found = warm_targets(&groups, &WarmBounds::default());
    assert_eq!(found.in_force.figures.wait_s, Some(10));
    assert_eq!(found.in_force.figures.burst_calls_per_minute, 100 * 2 * 6);
    let best = found.best.unwrap();
    assert_eq!(targets(&best), [Some(1), Some(2), Some(28), Some(1)]);
    let held = (best.figures.addresses_usual, best.figures.addresses_most);
    assert_eq!((held, best.figures.wait_s), ((100 * 30, 100 * 35), Some(10)));
    // Longer waits hold less, and what they call may be more.
    let bounds = WarmBounds { pod_wait_s: Some(60), ec2_calls_per_minute: Some(1_000_000) };
    let patient = warm_targets(&groups, &bounds).best.unwrap();
    assert!(patient.figures.addresses_usual < best.figures.addresses_usual);
    assert!(patient.figures.wait_s <= Some(60));
    // No node starts with more than one ENI, so that 30 pods on a new one always wait.
    let none = warm_targets(&groups, &WarmBounds { pod_wait_s: Some(4), ..WarmBounds::default() });
    assert_eq!(none.best, None);
}

/// One DaemonSet: what is best for all groups together is best for neither alone.
#[test]
fn one_set_serves_all_groups() {
    let small = group(m5_xlarge(), 100, (4, 4));
    let large = group(m5_xlarge(), 10, (40, 40));
    let best = |groups: &[WarmGroup]| warm_targets(groups, &WarmBounds::default()).best.unwrap();
    let (all, one, other) = (
        best(&[small.clone(), large.clone()]),
        best(std::slice::from_ref(&small)),
        best(std::slice::from_ref(&large)),
    );
    let apart = one.figures.addresses_usual + other.figures.addresses_usual;
    assert!(apart <= all.figures.addresses_usual);
    assert_eq!(targets(&one)[1..3], [Some(2), Some(6)]);
    assert_eq!(one.figures.addresses_usual, 100 * 7);
}

/// Targets that strand pods or never settle are replaced whatever that holds; good ones stay.
#[test]
fn harmful_targets_are_replaced_and_good_ones_stay() {
    let with = |eni, warm_ip, minimum| PoolSettings {
        warm_eni_target: Some(eni),
        warm_ip_target: warm_ip,
        minimum_ip_target: minimum,
        ..m5_xlarge()
    };
    let found = |settings| warm_targets(&[group(settings, 10, (14, 14))], &WarmBounds::default());
    for harmful in [with(1, None, Some(8)), with(0, None, None), with(1, Some(0), Some(12))] {
        let found = found(harmful);
        assert!(found.harmful);
        assert!(found.best.is_some_and(|best| best.figures.wait_s.is_some()));
    }
    let good = found(with(1, Some(2), Some(16)));
    assert_eq!((good.best, good.harmful), (Some(good.in_force), false));
    // One warm address is fewer than is proposed, and stays.
    let one = found(with(1, Some(1), Some(15)));
    assert_eq!(one.best, Some(one.in_force));
}

/// Nodes without a carrier, of an IPv6 cluster, and those that neither grow nor shrink have no targets.
#[test]
fn groups_without_a_pool_are_left_out() {
    let frozen = PoolSettings { frozen: true, ..m5_xlarge() };
    let bare = PoolSettings { enis: 1, custom_networking: true, ..m5_xlarge() };
    let ipv6 = PoolSettings { rules: PoolRules::Ipv6, ..m5_xlarge() };
    let own = [group(m5_xlarge(), 5, (10, 10))];
    let all = [
        group(frozen, 5, (10, 10)),
        group(ipv6, 5, (10, 10)),
        own[0].clone(),
        group(bare, 5, (10, 10)),
    ];
    assert_eq!(
        warm_targets(&all, &WarmBounds::default()),
        warm_targets(&own, &WarmBounds::default())
    );
    let none = warm_targets(&all[..1], &WarmBounds::default());
    assert_eq!(none.best.map(|best| best.figures.addresses_usual), Some(0));
}

/// What the stepped model says of one node, written here once more.
struct Stepped {
    start_calls: u64,
    burst: Vec<(u64, u64)>,
    wait_s: Option<u64>,
}

/// Addresses that a node takes with pods that come one at a time.
fn one_at_a_time(settings: &PoolSettings, pods: u32) -> u64 {
    let add = |n| PodEvent {
        op: Op::Add,
        n,
        retry: true,
        del_order: DeleteOrder::Newest,
        wait: None,
        t: None,
    };
    let run = replay(&NodeInput {
        settings: settings.clone(),
        subnet_capacity: None,
        pod_subnet_capacity: None,
        free_blocks: None,
        events: (0..pods).map(|_| add(1)).collect(),
    });
    let last = run.states.last().unwrap();
    (last.node_subnet_used + last.pod_subnet_used).into()
}

fn stepped(settings: &PoolSettings, usual: u32, most: u32) -> Stepped {
    let mut subnets = CountedSubnets::new(None, None);
    let mut come = |node: &mut Node, pods: u32| {
        let (start, mut calls) = (node.now_ms(), Vec::new());
        let mut left = pods - node.add_pods(pods);
        let mut waited = 0;
        while node.now_ms() - start.max(node.last_change_ms()) < 120_000 {
            let (at, before) = (node.now_ms() - start, node.calls().ec2.total());
            node.pass(&mut subnets);
            calls.push((at, u64::from(node.calls().ec2.total() - before)));
            if left > 0 {
                left -= node.add_pods(left);
                waited = node.now_ms() - start;
            }
        }
        (calls, (left == 0).then_some(waited / 1000))
    };
    let start = || Node::start(settings.clone(), &mut CountedSubnets::new(None, None)).0;
    let mut node = start();
    come(&mut node, usual);
    let start_calls = node.calls().ec2.total().into();
    let (burst, wait) = come(&mut node, most - usual);
    let (_, fresh) = come(&mut start(), most);
    let wait_s = wait.zip(fresh).map(|(wait, fresh)| wait.max(fresh));
    Stepped { start_calls, burst, wait_s }
}

/// The best of the whole grid by the stepped model alone.
fn brute_force(groups: &[WarmGroup], bounds: &WarmBounds) -> Option<(u64, u64, WarmTargets)> {
    let figures = |targets: &WarmTargets| {
        let (mut usual, mut most, mut start, mut wait) = (0, 0, 0, Some(0));
        let mut burst: Vec<(u64, u64)> = Vec::new();
        for group in groups {
            let settings = targets.applied(&group.settings);
            let nodes = u64::from(group.nodes);
            let played = stepped(&settings, group.usual_pods, group.most_pods);
            usual += nodes * one_at_a_time(&settings, group.usual_pods);
            most += nodes * one_at_a_time(&settings, group.most_pods);
            start += nodes * played.start_calls;
            burst.extend(played.burst.iter().map(|(at, calls)| (*at, nodes * calls)));
            wait = wait.zip(played.wait_s).map(|(all, one): (u64, u64)| all.max(one));
        }
        let in_minute = |from: u64| -> u64 {
            burst.iter().filter(|(at, _)| (from..from + 60_000).contains(at)).map(|(_, n)| n).sum()
        };
        let peak = burst.iter().map(|(at, _)| in_minute(*at)).max().unwrap_or(0);
        (usual, most, start, peak, wait)
    };
    let now = figures(&WarmTargets::of(&groups[0].settings));
    let most_wait = bounds.pod_wait_s.or(now.4).unwrap();
    let most_peak = bounds.ec2_calls_per_minute.unwrap_or(now.3);
    let most_start = if bounds.ec2_calls_per_minute.is_some() { u64::MAX } else { now.2 };
    let sound = |targets: &&WarmTargets| {
        groups.iter().all(|group| lints(&targets.applied(&group.settings), 0).is_empty())
    };
    let mut found: Vec<_> = warm_grid(groups)
        .iter()
        .filter(sound)
        .map(|targets| (figures(targets), *targets))
        .filter(|((_, _, start, peak, wait), _)| {
            *start <= most_start && *peak <= most_peak && wait.is_some_and(|s| s <= most_wait)
        })
        .collect();
    let key = |targets: &WarmTargets| {
        let [eni, warm_ip, minimum, prefix] = targets.variables().map(|(_, target)| target.value());
        ([eni, warm_ip, prefix], Reverse(minimum))
    };
    found.sort_by_key(|((usual, most, start, peak, wait), targets)| {
        let warm = targets.warm_ip_target.value().unwrap_or(0);
        (*usual, *most, Reverse(warm), *start, *peak, *wait, key(targets))
    });
    let best = found.first().map(|((usual, most, ..), targets)| (*usual, *most, *targets));
    let stays = now.4.is_some_and(|wait| wait <= most_wait) && now.3 <= most_peak;
    let kept = (now.0, now.1, WarmTargets::of(&groups[0].settings));
    match best {
        Some(best) if !stays || (best.0, best.1) < (now.0, now.1) => Some(best),
        _ => stays.then_some(kept),
    }
}

fn settings() -> impl Strategy<Value = PoolSettings> {
    let target = prop_oneof![Just(None), (2i64..8).prop_map(Some)];
    let minimum = (any::<bool>(), 1i64..12);
    (1u32..4, 3u32..7, any::<bool>(), any::<bool>(), target, minimum)
        .prop_map(|(enis, ipv4_per_eni, prefix, custom, warm_ip_target, (set, minimum))| {
            PoolSettings {
                enis: enis + u32::from(custom),
                ipv4_per_eni,
                mode: if prefix { PoolMode::Prefix } else { PoolMode::SecondaryIp },
                custom_networking: custom,
                warm_eni_target: Some(1),
                warm_ip_target,
                minimum_ip_target: warm_ip_target.filter(|_| set).map(|_| minimum),
                warm_prefix_target: Some(1),
                max_pods: 30,
                ..PoolSettings::default()
            }
        })
        .prop_map(|settings| PoolSettings {
            max_pods: settings.most_addresses().min(30),
            ..settings
        })
}

fn groups() -> impl Strategy<Value = Vec<WarmGroup>> {
    let one = (settings(), 1u32..5, 0u32..9, 0u32..7).prop_map(|(settings, nodes, usual, more)| {
        let most = settings.most_addresses().min(settings.max_pods);
        let usual = usual.min(most);
        group(settings, nodes, (usual, (usual + more).min(most)))
    });
    prop::collection::vec(one, 1..3).prop_map(|mut groups| {
        // One daemonset.
        let targets = WarmTargets::of(&groups[0].settings);
        for group in &mut groups {
            group.settings = targets.applied(&group.settings);
        }
        groups
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The search finds what trying every set of targets finds.
    #[test]
    fn the_search_finds_the_best_of_the_grid(
        groups in groups(),
        pod_wait_s in prop_oneof![Just(None), (0u64..40).prop_map(Some)],
        ec2_calls_per_minute in prop_oneof![Just(None), (0u64..60).prop_map(Some)],
    ) {
        let bounds = WarmBounds { pod_wait_s, ec2_calls_per_minute };
        let found = warm_targets(&groups, &bounds);
        let best = found.best.map(|best| {
            (best.figures.addresses_usual, best.figures.addresses_most, best.targets)
        });
        prop_assert_eq!(best, brute_force(&groups, &bounds));
    }

    /// Nothing that is shown as better than the targets in force is harmful, and nothing on the list is
    /// beaten by another but those in force and the best.
    #[test]
    fn what_is_found_does_no_harm(groups in groups(), wait in 0u64..60) {
        let bounds = WarmBounds { pod_wait_s: Some(wait), ec2_calls_per_minute: None };
        let found = warm_targets(&groups, &bounds);
        prop_assert_eq!(&found, &warm_targets(&groups, &bounds));
        for choice in found.finalists.iter().filter(|choice| **choice != found.in_force) {
            for group in &groups {
                prop_assert!(lints(&choice.targets.applied(&group.settings), 0).is_empty());
            }
            let warm_ip = choice.targets.warm_ip_target;
            let least = Target::Value(LEAST_WARM_IP.into());
            prop_assert!(warm_ip == Target::Unset || warm_ip.value() >= least.value());
        }
        let by_addresses: Vec<u64> =
            found.finalists.iter().map(|choice| choice.figures.addresses_usual).collect();
        prop_assert!(by_addresses.is_sorted());
    }
}
