//! Where a layout fits with nothing to spare: the largest one that is not tight is the one counted by hand.

use eksnet::{
    instance::BUILTIN,
    simulate::{TightKind, TightReason, Timeline, Verdict, check, parse, run},
};

fn with_margin(text: &str, margin: u8) -> Timeline {
    let scenario = parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let layout = check(&scenario, &BUILTIN, false).unwrap_or_else(|error| panic!("{error}"));
    run(&layout.with_margin(margin), 1)
}

fn play(text: &str) -> Timeline {
    with_margin(text, 90)
}

fn kinds(timeline: &Timeline) -> Vec<TightKind> {
    assert_eq!(timeline.verdict, Verdict::Fits, "{:?}", timeline.failures);
    let mut kinds: Vec<TightKind> = timeline.tight.iter().map(|reason| reason.kind).collect();
    kinds.dedup();
    kinds
}

/// Subnets of one length, each in a zone of its own, and one group of nodes in them.
fn alike(subnets: u32, len: u8, instance_type: &str, pods: u32) -> impl Fn(u32) -> String {
    let names: Vec<String> = (0..subnets).map(|at| format!("s{at}")).collect();
    let size = 1 << (32 - len);
    let placed = (0..subnets).map(|at| {
        let first = std::net::Ipv4Addr::from(0x0a00_0000 + at * size);
        format!("- {{name: s{at}, zone: z{at}, cidr: {first}/{len}}}\n")
    });
    let placed = placed.collect::<Vec<_>>().concat();
    let instance_type = instance_type.to_owned();
    move |nodes| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n{placed}node_groups:\n\
             - {{name: g, instance_type: {instance_type}, subnets: [{}], nodes: {nodes}, \
             pods_per_node: {pods}}}\n",
            names.join(", ")
        )
    }
}

/// A node with a pod or a few takes 30 addresses: the ENI that serves the pods, and a whole warm one.
/// - A /23 has 507 and holds 16 such nodes with 27 left, where a seventeenth has no warm ENI; three hold 48.
/// - A /22 has 1019 and holds 33 with 29 left; three hold 99.
/// - A /18 has 16,379 and holds 545 with 29 left.
/// - A /24 has 251 and holds 8 with 11 left, which a ninth fits into with its five pods.
///
/// One more node always fits, and cannot have what it is to keep warm.
#[test]
fn the_largest_layout_with_room_to_spare_is_the_one_counted_by_hand() {
    let rows = [
        (alike(3, 23, "m5.xlarge", 1), 48),
        (alike(3, 22, "r5ad.2xlarge", 1), 99),
        (alike(1, 18, "m5.xlarge", 1), 545),
        (alike(1, 24, "m5.2xlarge", 5), 8),
    ];
    for (text, nodes) in rows {
        // At any margin, since no pod needs what is kept warm.
        for margin in [90, 100] {
            assert_eq!(kinds(&with_margin(&text(nodes), margin)), [], "{nodes} {margin}");
        }
        let tight = with_margin(&text(nodes + 1), 100);
        assert_eq!(kinds(&tight), [TightKind::WarmTargetUnmet], "{nodes}");
        let [reason] = tight.tight.as_slice() else { panic!("{:?}", tight.tight) };
        assert_eq!((reason.value, reason.step), (1, 0));
        assert_eq!((reason.group.as_deref(), reason.subnet.as_deref()), (Some("g"), Some("s0")));
        assert!(!play(&text(nodes + 1)).tight.is_empty());
    }
}

/// The most that fits is tight: of what the others leave, one more node of a subnet takes an ENI, and a
/// second one its own address and as many as are left.
#[test]
fn the_largest_layout_that_fits_is_tight() {
    let rows = [
        (alike(3, 23, "m5.xlarge", 1), 54),
        (alike(3, 22, "r5ad.2xlarge", 1), 105),
        (alike(1, 18, "m5.xlarge", 1), 547),
        (alike(1, 24, "m5.2xlarge", 5), 9),
    ];
    for (text, nodes) in rows {
        assert!(kinds(&play(&text(nodes))).contains(&TightKind::WarmTargetUnmet), "{nodes}");
        assert_eq!(play(&text(nodes + 1)).verdict, Verdict::Fails, "{nodes}");
    }
}

/// Without warm addresses a node of three pods takes four: 59 hold 14 with three left, where no further
/// node fits, and 13 with seven left. 56 of 59 are 95 percent, 52 are 88.1.
#[test]
fn room_for_one_more_node_and_the_margin() {
    let text = |nodes: u32, pods: u32| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\n\
             subnets: [{{name: a, zone: z, cidr: 10.0.0.0/26}}]\n\
             cni: {{minimum_ip_target: {pods}, warm_ip_target: 0}}\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [a], nodes: {nodes}, \
             pods_per_node: {pods}}}]\n"
        )
    };
    let full = play(&text(14, 3));
    assert_eq!(kinds(&full), [TightKind::NextEniRefused, TightKind::Margin]);
    let values: Vec<u64> = full.tight.iter().map(|reason| reason.value).collect();
    assert_eq!(values, [3, 95]);
    let subnet = &full.subnets[0];
    assert_eq!((subnet.peak_used, subnet.min_free, subnet.min_assignable_prefixes), (56, 3, 0));
    assert_eq!(kinds(&play(&text(13, 3))), []);
    assert_eq!(kinds(&with_margin(&text(13, 3), 88)), [TightKind::Margin]);
    assert_eq!(kinds(&with_margin(&text(13, 3), 89)), []);
    assert_eq!(kinds(&with_margin(&text(14, 3), 100)), []);
}

/// A p5.48xlarge has 49 addresses for its one pod in the pods' subnet: 2 of its 59 are in use. Its EFA
/// interface, of another network card, holds one of the node's subnet.
#[test]
fn what_waits_for_pods_is_in_the_subnet_of_its_eni() {
    let text = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\n\
                subnets: [{name: n, zone: z, cidr: 10.0.0.0/26}, {name: p, zone: z, cidr: 10.0.1.0/26}]\n\
                cni: {custom_networking: {z: p}}\n\
                node_groups: [{name: g, instance_type: p5.48xlarge, subnets: [n], nodes: 1, \
                pods_per_node: 1, extra_interfaces: {efa: 2}}]\n";
    let played = with_margin(text, 50);
    let used: Vec<u32> = played.steps[0].subnets.iter().map(|subnet| subnet.used).collect();
    assert_eq!((used, kinds(&played)), (vec![2, 50], vec![]));
}

fn of_kind(timeline: &Timeline, kind: TightKind) -> Vec<(&str, u64, &str)> {
    assert_eq!(timeline.verdict, Verdict::Fits, "{:?}", timeline.failures);
    let reasons = timeline.tight.iter().filter(|reason| reason.kind == kind);
    let told = reasons
        .map(|reason| (reason.subnet.as_deref().unwrap_or(""), reason.value, reason.text.as_str()));
    told.collect()
}

/// In a step the node that may come next is one with its warm pool. A node of an m5.2xlarge with 5 pods
/// takes 30 of the 251 addresses of a /24: 7 leave 41, and 8 leave 11, into which its five pods would fit.
#[test]
fn in_a_step_one_more_node_has_its_warm_pool() {
    let text = alike(1, 24, "m5.2xlarge", 5);
    let stepped = |nodes: u32, step: &str| play(&format!("{}steps: [{step}]\n", text(nodes)));
    let refused = TightKind::NextEniRefused;
    assert_eq!(of_kind(&stepped(7, "{upgrade_control_plane: {}}"), refused), []);
    for (nodes, step) in [(8, "{upgrade_control_plane: {}}"), (7, "{scale: {group: g, nodes: 8}}")]
    {
        assert_eq!(
            of_kind(&stepped(nodes, step), refused),
            [("s0", 11, "s0 has room for 11 more addresses: one more node of group g needs 30")]
        );
    }
    // The worst moment counts, with one node more for a while.
    let rolled = "{rollout: {group: g, max_surge: 1}}";
    assert_eq!(of_kind(&stepped(6, rolled), refused), []);
    let rolled = stepped(7, rolled);
    let room: Vec<u64> = of_kind(&rolled, refused).iter().map(|(_, room, _)| *room).collect();
    assert_eq!(room, [11]);
    // Targets say what is warm: 1 + 5 + 3 addresses each, and 8 leave 251 − 72.
    let step = "{set_cni: {warm_ip_target: 3}}";
    assert_eq!(of_kind(&stepped(8, step), refused), []);
}

/// Where pods have a subnet of their own, one more node takes an address of the nodes' and the rest of the
/// pods': m5.large with 5 pods two ENIs of 10, with a trunk one of them less and an address for the trunk.
#[test]
fn in_a_step_one_more_node_takes_of_both_subnets() {
    let text = |cni: &str, nodes: u32, (len, used): (u8, u32)| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets: [{{name: n, zone: z, cidr: 10.0.0.0/{len}}}, \
             {{name: p, zone: z, cidr: 10.0.1.0/25, used: {used}}}]\n\
             cni: {{custom_networking: {{z: p}}, {cni}}}\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [n], nodes: {nodes}, \
             pods_per_node: 5}}]\nsteps: [{{upgrade_control_plane: {{}}}}]\n"
        )
    };
    let refused = |cni, nodes, subnets| {
        let timeline = play(&text(cni, nodes, subnets));
        let told = of_kind(&timeline, TightKind::NextEniRefused);
        told.iter().map(|(_, _, text)| (*text).to_owned()).collect::<Vec<_>>()
    };
    // Of 123 addresses five nodes leave 23; then three or four are used by others.
    assert_eq!(refused("", 5, (28, 3)), [""; 0]);
    assert_eq!(
        refused("", 5, (28, 4)),
        ["p has room for 19 more addresses: one more node of group g needs 20"]
    );
    // Ten nodes of 11 leave 13.
    assert_eq!(refused("pod_eni: true", 10, (27, 2)), [""; 0]);
    assert_eq!(
        refused("pod_eni: true", 10, (27, 3)),
        ["p has room for 10 more addresses: one more node of group g needs 11"]
    );
    // Eleven nodes fill the /28.
    assert_eq!(
        refused("pod_eni: true", 11, (28, 0))[..1],
        ["n has room for 0 more addresses: one more node of group g needs 1"]
    );
}

/// Targets that no form tells of are played out: an idle node without a warm ENI takes one of 10 addresses
/// under custom networking and gives it back, again and again.
#[test]
fn in_a_step_one_more_node_is_played_where_it_never_settles() {
    let text = |used: u32| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets: [{{name: n, zone: z, cidr: 10.0.0.0/24}}, \
             {{name: p, zone: z, cidr: 10.0.1.0/27, used: {used}}}]\n\
             cni: {{custom_networking: {{z: p}}, warm_eni_target: 0}}\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [n], nodes: 1, \
             pods_per_node: 0}}]\nsteps: [{{upgrade_control_plane: {{}}}}]\n"
        )
    };
    for (used, room) in [(7, None), (8, Some(9))] {
        let timeline = with_margin(&text(used), 99);
        let told = of_kind(&timeline, TightKind::NextEniRefused);
        assert_eq!(told.first().map(|(_, room, _)| *room), room, "{used}");
    }
}

/// A /26 has two blocks that can be delegated, which a node with nine pods holds: one is warm. A /25 has six,
/// of which the node's ENI spoils one at most.
#[test]
fn the_last_prefixes() {
    let text = |len: u8, nodes: u32| {
        format!(
            "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets: [{{name: n, zone: z, cidr: 10.0.0.0/24}}, \
             {{name: p, zone: z, cidr: 10.0.1.0/{len}}}]\n\
             cni: {{prefix_delegation: true, custom_networking: {{z: p}}}}\n\
             node_groups: [{{name: g, instance_type: m5.large, subnets: [n], nodes: {nodes}, \
             pods_per_node: 9}}]\n"
        )
    };
    let tight = play(&text(26, 1)).tight;
    let [TightReason { kind, value, subnet, .. }] = tight.as_slice() else { panic!("{tight:?}") };
    assert_eq!((*kind, *value, subnet.as_deref()), (TightKind::LastPrefixes, 0, Some("p")));
    assert_eq!(kinds(&play(&text(25, 1))), []);
}
