//! What instances are launched with: EFA interfaces, slots of the primary ENI, ENIs that the CNI does not
//! manage. Counted by hand.

use eksnet::{
    density::{Addressing, CannotLaunch, DensitySettings, LaunchSettings, assess},
    instance::{BUILTIN, InstanceLimits},
    ipam::{
        CountedSubnets, Launched, Node, NodeInput, PoolMode, PoolSettings, StartError, SubnetSide,
        replay, steady_state,
    },
    simulate::{Reason, Shortage, TightKind, Timeline, Verdict, check, parse, run},
};

fn limits(name: &str) -> &'static InstanceLimits {
    BUILTIN.get(name).unwrap()
}

fn efa(efa: u32, efa_only: u32) -> LaunchSettings {
    LaunchSettings { efa, efa_only, ..LaunchSettings::default() }
}

/// An m5.large as the shipped manifest has it.
fn m5_large() -> PoolSettings {
    PoolSettings {
        enis: 3,
        ipv4_per_eni: 10,
        warm_eni_target: Some(1),
        warm_prefix_target: Some(1),
        max_pods: 29,
        ..PoolSettings::default()
    }
}

/// The instance's own address, and one for each EFA interface on another card: 32 against 1.
#[test]
fn an_efa_interface_takes_an_address_and_an_efa_only_one_none() {
    for (name, launch, addresses) in [
        ("p5.48xlarge", efa(32, 0), 32),
        ("p5.48xlarge", efa(0, 32), 1),
        ("p5.48xlarge", efa(1, 31), 1),
        // Its default card takes no EFA, so that none is the primary ENI.
        ("p6-b300.48xlarge", efa(16, 0), 17),
        ("c5n.18xlarge", efa(1, 0), 1),
        ("m5.large", efa(0, 0), 1),
    ] {
        assert_eq!(launch.check(limits(name)), Ok(()), "{name}");
        let launched = launch.launched(limits(name));
        assert_eq!(1 + launched.subnet_addresses(), addresses, "{name} {launch:?}");
    }
}

/// So that a node that finds no address says this, and not that the subnet lacks what it is launched with.
#[test]
fn a_plain_launch_is_plain() {
    let plain = LaunchSettings::default().launched(limits("m5.large"));
    assert_eq!(plain, Launched::default());
}

#[test]
fn an_efa_only_interface_takes_an_eni_of_card_0_from_the_cni_and_karpenter() {
    let report = |name, launch| {
        let settings = DensitySettings { launch, ..DensitySettings::default() };
        assess(&BUILTIN, limits(name), &settings).unwrap()
    };
    // Two ENIs of 50 addresses on card 0; the published number is 100.
    let plain = report("p5.48xlarge", efa(32, 0));
    assert_eq!((plain.pod_enis, plain.max_pods), (2, Some(100)));
    let only = report("p5.48xlarge", efa(0, 32));
    assert_eq!((only.pod_enis, only.max_pods), (1, Some(51)));
    assert_eq!(only.node_values.karpenter, Some(51));
    // nodeadm knows nothing of it.
    assert_eq!(only.node_values.al2023_nodeadm, Some(100));
    // An EFA interface on the card is the primary ENI, and the efa-only ones lie elsewhere.
    assert_eq!(report("p5.48xlarge", efa(1, 31)).pod_enis, 2);
    assert_eq!(report("p6-b300.48xlarge", efa(0, 16)).pod_enis, 4);
    let unmanaged = LaunchSettings { unmanaged_enis: 1, ..LaunchSettings::default() };
    let unmanaged = report("m5.large", unmanaged);
    assert_eq!((unmanaged.pod_enis, unmanaged.max_pods), (2, Some(20)));
    // Karpenter does not know of ENIs that the CNI does not manage.
    assert_eq!(unmanaged.node_values.karpenter, Some(29));
}

#[test]
fn what_ec2_does_not_launch_is_refused_with_the_number() {
    let refused = |name: &str, launch: LaunchSettings| {
        launch.check(limits(name)).map_err(|error| error.to_string())
    };
    assert_eq!(
        refused("p5.48xlarge", efa(20, 13)),
        Err("`p5.48xlarge` takes at most 32 EFA interfaces, not 33".to_owned())
    );
    assert!(matches!(efa(0, 1).check(limits("m5.large")), Err(CannotLaunch::NoEfa { .. })));
    // Nobody says how many it takes.
    assert_eq!(efa(4, 0).check(limits("dl1.24xlarge")), Ok(()));
    let with = |prefixes, addresses, enis, each| LaunchSettings {
        ipv4_prefix_count: prefixes,
        ipv4_address_count: addresses,
        unmanaged_enis: enis,
        unmanaged_addresses: each,
        ..LaunchSettings::default()
    };
    assert_eq!(refused("m5.large", with(4, 5, 2, 10)), Ok(()));
    for launch in [with(4, 6, 0, 1), with(0, 0, 1, 11), with(0, 0, 3, 1)] {
        assert!(refused("m5.large", launch).is_err(), "{launch:?}");
    }
    let karpenter =
        |each| LaunchSettings { ipv4_prefix_count: each, efa_prefix_count: each, ..efa(32, 0) };
    assert_eq!(refused("p5.48xlarge", karpenter(49)), Ok(()));
    assert_eq!(
        refused("p5.48xlarge", karpenter(50)),
        Err(
            "an ENI of `p5.48xlarge` holds 49 addresses or prefixes beside its own address, not 50"
                .to_owned()
        )
    );
    let xen = with(1, 0, 0, 1).check(limits("m4.large"));
    assert!(matches!(xen, Err(CannotLaunch::NoPrefixes { .. })));
}

/// The first slots are there before the warm target asks: the pool takes over those of its own mode, and
/// the others only take room.
#[test]
fn the_pool_takes_over_what_the_primary_eni_is_launched_with() {
    let states = |settings: PoolSettings, launched: Launched| {
        let settings = PoolSettings { launched, ..settings };
        let input = NodeInput {
            settings,
            subnet_capacity: None,
            pod_subnet_capacity: None,
            free_blocks: None,
            events: Vec::new(),
        };
        let states = replay(&input).states;
        states.iter().map(|s| (s.per_eni.clone(), s.node_subnet_used)).collect::<Vec<_>>()
    };
    let launched = |prefixes, addresses| Launched { prefixes, addresses, ..Launched::default() };
    let prefix = PoolSettings { mode: PoolMode::Prefix, max_pods: 110, ..m5_large() };
    // Four prefixes, of which all but the warm one go back.
    let expected = vec![(vec![4], 1 + 64), (vec![1], 1 + 16)];
    assert_eq!(states(prefix.clone(), launched(4, 0)), expected);
    // Nine addresses: the warm ENI is there.
    let expected = vec![(vec![9], 10), (vec![9], 10)];
    assert_eq!(states(m5_large(), launched(0, 9)), expected);
    // Two prefixes leave seven slots, which are less than a warm ENI: a second one comes.
    let expected = vec![(vec![7], 1 + 32 + 7), (vec![7, 9], 1 + 32 + 7 + 10)];
    assert_eq!(states(m5_large(), launched(2, 0)), expected);
    // Under custom networking the primary ENI's slots are nobody's.
    let custom = PoolSettings { custom_networking: true, ..m5_large() };
    let expected = vec![(vec![0, 9], 1 + 5), (vec![0, 9], 1 + 5)];
    assert_eq!(states(custom, launched(0, 5)), expected);
    assert_eq!(steady_state(&PoolSettings { launched: launched(0, 5), ..m5_large() }, 0), None);
    let lost = PoolSettings { launched: launched(2, 0), ..m5_large() };
    assert_eq!(lost.most_addresses(), 27 - 2);
}

#[test]
fn an_instance_is_launched_with_everything_or_not_at_all() {
    let launched = Launched {
        prefixes: 1,
        efa: 2,
        unmanaged: 1,
        unmanaged_addresses: 5,
        ..Launched::default()
    };
    // Its own address, 16 in the prefix, 2 of EFA interfaces, 5 of the unmanaged ENI.
    let all = 1 + 16 + 2 + 5;
    for (room, started) in [(all - 1, Err(StartError::NoRoomForLaunch)), (all, Ok(()))] {
        let mut subnets = CountedSubnets::new(Some(room), None);
        let settings =
            PoolSettings { launched, unmanaged: 1, mode: PoolMode::Prefix, ..m5_large() };
        let (node, result) = Node::start(settings, &mut subnets);
        assert_eq!(result, started);
        let used = if started.is_ok() { all } else { 0 };
        assert_eq!(
            (subnets.used(SubnetSide::Node), node.counts().addresses),
            (used, if used > 0 { 16 } else { 0 })
        );
    }
}

/// The pool never grows into the ENI that is not the CNI's, and a trunk finds its place beside it.
#[test]
fn an_eni_that_the_cni_does_not_manage_takes_its_place() {
    let launched = Launched { unmanaged: 1, unmanaged_addresses: 3, ..Launched::default() };
    let settings = PoolSettings { launched, unmanaged: 1, ..m5_large() };
    let mut subnets = CountedSubnets::new(None, None);
    let (mut node, _) = Node::start(settings, &mut subnets);
    for _ in 0..20 {
        node.pass(&mut subnets);
        node.add_pods(27 - node.counts().assigned);
    }
    assert_eq!((node.counts().enis, node.attached(), node.counts().assigned), (2, 3, 18));
    assert_eq!(subnets.used(SubnetSide::Node), 20 + 3);
}

#[test]
fn ipv6_pods_need_none_of_it() {
    let settings = DensitySettings {
        addressing: Addressing::Ipv6,
        launch: efa(0, 32),
        ..DensitySettings::default()
    };
    let report = assess(&BUILTIN, limits("p5.48xlarge"), &settings).unwrap();
    assert_eq!((report.pod_addresses, report.max_pods), (None, Some(250)));
}

fn play(subnet: &str, group: &str, rest: &str) -> Result<Timeline, String> {
    let text = format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n- {{name: a, zone: z, {subnet}}}\n\
         node_groups: [{{name: g, subnets: [a], {group}}}]\n{rest}\n"
    );
    let scenario = parse(&text).map_err(|error| error.to_string())?;
    let layout = check(&scenario, &BUILTIN, false).map_err(|error| error.to_string())?;
    Ok(run(&layout, 1))
}

fn used(timeline: &Timeline) -> Vec<u32> {
    timeline.steps.iter().map(|step| step.subnets[0].used).collect()
}

/// Each node has its primary ENI of 50 addresses; the EFA interfaces of 31 other cards take one each.
#[test]
fn nodes_with_efa_interfaces_are_simulated() {
    let p5 = |nodes: u32, extra: &str| {
        let group = format!("instance_type: p5.48xlarge, nodes: {nodes}, {extra}");
        play("cidr: 10.0.0.0/24", &group, "steps: [{rollout: {group: g, max_surge: 1}}]")
    };
    assert_eq!(used(&p5(2, "max: 2").unwrap()), [100, 100]);
    let efa = p5(2, "extra_interfaces: {efa: 32}").unwrap();
    assert_eq!(used(&efa), [162, 162]);
    // The surge of a roll-out finds 89 of the 81 that it takes.
    assert_eq!(efa.verdict, Verdict::Fits);
    assert_eq!(efa.steps[1].subnets[0].peak_used, 3 * 81);
    // A fourth node finds 8 addresses, and EC2 gives none without the other 24.
    let full = p5(4, "extra_interfaces: {efa: 32}").unwrap();
    let failure = full.first_failure().unwrap();
    assert_eq!((failure.what, failure.wanted, failure.placed), (Shortage::Nodes, 4, 3));
    assert_eq!((failure.reason, used(&full)[0]), (Reason::InsufficientFreeAddresses, 3 * 81));
    let only = p5(4, "extra_interfaces: {efa_only: 32}").unwrap();
    assert_eq!((only.verdict, used(&only)[0]), (Verdict::Fits, 200));
    assert_eq!(
        p5(2, "extra_interfaces: {efa: 33}").unwrap_err(),
        "node_groups.g.extra_interfaces: `p5.48xlarge` takes at most 32 EFA interfaces, not 33"
    );
}

/// Three prefixes of 16 and the own address. A /26 has two blocks that can be delegated.
#[test]
fn a_launch_template_asks_for_its_prefixes_at_once() {
    let group = |nodes: u32| {
        format!("instance_type: m5.large, nodes: {nodes}, max_pods: 110, ipv4_prefix_count: 3")
    };
    let cni = "cni: {prefix_delegation: true, warm_prefix_target: 3}";
    let fits = play("cidr: 10.0.0.0/24", &group(2), cni).unwrap();
    assert_eq!((fits.verdict, used(&fits)[0]), (Verdict::Fits, 2 * 49));
    let failed = play("cidr: 10.0.0.0/26", &group(1), cni).unwrap();
    let failure = failed.first_failure().unwrap();
    assert_eq!((failure.what, failure.placed), (Shortage::Nodes, 0));
    assert_eq!((failure.reason, used(&failed)[0]), (Reason::InsufficientCidrBlocks, 0));
    // Without them the node starts, and takes what there is one by one.
    let plain = group(1).replace("ipv4_prefix_count: 3", "ipv4_prefix_count: 0");
    assert!(used(&play("cidr: 10.0.0.0/26", &plain, cni).unwrap())[0] >= 17);
    // What is beyond the warm target goes back.
    let one = play("cidr: 10.0.0.0/25", &group(1), "cni: {prefix_delegation: true}").unwrap();
    assert_eq!(used(&one)[0], 17);
    // In the other mode the prefixes stay, and the pool has six slots of the ENI.
    let other = play("cidr: 10.0.0.0/24", &group(1).replace("110", "auto"), "").unwrap();
    assert_eq!(used(&other)[0], 1 + 48 + 6 + 10);
}

/// 32 interfaces with their own address and a prefix each: 32 x 17. The 64 blocks of a /22 hold them once:
/// the first and the last cannot be delegated.
#[test]
fn karpenter_gives_each_efa_interface_its_prefixes() {
    let p5 = |cidr: &str, nodes: u32, count: u32| {
        let group = format!(
            "instance_type: p5.48xlarge, nodes: {nodes}, ip_prefix_count: {count}, \
             extra_interfaces: {{efa: 32}}"
        );
        play(&format!("cidr: {cidr}"), &group, "cni: {prefix_delegation: true}")
    };
    let one = p5("10.0.0.0/22", 1, 1).unwrap();
    assert_eq!((one.verdict, used(&one)[0]), (Verdict::Fits, 32 * 17));
    let two = p5("10.0.0.0/22", 2, 1).unwrap();
    let failure = two.first_failure().unwrap();
    assert_eq!((failure.what, failure.wanted, failure.placed), (Shortage::Nodes, 2, 1));
    assert_eq!((failure.reason, used(&two)[0]), (Reason::InsufficientCidrBlocks, 32 * 17));
    // 507 addresses: EC2 launches nothing.
    assert_eq!(used(&p5("10.0.0.0/23", 1, 1).unwrap()), [0]);
    // The pool returns its second prefix; nothing returns those of the other cards.
    assert_eq!(used(&p5("10.0.0.0/20", 1, 2).unwrap()), [17 + 31 * 33]);
    let both = "instance_type: m5.large, nodes: 1, ip_prefix_count: 1, ipv4_prefix_count: 1";
    let refused = play("cidr: 10.0.0.0/24", both, "").unwrap_err();
    assert!(refused.ends_with("set one of them"), "{refused}");
    let one = "instance_type: m5.large, nodes: 1, ip_prefix_count: 1";
    let refused = play("cidr: 10.0.0.0/24", one, "cni: {ipv6: true}").unwrap_err();
    assert!(refused.starts_with("node_groups.g.ip_prefix_count: in an IPv6"), "{refused}");
}

#[test]
fn enis_that_the_cni_does_not_manage_hold_their_addresses() {
    let group = "instance_type: m5.large, nodes: 1, pods_per_node: 18, \
                 extra_interfaces: {unmanaged: 1, unmanaged_addresses: 4}";
    let timeline = play("cidr: 10.0.0.0/24", group, "").unwrap();
    assert_eq!((timeline.verdict, used(&timeline)[0]), (Verdict::Fits, 20 + 4));
    let more = play("cidr: 10.0.0.0/24", &group.replace("18", "19"), "").unwrap();
    assert_eq!(more.first_failure().unwrap().reason, Reason::MaxPods);
    assert!(play("cidr: 10.0.0.0/24", &format!("os: windows, {group}"), "").is_err());
}

/// A stopped m5.large keeps its ENI of ten addresses: 200 of the 251 of a /24.
#[test]
fn a_warm_pool_of_20_in_a_24() {
    let pool = |pool: u32, nodes: u32| {
        let group =
            format!("instance_type: m5.large, nodes: {nodes}, pods_per_node: 5, warm_pool: {pool}");
        play("cidr: 10.0.0.0/24", &group, "").unwrap()
    };
    assert_eq!(used(&pool(20, 0)), [200]);
    // Two nodes with two ENIs each beside.
    let both = pool(20, 2);
    assert_eq!((both.verdict, used(&both)[0]), (Verdict::Fits, 240));
    // A third node leaves the pool 191: the twentieth instance finds one address of its ten.
    let tight = pool(20, 3);
    assert_eq!(used(&tight)[0], 251);
    assert!(tight.tight.iter().any(|row| row.kind == TightKind::WarmTargetUnmet));
    // EFA interfaces of stopped instances are there as well.
    let group = "instance_type: p5.48xlarge, nodes: 0, warm_pool: 2, extra_interfaces: {efa: 32}";
    assert_eq!(used(&play("cidr: 10.0.0.0/24", group, "").unwrap()), [162]);
}
