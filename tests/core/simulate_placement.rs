//! Where nodes and pods go, against counts made by hand.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use eksnet::{
    instance::BUILTIN,
    simulate::{Reason, Timeline, Verdict, Waits, check, parse, run},
};

fn play(text: &str) -> Timeline {
    play_with(text, 1)
}

fn play_with(text: &str, seed: u64) -> Timeline {
    run(&check(&parse(text).unwrap(), &BUILTIN, false).unwrap(), seed)
}

/// Subnets of zones a, b and so on, from 10.0.0.0 on in steps of a /18.
fn layout(lens: &[u32], group: &str, rest: &str) -> String {
    let names: Vec<&str> = ["a", "b", "c"].into_iter().take(lens.len()).collect();
    let subnets = names.iter().zip(lens).zip([0, 64, 128]).map(|((name, len), third)| {
        format!("- {{name: {name}, zone: z{name}, cidr: 10.0.{third}.0/{len}}}\n")
    });
    let head = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets:\n".to_owned();
    let text: String = std::iter::once(head).chain(subnets).collect();
    text + &format!(
        "node_groups:\n- {{name: g, subnets: [{}], {group}}}\n{rest}\n",
        names.join(", ")
    )
}

/// The most nodes that all become Ready with all their pods.
fn most(lens: &[u32], group: &str, start: &str) -> u32 {
    let fits = |nodes: u32| {
        let text = layout(lens, &format!("{group}, nodes: {nodes}"), start);
        play(&text).verdict == Verdict::Fits
    };
    (1..2000).take_while(|nodes| fits(*nodes)).last().unwrap()
}

/// With one pod a node of 15 addresses an ENI holds two ENIs, 30. Of 507 sixteen take 480, the next takes
/// 15 and no warm ENI, and the one after it the 12 that are left: 18 in each of three /23. Of 1019 33 take
/// 990, and two more share 29. An m5.2xlarge with 5 pods holds 30 too: eight take 240 of 251, and one is
/// left with 11.
#[test]
fn a_cluster_that_grew_has_warm_pools() {
    let m5_xlarge = "instance_type: m5.xlarge, pods_per_node: 1";
    assert_eq!(most(&[23, 23, 23], m5_xlarge, ""), 54);
    assert_eq!(most(&[24], "instance_type: m5.2xlarge, pods_per_node: 5", "start: grown"), 9);
    assert_eq!(most(&[24], "instance_type: m5.2xlarge, pods_per_node: 5", "start: at_once"), 17);
}

/// What can be counted on paper: 16 nodes of 30 addresses in each /23, 33 in each /22, 545 in a /18, and eight
/// in a /24. One more fits, and cannot keep its warm pool.
#[test]
fn a_layout_is_not_tight_up_to_the_count_by_hand() {
    let one_pod = |of: &str| format!("instance_type: {of}, pods_per_node: 1");
    let rows: [(&[u32], String, u32); 4] = [
        (&[23, 23, 23], one_pod("m5.xlarge"), 48),
        (&[22, 22, 22], one_pod("r5ad.2xlarge"), 99),
        (&[24], "instance_type: m5.2xlarge, pods_per_node: 5".to_owned(), 8),
        (&[18], one_pod("m5.xlarge"), 545),
    ];
    for (lens, group, by_hand) in rows {
        let tight = |nodes: u32| {
            let timeline = play(&layout(lens, &format!("{group}, nodes: {nodes}"), ""));
            assert_eq!(timeline.verdict, Verdict::Fits, "{group} {nodes}");
            !timeline.tight.is_empty()
        };
        assert_eq!((tight(by_hand), tight(by_hand + 1)), (false, true), "{group}");
    }
}

/// Growth in a later step is as growth at the start.
#[test]
fn the_order_of_launch_gives_one_answer() {
    let at_once =
        layout(&[23, 23, 23], "instance_type: m5.xlarge, pods_per_node: 1, nodes: 90", "");
    let steps = "steps: [{scale: {group: g, nodes: 90}}]";
    let later =
        layout(&[23, 23, 23], "instance_type: m5.xlarge, pods_per_node: 1, nodes: 40", steps);
    for text in [at_once, later] {
        let failure = play(&text).first_failure().cloned().unwrap();
        assert_eq!((failure.wanted, failure.placed), (90, 54));
    }
}

const FULL: &str = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets:\n\
    - {name: small, zone: za, cidr: 10.0.0.0/28, used: 8}\n\
    - {name: big, zone: za, cidr: 10.0.16.0/22}\n\
    - {name: other, zone: zb, cidr: 10.0.32.0/22}\n\
    node_groups: [{name: g, instance_type: m5.large, subnets: [small, big, other], nodes: 20, \
    pods_per_node: 1, scaler: SCALER}]\n";

/// The first node takes the small subnet's three addresses. Of the ten nodes of zone a five have their turn
/// there: four of them find another subnet, or wait.
#[test]
fn a_full_subnet_is_left_for_another() {
    for (scaler, ready) in
        [("managed_node_group", 20), ("asg", 20), ("karpenter", 20), ("none", 16)]
    {
        let timeline = play(&FULL.replace("SCALER", scaler));
        assert_eq!(timeline.steps[0].groups[0].nodes_placed, ready, "{scaler}");
    }
}

/// A subnet of 123 addresses that EC2 gives, since half of 251 are reserved, and one of 59. A node with one
/// pod holds 20. One after another four take 80, until 43 are fewer than 59; then one goes to the other
/// subnet, and of 43 and 39 the sixth takes the 43. At once Karpenter reckons with 29 pods a node: 123, 94
/// and 65 are above 59, 36 is not, and 36 is above 30, and then 30 above 7.
#[test]
fn karpenter_takes_the_subnet_with_the_most_room() {
    let used = |scaler: &str, start: &str| {
        let text = format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
             - {{name: a, zone: z, cidr: 10.0.0.0/26}}\n\
             - {{name: b, zone: z, cidr: 10.0.1.0/24, \
             reservations: [{{cidr: 10.0.1.128/25, type: explicit}}]}}\nstart: {start}\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [a, b], nodes: 6, \
             pods_per_node: 1, scaler: {scaler}}}]\n"
        );
        let subnets = &play(&text).steps[0].subnets;
        (subnets[0].used, subnets[1].used)
    };
    assert_eq!(used("karpenter", "grown"), (20, 100));
    assert_eq!(used("karpenter", "at_once"), (40, 80));
    // In turn three and three; 19 of 59 are left to the third, one ENI's.
    assert_eq!(used("asg", "grown"), (50, 60));
}

fn used(timeline: &Timeline, step: usize) -> Vec<u32> {
    timeline.steps[step].subnets.iter().map(|subnet| subnet.used).collect()
}

#[test]
fn zones_have_the_shares_that_are_written() {
    let group = |share: &str| {
        let group = format!("instance_type: m5.large, nodes: 8, zone_share: {share}");
        used(&play(&layout(&[24, 24, 24], &group, "")), 0)
    };
    // Each idle node holds 10.
    assert_eq!(group("{za: 0.5}"), [40, 20, 20]);
    assert_eq!(group("{za: 0.25, zb: 0.75, zc: 0}"), [20, 60, 0]);
    assert_eq!(group("{}"), [30, 30, 20]);
    let refused = |share: &str| {
        let group = format!("instance_type: m5.large, nodes: 8, zone_share: {share}");
        let scenario = parse(&layout(&[24, 24], &group, "")).unwrap();
        check(&scenario, &BUILTIN, false).unwrap_err().to_string()
    };
    assert_eq!(
        refused("{za: 0.5, zb: 0.4}"),
        "node_groups.g.zone_share: the shares of all zones add up to less than 1"
    );
    assert_eq!(
        refused("{za: 0.5, zb: 0.6}"),
        "node_groups.g.zone_share: the shares add up to more than 1"
    );
}

#[test]
fn a_restored_zone_gets_nodes_again() {
    let steps = "steps: [{lose_zone: za}, {restore_zone: za}, {scale: {group: g, nodes: 6}}]";
    let timeline = play(&layout(&[24, 24], "instance_type: m5.large, nodes: 4", steps));
    let steps: Vec<Vec<u32>> = (0..4).map(|step| used(&timeline, step)).collect();
    assert_eq!(steps, [[20, 20], [0, 40], [0, 40], [20, 40]]);
    let all = "steps: [{lose_zone: za}, {restore_zone: za}]";
    let timeline = play(&layout(&[24], "instance_type: m5.large, nodes: 2", all));
    let ready: Vec<u64> = timeline.steps.iter().map(|step| step.groups[0].nodes_placed).collect();
    assert_eq!(ready, [2, 0, 2], "nodes without a zone come back with it");
}

/// Twelve nodes with ten addresses for pods and three pods each: 37 make 6 on each and 7 on one, 47 make
/// ten on each. Packed, 37 go to the first node, which has addresses for seven of them.
#[test]
fn a_burst_goes_to_the_nodes_with_the_fewest_pods() {
    let pods = |topology: &str| {
        let text = format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16, 100.64.0.0/16]}}\nsubnets:\n\
             - {{name: n, zone: z, cidr: 10.0.0.0/22}}\n- {{name: p, zone: z, cidr: 100.64.0.0/19}}\n\
             cni: {{custom_networking: {{z: p}}}}\n\
             node_groups: [{{name: g, instance_type: t3.medium, subnets: [n], nodes: 12, \
             pods_per_node: 3, max_pods: 80, topology: {topology}}}]\n\
             steps: [{{burst: {{group: g, pods: 37}}}}, {{burst: {{group: g, pods: 47}}}}]\n"
        );
        let steps = play(&text).steps;
        steps.iter().map(|step| step.groups[0].pods_placed).collect::<Vec<_>>()
    };
    assert_eq!(pods("spread"), [36, 73, 120]);
    assert_eq!(pods("pack")[1], 43);
}

/// 251 addresses for two groups that want 150 each: the one that comes last is short, and the seed draws
/// which comes when.
#[test]
fn the_seed_draws_the_order_of_the_groups() {
    let text = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\n\
        subnets: [{name: a, zone: z, cidr: 10.0.0.0/24}]\nnode_groups:\n\
        - {name: g, instance_type: m5.large, subnets: [a], nodes: 15}\n\
        - {name: h, instance_type: m5.large, subnets: [a], nodes: 15}\n";
    let ready = |seed: u64| {
        let groups = &play_with(text, seed).steps[0].groups;
        (groups[0].nodes_placed, groups[1].nodes_placed)
    };
    assert_eq!(ready(1), (15, 11));
    assert!((2..20).any(|seed| ready(seed).0 < 15));
    assert_eq!(ready(7), ready(7));
}

/// The top /23 of a /18 is for prefixes, 31 of them, since the last address is AWS's. A node with a pod has
/// one in use and one warm: fifteen nodes have both, one has one, and the others none. By the other reading
/// all 33 have two.
#[test]
fn a_full_prefix_reservation_is_read_strictly_and_said() {
    let text = |fallback: bool| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
             - {{name: a, zone: z, cidr: 10.0.0.0/18, \
             reservations: [{{cidr: 10.0.62.0/23, type: prefix}}]}}\n\
             cni: {{prefix_delegation: true}}\nprefix_reservation_fallback: {fallback}\n\
             node_groups: [{{name: g, instance_type: m5.xlarge, subnets: [a], nodes: 33, \
             pods_per_node: 1}}]\n"
        )
    };
    let strictly = play(&text(false));
    let failure = strictly.first_failure().unwrap();
    assert_eq!((failure.placed, failure.reason), (16, Reason::PrefixReservationFull));
    assert!(strictly.notes[0].contains("set prefix_reservation_fallback: true to simulate"));
    let kindly = play(&text(true));
    assert_eq!((kindly.verdict, used(&kindly, 0)), (Verdict::Fits, vec![33 + 33 * 2 * 16]));
    assert!(kindly.notes[0].contains("set prefix_reservation_fallback: false to simulate"));
    let few = play(&text(false).replace("nodes: 33", "nodes: 15"));
    assert_eq!(few.notes, Vec::<String>::new(), "nothing hung on it");
}

/// A /26 of 59 of which a /27 is for prefixes, so that EC2 gives 27 + 5 - 5 single ones elsewhere: idle
/// nodes hold 10 each.
#[test]
fn single_addresses_keep_out_of_a_prefix_reservation() {
    let text = |fallback: bool| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
             - {{name: a, zone: z, cidr: 10.0.0.0/26, \
             reservations: [{{cidr: 10.0.0.0/27, type: prefix}}]}}\n\
             prefix_reservation_fallback: {fallback}\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: 5}}]\n"
        )
    };
    // The other /27 has 31 of its 32: the last is AWS's. Three nodes take 30, one more its own.
    let strictly = play(&text(false));
    assert_eq!(used(&strictly, 0), [31]);
    assert!(strictly.notes[0].starts_with("a: too few addresses are free outside"));
    assert_eq!(used(&play(&text(true)), 0), [50]);
}

/// Twelve of a /27 are outside of the reservation, of which nine are in use: an upgrade wants five.
#[test]
fn an_upgrade_may_hang_on_a_prefix_reservation() {
    for (fallback, verdict, peak) in [(false, Verdict::Fails, 9), (true, Verdict::Fits, 11)] {
        let timeline = play(&layout(
            &[27],
            "instance_type: m5.large, nodes: 0",
            &format!(
                "prefix_reservation_fallback: {fallback}\nothers: [{{subnet: a, addresses: 7}}]\n\
                 control_plane: {{subnets: [a], interfaces: 2}}\nsteps: [{{upgrade_control_plane: {{}}}}]"
            ),
        ).replace("/27}", "/27, reservations: [{cidr: 10.0.0.16/28, type: prefix}]}"));
        assert_eq!((timeline.verdict, timeline.steps[1].subnets[0].peak_used), (verdict, peak));
        let failure = timeline.first_failure().map(|failure| (failure.wanted, failure.placed));
        assert_eq!(failure, (!fallback).then_some((5, 3)));
        assert!(timeline.notes[0].starts_with("a: too few addresses are free outside"));
    }
}

fn churn(rate: u32, max_wait: Option<u64>) -> (Verdict, Waits) {
    // Nine addresses, of which none is warm beside the pods.
    let group = "instance_type: m5.large, nodes: 1, pods_per_node: 9, max_pods: 20";
    let rest = format!(
        "cni: {{max_eni: 1}}\nsteps: [{{churn: {{group: g, pods_per_minute: {rate}, minutes: 2}}}}]"
    );
    let scenario = parse(&layout(&[24], group, &rest)).unwrap();
    let timeline = run(&check(&scenario, &BUILTIN, false).unwrap().with_max_wait(max_wait), 1);
    (timeline.verdict, timeline.steps[1].waits.unwrap())
}

/// An address rests for 30 s and is looked for once in 5 s, so each pod waits 35 s, and nine addresses
/// serve nine pods in that time. Twelve in a minute never have more than seven waiting; sixty in a minute
/// have all nine waiting after two rounds, of which four begin within two minutes.
#[test]
fn pods_that_come_wait_for_addresses_to_rest() {
    let waits = |started, waited, never| Waits { started, waited, longest_s: 35, never };
    assert_eq!(churn(12, None), (Verdict::Fits, waits(24, 24, 0)));
    assert_eq!(churn(12, Some(35)).0, Verdict::Fits);
    assert_eq!(churn(12, Some(34)).0, Verdict::Fails);
    assert_eq!(churn(60, None), (Verdict::Fails, waits(120, 120, 84)));
}

/// An idle node finds 7 of the 10 that it wants. Asked for 9 and then for one, EC2 has 6, 5 and so on,
/// until it has none: the node asks two times in vain and for an ENI, and pauses for 120 s, twenty-four
/// passes. With another code it asks in each of them.
#[test]
fn calls_are_a_range_where_the_code_decides() {
    let text = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\n\
        subnets: [{name: a, zone: z, cidr: 10.0.0.0/28, used: 4}]\n\
        node_groups: [{name: g, instance_type: m5.large, subnets: [a], nodes: 1}]\n";
    let step = &play(text).steps[0];
    let creates = step.ec2_calls["CreateNetworkInterface"];
    assert!(step.ec2_calls_at_most["CreateNetworkInterface"] >= creates + 23);
    let roomy = play(&text.replace("/28, used: 4", "/24"));
    assert_eq!(roomy.steps[0].ec2_calls, roomy.steps[0].ec2_calls_at_most);
}

/// Of seven addresses one is the node's own and six come two by two for eight pods. Then EC2 is asked for two
/// and for one in vain, and the node pauses for 120 s, also without subnet discovery; it asks once more
/// before all is quiet.
#[test]
fn a_node_pauses_without_discovery_too() {
    let text = |discovery: bool| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\n\
             subnets: [{{name: a, zone: z, cidr: 10.0.0.0/27, used: 20}}]\n\
             cni: {{warm_ip_target: 2, minimum_ip_target: 2, max_eni: 1, subnet_discovery: {discovery}}}\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: 1, pods_per_node: 8}}]\n"
        )
    };
    let step = &play(&text(false)).steps[0];
    assert_eq!(step.ec2_calls["AssignPrivateIpAddresses"], 3 + 2 + 2);
    // With another code each of 24 passes asks two times more.
    assert_eq!(step.ec2_calls_at_most["AssignPrivateIpAddresses"] % 2, 1);
    assert!(step.ec2_calls_at_most["AssignPrivateIpAddresses"] > 3 + 2 * 24);
    // With discovery the next ENI is tried instead, and there is none: nothing pauses.
    let step = &play(&text(true)).steps[0];
    assert!(step.ec2_calls["AssignPrivateIpAddresses"] > 3 + 2 * 24);
}

/// A node that takes nothing by itself has its own address alone, and what it has stays when that is set
/// later.
#[test]
fn nothing_grows_where_nothing_is_provisioned() {
    let group = "instance_type: m5.large, nodes: 1, pods_per_node: 5";
    let timeline = play(&layout(&[24], group, "cni: {disable_network_provisioning: true}"));
    assert_eq!((used(&timeline, 0), timeline.steps[0].groups[0].pods_placed), (vec![1], 0));
    let rest = "steps: [{set_cni: {disable_network_provisioning: true}}, {pods: {group: g, per_node: 25}}]";
    let timeline = play(&layout(&[24], group, rest));
    assert_eq!((used(&timeline, 2), timeline.steps[2].groups[0].pods_placed), (vec![20], 18));
}

#[test]
fn the_cool_down_is_as_it_is_written() {
    let waits = |cni: &str| {
        let group = "instance_type: m5.large, nodes: 1, pods_per_node: 9, max_pods: 20";
        let rest = format!(
            "cni: {{max_eni: 1, {cni}}}\nsteps: [{{churn: {{group: g, pods_per_minute: 12, minutes: 2}}}}]"
        );
        play(&layout(&[24], group, &rest)).steps[1].waits.unwrap().longest_s
    };
    assert_eq!(waits("cooldown_seconds: 30"), 35);
    assert_eq!(waits("cooldown_seconds: 12"), 15);
}
