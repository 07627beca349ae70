//! Node groups with ENIConfigs of their own, counted by hand.

use eksnet::{
    instance::BUILTIN,
    simulate::{Reason, Timeline, Verdict, check, parse, run},
};

/// Two zones with a subnet for nodes each, and four subnets for pods: p and q in zone z, r and s in y.
/// An m5.large with 5 pods holds 1 address for itself and two ENIs of 10 for its pods (one of them warm).
fn text(cni: &str, groups: &str, steps: &str) -> String {
    format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
         - {{name: a, zone: z, cidr: 10.0.0.0/24}}\n- {{name: b, zone: y, cidr: 10.0.1.0/24}}\n\
         - {{name: p, zone: z, cidr: 10.0.2.0/24}}\n- {{name: q, zone: z, cidr: 10.0.3.0/24}}\n\
         - {{name: r, zone: y, cidr: 10.0.4.0/24}}\n- {{name: s, zone: y, cidr: 10.0.5.0/24}}\n\
         cni: {cni}\nnode_groups:\n{groups}\nsteps: [{steps}]\n"
    )
}

fn group(name: &str, keys: &str) -> String {
    format!("- {{name: {name}, instance_type: m5.large, nodes: 4, pods_per_node: 5, {keys}}}\n")
}

fn checked(text: &str) -> Result<Timeline, String> {
    let scenario = parse(text).map_err(|error| error.to_string())?;
    let layout = check(&scenario, &BUILTIN, false).map_err(|error| error.to_string())?;
    Ok(run(&layout, 1))
}

/// Addresses in use of a, b, p, q, r and s at the end of a step.
fn used(timeline: &Timeline, step: usize) -> Vec<u32> {
    timeline.steps[step].subnets.iter().map(|subnet| subnet.used).collect()
}

#[test]
fn a_groups_own_go_before_those_of_all() {
    let groups =
        group("g", "subnets: [a, b], pod_subnets: {z: q}") + &group("h", "subnets: [a, b]");
    let timeline = checked(&text("{custom_networking: {z: p, y: r}}", &groups, "")).unwrap();
    assert_eq!(timeline.verdict, Verdict::Fits);
    // Two nodes of each group in each zone. In z those of g take 2 × 20 of q, those of h of p.
    assert_eq!(used(&timeline, 0), [4, 4, 40, 40, 80, 0]);
}

/// Every group names the subnets of all its zones: that is custom networking without a list for all.
#[test]
fn groups_that_name_all_their_zones_need_no_others() {
    let groups = group("g", "subnets: [a, b], pod_subnets: {z: p, y: r}")
        + &group("h", "subnets: [b], pod_subnets: {y: s}");
    let timeline = checked(&text("{}", &groups, "lose_zone: z")).unwrap();
    assert_eq!(used(&timeline, 0), [2, 6, 40, 0, 40, 80]);
    assert_eq!(used(&timeline, 1), [0, 8, 0, 0, 80, 80]);
    // Max pods too are those of custom networking: (3 − 1) × 9 + 2, so that 18 pods fill a node.
    let full = groups.replace("pods_per_node: 5", "pods_per_node: fill");
    let timeline = checked(&text("{}", &full, "")).unwrap();
    assert_eq!(timeline.steps[0].groups[0].pods_placed, 4 * 18);
}

#[test]
fn the_switch_is_the_clusters() {
    let one = group("g", "subnets: [a, b], pod_subnets: {z: q}");
    let two = one.clone() + &group("h", "subnets: [b]");
    let refused = |cni: &str, groups: &str, steps: &str| checked(&text(cni, groups, steps)).err();
    insta::assert_snapshot!(refused("{}", &two, "").unwrap(), @"node_groups.g.pod_subnets: custom networking is off, and it is on or off for all node groups: list the zones in cni.custom_networking, or set pod_subnets for each zone of every group");
    // A zone of the group's is left out; a list of none turns it off.
    assert!(refused("{}", &one, "").is_some());
    let all = group("g", "subnets: [a], pod_subnets: {z: q}");
    assert!(refused("{}", &all, "").is_none());
    assert!(refused("{custom_networking: {}}", &all, "").is_some());
    // A later step may turn it on: nodes that start afterwards follow it.
    let on = "{set_cni: {custom_networking: {y: r}}}, {scale: {group: g, nodes: 8}}";
    let timeline = checked(&text("{custom_networking: {}}", &two, on)).unwrap();
    // With discovery alone pods are in a and b: two ENIs of 10 on each of the 4 + 4 nodes.
    assert_eq!(used(&timeline, 0), [40, 120, 0, 0, 0, 0]);
    // Two further nodes of g in each zone take 2 × 20 for pods: of q in z and of r, which is for all, in y.
    assert_eq!(used(&timeline, 2), [42, 122, 0, 40, 40, 0]);
}

#[test]
fn slips_are_named() {
    let refused = |keys: &str| {
        let groups = group("g", keys);
        checked(&text("{custom_networking: {z: p}}", &groups, "")).unwrap_err()
    };
    let rows = [
        "subnets: [a], pod_subnets: {z: r}",
        "subnets: [a], pod_subnets: {y: r}",
        "subnets: [a], pod_subnets: {x: r}",
        "subnets: [a], pod_subnets: {z: t}",
    ];
    insta::assert_snapshot!(rows.map(refused).join("\n"), @r"
    node_groups.g.pod_subnets.z: subnet `r` is in zone y: the pods' subnet must be in the zone of their nodes
    node_groups.g.pod_subnets: the group has no subnet in zone y
    node_groups.g.pod_subnets: unknown zone `x` (known: z, y)
    node_groups.g.pod_subnets.z: unknown subnet `t` (known: a, b, p, q, r, s)
    ");
}

/// A zone that neither names has no ENIConfig: its nodes never become Ready.
#[test]
fn a_zone_without_any_has_no_eni_config() {
    let groups = group("g", "subnets: [a, b], pod_subnets: {z: q}");
    let timeline = checked(&text("{custom_networking: {z: p}}", &groups, "")).unwrap();
    let failure = timeline.first_failure().unwrap();
    assert_eq!((failure.reason, failure.placed), (Reason::NoEniConfig, 2));
}
