//! How long the pods of a burst wait for an address, and the EC2 calls a minute of each step.

use eksnet::{
    instance::BUILTIN,
    ipam::{BurstInput, PoolSettings, burst},
    simulate::{Reason, Shortage, Timeline, Verdict, Waits, check, parse, run},
};

fn play(cni: &str, rest: &str, max_wait: Option<u64>) -> Timeline {
    let scenario = parse(&format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\n\
         subnets: [{{name: a, zone: z, cidr: 10.0.0.0/20}}]\n\
         cni: {{{cni}}}\nnode_groups: [{{name: g, instance_type: m5.xlarge, subnets: [a], {rest}\n"
    ));
    let layout = check(&scenario.unwrap(), &BUILTIN, false).unwrap().with_max_wait(max_wait);
    run(&layout, 1)
}

fn waits(cni: &str, rest: &str) -> Waits {
    play(cni, rest, None).steps[1].waits.unwrap()
}

/// An m5.xlarge adds an ENI of 14 a pass: of 30 pods 14 find an address at once, and the last two come
/// after two passes. WARM_IP_TARGET 1 serves one at once and one a pass; a pool of 32 serves all.
#[test]
fn a_burst_waits_as_one_node_does() {
    let rest = "nodes: 2}]\nsteps: [{burst: {group: g, pods: 60}}]";
    for (cni, warm_ip, minimum, waited, longest_s) in [
        ("", None, None, 32, 10),
        ("warm_ip_target: 1", Some(1), None, 58, 29 * 5),
        ("warm_ip_target: 2, minimum_ip_target: 32", Some(2), Some(32), 0, 0),
    ] {
        let found = waits(cni, rest);
        assert_eq!(found, Waits { started: 60, waited, longest_s, never: 0 }, "{cni}");
        let settings = PoolSettings {
            enis: 4,
            ipv4_per_eni: 15,
            warm_ip_target: warm_ip,
            minimum_ip_target: minimum,
            max_pods: 58,
            ..PoolSettings::default()
        };
        let alone = burst(&BurstInput {
            settings,
            nodes: 2,
            node_subnet_free: None,
            pod_subnet_free: None,
            free_blocks: None,
            pods_per_node: 30,
        });
        assert_eq!(alone.wait_s, Some(longest_s), "{cni}");
    }
}

/// A full node has 56 pods. Nodes that a burst starts have 14 addresses when they join, and three more
/// passes bring the rest; what the node that was there waits is not the longer for it.
#[test]
fn new_nodes_count_from_when_they_join() {
    for start in ["grown", "at_once"] {
        let text = |pods| {
            format!(
                "nodes: 1, max: 3}}]\nstart: {start}\nsteps: [{{burst: {{group: g, pods: {pods}}}}}]"
            )
        };
        let alone = waits("", &text(56));
        assert_eq!(alone, Waits { started: 56, waited: 42, longest_s: 15, never: 0 }, "{start}");
        let grown = waits("", &text(56 * 3));
        assert_eq!(grown, Waits { started: 168, waited: 126, longest_s: 15, never: 0 }, "{start}");
        // Pods for which no node has room wait for a node, not for an address.
        assert_eq!(waits("", &text(56 * 4)), grown, "{start}");
    }
}

/// Those that never find an address are the pods that the group is short of, once.
#[test]
fn a_burst_that_finds_none_fails_once() {
    let short = "max_eni: 1";
    let rest = "nodes: 1, max_pods: 40}]\nsteps: [{burst: {group: g, pods: 20}}]";
    let timeline = play(short, rest, None);
    assert_eq!(
        timeline.steps[1].waits,
        Some(Waits { started: 20, waited: 6, longest_s: 0, never: 6 })
    );
    let told: Vec<_> = timeline.failures.iter().map(|failure| failure.what).collect();
    assert!(told == [Shortage::Pods], "{told:?}");
    // A limit on waiting holds for bursts too.
    let rest = "nodes: 1}]\nsteps: [{burst: {group: g, pods: 30}}]";
    assert_eq!(play("", rest, Some(10)).verdict, Verdict::Fits);
    let late = play("", rest, Some(9));
    let failure = late.first_failure().unwrap();
    assert!(failure.what == Shortage::PodStarts && failure.reason == Reason::WaitedTooLong);
    assert_eq!((failure.wanted, failure.placed), (30, 28));
}

/// A start makes 4 calls and one more for 14 addresses; an ENI takes 6.
#[test]
fn each_step_has_the_calls_of_its_busiest_minute() {
    let rest = "nodes: 2}]\nsteps: [{burst: {group: g, pods: 60}}, {churn: {group: g, pods_per_minute: 0, minutes: 2}}]";
    let timeline = play("", rest, None);
    let peaks: Vec<u64> = timeline.steps.iter().map(|step| step.peak_calls_per_minute).collect();
    // 30 pods on a node want three ENIs in all and one that is warm.
    assert_eq!(peaks, [2 * 5, 2 * 3 * 6, 0]);
    assert_eq!(timeline.peak_calls_per_minute, 36);
}
