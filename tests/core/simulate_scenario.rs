//! What is no scenario is refused with the place and the value.

use eksnet::{
    instance::BUILTIN,
    simulate::{check, parse},
};

const GOOD: &str = "version: 1
vpc: {cidrs: [10.0.0.0/16]}
subnets:
  - {name: a, zone: z, cidr: 10.0.0.0/24, used: 3}
node_groups:
  - {name: g, instance_type: m5.large, subnets: [a], nodes: 3, min: 1}
steps:
  - rollout: {group: g, max_surge: 33%}
";

fn error(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    match parse(&GOOD.replace(from, to)) {
        Err(error) => error.to_string(),
        Ok(scenario) => check(&scenario, &BUILTIN, false).unwrap_err().to_string(),
    }
}

#[test]
fn a_good_one_is_read() {
    assert!(check(&parse(GOOD).unwrap(), &BUILTIN, false).is_ok());
    let json = r#"{"version":1,"vpc":{"cidrs":["10.0.0.0/16"]},"subnets":[{"name":"a","zone":"z","cidr":"10.0.0.0/24","used":["10.0.0.9","10.0.0.16/28"]}],"steps":[{"lose_zone":"z"},{"upgrade_control_plane":{}}]}"#;
    assert!(check(&parse(json).unwrap(), &BUILTIN, false).is_ok());
}

#[test]
fn slips_are_named() {
    let rows = [
        ("used: 3", "usd: 3"),
        ("used: 3", "used: lots"),
        ("used: 3", "used: [10.0.1.9]"),
        ("used: 3", "used: 300"),
        ("used: 3", "used: [10.0.0.9, 10.0.0.8, 10.0.0.9]"),
        ("used: 3", "used: [10.0.0.16/28, 10.0.0.17]"),
        ("used: 3", "used: [10.0.0.17, 10.0.0.16/28]"),
        ("used: 3", "used: [10.0.0.16/28, 10.0.0.16/28]"),
        ("used: 3", "used: {count: 3, sed: 1}"),
        ("10.0.0.0/24", "10.0.0.0/99"),
        ("10.0.0.0/24", "10.0.0.5/24"),
        ("10.0.0.0/24", "10.1.0.0/24"),
        ("10.0.0.0/24", "10.0.0.0/29"),
        ("m5.large", "m5.larg"),
        ("subnets: [a]", "subnets: [b]"),
        ("subnets: [a]", "subnets: []"),
        ("nodes: 3", "nodes: 1000000000"),
        ("nodes: 3", "nodes: -1"),
        ("nodes: 3", "nodes: 3, max_pods: many"),
        ("nodes: 3", "nodes: 3, max: 4000000000"),
        ("max_surge: 33%", "max_surge: third"),
        ("max_surge: 33%", "max_surge: 0"),
        ("group: g", "group: h"),
        ("rollout: {", "rollot: {"),
        ("rollout: {group: g, max_surge: 33%}", "grow: {group: g, factor: .nan}"),
        ("rollout: {group: g, max_surge: 33%}", "lose_zone: q"),
        ("version: 1", "version: 2"),
        ("steps:", "cni: {version: \"1.17\"}\nsteps:"),
        ("nodes: 3", "nodes: 3, max: 2"),
        ("nodes: 3, min: 1", "nodes: 3, min: 5, max: 4"),
        ("rollout: {group: g, max_surge: 33%}", "scale: {group: g, nodes: 0}"),
        ("max_surge: 33%", "max_surge: 33%, like: managed_node_group"),
        ("max_surge: 33%", "max_unavailable: 1, like: karpenter"),
        ("max_surge: 33%", "like: someone"),
        ("nodes: 3", "nodes: 3, max_pods: 1"),
        ("nodes: 3", "nodes: 3, max_pods: 9, host_network_pods: 10"),
        ("rollout: {group: g, max_surge: 33%}", "grow: {group: g, factor: -0.5}"),
        ("rollout: {group: g, max_surge: 33%}", "grow: {group: g, factor: 1e300}"),
        ("rollout: {group: g, max_surge: 33%}", "grow: {group: g, factor: 1.0000000001}"),
    ];
    let errors: Vec<String> = rows.iter().map(|(from, to)| error(from, to)).collect();
    insta::assert_snapshot!(errors.join("\n"), @r#"
    line 4, column 43: unknown field `usd`: did you mean `used`?
    line 4, column 43: invalid type: string "lots", expected a count, a list of addresses and /28 prefixes, or {count, seed}
    subnets.a: 10.0.1.9 is outside 10.0.0.0/24
    subnets.a: 300 addresses used: the subnet has only 251 free outside reservations
    subnets.a: used: 10.0.0.9 overlaps an entry that is already listed
    subnets.a: used: 10.0.0.17 overlaps an entry that is already listed
    subnets.a: used: 10.0.0.16/28 overlaps an entry that is already listed
    subnets.a: used: 10.0.0.16/28 overlaps an entry that is already listed
    line 4, column 60: unknown field `sed`: did you mean `seed`?
    line 4, column 30: `10.0.0.0/99` is not an IPv4 CIDR such as 10.0.0.0/16
    line 4, column 30: `10.0.0.5/24` has host bits set: the network is 10.0.0.0/24
    subnets.a: 10.1.0.0/24 is not inside a CIDR block of the VPC (10.0.0.0/16)
    subnets.a: 10.0.0.0/29 cannot be a subnet: a subnet is a /16 to /28
    node_groups.g: unknown instance type `m5.larg` (known: m5.large, m5.xlarge, m5d.large)
    node_groups.g.subnets: unknown subnet `b` (known: a)
    node_groups.g.subnets: at least one subnet is required
    node_groups.g: 1000000000 nodes: at most 200000 can be simulated
    line 6, column 61: -1 is below 0
    line 6, column 74: `many` is neither auto nor a number
    node_groups: 4000000000 nodes: at most 200000 can be simulated
    line 8, column 36: `third` is neither a count nor a percentage such as 33%
    steps[0].rollout: max_surge and max_unavailable are both 0: no node can be replaced
    steps[0].rollout: unknown group `h` (known: g)
    line 8, column 5: unknown variant `rollot`: did you mean `rollout`?
    steps[0].grow.factor: NaN is not from 0 to 1000
    steps[0].lose_zone: unknown zone `q` (known: z)
    unknown scenario version 2: the supported version is 1
    cni.version: `1.17` cannot be simulated: supported versions are 1.18.3 to 1.23
    node_groups.g: 3 nodes are above the group's max 2
    node_groups.g: min 5 is above max 4
    steps[0].scale: 0 nodes are below the group's min 1
    steps[0].rollout: a managed node group has no max_surge: set max_unavailable
    steps[0].rollout: Karpenter has no max_unavailable: max_surge is its budget
    line 8, column 31: unknown variant `someone`, expected one of managed_node_group, managed_node_group_minimal, karpenter
    node_groups.g: host_network_pods 2 exceeds max_pods 1
    node_groups.g: host_network_pods 10 exceeds max_pods 9
    steps[0].grow.factor: -0.5 is not from 0 to 1000
    steps[0].grow.factor: 1e300 is not from 0 to 1000
    steps[0].grow.factor: 1.0000000001 has more than 9 decimals
    "#);
}

#[test]
fn large_blocks_are_allowed_when_asked_for() {
    let text = GOOD.replace("10.0.0.0/16", "10.0.0.0/8").replace("10.0.0.0/24", "10.0.0.0/13");
    let scenario = parse(&text).unwrap();
    assert!(check(&scenario, &BUILTIN, false).is_err());
    assert!(check(&scenario, &BUILTIN, true).is_ok());
}

/// An ENI has to be in its instance's zone, so an ENIConfig of another zone's subnet gives no pod an
/// address.
#[test]
fn custom_networking_stays_in_the_zone() {
    let two = GOOD.replace(
        "node_groups:",
        "  - {name: b, zone: y, cidr: 10.0.1.0/24}\ncni: {custom_networking: {z: WHERE}}\nnode_groups:",
    );
    let refused = |text: &str| {
        check(&parse(text).unwrap(), &BUILTIN, false).err().map(|error| error.to_string())
    };
    let cni = |subnet: &str| refused(&two.replace("WHERE", subnet));
    let rollout = "rollout: {group: g, max_surge: 33%}";
    let set_cni = |subnet: &str| {
        let step = format!("set_cni: {{custom_networking: {{z: {subnet}}}}}");
        refused(&two.replace("WHERE", "a").replace(rollout, &step))
    };
    assert_eq!((cni("a"), set_cni("a")), (None, None));
    insta::assert_snapshot!(cni("b").unwrap(), @"cni.custom_networking.z: subnet `b` is in zone y: \
        the pods' subnet must be in the zone of their nodes");
    insta::assert_snapshot!(set_cni("b").unwrap(), @"steps[0].set_cni.custom_networking.z: subnet \
        `b` is in zone y: the pods' subnet must be in the zone of their nodes");
}

/// Groups are bounded, and finding a name that is there twice takes no longer for many.
#[test]
fn groups_are_bounded() {
    let text = |count: usize, last: &str| {
        let group = |name: &str| {
            format!("  - {{name: {name}, instance_type: m5.large, subnets: [a], nodes: 0}}\n")
        };
        let mut groups: Vec<String> = (1..count).map(|at| group(&format!("g{at}"))).collect();
        groups.push(group(last));
        let (head, _) = GOOD.split_once("  - {name: g,").unwrap();
        format!("{head}{}", groups.concat())
    };
    let refused = |text: &str| {
        check(&parse(text).unwrap(), &BUILTIN, false).err().map(|error| error.to_string())
    };
    assert_eq!(refused(&text(2000, "last")), None);
    insta::assert_snapshot!(refused(&text(2001, "last")).unwrap(), @"node_groups: 2001 groups: at most 2000 can be simulated");
    insta::assert_snapshot!(refused(&text(2000, "g7")).unwrap(), @"node_groups: group `g7` is \
        defined twice");
}

/// What the library would say of its own types and options is said of the value.
#[test]
fn slips_are_told_in_our_own_words() {
    let rows = [
        ("nodes: 3", "nodes: 3.0"),
        ("nodes: 3", "nodes: 1e1"),
        ("nodes: 3", "nodes: null"),
        ("nodes: 3", "nodes: {a: b}"),
        ("nodes: 3", "nodes: 3, nodes: 4"),
        ("nodes: 3", "nodes: 3, max: -3"),
        ("nodes: 3", "nodes: 3, max_pods: null"),
        ("nodes: 3", "nodes: 3, max_pods: 2.0"),
        ("nodes: 3", "nodes: 3, pods_per_node: null"),
        ("version: 1", "version: 99999999999"),
        ("used: 3", "used: null"),
        ("used: 3", "tags: null"),
        ("name: a", "name: null"),
        ("steps:", "control_plane: null\nsteps:"),
        ("steps:", "cni: {pod_eni: null}\nsteps:"),
        ("steps:", "others: ~\nsteps:"),
        ("max_surge: 33%", "max_surge: null"),
        ("max_surge: 33%", "like: null"),
        ("rollout: {group: g, max_surge: 33%}", "grow: {group: g, factor: much}"),
    ];
    let errors: Vec<String> = rows.iter().map(|(from, to)| error(from, to)).collect();
    insta::assert_snapshot!(errors.join("\n"), @r"
    line 6, column 61: `3.0` is not a whole number
    line 6, column 61: `1e1` is not a whole number
    line 6, column 61: null is not a whole number: remove the key, or set a value
    line 6, column 61: expected a single value
    line 6, column 64: key `nodes` is listed twice
    line 6, column 69: `-3` is not a whole number from 0 to 4294967295
    line 6, column 74: null is not a whole number or a word: remove the key, or set a value
    line 6, column 74: `2.0` is not a whole number or a word
    line 6, column 79: null is not a whole number or a word: remove the key, or set a value
    line 1, column 10: `99999999999` is not a whole number from 0 to 4294967295
    line 4, column 43: null is not a count, a list of addresses and /28 prefixes, or {count, seed}: remove the key, or set a value
    line 4, column 49: null is not a set of keys: remove the key, or set a value
    line 4, column 12: null is not a string: remove the key, or set a value
    line 7, column 16: null is not a set of keys: remove the key, or set a value
    line 7, column 16: null is not true or false: remove the key, or set a value
    line 7, column 9: null is not a list: remove the key, or set a value
    line 8, column 36: null is not a whole number or a word: remove the key, or set a value
    line 8, column 31: unknown variant `null`, expected one of managed_node_group, managed_node_group_minimal, karpenter
    line 8, column 30: `much` is not a number
    ");
}

#[test]
fn a_zone_given_as_keys_shows_how_it_is_written() {
    let says = error("rollout: {group: g, max_surge: 33%}", "lose_zone: {zone: z}");
    assert!(says.contains("the name of a zone, such as `lose_zone: eu-central-1a`"), "{says}");
}
