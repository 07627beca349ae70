//! Stopped instances of warm pools hold what a node without pods holds; counted by hand.

use eksnet::{
    instance::BUILTIN,
    simulate::{Layout, Reason, Shortage, TightKind, Timeline, Verdict, check, parse, run},
};

const GROUP: &str = "name: g, instance_type: m5.large, subnets: [a, b], nodes: 4, pods_per_node: 5";

/// An m5.large has two ENIs of 10 addresses with 5 pods (one of them warm), and one without pods.
fn text(a: &str, group: &str, rest: &str) -> String {
    format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
         - {{name: a, zone: z, cidr: {a}}}\n- {{name: b, zone: y, cidr: 10.0.1.0/24}}\n\
         - {{name: p, zone: z, cidr: 10.0.2.0/24}}\n- {{name: q, zone: y, cidr: 10.0.3.0/24}}\n\
         node_groups: [{{{group}}}]\n{rest}\n"
    )
}

fn layout(text: &str) -> Result<Layout<'static>, String> {
    let scenario = parse(text).map_err(|error| error.to_string())?;
    check(&scenario, &BUILTIN, false).map_err(|error| error.to_string())
}

fn play(group: &str, rest: &str) -> Timeline {
    run(&layout(&text("10.0.0.0/24", group, rest)).unwrap(), 1)
}

/// Addresses in use of a, b, p and q at the end of a step.
fn used(timeline: &Timeline, step: usize) -> Vec<u32> {
    timeline.steps[step].subnets.iter().map(|subnet| subnet.used).collect()
}

#[test]
fn a_pool_holds_the_addresses_of_nodes_without_pods() {
    let group = format!("{GROUP}, warm_pool: 3");
    for start in ["grown", "at_once"] {
        let steps = "steps: [{lose_zone: y}, {restore_zone: y}, {scale: {group: g, nodes: 6}}, \
                     {pods: {group: g, per_node: 14}}, {set_cni: {warm_ip_target: 1}}]";
        let timeline = play(&group, &format!("start: {start}\n{steps}"));
        assert_eq!(timeline.verdict, Verdict::Fits);
        // Two nodes in each zone, and two instances in the one and one in the other.
        assert_eq!(used(&timeline, 0), [2 * 20 + 2 * 10, 2 * 20 + 10, 0, 0]);
        // They go and are replaced like nodes, and stay where they are when the zone is back.
        assert_eq!(used(&timeline, 1), [4 * 20 + 3 * 10, 0, 0, 0]);
        assert_eq!(used(&timeline, 3), [4 * 20 + 3 * 10, 2 * 20, 0, 0]);
        // They run no pods, are no nodes, and what is set later is not for them.
        let groups: Vec<u64> = timeline.steps.iter().map(|s| s.groups[0].nodes_wanted).collect();
        assert_eq!(groups, [4, 4, 4, 6, 6, 6]);
        assert_eq!(used(&timeline, 4), [4 * 30 + 3 * 10, 2 * 30, 0, 0]);
        // Of each node 15 addresses stay, the one that is warm on the third ENI.
        assert_eq!(used(&timeline, 5), [4 * 18 + 3 * 10, 2 * 18, 0, 0]);
    }
}

#[test]
fn a_pool_under_custom_networking_has_an_eni_for_pods() {
    let group = format!("{GROUP}, warm_pool: 2, pod_subnets: {{z: p, y: q}}");
    assert_eq!(used(&play(&group, ""), 0), [2 + 1, 2 + 1, 2 * 20 + 10, 2 * 20 + 10]);
    let prefixes = play(&format!("{GROUP}, warm_pool: 2"), "cni: {prefix_delegation: true}");
    // With 5 pods a node holds two prefixes, without pods one.
    assert_eq!(used(&prefixes, 0), [2 * 33 + 17, 2 * 33 + 17, 0, 0]);
}

/// The old instances of the pool are there while the nodes are replaced, two at a time, and the pool is then
/// replaced two at a time too.
#[test]
fn a_roll_out_replaces_the_pool_after_the_nodes() {
    let group = format!("{GROUP}, warm_pool: 3").replace("subnets: [a, b]", "subnets: [a]");
    let timeline = play(&group, "steps: [{rollout: {group: g, max_surge: 2}}]");
    let rolled = &timeline.steps[1].subnets[0];
    assert_eq!((rolled.peak_used, rolled.used), (4 * 20 + 3 * 10 + 2 * 20, 4 * 20 + 3 * 10));
    // Two minutes for the nodes, two for the pool.
    let alone =
        play(&group.replace(", warm_pool: 3", ""), "steps: [{rollout: {group: g, max_surge: 2}}]");
    assert!(timeline.steps[1].seconds > alone.steps[1].seconds);
    // The pool alone: without nodes only its own replacements come on top.
    let idle = group.replace("nodes: 4", "nodes: 0");
    let timeline = play(&idle, "steps: [{rollout: {group: g, max_surge: 2}}]");
    assert_eq!(timeline.steps[1].subnets[0].peak_used, 3 * 10 + 2 * 10);
    let gone_first = play(&idle, "steps: [{rollout: {group: g, max_unavailable: 2}}]");
    assert_eq!(gone_first.steps[1].subnets[0].peak_used, 3 * 10);
}

/// 27 addresses: one node of 20, one instance that finds 7 of its 10; then none at all.
#[test]
fn a_pool_may_find_no_room() {
    let group = |pool: u32| {
        let nodes = GROUP.replace("nodes: 4", "nodes: 1").replace("[a, b]", "[a]");
        text("10.0.0.0/27", &format!("{nodes}, warm_pool: {pool}"), "")
    };
    let partly = run(&layout(&group(1)).unwrap(), 1);
    assert_eq!(partly.verdict, Verdict::Fits);
    let tight = partly.tight.iter().find(|tight| tight.kind == TightKind::WarmTargetUnmet).unwrap();
    assert_eq!((tight.subnet.as_deref(), tight.value), (Some("a"), 1));
    let none = run(&layout(&group(2)).unwrap(), 1);
    let failure = none.first_failure().unwrap();
    assert_eq!((failure.what, failure.wanted, failure.placed), (Shortage::PooledInstances, 2, 1));
    assert_eq!(failure.reason, Reason::InsufficientFreeAddresses);
    assert_eq!(none.steps[0].groups[0].nodes_placed, 1);
}

#[test]
fn a_pool_is_that_of_an_auto_scaling_group() {
    let checked = |keys: &str| layout(&text("10.0.0.0/24", &format!("{GROUP}, {keys}"), ""));
    assert!(checked("warm_pool: 2, scaler: asg").is_ok());
    assert!(checked("warm_pool: 200001").is_err());
    assert!(!checked("scaler: karpenter").unwrap().notes().concat().contains("warm pool"));
    let errors = ["warm_pool: 2, scaler: karpenter", "warm_pool: 2, scaler: none", "warm_pool: -1"];
    insta::assert_snapshot!(errors.map(|keys| checked(keys).unwrap_err()).join("\n"), @r"
    node_groups.g.warm_pool: only a managed node group or an Auto Scaling group has a warm pool
    node_groups.g.warm_pool: only a managed node group or an Auto Scaling group has a warm pool
    line 8, column 106: `-1` is not a whole number from 0 to 4294967295
    ");
    insta::assert_snapshot!(checked("warm_pool: 2").unwrap().notes().join("\n"), @"g: each of the 2 stopped instances of its warm pool is taken to hold the addresses of a node without pods from the start; the pool keeps its size, and a roll-out replaces it after the nodes");
}
