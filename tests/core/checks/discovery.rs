//! The checks of the tag by which the VPC CNI finds subnets, over versions and settings.

use super::world::{World, tags};

const ROLE: &str = "kubernetes.io/role/cni";
const CUSTOM: (&str, &str) = ("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true");

/// Two zones with a node each, the one of eu-1b with a tagged subnet beside its own.
fn zones(singles: u32) -> World {
    let mut world = World::new();
    world.subnet("subnet-a", "eu-1a", "10.0.0.0/24");
    world.subnet("subnet-b", "eu-1b", "10.0.1.0/24");
    world.subnet("pods-b", "eu-1b", "10.0.2.0/24").tags = tags(&[(ROLE, "1")]);
    world.node(("i-a", 0), "subnet-a", ("10.0.0.4", singles), &[]);
    world.node(("i-b", 0), "subnet-b", ("10.0.1.4", singles), &[]);
    world
}

#[test]
fn a_zone_without_a_tag() {
    let mut world = zones(3);
    assert_eq!(
        world.lines("no-discovery-tag"),
        [
            "warning subnet-a: subnet-a runs 1 node, whose pods have no other subnet: no audited subnet of \
          eu-1a is tagged kubernetes.io/role/cni, and some of eu-1b are"
        ]
    );
    for (version, environment, finds) in [
        ("v1.23.1", vec![], 1),
        ("v1.18.0", vec![], 1),
        ("v1.17.1", vec![], 0),
        ("v1.23.1", vec![CUSTOM], 0),
        ("v1.23.1", vec![("ENABLE_SUBNET_DISCOVERY", "false")], 0),
    ] {
        world.cni(version, &environment);
        assert_eq!(world.of("no-discovery-tag").len(), finds, "{version} {environment:?}");
    }
    world.inventory.kubernetes = None;
    world.subnet("pods-a", "eu-1a", "10.0.3.0/24").tags = tags(&[(ROLE, "1")]);
    assert!(world.of("no-discovery-tag").is_empty());
    // Nothing is tagged: every node keeps to its own subnet, as it is by default.
    let mut world = zones(3);
    world.inventory.subnets[2].tags.clear();
    assert!(world.of("no-discovery-tag").is_empty());
    // Primary ENIs without addresses for pods look like custom networking, unless kubectl says no.
    let mut world = zones(0);
    assert!(world.of("no-discovery-tag").is_empty());
    world.cni("v1.23.1", &[]);
    assert_eq!(world.of("no-discovery-tag").len(), 1);
}

#[test]
fn a_subnet_without_its_tag() {
    let mut world = zones(3);
    world.node(("i-b", 1), "pods-b", ("10.0.2.4", 3), &[]);
    world.inventory.subnets[2].tags.clear();
    assert_eq!(
        world.lines("no-discovery-tag"),
        [
            "warning pods-b: pods-b has addresses for pods of 1 node that run in other subnets, and no tag \
          kubernetes.io/role/cni: the VPC CNI places no further ENIs there"
        ]
    );
    world.inventory.subnets[2].tags = tags(&[(ROLE, "1")]);
    assert!(world.lines("no-discovery-tag").iter().all(|line| !line.contains(" pods-b:")));
    // An ENI that has no addresses for pods leaves none behind.
    let mut world = zones(3);
    world.node(("i-b", 1), "pods-b", ("10.0.2.4", 0), &[]);
    world.inventory.subnets[2].tags.clear();
    assert!(world.of("no-discovery-tag").is_empty());
    // An ENIConfig chose the subnet when the primary ENI has none.
    let mut world = zones(0);
    world.node(("i-b", 1), "pods-b", ("10.0.2.4", 3), &[]);
    world.inventory.subnets[2].tags.clear();
    assert!(world.of("no-discovery-tag").is_empty());
}

#[test]
fn the_value_zero_by_version() {
    let mut world = zones(0);
    world.inventory.subnets[0].tags = tags(&[(ROLE, "0")]);
    let found = world.of("discovery-tag-zero");
    assert_eq!((found.len(), found[0].severity.name()), (1, "info"));
    assert!(found[0].message.contains("the version is not known"));
    for (version, environment, says) in [
        ("v1.23.1", vec![], Some("the own one of 1 node, and no other audited subnet of the zone")),
        ("v1.22.0-eksbuild.1", vec![], Some("the own one of 1 node")),
        ("v1.21.1", vec![], Some("takes any value of the tag, 0 too, as leave")),
        ("v1.17.0", vec![], None),
        ("v1.23.1", vec![CUSTOM], None),
        ("v1.21.1", vec![("ENABLE_SUBNET_DISCOVERY", "false")], None),
    ] {
        world.cni(version, &environment);
        let found = world.of("discovery-tag-zero");
        assert_eq!(found.len(), usize::from(says.is_some()), "{version} {environment:?}");
        for (finding, says) in found.iter().zip(says) {
            assert!(finding.message.contains(says), "{}", finding.message);
        }
    }
    // The zone has another subnet for pods: that is what the tag is for.
    world.cni("v1.23.1", &[]);
    world.subnet("pods-a", "eu-1a", "10.0.3.0/24").tags = tags(&[(ROLE, "1")]);
    assert!(world.of("discovery-tag-zero").is_empty());
    world.node(("i-a", 1), "subnet-a", ("10.0.0.20", 3), &[]);
    assert!(world.of("discovery-tag-zero")[0].message.contains("pods of 1 node still have some"));
    world.inventory.subnets[0].tags = tags(&[(ROLE, "1")]);
    assert!(world.of("discovery-tag-zero").is_empty());
}

/// A tagged subnet in each zone, of which that of eu-1a is for another cluster.
#[test]
fn a_subnet_that_is_tagged_for_another_cluster() {
    const MINE: &str = "cni.networking.k8s.aws/cluster/prod";
    const OTHER: &str = "cni.networking.k8s.aws/cluster/other";
    let mut world = zones(3);
    world.inventory.subnets[2].tags = tags(&[(ROLE, "1"), (MINE, "")]);
    world.subnet("pods-a", "eu-1a", "10.0.3.0/24").tags = tags(&[(ROLE, "1"), (OTHER, "")]);
    world.cni("v1.23.1", &[("CLUSTER_NAME", "prod")]);
    assert_eq!(
        world.lines("no-discovery-tag"),
        [
            "warning subnet-a: subnet-a runs 1 node, whose pods have no other subnet: pods-a in eu-1a, \
             tagged for other clusters alone, lacks cni.networking.k8s.aws/cluster/prod, and some of \
             eu-1b are"
        ]
    );
    for (version, name, finds) in [
        ("v1.22.1", "prod", 1),
        ("v1.22.1", "other", 1),
        ("v1.22.1", "", 0),
        ("v1.21.0", "prod", 0),
    ] {
        world.cni(version, &[("CLUSTER_NAME", name)]);
        assert_eq!(world.of("no-discovery-tag").len(), finds, "{version} {name}");
    }
    // The nodes' own subnet is for others: their pods have none.
    let mut world = World::new();
    world.subnet("subnet-a", "eu-1a", "10.0.0.0/24").tags = tags(&[(ROLE, "1"), (OTHER, "")]);
    world.node(("i-a", 0), "subnet-a", ("10.0.0.4", 3), &[]);
    world.cni("v1.23.1", &[("CLUSTER_NAME", "prod")]);
    assert_eq!(world.of("no-discovery-tag").len(), 1);
}
