//! Each check of subnets, nodes and VPCs: a world in which it fires, and worlds in which it does not.

mod auto_mode;
mod details;
mod discovery;
mod karpenter;
mod laws;
mod metrics;
mod pods;
mod room;
pub(crate) mod world;

use eksnet::network::ReservationKind;
use world::{World, tags};

const ROLE: &str = "kubernetes.io/role/cni";

/// A /24 of 14 blocks: two nodes with three prefixes, and single addresses that leave `free` blocks.
fn prefixes(free: u32) -> World {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 0), &["10.0.0.16/28", "10.0.0.32/28"]);
    world.node(("i-2", 0), "subnet-1", ("10.0.0.5", 0), &["10.0.0.48/28"]);
    for block in 4 + free..15 {
        world.hold("subnet-1", &format!("10.0.0.{}", block * 16), 1);
    }
    world
}

#[test]
fn prefix_low() {
    // Two nodes ask for one each, and one that comes for two, the mean of three by two.
    assert!(prefixes(4).lines("prefix-low").is_empty());
    assert_eq!(
        prefixes(3).lines("prefix-low"),
        ["warning subnet-1: subnet-1 has 3 free /28 prefixes, but the next scale-out may need 4: \
          1 warm prefix for each of 2 nodes, plus 2 for 1 new node"]
    );
    // The drain plan is asked for the one that is missing: its blocks come beside those that are free.
    let command = prefixes(3).of("prefix-low")[0].plain_command();
    assert_eq!(command.as_deref(), Some("eksnet audit --subnet subnet-1 --want-prefixes 1"));
    // None left at all is another finding.
    assert!(prefixes(0).lines("prefix-low").is_empty());
    assert_eq!(prefixes(0).lines("prefix-starved").len(), 1);
    let mut world = prefixes(4);
    world.cni("v1.23.1", &[("WARM_PREFIX_TARGET", "2")]);
    assert_eq!(world.of("prefix-low")[0].evidence["wanted_prefixes"], 6);
    // 40 addresses are three prefixes, whatever the target of prefixes is.
    world.cni("v1.23.1", &[("WARM_PREFIX_TARGET", "1"), ("WARM_IP_TARGET", "40")]);
    assert_eq!(world.of("prefix-low")[0].evidence["wanted_prefixes"], 9);
    world.cni("v1.23.1", &[("WARM_PREFIX_TARGET", "2"), ("MINIMUM_IP_TARGET", "40")]);
    assert!(world.of("prefix-low").is_empty());
    world.policy("version: 1\nchecks: {prefix-low: {warm_prefixes: 1, surge_nodes: 2}}");
    assert_eq!(world.of("prefix-low")[0].evidence["wanted_prefixes"], 6);
    world.policy("version: 1\nchecks: {prefix-low: {warm_prefixes: 1, surge_nodes: 0}}");
    assert!(world.of("prefix-low").is_empty());
    let mut world = prefixes(3);
    world.inventory.instances = None;
    assert!(world.of("prefix-low").is_empty());
}

/// Only what nothing tells apart is listed by its description, with the addresses of all ENIs called so.
#[test]
fn descriptions_are_those_of_others() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 3), &["10.0.0.16/28"]);
    for (from, count, description) in
        [("10.0.0.40", 2, "legacy"), ("10.0.0.50", 3, "legacy"), ("10.0.0.60", 1, "ELB net/a/b")]
    {
        let eni = world.hold("subnet-1", from, count);
        eni.interface_type = Some("something_new".into());
        eni.description = description.into();
    }
    let report = world.report();
    let others = report.subnets[0].other_descriptions.iter();
    let others: Vec<(&str, u32)> = others.map(|(name, held)| (name.as_str(), *held)).collect();
    assert_eq!(others, [("legacy", 5)]);
}

#[test]
fn fragmentation() {
    // Of the 11 blocks that no prefix has, 11 − free are spoiled.
    for (free, found) in [(6, None), (5, Some("info")), (3, Some("info")), (2, Some("warning"))] {
        let found_now = prefixes(free).of("fragmentation");
        let severity = found_now.first().map(|finding| finding.severity.name());
        assert_eq!(severity, found, "{free}");
    }
    assert_eq!(
        prefixes(2).lines("fragmentation"),
        [
            "warning subnet-1: subnet-1: single addresses lie in 9 of the 11 /28 blocks that could be \
          assigned as prefixes (9 fragmented, 0 full): score 82 of 100"
        ]
    );
    // Where no prefix is in use it says nothing of how things are.
    let mut world = prefixes(2);
    for eni in world.inventory.interfaces.as_mut().unwrap() {
        eni.prefixes.clear();
    }
    assert!(world.of("fragmentation").is_empty());
    let mut world = prefixes(2);
    world.policy("version: 1\nchecks: {fragmentation: {info: 83, warning: 90}}");
    assert!(world.of("fragmentation").is_empty());
}

#[test]
fn reservation_hides_space() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24").available = Some(0);
    world.reserve("10.0.0.0/24", ReservationKind::Prefix);
    assert_eq!(
        world.lines("reservation-hides-space"),
        [
            "info subnet-1: subnet-1: EC2 reports 0 available, although 14 /28 prefixes can be assigned from \
          its prefix reservations: ENIs that are there can grow, a new ENI needs one of the 0 single \
          addresses outside, and the VPC CNI and Karpenter, which rank subnets by EC2's count, put it \
          last"
        ]
    );
    // That is not harmless.
    assert_eq!(
        world.lines("no-room"),
        [
            "warning subnet-1: subnet-1 has room for 0 single addresses and for 14 /28 prefixes: a new ENI \
          needs a single address first"
        ]
    );
    for (available, finds) in [(Some(15), 1), (Some(16), 0), (None, 0)] {
        world.inventory.subnets[0].available = available;
        assert_eq!(world.of("reservation-hides-space").len(), finds, "{available:?}");
    }
    world.inventory.subnets[0].available = Some(0);
    world.inventory.subnets[0].reservations = Some(Vec::new());
    assert!(world.of("reservation-hides-space").is_empty());
    world.inventory.subnets[0].reservations = None;
    assert!(world.of("reservation-hides-space").is_empty());
}

#[test]
fn reservation_exhausted() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.reserve("10.0.0.64/27", ReservationKind::Prefix);
    world.reserve("10.0.0.128/25", ReservationKind::Prefix);
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 0), &["10.0.0.64/28"]);
    assert!(world.of("reservation-exhausted").is_empty());
    world.hold("subnet-1", "10.0.0.80", 1);
    assert_eq!(
        world.lines("reservation-exhausted"),
        [
            "warning subnet-1: subnet-1: the prefix reservation 10.0.0.64/27 has no /28 block left: 1 of 2 \
          are delegated and 1 fragmented by single addresses; the rest of the subnet has 12, and whether EC2 \
          falls back to it is not certain"
        ]
    );
    // The subnet's first block holds the addresses that AWS keeps.
    world.inventory.subnets[0].reservations.as_mut().unwrap()[0].cidr =
        "10.0.0.0/28".parse().unwrap();
    assert_eq!(
        world.lines("reservation-exhausted"),
        [
            "warning subnet-1: subnet-1: the prefix reservation 10.0.0.0/28 can never have a /28 block \
          to assign: AWS reserves addresses in all of its blocks; the rest of the subnet has 12, and whether \
          EC2 falls back to it is not certain"
        ]
    );
    world.inventory.subnets[0].reservations.as_mut().unwrap()[0].cidr =
        "10.0.0.64/27".parse().unwrap();
    assert_eq!(world.of("reservation-exhausted").len(), 1);
    world.inventory.subnets[0].reservations.as_mut().unwrap()[0].kind = ReservationKind::Explicit;
    assert!(world.of("reservation-exhausted").is_empty());
}

#[test]
fn load_balancer_headroom() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/28");
    world.hold("subnet-1", "10.0.0.4", 4);
    assert!(world.of("load-balancer-headroom").is_empty());
    world.inventory.subnets[0].tags = tags(&[("kubernetes.io/role/elb", "1")]);
    assert_eq!(
        world.lines("load-balancer-headroom"),
        [
            "warning subnet-1: subnet-1 is tagged kubernetes.io/role/elb and has 7 free addresses: a load \
          balancer requires 8 in each of its subnets"
        ]
    );
    world.inventory.subnets[0].tags = tags(&[("kubernetes.io/role/internal-elb", "0")]);
    assert!(world.of("load-balancer-headroom").is_empty());
    world.hold("subnet-1", "10.0.0.8", 1).description = "ELB app/web/1".into();
    assert_eq!(
        world.lines("load-balancer-headroom"),
        [
            "warning subnet-1: subnet-1 holds 1 ENI of load balancers and has 6 free addresses: a load \
          balancer requires 8 in each of its subnets"
        ]
    );
    world.policy("version: 1\nchecks: {load-balancer-headroom: {addresses: 6}}");
    assert!(world.of("load-balancer-headroom").is_empty());
}

#[test]
fn leaked_interfaces() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    for (from, count, created) in
        [("10.0.0.4", 3, None), ("10.0.0.16", 2, Some("2026-03-01T10:00:00Z"))]
    {
        let eni = world.hold("subnet-1", from, count);
        eni.status = Some("available".into());
        eni.description = "aws-K8S-i-0gone".into();
        let created = created.map(|at| ("node.k8s.amazonaws.com/createdAt", at));
        eni.tags = created.into_iter().collect();
    }
    assert_eq!(
        world.lines("leaked-interfaces"),
        [
            "warning subnet-1: subnet-1 holds 2 ENIs that nodes or pods left behind, with 5 addresses, the \
          oldest since 2026-03-01T10:00:00Z"
        ]
    );
    let finding = &world.of("leaked-interfaces")[0];
    assert_eq!(finding.evidence["addresses_by_interface"]["eni-0"], 3);
    assert_eq!(finding.evidence["created_at"]["eni-1"], "2026-03-01T10:00:00Z");
    // Nine minutes before the reading an ENI may be on its way, ten minutes before it is not.
    for (captured, on_the_way, deleted) in
        [("10:09:59", 1, "for id in eni-0; "), ("10:10:00", 0, "for id in eni-0 eni-1; ")]
    {
        world.inventory.source.captured_at = Some(format!("2026-03-01T{captured}Z"));
        let finding = &world.of("leaked-interfaces")[0];
        assert_eq!(finding.evidence["on_the_way"].as_array().unwrap().len(), on_the_way);
        assert_eq!(
            finding.message.ends_with("; 1 of them may be on its way to a node"),
            on_the_way > 0
        );
        // What a node may be about to get is not deleted.
        let command = finding.plain_command().unwrap();
        assert!(command.starts_with(deleted), "{command}");
    }
    world.inventory.source.captured_at = Some("2026-03-01T10:01:00Z".to_owned());
    for eni in world.inventory.interfaces.as_mut().unwrap() {
        eni.tags =
            [("node.k8s.amazonaws.com/createdAt", "2026-03-01T10:00:00Z")].into_iter().collect();
    }
    let finding = &world.of("leaked-interfaces")[0];
    assert!(finding.message.ends_with("; 2 of them may be on their way to a node"));
    assert_eq!(
        finding.plain_command().unwrap(),
        "aws ec2 describe-network-interfaces --network-interface-ids eni-0 eni-1"
    );
    for eni in world.inventory.interfaces.as_mut().unwrap() {
        eni.tags = tags(&[("node.k8s.amazonaws.com/createdAt", "some time ago")]).into();
    }
    assert!(world.of("leaked-interfaces")[0].message.ends_with("with 5 addresses"));
    for eni in world.inventory.interfaces.as_mut().unwrap() {
        eni.status = Some("in-use".into());
    }
    assert!(world.of("leaked-interfaces").is_empty());
}

#[test]
fn zone_imbalance() {
    let mut world = World::new();
    for (at, zone) in ["a", "b", "c"].into_iter().enumerate() {
        let (subnet, address) = (format!("subnet-{zone}"), format!("10.0.{at}.4"));
        world.subnet(&subnet, &format!("eu-1{zone}"), &format!("10.0.{at}.0/26"));
        world.node((&format!("i-{zone}"), 0), &subnet, (&address, 4), &[]);
    }
    assert!(world.of("zone-imbalance").is_empty());
    // 48 of 59 are over 80 percent, 5 of 59 under 50.
    world.node(("i-2", 0), "subnet-a", ("10.0.0.9", 42), &[]);
    assert_eq!(
        world.lines("zone-imbalance"),
        [
            "warning vpc-1: vpc-1: the node subnets of eu-1a have 48 of 59 addresses in use, while eu-1b, eu-1c \
          have space; if eu-1a is lost, its nodes and pods need 48 addresses in the \
          other zones, which have 108 free"
        ]
    );
    // Addresses that only their names get are no room: 32 but for AWS's last.
    world.reserve("10.0.2.32/27", ReservationKind::Explicit);
    let found = world.of("zone-imbalance");
    assert!(
        found[0].message.ends_with("have 77 free and 31 more in explicit reservations"),
        "{}",
        found[0].message
    );
    assert_eq!(found[0].evidence["explicit_free_in_other_zones"], 31);
    world.inventory.subnets.last_mut().unwrap().reservations = Some(Vec::new());
    world.hold("subnet-b", "10.0.1.9", 30);
    world.hold("subnet-c", "10.0.2.9", 24);
    // 35 of 59 are more than half, 29 less.
    assert_eq!(world.of("zone-imbalance")[0].evidence["empty_zones"][0], "eu-1c");
    world.hold("subnet-c", "10.0.2.33", 1);
    assert!(world.of("zone-imbalance").is_empty());
    world.policy("version: 1\nchecks: {zone-imbalance: {empty: 60}}");
    assert!(world.of("zone-imbalance")[0].message.ends_with("have 53 free"));
    world.hold("subnet-b", "10.0.1.39", 10);
    assert!(world.of("zone-imbalance")[0].message.ends_with("have 43 free, too few"));
    // No zone is to be compared with when nodes could not be seen.
    world.inventory.instances = None;
    assert!(world.of("zone-imbalance").is_empty());
}

#[test]
fn zone_imbalance_keeps_pod_subnets_apart() {
    let mut world = World::new();
    for (at, zone) in ["a", "b"].into_iter().enumerate() {
        world.subnet(&format!("subnet-{zone}"), &format!("eu-1{zone}"), &format!("10.0.{at}.0/24"));
        let pods = format!("pods-{zone}");
        let cidr = format!("10.0.1{at}.0/26");
        world.subnet(&pods, &format!("eu-1{zone}"), &cidr).tags = tags(&[(ROLE, "1")]);
        let node = format!("i-{zone}");
        world.node((&node, 0), &format!("subnet-{zone}"), (&format!("10.0.{at}.4"), 0), &[]);
    }
    world.node(("i-a", 1), "pods-a", ("10.0.10.4", 50), &[]);
    let found = world.of("zone-imbalance");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].evidence["role"], "pod");
    assert_eq!(found[0].evidence["subnets"][0], "pods-a");
}

#[test]
fn mixed_mode() {
    let mut world = prefixes(5);
    assert!(world.of("mixed-mode").is_empty());
    // Leftovers of the other mode on one node are no second kind of node.
    world.node(("i-1", 1), "subnet-1", ("10.0.0.6", 1), &[]);
    assert!(world.of("mixed-mode").is_empty());
    world.node(("i-3", 0), "subnet-1", ("10.0.0.8", 2), &[]);
    assert_eq!(
        world.lines("mixed-mode"),
        [
            "warning subnet-1: subnet-1 serves 1 node with secondary addresses and 2 nodes with prefixes: \
          single addresses fragment /28 blocks"
        ]
    );
    assert_eq!(world.of("mixed-mode")[0].evidence["nodes_with_both"], 1);
}

#[test]
fn unknown_instance_type() {
    let mut world = prefixes(5);
    assert!(world.of("unknown-instance-type").is_empty());
    world.inventory.instances.as_mut().unwrap()[0].instance_type = Some("z99.huge".into());
    assert_eq!(
        world.lines("unknown-instance-type"),
        ["info z99.huge: 1 node is of type z99.huge, whose ENI and address limits are not in the \
          catalogue: it is taken to support prefix delegation"]
    );
    world.inventory.instances.as_mut().unwrap()[0].instance_type = None;
    assert!(world.of("unknown-instance-type").is_empty());
}

#[test]
fn vpc_blocks() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    let mut with = |cidrs: &[&str]| {
        let vpc = &mut world.inventory.vpcs.as_mut().unwrap()[0];
        vpc.cidrs = cidrs.iter().map(|cidr| cidr.parse().unwrap()).collect();
        [world.lines("vpc-cidr"), world.lines("vpc-cidr-quota")].concat()
    };
    // Whatever order AWS answers in, and whatever it accepted long ago, is no finding.
    for fine in [
        vec!["10.0.0.0/16", "100.64.0.0/16"],
        vec!["10.1.0.0/16", "10.0.0.0/16"],
        vec!["10.0.0.0/16", "172.16.0.0/16"],
        vec!["10.0.0.0/12"],
    ] {
        assert_eq!(with(&fine), Vec::<String>::new());
    }
    assert_eq!(
        with(&["10.0.0.0/16", "10.0.1.0/24"]),
        ["critical vpc-1: vpc-1: 10.0.1.0/24 overlaps 10.0.0.0/16"]
    );
    let six =
        ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24", "10.0.4.0/24", "10.0.5.0/24"];
    assert_eq!(
        with(&six),
        ["warning vpc-1: vpc-1: 6 IPv4 blocks exceed the default quota of 5 per VPC"]
    );
    assert!(with(&six[..5]).is_empty());
    with(&six);
    world.inventory.vpcs.as_mut().unwrap()[0].vpc_id = "vpc-2".into();
    assert!(world.of("vpc-cidr-quota").is_empty(), "no subnet of it is audited");
}

#[test]
fn network_address_units() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/16");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 51_197), &["10.0.255.0/28"]);
    // 51198 addresses and a prefix.
    assert!(world.of("network-address-units").is_empty());
    world.hold("subnet-1", "10.0.240.0", 900).description = "ELB app/web/1".into();
    assert!(world.of("network-address-units").is_empty());
    world.node(("i-2", 0), "subnet-1", ("10.0.250.0", 0), &[]);
    assert_eq!(
        world.lines("network-address-units"),
        ["warning vpc-1: vpc-1: 51200 network address units are near the default quota of 64000 \
             per VPC; counted are the addresses and prefixes of instances that can be seen, and \
             AWS counts more"]
    );
    assert_eq!(world.of("network-address-units")[0].evidence["prefixes"], 1);
    world.inventory.interfaces = None;
    assert!(world.of("network-address-units").is_empty());
}

/// Numbers of four digits and more have their thousands apart, as in the tables beside them.
#[test]
fn thousands_stand_apart_in_messages() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/20");
    for third in 0..14 {
        world.hold("subnet-1", &format!("10.0.{third}.10"), 245);
    }
    world.policy(
        "version: 1\nchecks: {min-free: {addresses: 2000}, min-prefixes: {prefixes: 1200}}",
    );
    // 14 × 245 of 4,096 − 5.
    assert_eq!(
        world.lines("utilization"),
        [
            "warning subnet-1: subnet-1 has 3,430 of 4,091 usable addresses in use, at or above the threshold \
          of 80%"
        ]
    );
    assert!(world.lines("min-free")[0].contains("fewer than the 2,000 asked for"));
    assert!(world.lines("min-prefixes")[0].contains("fewer than the 1,200 asked for"));
}

/// Hints are read in terminals and pages, where a backtick is only a backtick; the hint of no-room says the
/// whole of what to do also where the command does not stand below it.
#[test]
fn hints_are_plain_sentences() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/26");
    world.hold("subnet-1", "10.0.0.4", 28);
    world.reserve("10.0.0.32/27", ReservationKind::Explicit);
    assert_eq!(
        world.of("no-room")[0].hint,
        "leave part of the subnet outside reservations; list them, and remove one with aws ec2 \
         delete-subnet-cidr-reservation"
    );
}
