//! Remedies are what was tried and fits, and nothing smaller of their kind does.
#![expect(clippy::panic, reason = "a test stops where it fails")]

use eksnet::{
    instance::BUILTIN,
    simulate::{Remedy, Verdict, check, parse, remedies, run},
};

fn of(text: &str) -> Vec<Remedy> {
    let scenario = parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let layout = check(&scenario, &BUILTIN, false).unwrap_or_else(|error| panic!("{error}"));
    match run(&layout, 1).first_failure {
        Some(failure) => remedies(&layout, &[1], &failure),
        None => Vec::new(),
    }
}

fn fits(text: &str) -> bool {
    let scenario = parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let layout = check(&scenario, &BUILTIN, false).unwrap_or_else(|error| panic!("{error}"));
    run(&layout, 1).verdict == Verdict::Fits
}

fn texts(remedies: &[Remedy]) -> Vec<String> {
    remedies.iter().map(Remedy::text).collect()
}

fn layout(cidr: &str, nodes: u32, pods: u32, rest: &str) -> String {
    format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets: [{{name: a, zone: z, cidr: {cidr}}}]\n\
         node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: {nodes}, \
         pods_per_node: {pods}}}]\n{rest}\n"
    )
}

/// 30 idle nodes want 10 addresses each and find 251. 25 get them; each of the next five is Ready with its
/// primary address, after which four find one more for their pool: 259.
#[test]
fn as_few_addresses_as_do() {
    let text = layout("10.0.0.0/24", 30, 0, "");
    assert_eq!(texts(&of(&text)), ["warm_ip_target: 5", "8 more addresses in a", "a /23 for a"]);
    assert!(fits(&layout("10.0.0.0/23", 30, 0, "")));
    assert!(fits(&layout("10.0.0.0/24", 30, 0, "cni: {warm_ip_target: 5}")));
    assert!(!fits(&layout("10.0.0.0/24", 30, 0, "cni: {warm_ip_target: 10}")));
}

/// Eight nodes of three ENIs hold 240 of 251: one more at a time has no room.
#[test]
fn a_rollout_that_waits_needs_no_room() {
    let text = |bound: &str| {
        layout("10.0.0.0/24", 8, 12, &format!("steps: [{{rollout: {{group: g, {bound}}}}}]"))
    };
    let found = of(&text("max_surge: 33%"));
    assert_eq!(
        found.first(),
        Some(&Remedy::Pace { step: 1, max_surge: 0, max_unavailable: 1 }),
        "{found:?}"
    );
    assert!(fits(&text("max_surge: 0, max_unavailable: 1")));
    assert!(!fits(&text("max_surge: 1")));
}

/// Two subnets that are both short are both named.
#[test]
fn every_short_subnet_gets_room() {
    let text = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets:\n\
        - {name: a, zone: z, cidr: 10.0.0.0/25}\n- {name: b, zone: y, cidr: 10.0.1.0/26}\n\
        cni: {prefix_delegation: true}\n\
        node_groups: [{name: g, instance_type: m5.large, subnets: [a, b], nodes: 6, pods_per_node: 20}]\n";
    let found = of(text);
    let larger = Remedy::LargerSubnet { subnets: vec![("a".into(), 24), ("b".into(), 24)] };
    assert!(found.contains(&larger), "{found:?}");
    let more = found.iter().find_map(|remedy| match remedy {
        Remedy::Addresses { subnets } => Some(subnets.clone()),
        Remedy::LargerSubnet { .. } | Remedy::Pace { .. } | Remedy::WarmTargets { .. } => None,
    });
    // Three nodes with three prefixes each: 9 blocks, of which a /25 has 6 and a /26 has 2.
    let names: Vec<String> = more.iter().flatten().map(|(name, _)| name.clone()).collect();
    assert_eq!(names, ["a", "b"], "{found:?}");
}

/// What no address helps has no remedy of addresses.
#[test]
fn no_address_helps_where_none_is_short() {
    let text = layout("10.0.0.0/20", 2, 40, "");
    assert_eq!(texts(&of(&text)), Vec::<String>::new());
    let stranded = layout("10.0.0.0/20", 2, 25, "cni: {minimum_ip_target: 9}");
    assert_eq!(texts(&of(&stranded)), ["warm_ip_target: 10, minimum_ip_target: 35"]);
}
