//! Layouts whose figures can be counted by hand, and the scenarios in examples/.

use std::fmt::Write as _;

use eksnet::{
    instance::BUILTIN,
    ipam::{BurstInput, PoolMode, PoolSettings, burst},
    simulate::{LayoutFailure, Reason, Shortage, Timeline, Verdict, check, parse, run},
};

fn play(text: &str) -> Timeline {
    let scenario = parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let layout = check(&scenario, &BUILTIN, false).unwrap_or_else(|error| panic!("{error}"));
    run(&layout, 1)
}

/// One subnet `a`, one group `g`, and further keys.
fn one_subnet(cidr: &str, instance_type: &str, nodes: u32, pods: u32, rest: &str) -> String {
    format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets: [{{name: a, zone: z, cidr: {cidr}}}]\n\
         node_groups: [{{name: g, instance_type: {instance_type}, subnets: [a], nodes: {nodes}, \
         pods_per_node: {pods}}}]\n{rest}\n"
    )
}

/// 251 usable: 25 nodes take 1 + 9 each, the 26th has the last one, four have none.
#[test]
fn thirty_idle_m5_large_in_a_slash_24() {
    let timeline = play(&one_subnet("10.0.0.0/24", "m5.large", 30, 0, ""));
    let start = &timeline.steps[0];
    assert_eq!((start.groups[0].nodes_wanted, start.groups[0].nodes_placed), (30, 26));
    assert_eq!((start.subnets[0].used, start.subnets[0].free), (251, 0));
    let failure = timeline.first_failure().cloned().unwrap();
    assert_eq!((failure.what, failure.wanted, failure.placed), (Shortage::Nodes, 30, 26));
    assert_eq!(failure.reason, Reason::InsufficientFreeAddresses);
    assert_eq!(failure.subnet.as_deref(), Some("a"));
}

/// c5.4xlarge at once, of which each takes 1 + 29 while there is room. 59 usable: one takes 30, then
/// fourteen with an address for a single pod and one with its own alone share 29. 123: four take 120,
/// and two share three. One after another the second of 59 takes all 29, and the fifth of 123 all three.
#[test]
fn a_larger_subnet_can_fit_fewer_nodes() {
    let ready = |cidr: &str, start: &str| {
        let timeline = play(&one_subnet(cidr, "c5.4xlarge", 16, 0, start));
        (timeline.steps[0].groups[0].nodes_placed, timeline.verdict)
    };
    assert_eq!(ready("10.0.0.0/26", "start: at_once"), (16, Verdict::Fits));
    assert_eq!(ready("10.0.0.0/25", "start: at_once"), (6, Verdict::Fails));
    assert_eq!(ready("10.0.0.0/26", "start: grown"), (2, Verdict::Fails));
    assert_eq!(ready("10.0.0.0/25", ""), (5, Verdict::Fails));
}

/// 12 pods on an m5.large: two ENIs for them and a warm one, 10 addresses each.
#[test]
fn pods_and_warm_pools_add_up() {
    let timeline = play(&one_subnet("10.0.0.0/23", "m5.large", 10, 12, ""));
    assert_eq!(timeline.verdict, Verdict::Fits);
    let start = &timeline.steps[0];
    assert_eq!((start.subnets[0].used, start.groups[0].pods_placed), (300, 120));
    assert_eq!(start.ec2_calls["CreateNetworkInterface"], 20);
    let prefix =
        play(&one_subnet("10.0.0.0/23", "m5.large", 10, 12, "cni: {prefix_delegation: true}"));
    // One prefix for 12 pods has 4 left, so a second one is taken: 1 + 2 × 16.
    assert_eq!(prefix.steps[0].subnets[0].used, 330);
}

#[test]
fn one_node_takes_what_the_node_alone_takes() {
    for (cni, mode, warm, minimum) in [
        ("{}", PoolMode::SecondaryIp, None, None),
        ("{warm_ip_target: 1}", PoolMode::SecondaryIp, Some(1), None),
        ("{warm_ip_target: 2, minimum_ip_target: 12}", PoolMode::SecondaryIp, Some(2), Some(12)),
        ("{prefix_delegation: true}", PoolMode::Prefix, None, None),
    ] {
        for pods in [0, 7, 30, 50] {
            let rest = format!("cni: {cni}\nsteps: [{{burst: {{group: g, pods: {pods}}}}}]");
            let timeline = play(&one_subnet("10.0.0.0/22", "m5.xlarge", 1, 0, &rest));
            let alone = burst(&BurstInput {
                settings: PoolSettings {
                    enis: 4,
                    ipv4_per_eni: 15,
                    mode,
                    custom_networking: false,
                    primary_excluded: false,
                    pod_eni: false,
                    warm_eni_target: Some(1),
                    warm_ip_target: warm,
                    minimum_ip_target: minimum,
                    warm_prefix_target: Some(1),
                    max_eni: None,
                    max_pods: if mode == PoolMode::Prefix { 110 } else { 58 },
                    ..PoolSettings::default()
                },
                nodes: 1,
                node_subnet_free: None,
                pod_subnet_free: None,
                free_blocks: None,
                pods_per_node: pods,
            });
            let [before, after] = timeline.steps.as_slice() else { panic!("two steps") };
            assert_eq!(before.subnets[0].used, alone.node_subnet_before, "{cni} {pods}");
            assert_eq!(after.subnets[0].used, alone.node_subnet_used, "{cni} {pods}");
            assert_eq!(after.groups[0].pods_placed, alone.pods_placed, "{cni} {pods}");
            let calls: u64 = timeline.steps.iter().flat_map(|step| step.ec2_calls.values()).sum();
            assert_eq!(calls, alone.ec2_total, "{cni} {pods}");
        }
    }
}

#[test]
fn a_full_prefix_reservation_is_the_end_of_prefixes() {
    let text = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\n\
        subnets: [{name: a, zone: z, cidr: 10.0.0.0/24, reservations: [{cidr: 10.0.0.64/26, type: prefix}]}]\n\
        cni: {prefix_delegation: true}\n\
        node_groups: [{name: g, instance_type: m5.large, subnets: [a], nodes: 5, pods_per_node: 1}]\n";
    let timeline = play(text);
    let failure = timeline.first_failure().cloned().unwrap();
    assert_eq!(failure.reason, Reason::PrefixReservationFull);
    // Blocks outside of the reservation are free, and none of them is given.
    assert_eq!(timeline.steps[0].subnets[0].assignable_prefixes, 0);
    let one = play(&text.replace("nodes: 5", "nodes: 1"));
    assert_eq!(one.steps[0].subnets[0].assignable_prefixes, 2, "one is in use, one is warm");
    assert!(timeline.steps[0].subnets[0].free > 100);
    // Two nodes have one in use and a warm one.
    assert_eq!((failure.what, failure.wanted, failure.placed), (Shortage::Pods, 5, 2));
    assert_eq!(timeline.steps[0].subnets[0].used, 5 + 64);
}

#[test]
fn discovery_takes_the_emptiest_subnet_that_is_tagged() {
    let text = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets:\n\
        - {name: a, zone: z, cidr: 10.0.0.0/24}\n\
        - {name: pods, zone: z, cidr: 10.0.4.0/22, tags: {kubernetes.io/role/cni: \"1\"}}\n\
        - {name: other-zone, zone: y, cidr: 10.0.8.0/21, tags: {kubernetes.io/role/cni: \"1\"}}\n\
        - {name: untagged, zone: z, cidr: 10.0.16.0/21}\n\
        node_groups: [{name: g, instance_type: m5.large, subnets: [a], nodes: 4, pods_per_node: 12}]\n";
    let used: Vec<u32> = play(text).steps[0].subnets.iter().map(|subnet| subnet.used).collect();
    assert_eq!(used, [40, 80, 0, 0]);
}

#[test]
fn the_control_plane_needs_room_for_new_interfaces_before_the_old_go() {
    let text = |used: u32, interfaces: u32| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\n\
             subnets: [{{name: a, zone: z, cidr: 10.0.0.0/28, used: {used}}}]\n\
             control_plane: {{subnets: [a], interfaces: {interfaces}}}\n\
             steps: [{{upgrade_control_plane: {{}}}}]\n"
        )
    };
    let fits = play(&text(4, 2));
    assert_eq!(fits.verdict, Verdict::Fits);
    assert_eq!((fits.steps[1].subnets[0].peak_used, fits.steps[1].subnets[0].used), (8, 6));
    // Five are free, and six are to come.
    let failure = play(&text(0, 6)).first_failure().cloned().unwrap();
    assert_eq!(
        (failure.what, failure.step, failure.wanted, failure.placed),
        (Shortage::Interfaces, 1, 6, 5)
    );
}

#[test]
fn a_rollout_needs_room_for_its_surge_and_one_that_waits_does_not() {
    let rollout = |bound: &str| {
        let steps = format!("steps: [{{rollout: {{group: g, {bound}}}}}]");
        play(&one_subnet("10.0.0.0/24", "m5.large", 8, 12, &steps))
    };
    assert_eq!(rollout("max_unavailable: 1").verdict, Verdict::Fits);
    let failed = rollout("max_surge: 50%");
    let failure = failed.first_failure().cloned().unwrap();
    assert_eq!((failure.what, failure.step, failure.wanted), (Shortage::Replacements, 1, 4));
    // The old nodes run on.
    assert_eq!(failed.steps[1].groups[0].nodes_placed, 8);
}

/// Three nodes one by one: each is waited for a minute, the boot of an instance, and the last changes within
/// its own.
#[test]
fn a_batch_of_a_rollout_takes_a_minute() {
    for bound in ["max_unavailable: 1", "max_surge: 1"] {
        let steps = format!("steps: [{{rollout: {{group: g, {bound}}}}}]");
        let timeline = play(&one_subnet("10.0.0.0/23", "m5.large", 3, 12, &steps));
        let seconds = timeline.steps[1].seconds;
        assert!((120..=180).contains(&seconds), "{bound}: {seconds}");
    }
}

/// Ten idle m5.large in one zone hold 100 addresses; what a roll-out holds beyond them is its surge's.
#[test]
fn each_way_of_replacing_nodes_has_its_own_surge() {
    let peak = |bounds: &str| {
        let steps = format!("steps: [{{rollout: {{group: g{bounds}}}}}]");
        let timeline = play(&one_subnet("10.0.0.0/23", "m5.large", 10, 0, &steps));
        assert_eq!(timeline.verdict, Verdict::Fits);
        timeline.steps[1].subnets[0].peak_used
    };
    // Twice as many as there are zones, or max_unavailable if that is more.
    assert_eq!(peak(""), 120);
    assert_eq!(peak(", like: managed_node_group"), 120);
    assert_eq!(peak(", like: managed_node_group, max_unavailable: 50%"), 150);
    assert_eq!(peak(", like: managed_node_group_minimal, max_unavailable: 3"), 100);
    assert_eq!(peak(", like: karpenter"), 110);
    assert_eq!(peak(", like: karpenter, max_surge: 3"), 130);
}

/// A prefix is one network address unit: two nodes have a primary address and two prefixes each.
#[test]
fn address_units_count_a_prefix_once() {
    let units = |rest: &str| play(&one_subnet("10.0.0.0/23", "m5.large", 2, 12, rest));
    assert_eq!(units("cni: {prefix_delegation: true}").most_address_units, 2 + 4);
    assert_eq!(units("").most_address_units, 60);
    let surge = "steps: [{rollout: {group: g, max_surge: 2}}]";
    assert_eq!(units(surge).most_address_units, 120);
}

#[test]
fn churn_keeps_every_pod_and_every_address() {
    let steps = "steps: [{churn: {group: g, pods_per_minute: 60, minutes: 5}}, {scale: {group: g, nodes: 2}}]";
    let timeline = play(&one_subnet("10.0.0.0/23", "m5.large", 4, 8, steps));
    assert_eq!(timeline.verdict, Verdict::Fits);
    assert_eq!(timeline.steps[1].groups[0].pods_placed, 32);
    assert_eq!(
        (timeline.steps[2].groups[0].pods_placed, timeline.steps[2].subnets[0].used / 10),
        (16, 4)
    );
}

/// max pods 29, of which 2 are the host network's: 27 pods find room on one node.
#[test]
fn pods_without_room_wait_for_further_nodes() {
    let steps = "steps: [{burst: {group: g, pods: 40}}, {scale: {group: g, nodes: 2}}, {scale: {group: g, nodes: 1}}]";
    let timeline = play(&one_subnet("10.0.0.0/24", "m5.large", 1, 0, steps));
    let pods: Vec<(u64, u64)> = timeline
        .steps
        .iter()
        .map(|step| (step.groups[0].pods_wanted, step.groups[0].pods_placed))
        .collect();
    assert_eq!(pods, [(0, 0), (40, 27), (40, 40), (40, 27)]);
    assert_eq!(timeline.first_failure().unwrap().reason, Reason::MaxPods);
}

/// Zone z has two of the three subnets and gets no more nodes for it.
#[test]
fn zones_get_alike_whatever_subnets_they_have() {
    let text = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets:\n\
        - {name: a, zone: z, cidr: 10.0.0.0/24}\n\
        - {name: b, zone: z, cidr: 10.0.1.0/24}\n\
        - {name: c, zone: y, cidr: 10.0.2.0/24}\n\
        node_groups: [{name: g, instance_type: m5.large, subnets: [a, b, c], nodes: 8}]\n";
    let used: Vec<u32> = play(text).steps[0].subnets.iter().map(|subnet| subnet.used).collect();
    assert_eq!(used, [20, 20, 40]);
}

/// A group with `max` grows for a burst as an autoscaler does, and no further.
#[test]
fn a_burst_brings_nodes_up_to_the_groups_max() {
    let text = |max: u32| {
        one_subnet("10.0.0.0/24", "m5.large", 1, 0, "steps: [{burst: {group: g, pods: 100}}]")
            .replace("nodes: 1,", &format!("nodes: 1, min: 1, max: {max},"))
    };
    let ends = |max: u32| {
        let timeline = play(&text(max));
        let group = timeline.steps[1].groups[0].clone();
        (group.nodes_wanted, group.pods_wanted, group.pods_placed)
    };
    // 27 pods a node beside the two of the host network.
    assert_eq!(ends(3), (3, 100, 81));
    assert_eq!(ends(9), (4, 100, 100));
}

/// A burst made the group grow from one node to four; half of them are two.
#[test]
fn growth_by_a_factor_counts_what_a_burst_started() {
    let steps = "steps: [{burst: {group: g, pods: 100}}, {grow: {group: g, factor: 0.5}}]";
    let text = one_subnet("10.0.0.0/24", "m5.large", 1, 0, steps)
        .replace("nodes: 1,", "nodes: 1, max: 4,");
    let timeline = play(&text);
    let nodes = |at: usize| timeline.steps[at].groups[0].nodes_wanted;
    assert_eq!((nodes(1), nodes(2)), (4, 2));
}

/// Zones get alike after groups shrank and grew, too: what goes comes from the zone with the most.
#[test]
fn zones_stay_alike_through_every_size() {
    let text = |sizes: &[u32]| {
        let steps: Vec<String> =
            sizes.iter().map(|nodes| format!("{{scale: {{group: g, nodes: {nodes}}}}}")).collect();
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
             - {{name: a, zone: z, cidr: 10.0.0.0/24}}\n- {{name: b, zone: y, cidr: 10.0.1.0/24}}\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [a, b], nodes: 2}}]\n\
             steps: [{}]\n",
            steps.join(", ")
        )
    };
    let timeline = play(&text(&[1, 2, 1, 2, 10, 7, 8, 3, 6]));
    let used: Vec<(u32, u32)> =
        timeline.steps.iter().map(|step| (step.subnets[0].used, step.subnets[1].used)).collect();
    let expected = [
        (10, 10),
        (10, 0),
        (10, 10),
        (10, 0),
        (10, 10),
        (50, 50),
        (40, 30),
        (40, 40),
        (20, 10),
        (30, 30),
    ];
    assert_eq!(used, expected);
}

/// Nodes of a lost zone come where the fewest are, and a zone that is gone gets none.
#[test]
fn a_lost_zones_nodes_go_to_the_emptiest() {
    let text = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets:\n\
        - {name: a, zone: z, cidr: 10.0.0.0/24}\n- {name: b, zone: y, cidr: 10.0.1.0/24}\n\
        - {name: c, zone: x, cidr: 10.0.2.0/24}\n\
        node_groups: [{name: g, instance_type: m5.large, subnets: [a, b, c], nodes: 7}]\n\
        steps: [{lose_zone: z}, {scale: {group: g, nodes: 9}}, {scale: {group: g, nodes: 4}}]\n";
    let used: Vec<Vec<u32>> = play(text)
        .steps
        .iter()
        .map(|step| step.subnets.iter().map(|subnet| subnet.used).collect())
        .collect();
    // Three of seven were in the zone: two of them make b four and c three, and then c is next.
    assert_eq!(used, [[30, 20, 20], [0, 40, 30], [0, 50, 40], [0, 20, 20]]);
}

/// Idle, an m5.large holds 10 addresses and an m5.xlarge 15. Each zone has its part of both.
#[test]
fn types_keep_to_their_weights_in_each_zone() {
    let text = |weights: [u32; 2], nodes: u32| {
        let [large, xlarge] = weights;
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
             - {{name: a, zone: z, cidr: 10.0.0.0/22}}\n- {{name: b, zone: y, cidr: 10.0.4.0/22}}\n\
             node_groups: [{{name: g, instance_types: [{{type: m5.large, weight: {large}}}, \
             {{type: m5.xlarge, weight: {xlarge}}}], subnets: [a, b], nodes: {nodes}}}]\n"
        )
    };
    let used = |weights: [u32; 2], nodes: u32| -> Vec<u32> {
        play(&text(weights, nodes)).steps[0].subnets.iter().map(|subnet| subnet.used).collect()
    };
    assert_eq!(used([1, 1], 2), [10, 15]);
    assert_eq!(used([1, 1], 4), [25, 25]);
    assert_eq!(used([3, 1], 8), [45, 45]);
    assert_eq!(used([9, 1], 20), [105, 105]);
    // One of three, as near as it gets: of four nodes one.
    assert_eq!(used([2, 1], 4).iter().sum::<u32>(), 45);
}

/// An m5.large has 9 branch ENIs and, here, 29 pods at most, of which two are the host network's.
#[test]
fn branch_pods_count_toward_max_pods() {
    let rows = [
        // max_pods, pods, branch pods: (wanted, placed) of one node.
        (5, 0, 9, (9, 3), Some(Reason::MaxPods)),
        (5, 2, 3, (5, 3), Some(Reason::MaxPods)),
        (5, 0, 3, (3, 3), None),
        (29, 0, 12, (12, 9), Some(Reason::BranchLimit)),
        (11, 0, 12, (12, 9), Some(Reason::BranchLimit)),
        (10, 0, 12, (12, 8), Some(Reason::MaxPods)),
    ];
    for (max_pods, pods, branches, figures, reason) in rows {
        let text = one_subnet("10.0.0.0/24", "m5.large", 1, pods, "cni: {pod_eni: true}").replace(
            "nodes: 1,",
            &format!("nodes: 1, max_pods: {max_pods}, branch_pods_per_node: {branches},"),
        );
        let timeline = play(&text);
        let group = &timeline.steps[0].groups[0];
        assert_eq!((group.pods_wanted, group.pods_placed), figures, "{max_pods} {branches}");
        let failed = timeline.first_failure().map(|failure| failure.reason);
        assert_eq!(failed, reason, "{max_pods} {branches}");
    }
}

/// Branch ENIs that max pods forbids are waited for neither by a step nor by a roll-out.
#[test]
fn what_max_pods_forbids_is_not_waited_for() {
    let text = one_subnet(
        "10.0.0.0/24",
        "m5.large",
        2,
        0,
        "cni: {pod_eni: true}\nsteps: [{rollout: {group: g, max_surge: 1}}]",
    )
    .replace("nodes: 2,", "nodes: 2, max_pods: 5, branch_pods_per_node: 9,");
    let timeline = play(&text);
    assert_eq!(timeline.steps[1].groups[0].pods_placed, 6);
    assert!(timeline.steps.iter().all(|step| step.settled));
    assert_eq!(timeline.steps[1].seconds, 120, "two batches of a minute");
}

/// An automatic max pods is known only with the type and the settings: 29 of an m5.large.
#[test]
fn host_network_pods_without_room_are_a_failure() {
    let text = |host: u32| {
        one_subnet("10.0.0.0/24", "m5.large", 2, 0, "")
            .replace("nodes: 2,", &format!("nodes: 2, host_network_pods: {host},"))
    };
    assert_eq!(play(&text(29)).first_failure(), None);
    let failure = play(&text(30)).first_failure().cloned().unwrap();
    assert_eq!((failure.what, failure.reason), (Shortage::HostNetworkPods, Reason::MaxPods));
    assert_eq!((failure.wanted, failure.placed), (60, 58));
}

/// Cross-account interfaces of a lost zone come again where the control plane still has subnets, and
/// where they cannot is said.
#[test]
fn the_control_plane_moves_out_of_a_lost_zone() {
    let text = |control_plane: &str, used: u32| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
             - {{name: a, zone: z, cidr: 10.0.0.0/28}}\n\
             - {{name: b, zone: y, cidr: 10.0.1.0/28, used: {used}}}\n\
             control_plane: {{subnets: [{control_plane}], interfaces: 4}}\n\
             steps: [{{lose_zone: z}}, {{upgrade_control_plane: {{}}}}]\n"
        )
    };
    let moved = play(&text("a, b", 2));
    assert_eq!(moved.first_failure(), None);
    let used = |step: usize| -> Vec<u32> {
        moved.steps[step].subnets.iter().map(|subnet| subnet.used).collect()
    };
    assert_eq!((used(0), used(1), used(2)), (vec![2, 4], vec![0, 6], vec![0, 6]));
    // Eight of eleven and two interfaces leave room for one of the two that are to come.
    let full = play(&text("a, b", 8)).first_failure().cloned().unwrap();
    assert_eq!((full.what, full.step, full.wanted, full.placed), (Shortage::Interfaces, 1, 4, 3));
    assert_eq!(full.reason, Reason::InsufficientFreeAddresses);
    assert_eq!(full.subnet.as_deref(), Some("b"));
    let none = play(&text("a", 0)).first_failure().cloned().unwrap();
    assert_eq!((none.what, none.step, none.wanted, none.placed), (Shortage::Interfaces, 1, 4, 0));
    assert_eq!((none.reason, none.subnet), (Reason::NoSubnet, None));
}

/// Where ipamd finds no subnet to ask, EC2 is not asked: only subnets are looked up to find one.
#[test]
fn calls_that_are_never_made_are_not_counted() {
    let calls = |own: &str, cni: &str, operation: &str| {
        let text = format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
             - {{name: a, zone: z, cidr: 10.0.0.0/24, tags: {{{own}}}}}\n\
             - {{name: far, zone: y, cidr: 10.0.1.0/24}}\ncni: {{{cni}}}\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: 1, pods_per_node: 12}}]\n"
        );
        play(&text).steps[0].ec2_calls.get(operation).copied().unwrap_or(0)
    };
    let create = "CreateNetworkInterface";
    assert_eq!(calls("", "", create), 2);
    // No ENIConfig for the zone: none of the daemon's restarts comes to EC2.
    assert_eq!(calls("", "custom_networking: {y: far}", create), 0);
    // No subnet of the zone may carry pods: it is looked for and not found.
    let zero = "kubernetes.io/role/cni: \"0\"";
    assert_eq!(calls(zero, "", create), 0);
    assert!(calls(zero, "", "DescribeSubnets") > 1);
}

/// A factor is the decimal number that is written, not the float nearest to it, and a part of a node
/// is a node.
#[test]
fn a_factor_is_exact() {
    let grown = |factor: &str, nodes: u32| {
        let steps = format!("steps: [{{grow: {{group: g, factor: {factor}}}}}]");
        play(&one_subnet("10.0.0.0/16", "t3.nano", nodes, 0, &steps)).steps[1].groups[0]
            .nodes_wanted
    };
    for (factor, nodes, expected) in [
        ("1.0004", 1000, 1001),
        ("1.3333", 1000, 1334),
        ("1.1", 1000, 1100),
        ("0.000000001", 1000, 1),
        ("1.5", 3, 5),
        ("0", 3, 0),
        ("-0.0", 3, 0),
        ("2", 3, 6),
    ] {
        assert_eq!(grown(factor, nodes), expected, "{factor} of {nodes}");
    }
}

/// Two nodes with 12 pods in subnet `a`; what `a`, `pods` and `theirs` then hold.
fn discovered(cni: &str, own: &str, pods: &str, theirs: &str) -> Vec<u32> {
    let text = format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
         - {{name: a, zone: z, cidr: 10.0.0.0/24, tags: {{{own}}}}}\n\
         - {{name: pods, zone: z, cidr: 10.0.4.0/22, tags: {{{pods}}}}}\n\
         - {{name: theirs, zone: z, cidr: 10.0.8.0/21, tags: {{{theirs}}}}}\n\
         cni: {{{cni}}}\n\
         node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: 2, pods_per_node: 12}}]\n"
    );
    play(&text).steps[0].subnets.iter().map(|subnet| subnet.used).collect()
}

/// Subnet discovery by version, tag and cluster (vpc-cni-pool, "Which subnet a new ENI goes to").
#[test]
fn each_version_of_the_cni_reads_tags_its_own_way() {
    const ONE: &str = "kubernetes.io/role/cni: \"1\"";
    const ZERO: &str = "kubernetes.io/role/cni: \"0\"";
    let theirs = format!("{ONE}, cni.networking.k8s.aws/cluster/other: shared");
    let rows: [(&str, &str, &str, &str, [u32; 3]); 8] = [
        // The primary ENI's ten, and two further ENIs in the emptiest subnet that takes them.
        ("version: \"1.23\"", "", ONE, "", [20, 40, 0]),
        // 0 keeps pods off the primary ENI too: one address for the node, and the two others are
        // full with 12 pods, so that no third comes.
        ("version: \"1.23\"", ZERO, ONE, "", [2, 40, 0]),
        // Before v1.22 a 0 opted the subnet in like any value.
        ("version: \"1.21\"", ZERO, ZERO, "", [20, 40, 0]),
        // Without discovery all stays with the node's own subnet.
        ("subnet_discovery: false", "", ONE, "", [60, 0, 0]),
        // Tagged for another cluster alone: it counts when CLUSTER_NAME is known.
        ("cluster_name: mine", "", ONE, &theirs, [20, 40, 0]),
        ("", "", ONE, &theirs, [20, 0, 40]),
        ("cluster_name: other", "", ONE, &theirs, [20, 0, 40]),
        ("version: \"1.21\", cluster_name: mine", "", ONE, &theirs, [20, 0, 40]),
    ];
    for (cni, own, pods, theirs, expected) in rows {
        assert_eq!(discovered(cni, own, pods, theirs), expected, "{cni} {own} {pods} {theirs}");
    }
}

/// vpc-cni-pool, section 7: a new ENI is 6 calls, 5 with discovery off; before v1.22 one less each.
#[test]
fn calls_are_counted_by_version() {
    for (cni, expected) in [
        ("{}", 2 + 4),
        ("{subnet_discovery: false}", 2),
        ("{version: \"1.21\"}", 2),
        ("{version: \"1.21\", subnet_discovery: false}", 0),
    ] {
        // Two nodes, each with one more ENI beside the primary.
        let text = one_subnet("10.0.0.0/24", "m5.large", 2, 5, &format!("cni: {cni}"));
        let calls = &play(&text).steps[0].ec2_calls;
        assert_eq!(calls["CreateNetworkInterface"], 2);
        assert_eq!(calls.get("DescribeSubnets").copied().unwrap_or(0), expected, "{cni}");
    }
}

/// Until v1.20.3 ENABLE_POD_ENI kept a slot on types that cannot trunk (t3.small: 3 ENIs of 3 slots).
#[test]
fn old_versions_keep_a_slot_for_a_trunk_that_never_comes() {
    let used = |version: &str| {
        let rest = format!("cni: {{pod_eni: true, version: \"{version}\"}}");
        let text = one_subnet("10.0.0.0/24", "t3.small", 1, 6, &rest)
            .replace("pods_per_node", "max_pods: 11, pods_per_node");
        play(&text).steps[0].subnets[0].used
    };
    assert_eq!((used("1.20.4"), used("1.20.3")), (12, 8));
}

#[test]
fn examples_end_as_they_say() {
    let mut ends = String::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/scenarios");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let timeline = play(&std::fs::read_to_string(&file).unwrap());
        let name = file.file_stem().unwrap().to_str().unwrap();
        let failure = timeline.first_failure().map(|f| {
            format!("step {} {:?} {}/{} {:?}", f.step, f.what, f.placed, f.wanted, f.reason)
        });
        writeln!(ends, "{name}: {}", failure.unwrap_or_else(|| "fits".into())).unwrap();
    }
    insta::assert_snapshot!(ends, @r#"
    auto-mode: step 0 Pods 45/90 NoAutoModePodSubnet
    churn: step 1 PodStarts 189/216 WaitedTooLong
    custom-networking: fits
    efa: fits
    fragments: fits
    idle: fits
    ipv6: fits
    karpenter: step 2 Nodes 40/45 NodePoolLimit
    mixed: fits
    surge: step 1 Replacements 0/3 InsufficientFreeAddresses
    warm-pool: fits
    warm-target-fits: fits
    warm-target: step 0 Nodes 36/50 InsufficientFreeAddresses
    zone-loss: step 1 Pods 129/144 InsufficientFreeAddresses
    "#);
}

/// An m5.large runs 29 pods, two of them host-network pods: of 28 others one has no place. The other
/// group's roll-out cannot begin: of 27 addresses 7 are used, and two nodes hold the other 20.
#[test]
fn a_failure_after_another_is_listed() {
    let text = "version: 1\nstart: at_once\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets:\n\
        - {name: a, zone: z, cidr: 10.0.0.0/24}\n- {name: b, zone: z, cidr: 10.0.1.0/27, used: 7}\n\
        node_groups:\n\
        - {name: a, instance_type: m5.large, subnets: [a], nodes: 1, pods_per_node: 28}\n\
        - {name: b, instance_type: m5.large, subnets: [b], nodes: 2, pods_per_node: 4}\n\
        steps:\n- rollout: {group: b, max_surge: 1}\n- pods: {group: a, per_node: 30}\n\
        - pods: {group: a, per_node: 29}\n";
    let failures = play(text).failures;
    let told = failures.iter().map(|failure| {
        let LayoutFailure { step, group, what, wanted, placed, .. } = failure;
        (*step, group.as_deref(), *what, *wanted, *placed)
    });
    // What a group lacks is told again when it becomes more, and not when it lasts or becomes less.
    let expected = [
        (0, Some("a"), Shortage::Pods, 28, 27),
        (1, Some("b"), Shortage::Replacements, 1, 0),
        (2, Some("a"), Shortage::Pods, 30, 27),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected, "{failures:#?}");
}

/// Three /28 with 11 usable addresses each. Under custom networking a node takes one address of them: of
/// 15 nodes five in each, beside an interface in two of them, which leaves five. The sixteenth leaves four.
#[test]
fn an_upgrade_needs_five_free_in_each_cluster_subnet() {
    let text = |nodes: u32| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/24, 100.64.0.0/16]}}\nsubnets:\n\
             - {{name: n-a, zone: a, cidr: 10.0.0.0/28}}\n- {{name: n-b, zone: b, cidr: 10.0.0.16/28}}\n\
             - {{name: n-c, zone: c, cidr: 10.0.0.32/28}}\n\
             - {{name: p-a, zone: a, cidr: 100.64.0.0/20}}\n- {{name: p-b, zone: b, cidr: 100.64.16.0/20}}\n\
             - {{name: p-c, zone: c, cidr: 100.64.32.0/20}}\n\
             cni: {{custom_networking: {{a: p-a, b: p-b, c: p-c}}}}\n\
             control_plane: {{subnets: [n-a, n-b, n-c], interfaces: 2}}\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [n-a, n-b, n-c], \
             nodes: {nodes}, pods_per_node: 5}}]\nsteps: [{{upgrade_control_plane: {{}}}}]\n"
        )
    };
    assert_eq!(play(&text(15)).failures, []);
    let failures = play(&text(16)).failures;
    let [failure] = failures.as_slice() else { panic!("{failures:#?}") };
    let LayoutFailure { step, subnet, group, what, wanted, placed, reason } = failure;
    assert_eq!((*step, subnet.as_deref(), group.as_deref()), (1, Some("n-a"), None));
    assert_eq!((*what, *wanted, *placed), (Shortage::FreeAddresses, 5, 4));
    assert_eq!(*reason, Reason::ControlPlaneNeedsFive);
}

/// A patch names the ENIConfig of one zone, and the other zones keep theirs.
#[test]
fn zones_that_a_patch_does_not_name_keep_their_eni_config() {
    let scenario = |patch: &str| {
        format!(
            "version: 1
vpc: {{cidrs: [10.0.0.0/16, 100.64.0.0/16]}}
subnets:
  - {{name: n-a, zone: a, cidr: 10.0.0.0/24}}
  - {{name: n-b, zone: b, cidr: 10.0.1.0/24}}
  - {{name: p-a, zone: a, cidr: 100.64.0.0/24}}
  - {{name: p-b, zone: b, cidr: 100.64.1.0/24}}
  - {{name: q-a, zone: a, cidr: 100.64.2.0/24}}
cni: {{custom_networking: {{a: p-a, b: p-b}}}}
node_groups:
  - {{name: g, instance_type: m5.large, subnets: [n-a, n-b], nodes: 2, pods_per_node: 3}}
steps:
  - set_cni: {{custom_networking: {patch}}}
  - rollout: {{group: g}}
"
        )
    };
    let used = |timeline: &Timeline, name: &str| {
        timeline.steps.last().unwrap().subnets.iter().find(|s| *s.name == *name).unwrap().used
    };
    let moved = play(&scenario("{a: q-a}"));
    assert_eq!(moved.failures, []);
    // Two ENIs for pods, each with an address of its own and 9: the second is the warm one. Those of the
    // new node of zone a are in the other subnet.
    assert_eq!((used(&moved, "p-a"), used(&moved, "q-a"), used(&moved, "p-b")), (0, 20, 20));
    let off = play(&scenario("{}"));
    assert_eq!((used(&off, "p-a"), used(&off, "p-b")), (0, 0));
}
