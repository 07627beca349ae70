//! What a step waits for before it ends, and what one more node would take, counted by hand.

use eksnet::{
    instance::BUILTIN,
    simulate::{TightKind, Timeline, check, parse, run},
};

fn play(text: &str) -> Timeline {
    let scenario = parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let layout = check(&scenario, &BUILTIN, false).unwrap_or_else(|error| panic!("{error}"));
    run(&layout, 1)
}

/// An m5.large with 20 pods has three ENIs of 1 + 9 addresses, and without pods one. Two go once their
/// addresses have rested, which the step waits for.
#[test]
fn a_step_ends_when_addresses_have_rested() {
    for seconds in [0, 30, 120] {
        let timeline = play(&format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\n\
             subnets: [{{name: a, zone: z, cidr: 10.0.0.0/24}}]\n\
             cni: {{cooldown_seconds: {seconds}}}\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: 1, pods_per_node: 20}}]\n\
             steps: [{{pods: {{group: g, per_node: 0}}}}]\n"
        ));
        let used: Vec<u32> = timeline.steps.iter().map(|step| step.subnets[0].used).collect();
        assert_eq!(used, [30, 10], "{seconds}");
    }
}

/// 27 usable addresses. Two m5.large take 10 each and one each for the trunk, and five of the nine branch
/// ENIs that are wanted have the rest; four more come when the other node goes. Where 6 are held by others
/// the trunk waits as well.
#[test]
fn trunks_and_branch_enis_come_when_there_is_room() {
    for (others, expected) in [(0, [(5, 27), (5, 27), (9, 20)]), (6, [(0, 27), (0, 27), (9, 26)])] {
        let timeline = play(&format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\n\
             subnets: [{{name: a, zone: z, cidr: 10.0.0.0/27, used: {others}}}]\n\
             cni: {{pod_eni: true}}\nnode_groups:\n\
             - {{name: h, instance_type: m5.large, subnets: [a], nodes: 1, pods_per_node: 0}}\n\
             - {{name: g, instance_type: m5.large, subnets: [a], nodes: 1, pods_per_node: 0, \
             branch_pods_per_node: 9}}\n\
             steps: [{{pods: {{group: h, per_node: 1}}}}, {{scale: {{group: h, nodes: 0}}}}]\n"
        ));
        let seen: Vec<(u64, u32)> = timeline
            .steps
            .iter()
            .map(|step| (step.groups[1].pods_placed, step.subnets[0].used))
            .collect();
        assert_eq!(seen, expected, "{others}");
    }
}

/// Of weights 1 and 3 the first node is of the second type, an m5.xlarge with 15 addresses.
#[test]
fn the_first_node_is_of_the_heaviest_type() {
    for (weights, expected) in [([1, 3], 15), ([3, 1], 10), ([1, 1], 10)] {
        let [large, xlarge] = weights;
        let timeline = play(&format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\n\
             subnets: [{{name: a, zone: z, cidr: 10.0.0.0/24}}]\n\
             node_groups: [{{name: g, instance_types: [{{type: m5.large, weight: {large}}}, \
             {{type: m5.xlarge, weight: {xlarge}}}], subnets: [a], nodes: 1}}]\n"
        ));
        assert_eq!(timeline.steps[0].subnets[0].used, expected, "{weights:?}");
    }
}

/// A node of 12 pods and nothing warm takes 1 + 9 and 1 + 3. 123 usable hold eight with 11 left: the
/// primary ENI of one more has room there, and the node has not.
#[test]
fn one_more_node_takes_all_its_enis() {
    let timeline = play(
        "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets: [{name: a, zone: z, cidr: 10.0.0.0/25}]\n\
         cni: {minimum_ip_target: 12, warm_ip_target: 0}\n\
         node_groups: [{name: g, instance_type: m5.large, subnets: [a], nodes: 8, pods_per_node: 12}]\n",
    );
    let refused = timeline.tight.iter().find(|reason| reason.kind == TightKind::NextEniRefused);
    let refused = refused.map(|reason| (reason.value, reason.text.as_str()));
    assert_eq!(
        refused,
        Some((11, "a has room for 11 more addresses: one more node of group g needs 14"))
    );
}

/// With discovery further ENIs go to the emptiest subnet: 11 nodes have 10 addresses each in their own of
/// 123, and the primary ENI is all that one more needs of the 13 left.
#[test]
fn with_discovery_one_more_node_takes_its_primary_eni() {
    let timeline = play(
        "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets:\n\
         - {name: a, zone: z, cidr: 10.0.0.0/25}\n\
         - {name: pods, zone: z, cidr: 10.0.4.0/22, tags: {kubernetes.io/role/cni: \"1\"}}\n\
         cni: {minimum_ip_target: 12, warm_ip_target: 0}\n\
         node_groups: [{name: g, instance_type: m5.large, subnets: [a], nodes: 11, pods_per_node: 12}]\n",
    );
    let used: Vec<u32> = timeline.steps[0].subnets.iter().map(|subnet| subnet.used).collect();
    assert_eq!(used, [110, 44]);
    assert_eq!(timeline.tight.len(), 0, "{:?}", timeline.tight);
}
