//! Checks of pods' addresses: prefix mode without a block to assign, pods without an address.

use std::collections::BTreeMap;

use eksnet::{
    inventory::{EniConfig, KubernetesNode, KubernetesPod},
    network::ReservationKind,
};

use crate::checks::world::{World, tags};

/// Every block is fragmented and none was ever delegated: prefix mode is on all the same.
#[test]
fn prefix_mode_alone_makes_a_subnet_starve() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/25");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 0), &[]);
    for block in 1..7 {
        world.hold("subnet-1", &format!("10.0.0.{}", block * 16), 1);
    }
    assert!(world.of("prefix-starved").is_empty() && world.of("fragmentation").is_empty());
    world.cni("v1.23.1", &[("ENABLE_PREFIX_DELEGATION", "true")]);
    assert_eq!(
        world.lines("prefix-starved"),
        [
            "critical subnet-1: subnet-1 has room for 116 addresses and for no /28 prefix: 6 of its blocks \
          are fragmented, 0 full, 0 delegated; EC2 returns InsufficientCidrBlocks"
        ]
    );
    assert_eq!(world.of("fragmentation").len(), 1);
    // A type that no source speaks of is taken to be a new one: silence could be an outage.
    let known = world.inventory.instances.clone();
    for instance in world.inventory.instances.iter_mut().flatten() {
        instance.instance_type = Some("m99.large".into());
    }
    assert_eq!(world.of("prefix-starved").len(), 1);
    world.inventory.instances = known;
    world.inventory.interfaces.as_mut().unwrap().pop();
    assert!(world.of("prefix-starved").is_empty());
    assert_eq!(world.of("prefix-low")[0].evidence["wanted_prefixes"], 2);
    // Under custom networking the pods' addresses come from the ENIConfig's subnet alone.
    world.hold("subnet-1", "10.0.0.96", 1);
    let custom =
        [("ENABLE_PREFIX_DELEGATION", "true"), ("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "1")];
    world.cni("v1.23.1", &custom);
    world.subnet("subnet-2", "eu-1a", "10.0.1.0/28");
    let config = |subnet: &str| EniConfig {
        name: "eu-1a".into(),
        subnet_id: Some(subnet.into()),
        availability_zone: Some("eu-1a".into()),
        vpc_id: Some("vpc-1".into()),
    };
    world.inventory.kubernetes.as_mut().unwrap().eni_configs = Some(vec![config("subnet-2")]);
    let starved: Vec<_> = world.of("prefix-starved").into_iter().map(|f| f.resource).collect();
    assert_eq!(starved, ["subnet-2"]);
}

#[test]
fn pods_that_have_no_address_wait() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 1), &[]);
    world.cni("v1.23.1", &[]);
    let system = KubernetesPod { namespace: "kube-system".into(), ..pod("dns", Some("10.0.0.5")) };
    let told = world.inventory.kubernetes.as_mut().unwrap();
    told.pods = Some(vec![
        system,
        pod("web-1", None),
        KubernetesPod { has_ipv6: true, ..pod("six", None) },
        KubernetesPod { host_network: true, ..pod("host", None) },
        KubernetesPod { branch_eni: true, ..pod("branch", None) },
        // On no node yet: it waits for a node.
        KubernetesPod { host_ip: None, ..pod("unscheduled", None) },
    ]);
    assert_eq!(
        world.lines("pods-waiting"),
        ["critical subnet-1: subnet-1: 1 pod on 1 node has no address: shop/web-1 on i-1"]
    );
    assert_eq!(world.report().nodes.unwrap()[0].usage.pods_waiting, Some(1));
}

/// A pod of the node with 10.0.0.4.
fn pod(name: &str, ip: Option<&str>) -> KubernetesPod {
    KubernetesPod {
        namespace: "shop".into(),
        name: name.into(),
        node_name: None,
        host_ip: Some("10.0.0.4".parse().unwrap()),
        ip: ip.map(|ip| ip.parse().unwrap()),
        has_ipv6: false,
        host_network: false,
        branch_eni: false,
        owner_kind: None,
    }
}

/// Under custom networking it is the ENIConfig's subnet whose addresses are missing, whether the node has an
/// ENI there already or not, and the subnet that the node runs in is named beside it.
#[test]
fn pods_wait_for_the_subnet_that_they_get_addresses_of() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24").tags.insert("Name".into(), "nodes".into());
    world.subnet("subnet-2", "eu-1a", "100.64.0.0/24").tags.insert("Name".into(), "pods".into());
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 1), &[]);
    world.cni("v1.23.1", &[("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true")]);
    let told = world.inventory.kubernetes.as_mut().unwrap();
    let system = KubernetesPod { namespace: "kube-system".into(), ..pod("dns", Some("10.0.0.5")) };
    told.pods = Some(vec![system, pod("web-1", None)]);
    // Which ENIConfig it has is not known: the node's own subnet is all there is to name.
    assert_eq!(
        world.lines("pods-waiting"),
        ["critical subnet-1: subnet-1 (nodes): 1 pod on 1 node has no address: shop/web-1 on i-1"]
    );
    let told = world.inventory.kubernetes.as_mut().unwrap();
    let label = ("vpc.amazonaws.com/externalEniConfig".to_owned(), "eu-1a".to_owned());
    told.nodes = Some(vec![KubernetesNode {
        name: "ip-10-0-0-4".into(),
        instance_id: Some("i-1".into()),
        allocatable_pods: Some(29),
        labels: BTreeMap::from([label]),
        annotations: BTreeMap::new(),
        unschedulable: false,
    }]);
    told.eni_configs = Some(vec![EniConfig {
        name: "eu-1a".into(),
        subnet_id: Some("subnet-2".into()),
        availability_zone: Some("eu-1a".into()),
        vpc_id: Some("vpc-1".into()),
    }]);
    assert_eq!(
        world.lines("pods-waiting"),
        [
            "critical subnet-2: subnet-2 (pods): 1 pod on 1 node has no address: shop/web-1 on i-1; the nodes \
          run in subnet-1 (nodes)"
        ]
    );
}

/// 125 - 2 free, of which 15 lie in an explicit reservation (its first block has an address): the two
/// numbers make what the subnet's row says is free.
#[test]
fn what_is_free_in_reservations_is_named_beside_the_room() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/25");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 0), &[]);
    for block in 1..7 {
        world.hold("subnet-1", &format!("10.0.0.{}", block * 16), 1);
    }
    world.cni("v1.23.1", &[("ENABLE_PREFIX_DELEGATION", "true")]);
    world.reserve("10.0.0.96/28", ReservationKind::Explicit);
    let report = world.report();
    let (free, room) = (report.subnets[0].free, report.subnets[0].room().unwrap().addresses);
    assert_eq!((free, room), (Some(116), 101));
    let lines = world.lines("prefix-starved");
    let said = "has room for 101 addresses (15 more are free in explicit reservations) and for no /28 prefix";
    assert!(lines[0].contains(said), "{lines:?}");
}

/// The command's flags make the number of the finding: an m5.large has 3 ENIs of 9 addresses for pods, a p5.48xlarge 2
/// of 49 on its first card.
#[test]
fn the_command_of_max_pods_leaves_out_enis_that_the_cni_does() {
    for (instance_type, is_efa_only, flags, reach) in [
        ("m5.large", false, "m5.large --unmanaged-enis 1 --explain", 2 * 9 + 2),
        ("p5.48xlarge", true, "p5.48xlarge --efa-only 1 --explain", 49 + 2),
    ] {
        let mut world = World::new();
        world.subnet("subnet-1", "a", "10.0.0.0/24");
        world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 5), &[]);
        world.node(("i-1", 1), "subnet-1", ("10.0.0.20", 0), &[]);
        let eni = world.inventory.interfaces.as_mut().unwrap().last_mut().unwrap();
        if is_efa_only {
            (eni.interface_type, eni.primary) = (Some("efa-only".into()), None);
        } else {
            eni.tags = tags(&[("node.k8s.amazonaws.com/no_manage", "true")]).into();
        }
        world.inventory.instances.as_mut().unwrap()[0].instance_type = Some(instance_type.into());
        world.cni("v1.23.1", &[]);
        let kubernetes = world.inventory.kubernetes.as_mut().unwrap();
        kubernetes.nodes = Some(vec![KubernetesNode {
            name: "n".to_owned(),
            instance_id: Some("i-1".to_owned()),
            allocatable_pods: Some(200),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
            unschedulable: false,
        }]);
        let found = world.of("max-pods-mismatch");
        assert_eq!(found.len(), 1, "{instance_type}");
        assert_eq!(found[0].evidence["pods_with_addresses"], reach);
        assert_eq!(found[0].evidence["recommended_max_pods"], reach);
        let command = found[0].plain_command().unwrap();
        assert!(command.ends_with(flags), "{command}");
    }
}
