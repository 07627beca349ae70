//! aws-node's own metrics: what pods use, which prefixes could go, a node's own address given to a pod.

use std::collections::BTreeMap;

use eksnet::{
    audit::NodeUsage,
    inventory::{AwsNodeMetrics, KubernetesNode, KubernetesPod},
};

use crate::checks::world::{World, tags};

const PREFIX: (&str, &str) = ("ENABLE_PREFIX_DELEGATION", "true");

/// A node of m5.large with three prefixes, and the metrics of its aws-node.
fn world(environment: &[(&str, &str)], told: AwsNodeMetrics) -> World {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    let prefixes = ["10.0.0.16/28", "10.0.0.32/28", "10.0.0.48/28"];
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 0), &prefixes);
    world.cni("v1.23.1", environment);
    let kubernetes = world.inventory.kubernetes.as_mut().unwrap();
    kubernetes.nodes = Some(vec![KubernetesNode {
        name: "ip-10-0-0-4.eu-1.compute.internal".into(),
        instance_id: Some("i-1".into()),
        allocatable_pods: Some(110),
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
        unschedulable: false,
    }]);
    kubernetes.metrics = Some(vec![told]);
    world
}

fn told(file: &str, cidrs: &[(&str, i64)]) -> AwsNodeMetrics {
    AwsNodeMetrics {
        file: file.into(),
        cidrs: cidrs.iter().map(|(cidr, pods)| (cidr.parse().unwrap(), *pods)).collect(),
        assigned: Some(cidrs.iter().map(|(_, pods)| pods).sum()),
        total: Some(48),
        ..AwsNodeMetrics::default()
    }
}

fn usage(world: &World) -> NodeUsage {
    world.report().nodes.unwrap().remove(0).usage
}

fn names(usage: &NodeUsage) -> Vec<String> {
    usage.freeable_prefixes.iter().flatten().map(ToString::to_string).collect()
}

fn withheld(world: &World) -> Vec<String> {
    world.report().withheld.into_iter().map(|row| row.reason).collect()
}

/// Five pods in the first prefix, none in the second, and the third was never used. A prefix that the node
/// gave back is named with 0, and says nothing. ipamd gives back `free - 1` under WARM_PREFIX_TARGET=1;
/// under WARM_IP_TARGET=w it keeps ceil((5 + w) / 16) prefixes of the three.
#[test]
fn warm_addresses_are_exact_and_idle_prefixes_are_named() {
    let file = || told("a", &[("10.0.0.16/28", 5), ("10.0.0.32/28", 0), ("10.0.9.0/28", 0)]);
    for (more, kept) in [
        (("WARM_PREFIX_TARGET", "1"), 1),
        (("WARM_PREFIX_TARGET", "0"), 0),
        (("WARM_PREFIX_TARGET", "5"), 2),
        (("WARM_IP_TARGET", "11"), 0),
        (("WARM_IP_TARGET", "12"), 1),
        (("MINIMUM_IP_TARGET", "33"), 2),
    ] {
        let world = world(&[PREFIX, more], file());
        let usage = usage(&world);
        assert_eq!(withheld(&world), [""; 0]);
        assert_eq!((usage.pods, usage.assigned_addresses), (Some(5), Some(5)));
        assert_eq!((usage.held_for_pods, usage.warm_addresses), (48, Some(43)));
        assert_eq!((usage.listed_pods, usage.pods_elsewhere), (None, Some(0)));
        assert_eq!(names(&usage), ["10.0.0.32/28", "10.0.0.48/28"]);
        assert_eq!(usage.freeable_kept, Some(kept), "{more:?}");
        assert_eq!(usage.freeable_now(), 2 - usize::try_from(kept).unwrap());
    }
    // Without the daemonset nobody knows the targets; without the node its max pods.
    let mut world = world(&[PREFIX], file());
    world.inventory.kubernetes.as_mut().unwrap().aws_node = None;
    let usage = usage(&world);
    assert_eq!((usage.warm_addresses, usage.freeable_kept), (Some(43), None));
}

/// Single addresses are blocks of /32.
#[test]
fn single_addresses_count_too() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 9), &[]);
    world.cni("v1.23.1", &[]);
    let file = told("a", &[("10.0.0.5/32", 1), ("10.0.0.6/32", 1), ("10.0.0.7/32", 0)]);
    let file = AwsNodeMetrics { total: Some(9), ..file };
    world.inventory.kubernetes.as_mut().unwrap().metrics = Some(vec![file]);
    let usage = usage(&world);
    assert_eq!((usage.pods, usage.warm_addresses), (Some(2), Some(7)));
    assert_eq!(usage.freeable_prefixes, Some(Vec::new()));
}

/// The greater of what aws-node counts and what kubectl lists is used, and that they differ is shown; a prefix
/// is idle where neither knows a pod. Without metrics the pods say which prefixes are idle, as long as all of them are where the ENIs are.
#[test]
fn pods_and_metrics_are_one_count() {
    let mut world = world(&[PREFIX], told("a", &[("10.0.0.16/28", 2), ("10.0.0.48/28", 1)]));
    let pods = |addresses: &[&str]| {
        let system = KubernetesPod { namespace: "kube-system".into(), ..pod("dns", addresses[0]) };
        let others = addresses[1..].iter().map(|address| pod(address, address));
        Some([system].into_iter().chain(others).collect::<Vec<_>>())
    };
    let kubernetes = world.inventory.kubernetes.as_mut().unwrap();
    kubernetes.pods = pods(&["10.0.0.16", "10.0.0.17"]);
    let both = usage(&world);
    assert_eq!((both.pods, both.listed_pods, both.host_network_pods), (Some(3), Some(2), Some(0)));
    assert!(both.counts_differ());
    assert_eq!(names(&both), ["10.0.0.32/28"]);
    // Four pods listed, in another prefix too: the metrics are the older ones.
    world.inventory.kubernetes.as_mut().unwrap().pods =
        pods(&["10.0.0.16", "10.0.0.17", "10.0.0.32", "10.0.0.33"]);
    let older = usage(&world);
    assert_eq!((older.pods, older.assigned_addresses), (Some(4), Some(3)));
    assert_eq!((older.listed_pods, older.warm_addresses), (Some(4), Some(44)));
    assert_eq!((older.pods_elsewhere, names(&older)), (Some(0), vec![]));
    // One more, whose address no ENI has: what is idle is not known.
    world.inventory.kubernetes.as_mut().unwrap().pods =
        pods(&["10.0.0.16", "10.0.0.17", "10.0.0.18", "10.0.0.19", "10.0.0.99"]);
    let torn = usage(&world);
    assert_eq!((torn.pods, torn.pods_elsewhere), (Some(4), Some(1)));
    assert_eq!(torn.freeable_prefixes, None);
    let kubernetes = world.inventory.kubernetes.as_mut().unwrap();
    kubernetes.pods = pods(&["10.0.0.16", "10.0.0.17"]);
    kubernetes.metrics = None;
    let alone = usage(&world);
    assert_eq!((alone.pods, alone.listed_pods, alone.assigned_addresses), (Some(2), None, None));
    assert!(!alone.counts_differ());
    assert_eq!(names(&alone), ["10.0.0.32/28", "10.0.0.48/28"]);
    world.inventory.kubernetes.as_mut().unwrap().pods = pods(&["10.0.0.16", "10.0.0.99"]);
    assert_eq!(usage(&world).freeable_prefixes, None);
}

fn pod(name: &str, ip: &str) -> KubernetesPod {
    KubernetesPod {
        namespace: "shop".into(),
        name: name.into(),
        node_name: Some("ip-10-0-0-4.eu-1.compute.internal".into()),
        host_ip: None,
        ip: Some(ip.parse().unwrap()),
        has_ipv6: false,
        host_network: false,
        branch_eni: false,
        owner_kind: None,
    }
}

/// Whose file it is: by ENIs, by blocks with pods, by its name; and what contradicts itself is used for
/// nothing.
#[test]
fn a_file_is_of_a_node_or_of_none() {
    const NAME: &str = "ip-10-0-0-4.eu-1.compute.internal";
    let used = [("10.0.0.16/28", 5)];
    let idle = [("10.0.0.16/28", 0)];
    let of_eni = |eni: &str, file| AwsNodeMetrics { enis: [(eni.into(), 0)].into(), ..file };
    let with_pods = |eni: &str, file| AwsNodeMetrics { enis: [(eni.into(), 5)].into(), ..file };
    let cases = [
        (told("x", &used), Ok(5)),
        (told(NAME, &used), Ok(5)),
        (told(NAME, &idle), Ok(0)),
        (told("ip-10-0-0-4", &[]), Ok(0)),
        (told("10.0.0.4", &[]), Ok(0)),
        (told("i-1", &[]), Ok(0)),
        (of_eni("eni-0", told("x", &[])), Ok(0)),
        // Blocks without a pod may be another node's by now.
        (told("x", &idle), Err("identifies the node")),
        (told("x", &[]), Err("identifies the node")),
        (of_eni("eni-gone", told("x", &[])), Err("identifies the node")),
        (told("i-2", &used), Err("named after i-2, but the ENIs and addresses are those of i-1")),
        (told("x", &[("10.0.0.16/28", 5), ("10.0.0.64/28", 1)]), Err("(i-1, i-2)")),
        (of_eni("eni-1", told("x", &used)), Err("(i-1, i-2)")),
        (told("x", &[("10.0.0.16/28", 5), ("10.0.0.32/28", -1)]), Err("counts -1 addresses")),
        // A name says nothing against what the file counts.
        (told(NAME, &[("10.0.9.0/28", 5)]), Err("in 10.0.9.0/28, which no ENI of i-1 holds")),
        (told(NAME, &[("10.0.0.16/28", 5), ("10.0.9.0/28", 1)]), Err("in 10.0.9.0/28")),
        (with_pods("eni-gone", told("i-1", &[])), Err("on eni-gone, which is no ENI of i-1")),
        (with_pods("eni-gone", told("i-1", &used)), Err("on eni-gone")),
        // An ENI that is gone stays in the file with 0.
        (of_eni("eni-gone", told("i-1", &used)), Ok(5)),
        // A prefix has 16 addresses; the CNI takes no other blocks.
        (told("x", &[("10.0.0.16/28", 16)]), Ok(16)),
        (told("x", &[("10.0.0.16/28", 17)]), Err("17 pods in 10.0.0.16/28")),
        (told("i-1", &[("10.0.0.4/32", 2)]), Err("2 pods in 10.0.0.4/32")),
        (told("i-1", &[("10.0.0.0/24", 5)]), Err("10.0.0.0/24, neither a prefix")),
        (AwsNodeMetrics { assigned: Some(6), ..told("x", &used) }, Err("adds up to 5")),
        (AwsNodeMetrics { total: Some(32), ..told("x", &used) }, Err("hold 48")),
        (AwsNodeMetrics { has_ipv6: true, ..told("i-1", &[]) }, Err("IPv6")),
        (AwsNodeMetrics { assigned: None, ..told("i-1", &[]) }, Err("neither")),
        // A pool that was larger, or smaller, when the file was saved.
        (AwsNodeMetrics { total: Some(64), ..told("x", &used) }, Err("counts 64")),
        (AwsNodeMetrics { total: Some(49), ..told("x", &used) }, Err("counts 49")),
        (AwsNodeMetrics { assigned: None, total: None, ..told("x", &used) }, Ok(5)),
    ];
    for (file, expected) in cases {
        let mut world = world(&[PREFIX], file.clone());
        world.node(("i-2", 0), "subnet-1", ("10.0.0.5", 0), &["10.0.0.64/28"]);
        let (pods, rows) = (usage(&world).pods, withheld(&world));
        match expected {
            Ok(expected) => assert_eq!((pods, rows), (Some(expected), vec![]), "{file:?}"),
            Err(why) => {
                assert_eq!(pods, None, "{file:?}");
                assert!(rows.len() == 1 && rows[0].contains(why), "{file:?}: {rows:?}");
            }
        }
    }
    // Two files of one node.
    let mut world = world(&[PREFIX], told("x", &used));
    world.inventory.kubernetes.as_mut().unwrap().metrics.as_mut().unwrap().push(told(NAME, &used));
    assert_eq!(usage(&world).pods, None);
    let row = format!("{NAME}, x: several files are of one node, i-1: save it once");
    assert_eq!(withheld(&world), [row]);
}

/// amazon-vpc-cni-k8s #3753: the node's own address as a /32 of the pool.
#[test]
fn a_node_whose_own_address_a_pod_was_given() {
    const CHECK: &str = "node-address-given";
    let ours = |pods| told("x", &[("10.0.0.16/28", 5), ("10.0.0.4/32", pods)]);
    let now = world(&[PREFIX], ours(1));
    assert_eq!(
        now.lines(CHECK),
        [
            "critical subnet-1: subnet-1: aws-node took 1 address of a node itself for addresses of pods: \
          i-1 10.0.0.4 (a pod); pod and node answer to one address"
        ]
    );
    assert_eq!(usage(&now).pods_elsewhere, Some(0));
    let before = world(&[PREFIX], ours(0));
    assert_eq!(
        before.lines(CHECK),
        [
            "warning subnet-1: subnet-1: aws-node took 1 address of a node itself for addresses of pods: \
          i-1 10.0.0.4 (a pod before); no pod has one now, and the next may get it"
        ]
    );
    // The own address of a further ENI may have been given back before the ENI was made.
    for (pods, found) in [(0, 0), (1, 1)] {
        let mut world = world(&[PREFIX], told("x", &[("10.0.0.16/28", 5), ("10.0.0.9/32", pods)]));
        world.node(("i-1", 1), "subnet-1", ("10.0.0.9", 0), &[]);
        assert_eq!(world.of(CHECK).len(), found);
    }
    // kubectl's pods show the same; a pod on the host's network has that address rightly.
    let mut listed = world(&[PREFIX], ours(1));
    let kubernetes = listed.inventory.kubernetes.as_mut().unwrap();
    let host = KubernetesPod { host_network: true, ..pod("host", "10.0.0.4") };
    let system = KubernetesPod { namespace: "kube-system".into(), ..pod("dns", "10.0.0.16") };
    kubernetes.pods = Some(vec![host.clone(), pod("web", "10.0.0.4"), system]);
    for metrics in [true, false] {
        if !metrics {
            listed.inventory.kubernetes.as_mut().unwrap().metrics = None;
        }
        let found = listed.of(CHECK);
        assert!(found.len() == 1 && found[0].message.contains("10.0.0.4 (pod shop/web)"));
        assert_eq!(found[0].evidence["addresses"], serde_json::json!(["10.0.0.4"]));
    }
    listed.inventory.kubernetes.as_mut().unwrap().pods.as_mut().unwrap().remove(1);
    assert!(listed.of(CHECK).is_empty());
}

/// An ENI on another network card has a prefix of its launch (Karpenter's `ipPrefixCount`): without
/// ENABLE_MULTI_NIC, which v1.20.0 brought, no pod gets an address of it, and nothing returns it.
#[test]
fn other_network_cards_carry_pods_under_multi_nic_alone() {
    for (version, multi_nic, held, free, expected) in [
        ("v1.23.1", "false", 48, vec!["10.0.0.32/28", "10.0.0.48/28"], Some(32)),
        ("v1.19.6", "true", 48, vec!["10.0.0.32/28", "10.0.0.48/28"], Some(32)),
        ("v1.23.1", "true", 64, vec!["10.0.0.32/28", "10.0.0.48/28", "10.0.0.80/28"], None),
    ] {
        let mut world = world(&[], told("a", &[("10.0.0.16/28", 5)]));
        let environment = [PREFIX, ("WARM_PREFIX_TARGET", "1"), ("ENABLE_MULTI_NIC", multi_nic)];
        let kubernetes = world.inventory.kubernetes.as_mut().unwrap();
        let aws_node = kubernetes.aws_node.as_mut().unwrap();
        aws_node.version = Some(version.into());
        aws_node.environment = tags(&environment);
        world.node(("i-1", 1), "subnet-1", ("10.0.0.9", 0), &["10.0.0.80/28"]);
        let eni = world.inventory.interfaces.as_mut().unwrap().last_mut().unwrap();
        eni.attachment.as_mut().unwrap().network_card_index = Some(1);
        eni.interface_type = Some("efa".into());
        let usage = usage(&world);
        assert_eq!(withheld(&world), [""; 0]);
        assert_eq!((usage.held_for_pods, usage.pods), (held, Some(5)), "{version} {multi_nic}");
        assert_eq!(
            (names(&usage), usage.expected_addresses),
            (free.iter().map(ToString::to_string).collect(), expected)
        );
    }
}
