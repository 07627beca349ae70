//! How the VPC CNI is set, asked by the audit, `--what-if` and the simulation alike.

use eksnet::{
    audit::{AuditReport, LeftOut, Questions, WhatIf},
    cni::{CniChange, parse_changes},
    instance::BUILTIN,
    inventory::{EniConfig, Inventory, KubernetesNode, KubernetesPod, Tags},
    network::ReservationKind,
    simulate::{Reason, Timeline, Verdict, check_from, observe, parse, run},
};

use crate::checks::world::{World, tags};

/// A node's pods, by address; those without one wait.
type Pods<'a> = (&'a str, &'a [Option<&'a str>]);

/// A world with what kubectl tells: nodes take 29 pods, and two pods of each use the host's network.
fn told(world: &mut World, environment: &[(&str, &str)], pods: &[Pods<'_>]) {
    world.cni("v1.23.1", environment);
    let kubernetes = world.inventory.kubernetes.as_mut().unwrap();
    let node = |instance: &str| KubernetesNode {
        name: format!("node-{instance}"),
        instance_id: Some(instance.to_owned()),
        allocatable_pods: Some(29),
        labels: tags(&[("topology.kubernetes.io/zone", "eu-1a")]),
        annotations: Tags::new(),
        unschedulable: false,
    };
    kubernetes.nodes = Some(pods.iter().map(|(instance, _)| node(instance)).collect());
    let mut all = Vec::new();
    for (instance, addresses) in pods {
        let mut pod = |namespace: &str, number: usize, ip: Option<&str>| {
            all.push(KubernetesPod {
                namespace: namespace.to_owned(),
                name: format!("pod-{instance}-{number}"),
                node_name: Some(format!("node-{instance}")),
                host_ip: None,
                ip: ip.map(|ip| ip.parse().unwrap()),
                has_ipv6: false,
                host_network: namespace == "kube-system",
                branch_eni: false,
                owner_kind: None,
            });
        };
        for number in 0..2 {
            pod("kube-system", number, None);
        }
        for (number, ip) in addresses.iter().enumerate() {
            pod("shop", number, *ip);
        }
    }
    // One that no node runs, so that it is seen that other namespaces are listed.
    let nowhere = KubernetesPod { node_name: None, host_network: false, ..all[0].clone() };
    all.push(KubernetesPod { namespace: "shop".to_owned(), ..nowhere });
    kubernetes.pods = Some(all);
    for instance in world.inventory.instances.as_mut().unwrap() {
        instance.availability_zone = Some("eu-1a".into());
    }
}

fn ask(world: &World, settings: &str) -> (AuditReport, WhatIf) {
    let asked = [(settings.to_owned(), parse_changes(settings).unwrap())];
    let report = world.judged(Questions { what_if: &asked, ..Questions::default() });
    let row = report.what_if.as_ref().unwrap()[0].clone();
    (report, row)
}

fn play(inventory: &Inventory, scenario: &str) -> Timeline {
    let inventory = inventory.clone().in_order();
    let start = observe(&inventory, &BUILTIN, false).unwrap();
    let layout = check_from(&parse(scenario).unwrap(), &start, &BUILTIN, false).unwrap();
    run(&layout, 1)
}

/// An m5.large (3 ENIs of 10 addresses) with a full primary ENI and one pod.
fn one_node(environment: &[(&str, &str)]) -> World {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.10", 9), &[]);
    told(&mut world, environment, &[("i-1", &[Some("10.0.0.11")])]);
    world
}

#[test]
fn a_frozen_pool_saves_nothing_and_stays_as_it_is() {
    for switch in ["ENABLE_IMDS_ONLY_MODE", "DISABLE_NETWORK_RESOURCE_PROVISIONING"] {
        let world = one_node(&[(switch, "true"), ("WARM_ENI_TARGET", "1")]);
        let (report, row) = ask(&world, "warm-ip-target=2");
        let node = &report.nodes.unwrap()[0].usage;
        assert_eq!((node.held_for_pods, node.expected_addresses), (9, None), "{switch}");
        assert_eq!((row.saved, row.nodes), (Some(0), 0), "{switch}");
        assert_eq!(row.left_out.get(&LeftOut::Frozen), Some(&1), "{switch}");
        // Nine more pods: nine addresses, and no ENI comes for the tenth pod.
        let timeline = play(
            &world.inventory,
            "version: 1\nsteps: [{pods: {group: ungrouped, per_node: 10}}]\n",
        );
        let last = timeline.steps.last().unwrap();
        assert_eq!(last.subnets[0].used, 10, "{switch}");
        assert_eq!((last.groups[0].pods_wanted, last.groups[0].pods_placed), (10, 9), "{switch}");
        assert_eq!(timeline.verdict, Verdict::Fails, "{switch}");
        assert_eq!(timeline.steps.iter().map(|s| s.ec2_calls.len()).sum::<usize>(), 0, "{switch}");
        let start = observe(&world.inventory.clone().in_order(), &BUILTIN, false).unwrap();
        let scenario = "version: 1\nsteps: [{scale: {group: ungrouped, nodes: 2}}]\n";
        let layout = check_from(&parse(scenario).unwrap(), &start, &BUILTIN, false).unwrap();
        let notes = layout.notes().join("\n");
        assert!(
            notes.contains(&format!("{switch}=true: the pools do not grow or shrink")),
            "{notes}"
        );
        // A node that joins has its own address and none for its pod.
        let last = run(&layout, 1).steps.pop().unwrap();
        assert_eq!((last.subnets[0].used, last.groups[0].pods_placed), (11, 1), "{switch}");
    }
    // The mode came with v1.19.6; before, the variable says nothing.
    let mut world = one_node(&[("ENABLE_IMDS_ONLY_MODE", "true"), ("WARM_ENI_TARGET", "1")]);
    world.inventory.kubernetes.as_mut().unwrap().aws_node.as_mut().unwrap().version =
        Some("v1.19.5".to_owned());
    assert_eq!(world.report().nodes.unwrap()[0].usage.expected_addresses, Some(18));
}

/// An ENI that the CNI leaves alone takes one of the three places, and its nine addresses are no pool's.
#[test]
fn an_eni_that_is_left_alone_is_no_part_of_the_pool() {
    let tag = |key: &str, value: &str| [(key.to_owned(), value.to_owned())].into_iter().collect();
    let no_manage = "node.k8s.amazonaws.com/no_manage";
    let own = "node.k8s.amazonaws.com/instance_id";
    let untagged = [("MANAGE_UNTAGGED_ENI", "false"), ("WARM_ENI_TARGET", "1")];
    let usual = [("WARM_ENI_TARGET", "1")];
    for (environment, tags, is_pool) in [
        (&usual[..], tag(no_manage, "true"), false),
        (&usual[..], tag(no_manage, "false"), true),
        (&usual[..], tag("other", "x"), true),
        (&untagged[..], tag("other", "x"), false),
        (&untagged[..], tag(own, "i-1"), true),
        (&untagged[..], tag(own, "i-2"), false),
        (&untagged[..], tag(no_manage, "false"), true),
    ] {
        let mut world = World::new();
        world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
        world.node(("i-1", 0), "subnet-1", ("10.0.0.10", 9), &[]);
        world.node(("i-1", 1), "subnet-1", ("10.0.0.30", 9), &[]);
        world.inventory.interfaces.as_mut().unwrap()[1].tags = tags;
        let name =
            format!("{environment:?} {:?}", world.inventory.interfaces.as_ref().unwrap()[1].tags);
        // One pod on each ENI: the second ENI's is the pool's or it is elsewhere.
        let pods = [Some("10.0.0.11"), Some("10.0.0.31")];
        told(&mut world, environment, &[("i-1", &pods)]);
        let usage = world.report().nodes.unwrap()[0].usage.clone();
        let expected = if is_pool { (18, Some(2), Some(0)) } else { (9, Some(1), Some(1)) };
        assert_eq!((usage.held_for_pods, usage.pods, usage.pods_elsewhere), expected, "{name}");
        // A full ENI and a warm one, of which the third place has room.
        assert_eq!(usage.expected_addresses, Some(18), "{name}");
        // 19 pods: two ENIs beside the one that is left alone hold 18.
        let scenario = "version: 1\nsteps: [{pods: {group: ungrouped, per_node: 19}}]\n";
        let timeline = play(&world.inventory, scenario);
        let placed = timeline.steps.last().unwrap().groups[0].pods_placed;
        assert_eq!(placed, if is_pool { 19 } else { 18 }, "{name}");
        // A node that joins keeps the place too: 27 pods on three ENIs, or 18 on two.
        let scenario = "version: 1\nsteps: [{pods: {group: ungrouped, per_node: 27}}, \
                        {scale: {group: ungrouped, nodes: 2}}]\n";
        let placed = play(&world.inventory, scenario).steps.pop().unwrap().groups[0].pods_placed;
        assert_eq!(placed, if is_pool { 2 * 27 } else { 2 * 18 }, "{name}");
    }
}

/// Twenty addresses more, and one that EC2 assigns by itself: the rest is reserved.
#[test]
fn what_if_goes_by_room() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/26");
    world.reserve("10.0.0.32/27", ReservationKind::Explicit);
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 9), &[]);
    // 59 usable: 28 before the reservation and 31 in it. 10 on the node and 17 elsewhere leave one.
    world.hold("subnet-1", "10.0.0.14", 17);
    told(&mut world, &[("WARM_ENI_TARGET", "1")], &[("i-1", &[])]);
    let (_, row) = ask(&world, "warm-eni-target=2");
    let subnet = &row.subnets[0];
    assert_eq!((subnet.held, subnet.would_hold), (10, 30 - 10));
    assert_eq!((subnet.short, subnet.short_prefixes), (Some(9), Some(0)));
}

/// Prefixes are asked for in whole blocks.
#[test]
fn what_if_counts_blocks_where_prefixes_are_asked_for() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/25");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.4", 9), &[]);
    // Of the six blocks between the first and the last, five have an address of somebody else.
    for block in 1..6 {
        world.hold("subnet-1", &format!("10.0.0.{}", block * 16 + 1), 1);
    }
    told(&mut world, &[("WARM_ENI_TARGET", "1"), ("WARM_PREFIX_TARGET", "1")], &[("i-1", &[])]);
    let (_, row) = ask(&world, "prefix,warm-prefix-target=3");
    let subnet = &row.subnets[0];
    // Three prefixes and the ENI's own address; one block is whole.
    assert_eq!((subnet.would_hold, subnet.short), (49, Some(32)));
    assert_eq!(subnet.short_prefixes, Some(2));
}

/// Custom networking with a node whose ENIConfig is called as its zone.
fn custom(subnet: Option<&str>) -> World {
    let mut world = World::new();
    world.subnet("nodes-a", "eu-1a", "10.0.0.0/24");
    world.subnet("pods-a", "eu-1a", "10.0.1.0/24");
    world.subnet("pods-b", "eu-1b", "10.0.2.0/24");
    world.node(("i-1", 0), "nodes-a", ("10.0.0.10", 0), &[]);
    let environment = [
        ("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true"),
        ("ENI_CONFIG_LABEL_DEF", "topology.kubernetes.io/zone"),
        ("WARM_ENI_TARGET", "1"),
    ];
    told(&mut world, &environment, &[("i-1", &[None, None])]);
    let config = |id: &str| EniConfig {
        name: "eu-1a".to_owned(),
        subnet_id: Some(id.to_owned()),
        availability_zone: Some(if id == "pods-b" { "eu-1b" } else { "eu-1a" }.to_owned()),
        vpc_id: Some(if id == "elsewhere" { "vpc-2" } else { "vpc-1" }.to_owned()),
    };
    world.inventory.kubernetes.as_mut().unwrap().eni_configs =
        Some(subnet.map(config).into_iter().collect());
    world
}

#[test]
fn an_eniconfig_that_does_not_fit_gives_no_addresses() {
    for (subnet, fits) in
        [(Some("pods-a"), true), (None, false), (Some("pods-b"), false), (Some("elsewhere"), false)]
    {
        let world = custom(subnet);
        let timeline = play(&world.inventory, "version: 1\n");
        let group = &timeline.steps[0].groups[0];
        assert_eq!(group.pods_wanted, 2, "{subnet:?}");
        assert_eq!(group.pods_placed, if fits { 2 } else { 0 }, "{subnet:?}");
        assert_eq!(timeline.verdict == Verdict::Fails, !fits, "{subnet:?}");
        let failure = timeline.first_failure().map(|failure| failure.reason);
        assert_eq!(failure, (!fits).then_some(Reason::NoEniConfig), "{subnet:?}");
        // A node that joins fares alike.
        let timeline =
            play(&world.inventory, "version: 1\nsteps: [{scale: {group: ungrouped, nodes: 2}}]\n");
        let last = timeline.steps.last().unwrap();
        assert_eq!(last.groups[0].nodes_placed, if fits { 2 } else { 0 }, "{subnet:?}");
        assert_eq!(world.of("custom-networking-mismatch").is_empty(), fits, "{subnet:?}");
        let (_, row) = ask(&world, "warm-ip-target=3");
        assert_eq!(row.left_out.get(&LeftOut::NeverReady), (!fits).then_some(&1), "{subnet:?}");
    }
}

/// 27 addresses for pods at most: two of 29 pods wait already, and are wanted.
#[test]
fn pods_that_wait_are_wanted() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    for (device, from) in [(0, "10.0.0.10"), (1, "10.0.0.30"), (2, "10.0.0.50")] {
        world.node(("i-1", device), "subnet-1", (from, 9), &[]);
    }
    let addresses: Vec<String> = [10, 30, 50]
        .iter()
        .flat_map(|from| (1..10).map(move |n| format!("10.0.0.{}", from + n)))
        .collect();
    let mut pods: Vec<Option<&str>> =
        addresses.iter().map(|address| Some(address.as_str())).collect();
    pods.extend([None, None]);
    told(&mut world, &[("WARM_ENI_TARGET", "1")], &[("i-1", &pods)]);
    let mut nodes = world.inventory.kubernetes.take().unwrap();
    nodes.nodes.as_mut().unwrap()[0].allocatable_pods = Some(110);
    world.inventory.kubernetes = Some(nodes);
    let timeline = play(&world.inventory, "version: 1\n");
    let group = &timeline.steps[0].groups[0];
    assert_eq!((group.pods_wanted, group.pods_placed), (29, 27));
    assert_eq!(timeline.verdict, Verdict::Fails);
}

/// A primary ENI that tags keep from pods, and an empty pool: that is a node all the same, but under
/// custom networking one that never started.
#[test]
fn an_empty_pool_is_fatal_under_custom_networking_alone() {
    for (custom, ready) in [("false", 1), ("true", 0)] {
        let mut world = World::new();
        world.subnet("nodes-a", "eu-1a", "10.0.0.0/24").tags =
            tags(&[("kubernetes.io/role/cni", "0")]);
        world.node(("i-1", 0), "nodes-a", ("10.0.0.10", 0), &[]);
        let environment =
            [("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", custom), ("WARM_ENI_TARGET", "1")];
        told(&mut world, &environment, &[("i-1", &[])]);
        world.inventory.kubernetes.as_mut().unwrap().eni_configs = Some(Vec::new());
        let timeline = play(&world.inventory, "version: 1\n");
        assert_eq!(timeline.steps[0].groups[0].nodes_placed, ready, "{custom}");
    }
}

/// One address that is none of the subnet's: the others count, for the audit and the simulation alike.
#[test]
fn one_bad_address_is_withheld_and_the_others_count() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.10", 9), &[]);
    world.hold("subnet-1", "10.0.0.100", 2).secondary.push("10.0.9.9".parse().unwrap());
    let report = world.report();
    assert_eq!(report.subnets[0].used, Some(12));
    let start = observe(&world.inventory.clone().in_order(), &BUILTIN, false).unwrap();
    let layout = check_from(&parse("version: 1\n").unwrap(), &start, &BUILTIN, false).unwrap();
    assert_eq!(layout.used_before(), [12]);
    let bad = |rows: &[eksnet::inventory::Withheld]| {
        rows.iter().filter(|row| row.reason.contains("10.0.9.9")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(bad(&report.withheld).len(), 1);
    assert_eq!(bad(&report.withheld), bad(&start.withheld));
}

/// What cannot be the subnet's is not the node's either: one address outside, one that AWS keeps, and a
/// prefix of another subnet.
#[test]
fn a_node_holds_what_its_subnets_count() {
    let mut world = World::new();
    world.subnet("subnet-1", "eu-1a", "10.0.0.0/24");
    world.node(("i-1", 0), "subnet-1", ("10.0.0.10", 9), &[]);
    let eni = &mut world.inventory.interfaces.as_mut().unwrap()[0];
    eni.secondary.push("10.0.9.9".parse().unwrap());
    eni.secondary.push("10.0.0.255".parse().unwrap());
    eni.prefixes.push("10.7.0.16/28".parse().unwrap());
    let report = world.report();
    let node = &report.nodes.as_ref().unwrap()[0];
    let counted = (node.secondary_addresses, node.prefixes, node.addresses);
    assert_eq!((counted, node.usage.held_for_pods), ((9, 0, 10), 9));
    assert_eq!(report.subnets[0].used, Some(10));
    let start = observe(&world.inventory.clone().in_order(), &BUILTIN, false).unwrap();
    let layout = check_from(&parse("version: 1\n").unwrap(), &start, &BUILTIN, false).unwrap();
    assert_eq!(layout.used_before(), [10]);
    assert_eq!(layout.observed_pools().next().unwrap().mode, eksnet::ipam::PoolMode::SecondaryIp);
}

/// The cool-down decides when a pod that comes can have an address that one has left.
#[test]
fn the_cool_down_is_as_it_is_set() {
    use eksnet::ipam::{EniId, Node, PoolSettings, SeenEni, SeenKind, Slots, SubnetSide};
    struct Nothing;
    impl eksnet::ipam::Addresses for Nothing {
        fn assign(&mut self, _: SubnetSide, _: EniId, _: Slots) -> bool {
            false
        }
        fn create(&mut self, _: SubnetSide, _: EniId, _: Slots) -> bool {
            false
        }
        fn unassign(&mut self, _: SubnetSide, _: EniId, _: Slots) {}
        fn delete(&mut self, _: SubnetSide, _: EniId, _: Slots) {}
    }
    for (seconds, passes) in [(0, 1), (30, 7), (60, 13)] {
        let settings = PoolSettings {
            enis: 1,
            ipv4_per_eni: 2,
            warm_eni_target: Some(1),
            max_pods: 29,
            cool_down_seconds: seconds,
            ..PoolSettings::default()
        };
        let eni =
            SeenEni { kind: SeenKind::Primary, side: SubnetSide::Node, slots: 1, leftover: 0 };
        let mut node = Node::adopt(settings, &[eni], 1, 600_000);
        node.delete_oldest();
        let mut waited = 0;
        while !node.add_pod() {
            node.pass(&mut Nothing);
            waited += 1;
        }
        assert_eq!(waited, passes, "{seconds}");
    }
}

/// Whose pool ipamd does not keep, it neither grows nor fills, asked by the audit and the simulation alike.
#[test]
fn nodes_of_other_cnis_have_no_pool_anywhere() {
    for (label, value, what) in [
        ("kubernetes.io/os", "windows", "1 node with Windows"),
        ("eks.amazonaws.com/compute-type", "auto", "1 node of EKS Auto Mode"),
    ] {
        let mut world = one_node(&[("WARM_ENI_TARGET", "1")]);
        let kubernetes = world.inventory.kubernetes.as_mut().unwrap();
        let node = &mut kubernetes.nodes.as_mut().unwrap()[0];
        node.labels.insert(label.to_owned(), value.to_owned());
        let usage = &world.report().nodes.unwrap()[0].usage;
        assert_eq!((usage.held_for_pods, usage.expected_addresses), (9, None), "{label}");
        let start = observe(&world.inventory.clone().in_order(), &BUILTIN, false).unwrap();
        assert!(start.notes.iter().any(|note| note.starts_with(what)), "{:?}", start.notes);
        // Ten addresses stay, and the warm ENI of a Linux node does not come.
        let last = play(&world.inventory, "version: 1\n").steps.pop().unwrap();
        assert_eq!((last.subnets[0].used, last.groups.len()), (10, 0), "{label}");
    }
}

/// What says how a node grows and stands in a ConfigMap is missing to both.
#[test]
fn settings_that_stand_elsewhere_are_withheld_everywhere() {
    let mut world = one_node(&[("WARM_ENI_TARGET", "1")]);
    let aws_node = world.inventory.kubernetes.as_mut().unwrap().aws_node.as_mut().unwrap();
    aws_node.hidden.insert("ENABLE_PREFIX_DELEGATION".to_owned());
    let start = observe(&world.inventory.clone().in_order(), &BUILTIN, false).unwrap();
    let row = start.withheld.iter().find(|row| row.reason.contains("ENABLE_PREFIX_DELEGATION"));
    assert!(world.report().withheld.contains(row.unwrap()), "{row:?}");
}

#[test]
fn a_version_that_cannot_be_simulated_is_said() {
    let mut world = one_node(&[("WARM_ENI_TARGET", "1")]);
    let notes = |world: &World| {
        observe(&world.inventory.clone().in_order(), &BUILTIN, false).unwrap().notes.join("\n")
    };
    assert_eq!(notes(&world), "");
    let aws_node = world.inventory.kubernetes.as_mut().unwrap().aws_node.as_mut().unwrap();
    aws_node.version = Some("v1.12.0".to_owned());
    let notes = notes(&world);
    assert!(
        notes.contains("`v1.12.0` cannot be simulated: supported versions are 1.18.3 to 1.23"),
        "{notes}"
    );
}

/// A pod with an IPv6 address has one: it waits for none, in the audit and in the simulation.
#[test]
fn a_pod_with_an_ipv6_address_does_not_wait() {
    let mut world = one_node(&[("WARM_ENI_TARGET", "1")]);
    told(&mut world, &[("WARM_ENI_TARGET", "1")], &[("i-1", &[Some("10.0.0.11"), None])]);
    let waiting = |world: &World| {
        let placed = play(&world.inventory, "version: 1\n").steps[0].groups[0].pods_wanted;
        (world.report().nodes.unwrap()[0].usage.pods_waiting, placed)
    };
    assert_eq!(waiting(&world), (Some(1), 2));
    let pods = world.inventory.kubernetes.as_mut().unwrap().pods.as_mut().unwrap();
    let waits = |pod: &&mut KubernetesPod| pod.waits() && pod.node_name.is_some();
    pods.iter_mut().find(waits).unwrap().has_ipv6 = true;
    assert_eq!(waiting(&world), (Some(0), 1));
}

/// Whose subnet it is, the audit and the simulation ask one function: the owner of a shared VPC sees the
/// participants' ENIs.
#[test]
fn who_looks_is_asked_once() {
    for (caller, available, hidden) in [
        (None, 241, false),
        (None, 240, true),
        (Some("1"), 240, false),
        (Some("2"), 241, false),
        (Some("2"), 200, true),
    ] {
        let mut world = one_node(&[("WARM_ENI_TARGET", "1")]);
        world.inventory.source.caller = caller.map(str::to_owned);
        for eni in world.inventory.interfaces.as_mut().unwrap() {
            eni.owner_id = Some("2".into());
        }
        let subnet = &mut world.inventory.subnets[0];
        (subnet.owner_id, subnet.available) = (Some("1".to_owned()), Some(available));
        let is_shared = |rows: &[eksnet::inventory::Withheld]| {
            rows.iter().any(|row| row.reason.contains("shared by account 1"))
        };
        let start = observe(&world.inventory.clone().in_order(), &BUILTIN, false).unwrap();
        let said = (is_shared(&world.report().withheld), is_shared(&start.withheld));
        assert_eq!(said, (hidden, hidden), "{caller:?} {available}");
    }
}

/// Each setting by its name, and nothing else by any.
#[test]
fn settings_are_read_by_their_names() {
    let written = "warm-eni-target=1,warm_ip_target=unset,MINIMUM_IP_TARGET=3,warm-prefix-target=4,\
                   max-eni=5,max-pods=6,prefix,custom-networking=false,pod-eni=true";
    let read = parse_changes(written).unwrap();
    assert_eq!(
        read,
        [
            CniChange::WarmEniTarget(Some(1)),
            CniChange::WarmIpTarget(None),
            CniChange::MinimumIpTarget(Some(3)),
            CniChange::WarmPrefixTarget(Some(4)),
            CniChange::MaxEni(5),
            CniChange::MaxPods(6),
            CniChange::Prefix(true),
            CniChange::CustomNetworking(false),
            CniChange::PodEni(true),
        ]
    );
    assert_eq!(CniChange::max_pods(&read), Some(6));
    assert_eq!(CniChange::max_pods(&read[..5]), None);
    assert!(parse_changes("pod-enis").is_err());
}

/// A daemonset's cool-down may be longer than any that a scenario sets: a step waits for it all the same.
#[test]
fn a_long_cool_down_is_waited_for() {
    let world = one_node(&[("IP_COOLDOWN_PERIOD", "600"), ("WARM_ENI_TARGET", "1")]);
    let timeline = play(
        &world.inventory,
        "version: 1\nsteps: [{pods: {group: ungrouped, per_node: 20}}, \
         {pods: {group: ungrouped, per_node: 0}}]\n",
    );
    let used: Vec<u32> = timeline.steps.iter().map(|step| step.subnets[0].used).collect();
    // Its own ENI of 1 + 9, and two more for twenty pods, of which no one is needed without pods.
    assert_eq!(used[1..], [30, 10]);
}
