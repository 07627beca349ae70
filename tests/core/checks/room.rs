//! What EC2 can assign by itself, and the checks that ask for it: no-room, min-free, a control plane's
//! headroom. And what is said of a VPC's blocks.

use eksnet::{
    audit::Counted,
    inventory::{HealthIssue, NodeSubnets, Places, Selection, Vpc, select},
    network::ReservationKind,
};

use crate::checks::world::{World, tags};

#[test]
fn control_plane_headroom() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/26");
    world.subnet("subnet-2", "eu-1b", "10.0.1.0/26");
    world.cluster("c", &["subnet-1", "subnet-2"]);
    world.hold("subnet-1", "10.0.0.4", 43);
    // 59 usable: 16 left.
    assert!(world.of("control-plane-headroom").is_empty());
    world.hold("subnet-1", "10.0.0.47", 1);
    assert_eq!(
        world.lines("control-plane-headroom"),
        [
            "warning c: subnets of cluster c have fewer free addresses than the 16 recommended for each: \
          subnet-1 15"
        ]
    );
    // Five in each are enough for an upgrade, and four in one of them are not, whatever others have.
    world.hold("subnet-1", "10.0.0.48", 10);
    assert_eq!(world.of("control-plane-headroom")[0].severity.name(), "warning");
    world.hold("subnet-1", "10.0.0.58", 1);
    assert_eq!(
        world.lines("control-plane-headroom"),
        [
            "critical c: EKS refuses to upgrade cluster c, which requires 5 free addresses in each of its \
          subnets: subnet-1 4"
        ]
    );
    // So it is when another subnet of the cluster was not looked at.
    world.inventory.clusters[0].subnet_ids.insert("subnet-9".into());
    assert_eq!(world.of("control-plane-headroom")[0].severity.name(), "critical");
    assert!(world.of("control-plane-headroom")[0].evidence["free"].is_null());
    world.policy("version: 1\nchecks: {control-plane-headroom: {upgrade: 4}}");
    assert_eq!(world.of("control-plane-headroom")[0].severity.name(), "warning");
    world.inventory.interfaces = None;
    assert!(world.of("control-plane-headroom").is_empty());
}

#[test]
fn control_plane_headroom_of_small_subnets() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/28");
    world.subnet("subnet-2", "eu-1b", "10.0.1.0/28");
    world.cluster("c", &["subnet-1", "subnet-2"]);
    assert_eq!(world.of("control-plane-headroom")[0].severity.name(), "warning");
    world.hold("subnet-1", "10.0.0.4", 7);
    assert_eq!(world.of("control-plane-headroom")[0].severity.name(), "critical");
    // What is reserved is assigned to nobody who does not name it, and a new ENI gets no prefix.
    for kind in [ReservationKind::Explicit, ReservationKind::Prefix] {
        let mut world = World::new();
        world.subnet("subnet-2", "eu-1b", "10.0.1.0/24");
        world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
        world.cluster("c", &["subnet-1", "subnet-2"]);
        world.reserve("10.0.0.0/24", kind);
        assert_eq!(world.of("control-plane-headroom")[0].severity.name(), "critical");
    }
}

#[test]
fn an_upgrade_requires_two_zones() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.subnet("subnet-2", "eu-1a", "10.0.1.0/24");
    world.cluster("c", &["subnet-1", "subnet-2"]);
    assert_eq!(
        world.lines("control-plane-headroom"),
        [
            "warning c: an upgrade of cluster c requires subnets in 2 zones, and all of its subnets lie \
          in eu-1a"
        ]
    );
    world.inventory.subnets[1].availability_zone = Some("eu-1b".into());
    assert!(world.of("control-plane-headroom").is_empty());
}

#[test]
fn no_room() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/26");
    world.hold("subnet-1", "10.0.0.4", 51);
    // 59 usable: 8 left.
    assert!(world.of("no-room").is_empty());
    world.hold("subnet-1", "10.0.0.55", 1);
    assert_eq!(world.lines("no-room"), ["warning subnet-1: subnet-1 has room for 7 addresses"]);
    world.policy("version: 1\nchecks: {no-room: {addresses: 7}}");
    assert!(world.of("no-room").is_empty());
    world.policy("version: 1");
    world.hold("subnet-1", "10.0.0.56", 7);
    assert_eq!(world.lines("no-room"), ["critical subnet-1: subnet-1: EC2 can assign no address"]);
    world.inventory.interfaces = None;
    assert!(world.of("no-room").is_empty());
}

/// Half of the subnet is free, and no address of it is EC2's to assign.
#[test]
fn what_is_reserved_explicitly_is_no_room() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/26");
    world.hold("subnet-1", "10.0.0.4", 28);
    world.reserve("10.0.0.32/27", ReservationKind::Explicit);
    world.policy("version: 1\nchecks: {min-free: {addresses: 8}}");
    let report = world.report();
    let (subnet, room) = (&report.subnets[0], report.subnets[0].room().unwrap());
    assert_eq!((subnet.free, room.addresses, room.singles), (Some(31), 0, 0));
    assert_eq!(
        world.lines("no-room"),
        [
            "critical subnet-1: subnet-1: EC2 can assign no address: 31 more are free inside reservations"
        ]
    );
    assert_eq!(
        world.lines("min-free"),
        ["critical subnet-1: subnet-1 has room for 0 addresses (31 more are free in explicit \
          reservations), fewer than the 8 asked for"]
    );
    // Without the answer about reservations the room is not known, and no verdict rests on it.
    world.inventory.subnets[0].reservations = None;
    assert_eq!(world.report().subnets[0].room(), None);
    assert!(world.of("no-room").is_empty() && world.of("min-free").is_empty());
}

/// The ENIs that are there can still get a prefix, and a new one has no address to start with.
#[test]
fn prefixes_alone_are_no_room_for_a_new_eni() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/26");
    world.hold("subnet-1", "10.0.0.4", 12);
    world.hold("subnet-1", "10.0.0.48", 15);
    world.reserve("10.0.0.16/28", ReservationKind::Prefix);
    world.hold("subnet-1", "10.0.0.32", 16);
    let report = world.report();
    let room = report.subnets[0].room().unwrap();
    assert_eq!((room.addresses, room.singles), (16, 0));
    assert_eq!(world.of("no-room")[0].severity.name(), "warning");
    // An address in the last block, which nobody can tell EC2 to assign, and that is the end.
    world.hold("subnet-1", "10.0.0.17", 1);
    let room = world.report().subnets[0].room().unwrap();
    assert_eq!((room.addresses, room.singles), (15, 0));
    assert_eq!(world.of("no-room")[0].severity.name(), "critical");
}

#[test]
fn public_space_is_said() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "172.32.0.0/24");
    let cidrs = ["172.31.0.0/16", "172.32.0.0/16", "100.64.0.0/16", "198.19.0.0/16", "8.8.8.0/24"];
    world.inventory.vpcs = Some(vec![Vpc {
        vpc_id: "vpc-1".into(),
        cidrs: cidrs.iter().map(|cidr| cidr.parse().unwrap()).collect(),
        owner_id: None,
        tags: tags(&[]),
    }]);
    let found = world.of("vpc-cidr");
    let said: Vec<_> = found.iter().map(|f| (f.severity.name(), f.detail.as_deref())).collect();
    assert_eq!(said, [("info", Some("172.32.0.0/16")), ("info", Some("8.8.8.0/24"))]);
}

#[test]
fn services_that_overlap_a_block_are_said() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.cluster("c", &["subnet-1"]);
    world.inventory.vpcs.as_mut().unwrap()[0].cidrs =
        vec!["10.0.0.0/16".parse().unwrap(), "172.20.128.0/20".parse().unwrap()];
    for (services, found) in [(Some("172.20.0.0/16"), 1), (Some("10.100.0.0/16"), 0), (None, 0)] {
        world.inventory.clusters[0].service_cidr = services.map(|cidr| cidr.parse().unwrap());
        assert_eq!(world.of("vpc-cidr").len(), found, "{services:?}");
    }
}

#[test]
fn what_eks_reports_is_shown() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.cluster("c", &["subnet-1"]);
    let issue = |code: &str| HealthIssue {
        code: code.into(),
        message: "One or more subnets have not enough free addresses".into(),
        resource_ids: ["subnet-1".to_owned()].into(),
    };
    let cluster = &mut world.inventory.clusters[0];
    cluster.health = vec![issue("Other"), issue("InsufficientFreeAddresses")];
    cluster.node_groups = Some(vec![NodeSubnets {
        name: "g".into(),
        subnet_ids: ["subnet-1".to_owned()].into(),
        health: vec![issue("InsufficientFreeAddresses")],
    }]);
    let found = world.of("eks-health");
    let details: Vec<_> = found.iter().map(|finding| finding.detail.as_deref()).collect();
    assert_eq!(details, [Some("cluster"), Some("node group g")]);
    assert_eq!(
        found[1].message,
        "EKS reports InsufficientFreeAddresses for node group g of cluster c in subnet-1: One or more \
         subnets have not enough free addresses"
    );
    world.inventory.clusters[0].health = vec![issue("Other")];
    assert_eq!(world.of("eks-health").len(), 1);
}

/// What EKS says of a cluster whose subnets are not audited is another audit's.
#[test]
fn eks_health_of_other_clusters_is_not_told() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.cluster("other", &["subnet-9"]);
    world.inventory.clusters[0].health = vec![HealthIssue {
        code: "InsufficientFreeAddresses".to_owned(),
        message: String::new(),
        resource_ids: ["subnet-9".to_owned()].into(),
    }];
    assert!(world.of("eks-health").is_empty());
    // Where EKS did not say which subnets are its, the VPC tells.
    world.inventory.clusters[0].subnet_ids.clear();
    assert_eq!(world.of("eks-health").len(), 1);
    world.inventory.clusters[0].vpc_id = Some("vpc-9".to_owned());
    assert!(world.of("eks-health").is_empty());
    world.inventory.clusters[0].subnet_ids.insert("subnet-1".to_owned());
    assert_eq!(world.of("eks-health").len(), 1);
}

/// A /26 has two blocks that can be assigned: one is delegated, and an address is in the other. Without a word
/// of reservations that is certain too.
#[test]
fn no_block_is_none_whatever_is_reserved() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/26");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 0), &["10.0.0.16/28"]);
    world.inventory.subnets[0].reservations = None;
    world.policy("version: 1\nchecks: {min-prefixes: {prefixes: 2}}");
    assert!(world.of("prefix-starved").is_empty());
    assert_eq!(
        world.lines("min-prefixes"),
        [
            "critical subnet-1: subnet-1 has at most 1 assignable /28 prefixes, fewer than the 2 asked for"
        ]
    );
    world.hold("subnet-1", "10.0.0.32", 1);
    let starved = &world.of("prefix-starved")[0];
    assert_eq!(starved.severity.name(), "critical");
    assert!(starved.message.contains(" has room for at most "), "{}", starved.message);
    assert!(starved.evidence["room"].is_null());
    assert_eq!(world.of("min-prefixes")[0].evidence["assignable_prefixes"], 0);
}

/// The blocks that a participant of a shared subnet sees free are none where EC2 counts no address.
#[test]
fn blocks_that_others_hold_are_not_assigned() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 0), &["10.0.0.16/28"]);
    world.policy("version: 1\nchecks: {min-prefixes: {prefixes: 1}}");
    world.inventory.source.caller = Some("2".to_owned());
    let subnet = &mut world.inventory.subnets[0];
    (subnet.owner_id, subnet.available) = (Some("1".to_owned()), Some(15));
    assert_eq!(
        world.lines("prefix-starved"),
        [
            "critical subnet-1: subnet-1 has room for 15 addresses and for no /28 prefix: 0 of its blocks are \
             fragmented, 0 full, 1 delegated, and ENIs that are not visible hold addresses in the 13 others; \
             EC2 returns InsufficientCidrBlocks"
        ]
    );
    assert_eq!(world.of("min-prefixes").len(), 1);
    // For 16 there may be a whole block.
    world.inventory.subnets[0].available = Some(16);
    assert!(world.of("prefix-starved").is_empty() && world.of("min-prefixes").is_empty());
}

/// A node with two ENIs: 2 primary and 3 secondary addresses, and a prefix of 16.
#[test]
fn a_node_counts_its_enis_and_what_is_on_them() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.10", 2), &["10.0.0.32/28"]);
    world.node(("i-1", 1), "subnet-1", ("10.0.0.20", 1), &[]);
    let report = world.report();
    let node = &report.nodes.as_ref().unwrap()[0];
    assert_eq!((node.enis, node.secondary_addresses, node.prefixes, node.addresses), (2, 3, 1, 21));
    // 21 of 251 are 8.3665 %: rounded half up in ten-thousandths.
    assert_eq!(report.subnets[0].utilization_e4(), Some(837));
}

/// A network that no ordinary subnet has: only of one that is too large can it be said that some accounts
/// have it.
#[test]
fn a_network_that_cannot_be_counted_is_too_large_or_too_small() {
    for (cidr, is_larger) in [("10.0.0.0/15", true), ("10.0.0.0/29", false)] {
        let mut world = World::new();
        world.subnet("subnet-1", "eu-1a", cidr);
        let inventory = world.inventory.in_order();
        let selected = select(&inventory, &Selection::default()).unwrap();
        let refused = Counted::of(&Places::one_of(inventory, selected), false).err().unwrap();
        assert_eq!((refused.subnet_id.as_str(), refused.is_larger), ("subnet-1", is_larger));
    }
}
