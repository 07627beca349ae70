//! Nodes of EKS Auto Mode in an audit: pod subnets by zone, and what is meant for the VPC CNI alone.

use std::collections::BTreeMap;

use eksnet::{
    declared::{AutoNodeClass, SubnetTerm, read},
    inventory::{Kubernetes, KubernetesNode},
    network::ReservationKind,
};

use crate::checks::world::{World, tags};

/// Zone 1a has nodes in subnet-1 and pods in subnet-3, zone 1b nodes in subnet-2.
fn world(pods: &str) -> World {
    let mut world = World::new();
    for (id, zone, cidr, role) in [
        ("subnet-1", "eu-1a", "10.0.0.0/24", "nodes"),
        ("subnet-2", "eu-1b", "10.0.1.0/24", "nodes"),
        ("subnet-3", "eu-1a", pods, "pods"),
    ] {
        world.subnet(id, zone, cidr).tags = tags(&[("role", role)]);
    }
    world
}

fn class(node_terms: &str, pod_terms: &str) -> AutoNodeClass {
    let text = format!(
        "apiVersion: eks.amazonaws.com/v1\nkind: NodeClass\nmetadata: {{name: apart}}\n\
         spec: {{subnetSelectorTerms: [{node_terms}], podSubnetSelectorTerms: [{pod_terms}]}}\n"
    );
    read("class.yaml", &text).unwrap().auto_node_classes.pop().unwrap()
}

fn with(world: &mut World, classes: Vec<AutoNodeClass>) {
    let kubernetes = world.inventory.kubernetes.get_or_insert_with(Kubernetes::default);
    kubernetes.node_classes = Some(classes);
}

const CHECK: &str = "auto-mode-pod-subnet";
const BOTH: &str = "{tags: {role: nodes}}";
const PODS: &str = "{tags: {role: pods}}";

#[test]
fn each_node_zone_needs_a_pod_subnet() {
    let mut world = world("10.0.16.0/22");
    let found = |world: &mut World, nodes: &str, pods: &str| {
        with(world, vec![class(nodes, pods)]);
        world.lines(CHECK)
    };
    let missing = "critical subnet-2: subnet-2: NodeClass apart selects it for nodes, and its \
                   podSubnetSelectorTerms select no subnet of eu-1b (eu-1a has one): pods get no \
                   address, \"failed to assign an IP address to container\"; the NodePools are not \
                   available: one that starts nodes of the NodeClass in this zone is assumed";
    assert_eq!(found(&mut world, BOTH, PODS), [missing]);
    assert_eq!(found(&mut world, BOTH, "{id: subnet-3}"), [missing]);
    assert_eq!(found(&mut world, BOTH, "{tags: {role: \"*\"}}"), Vec::<String>::new());
    // Nodes start in the other zone alone, or pods are where the nodes are.
    assert!(found(&mut world, "{id: subnet-1}", PODS).is_empty());
    assert!(found(&mut world, BOTH, "").is_empty());
    // Both terms have to fit, or one of several.
    assert_eq!(found(&mut world, BOTH, "{id: subnet-3, tags: {role: nodes}}").len(), 2);
    assert!(found(&mut world, BOTH, "{id: subnet-3}, {id: subnet-2}").is_empty());
    let finding = {
        with(&mut world, vec![class(BOTH, PODS)]);
        world.of(CHECK).remove(0)
    };
    assert!(finding.hint.contains("eu-1b that its terms select (role=pods)"), "{finding:?}");
    let command = "kubectl get nodeclasses.eks.amazonaws.com apart -o yaml";
    assert_eq!(finding.plain_command().as_deref(), Some(command));
    assert_eq!(finding.evidence["availability_zone"], "eu-1b");
}

/// The pod subnet of zone 1a is not audited, and its tags are not known: it may be the one that is selected.
#[test]
fn a_pod_subnet_that_is_left_out_is_not_missing() {
    let mut world = world("10.0.16.0/22");
    world.inventory.keep_subnets(|id| id == "subnet-1");
    with(&mut world, vec![class(BOTH, PODS)]);
    assert!(world.lines(CHECK).is_empty());
    // One of this id or CIDR is not there.
    for (term, found) in [
        ("{id: subnet-9}", 1),
        ("{id: subnet-3}", 0),
        ("{cidr: 10.0.99.0/24}", 1),
        ("{cidr: 10.0.16.0/22}", 0),
    ] {
        with(&mut world, vec![class(BOTH, term)]);
        assert_eq!(world.lines(CHECK).len(), found, "{term}");
    }
}

#[test]
fn a_full_pod_subnet_is_told_by_its_class() {
    let mut world = world("10.0.16.0/28");
    with(&mut world, vec![class("{id: subnet-1}", PODS)]);
    assert!(world.of(CHECK).is_empty());
    // Eleven addresses of a /28 are usable.
    world.hold("subnet-3", "10.0.16.4", 11);
    let found = world.of(CHECK);
    assert_eq!(found[0].resource, "subnet-3");
    assert!(found[0].message.contains("this one has no room"), "{found:?}");
    // Another one in the zone has room.
    world.subnet("subnet-4", "eu-1a", "10.0.17.0/24").tags = tags(&[("role", "pods")]);
    assert!(world.of(CHECK).is_empty());
}

/// An ENI's own address is a single one, and none of those lies in a reservation: 223 usable addresses of a /24 are
/// in reservations for prefixes, and the 28 others are held but for `left`.
#[test]
fn a_pod_subnet_that_can_give_only_prefixes_takes_no_new_node() {
    for (left, found) in [(0, true), (1, false), (2, false)] {
        let mut world = world("10.0.16.0/24");
        for cidr in ["10.0.16.32/27", "10.0.16.64/26", "10.0.16.128/25"] {
            world.reserve(cidr, ReservationKind::Prefix);
        }
        // Nodes start in zone 1a alone.
        with(&mut world, vec![class("{id: subnet-1}", PODS)]);
        world.hold("subnet-3", "10.0.16.4", 28 - left);
        let lines = world.lines(CHECK);
        assert_eq!(!lines.is_empty(), found, "{left}: {lines:?}");
        if found {
            let what = "this one has 13 /28 blocks for prefixes and no single address outside reservations, \
                        which a new node's ENI needs first: pods on new nodes get no address";
            assert!(lines[0].contains(what), "{lines:?}");
            let finding = world.of(CHECK).remove(0);
            assert!(finding.plain_command().unwrap().contains("get-subnet-cidr-reservations"));
            assert_eq!(finding.evidence["room_single"], 0);
        }
    }
    // One address, and no prefix: the ENI has it, and its pods none.
    let mut world = world("10.0.16.0/28");
    with(&mut world, vec![class("{id: subnet-1}", PODS)]);
    world.hold("subnet-3", "10.0.16.4", 10);
    assert_eq!(world.lines(CHECK).len(), 1);
}

fn pool(name: &str, zones: &str) -> String {
    format!(
        "---\napiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {{name: general}}\n\
         spec: {{template: {{spec: {{nodeClassRef: {{name: {name}, group: eks.amazonaws.com, kind: NodeClass}}, \
         requirements: [{{key: topology.kubernetes.io/zone, operator: In, values: [{zones}]}}]}}}}}}\n"
    )
}

/// A class starts nodes where a NodePool of it admits the zone, in the VPC of the cluster's nodes.
#[test]
fn a_class_is_judged_where_its_nodes_start() {
    let mut world = world("10.0.16.0/22");
    with(&mut world, vec![class(BOTH, PODS)]);
    for (text, found) in [
        (pool("apart", "eu-1a, eu-1b"), 1),
        (pool("apart", "eu-1a"), 0),
        (pool("other", "eu-1a, eu-1b"), 0),
    ] {
        let told = world.inventory.kubernetes.as_mut().unwrap();
        told.node_pools = Some(read("pool.yaml", &text).unwrap().node_pools);
        let lines = world.lines(CHECK);
        assert_eq!(lines.len(), found, "{text}: {lines:?}");
        assert!(lines.iter().all(|line| line.contains("starts nodes there, and")), "{lines:?}");
    }
    world.inventory.kubernetes.as_mut().unwrap().node_pools = None;
    // Without NodePools nodes show that the class is used, and in which VPC.
    world.node(("i-1", 0), "subnet-2", ("10.0.1.4", 0), &[]);
    let mut node = KubernetesNode {
        name: "n".to_owned(),
        instance_id: Some("i-1".to_owned()),
        allocatable_pods: None,
        labels: tags(&[
            ("eks.amazonaws.com/nodeclass", "apart"),
            ("topology.kubernetes.io/zone", "eu-1b"),
        ]),
        annotations: BTreeMap::new(),
        unschedulable: false,
    };
    let found = |world: &mut World, node: &KubernetesNode| {
        world.inventory.kubernetes.as_mut().unwrap().nodes = Some(vec![node.clone()]);
        world.lines(CHECK)
    };
    let lines = found(&mut world, &node);
    assert!(lines.len() == 1 && lines[0].starts_with("critical"), "{lines:?}");
    assert!(lines[0].contains("starts nodes there") && !lines[0].contains("assumed"), "{lines:?}");
    node.labels.insert("eks.amazonaws.com/nodeclass".to_owned(), "default".to_owned());
    let lines = found(&mut world, &node);
    let end = "; no node is of the NodeClass, and the NodePools are not available: one that starts such nodes in \
               this zone is assumed";
    assert!(lines.len() == 1 && lines[0].starts_with("warning"), "{lines:?}");
    assert!(lines[0].ends_with(end), "{lines:?}");
    for subnet in &mut world.inventory.subnets {
        subnet.vpc_id = "vpc-2".to_owned();
    }
    assert!(found(&mut world, &node).is_empty());
}

/// Marks all instances as those of Auto Mode.
fn auto_mode(world: &mut World) {
    for instance in world.inventory.instances.iter_mut().flatten() {
        instance.tags = tags(&[("eks:eks-cluster-name", "c")]).into();
    }
}

/// All fourteen blocks of a /24 are held or fragmented, and single addresses are left.
#[test]
fn nodes_that_fall_back_are_no_outage() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 0), &["10.0.0.16/28"]);
    for block in 2..15 {
        world.hold("subnet-1", &format!("10.0.0.{}", block * 16), 1);
    }
    assert!(world.lines("prefix-starved")[0].starts_with("critical"));
    auto_mode(&mut world);
    let line = world.lines("prefix-starved").remove(0);
    assert!(line.starts_with("warning"), "{line}");
    assert!(line.ends_with("nodes of EKS Auto Mode fall back to single addresses"), "{line}");
    // One that fell back, beside one with a prefix.
    world.node(("i-2", 0), "subnet-1", ("10.0.0.5", 3), &[]);
    assert!(!world.lines("mixed-mode")[0].contains("EKS Auto Mode"));
    auto_mode(&mut world);
    assert!(world.lines("mixed-mode")[0].contains("EKS Auto Mode falls back"));
    // Its NodeClass sets single addresses: it did not fall back.
    let text = "apiVersion: eks.amazonaws.com/v1\nkind: NodeClass\nmetadata: {name: single}\n\
                spec: {advancedNetworking: {ipv4PrefixSize: '32'}}\n";
    with(&mut world, read("class.yaml", text).unwrap().auto_node_classes);
    world.inventory.kubernetes.as_mut().unwrap().nodes = Some(vec![KubernetesNode {
        name: "n".to_owned(),
        instance_id: Some("i-2".to_owned()),
        allocatable_pods: None,
        labels: tags(&[("eks.amazonaws.com/nodeclass", "single")]),
        annotations: BTreeMap::new(),
        unschedulable: false,
    }]);
    let found = world.of("mixed-mode");
    let end = "; the NodeClass of 1 node sets single addresses (ipv4PrefixSize \"32\")";
    assert!(found[0].message.ends_with(end), "{found:?}");
    assert!(found[0].hint.starts_with("let that NodeClass select subnets of its own"), "{found:?}");
}

/// A subnet that is reserved for prefixes as a whole: none of its addresses can be taken singly.
#[test]
fn nodes_cannot_fall_back_inside_a_reservation() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.reserve("10.0.0.0/24", ReservationKind::Prefix);
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 0), &["10.0.0.16/28"]);
    for block in 2..15 {
        world.hold("subnet-1", &format!("10.0.0.{}", block * 16), 1);
    }
    auto_mode(&mut world);
    let line = world.lines("prefix-starved").remove(0);
    // 251 usable addresses, less 1 + 16 + 13.
    let begin = "critical subnet-1: subnet-1 has room for 0 addresses (221 more are free in reservations) and for no \
                 /28 prefix";
    assert!(line.starts_with(begin), "{line}");
    assert!(!line.contains("fall back"), "{line}");
}

/// Settings of aws-node and tags for its discovery say nothing about them.
#[test]
fn nothing_is_said_of_auto_mode_nodes_that_is_meant_for_the_vpc_cni() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24").tags =
        tags(&[("kubernetes.io/role/cni", "0")]);
    world.subnet("subnet-2", "eu-1b", "10.0.1.0/24").tags =
        tags(&[("kubernetes.io/role/cni", "1")]);
    world.subnet("subnet-3", "eu-1c", "10.0.2.0/24");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 0), &["10.0.0.16/28"]);
    world.node(("i-3", 0), "subnet-3", ("10.0.2.4", 0), &["10.0.2.16/28"]);
    world.cni("v1.23.1", &[]);
    let count = |world: &World| {
        let ids = ["discovery-tag-zero", "no-discovery-tag"];
        ids.map(|id| world.of(id).len())
    };
    assert_eq!(count(&world), [1, 1]);
    auto_mode(&mut world);
    assert_eq!(count(&world), [0, 0]);
}

#[test]
fn terms_select_by_all_that_they_name() {
    let tags: BTreeMap<String, String> = [("role".to_owned(), "pods".to_owned())].into();
    let term = SubnetTerm {
        id: None,
        cidr: Some("10.0.0.0/24".to_owned()),
        tags: [("role".to_owned(), "*".to_owned())].into(),
    };
    assert!(term.selects("subnet-1", Some("10.0.0.0/24"), &tags));
    assert!(!term.selects("subnet-1", Some("10.0.1.0/24"), &tags));
    assert!(!term.selects("subnet-1", Some("10.0.0.0/24"), &BTreeMap::new()));
}
