//! Windows node groups and IPv6 clusters, counted by hand.

use eksnet::{
    instance::BUILTIN,
    ipam::{
        CountedSubnets, Node, PoolMode, PoolRules, PoolSettings, SubnetSide,
        windows::{WindowsSettings, steady_state},
    },
    simulate::{Layout, Reason, Shortage, Timeline, Verdict, check, parse, run},
};
use proptest::prelude::*;

/// Zone z has the subnet a for nodes and p for pods, zone y has b.
fn text(cni: &str, groups: &str, steps: &str) -> String {
    format!(
        "version: 1\nvpc: {{cidrs: [10.0.0.0/16]}}\nsubnets:\n\
         - {{name: a, zone: z, cidr: 10.0.0.0/24}}\n- {{name: b, zone: y, cidr: 10.0.1.0/24}}\n\
         - {{name: p, zone: z, cidr: 10.0.2.0/24, tags: {{kubernetes.io/role/cni: \"1\"}}}}\n\
         cni: {cni}\nnode_groups: [{groups}]\nsteps: [{steps}]\n"
    )
}

fn layout(text: &str) -> Result<Layout<'static>, String> {
    let scenario = parse(text).map_err(|error| error.to_string())?;
    check(&scenario, &BUILTIN, false).map_err(|error| error.to_string())
}

fn play(cni: &str, groups: &str, steps: &str) -> Timeline {
    run(&layout(&text(cni, groups, steps)).unwrap(), 1)
}

/// Addresses in use of a, b and p at the end of a step.
fn used(timeline: &Timeline, step: usize) -> Vec<u32> {
    timeline.steps[step].subnets.iter().map(|subnet| subnet.used).collect()
}

const WINDOWS: &str =
    "{name: w, os: windows, instance_type: m5.large, subnets: [a], nodes: 4, pods_per_node: 4}";

/// Each node holds its own address, its pods' and three that are warm, at least three in all and at most the
/// nine that an ENI of an m5.large has beside its own.
#[test]
fn windows_nodes_hold_their_pods_and_three_more() {
    for (pods, each) in [(0, 1 + 3), (1, 1 + 4), (4, 1 + 7), (6, 1 + 9), (9, 1 + 9)] {
        let group = WINDOWS.replace("pods_per_node: 4", &format!("pods_per_node: {pods}"));
        let timeline = play("{}", &group, "");
        assert_eq!(used(&timeline, 0), [4 * each, 0, 0], "{pods}");
        assert_eq!(timeline.verdict, Verdict::Fits);
    }
    // Nine addresses are nine pods, whatever the kubelet would take.
    for max_pods in ["", ", max_pods: 40"] {
        let group = WINDOWS.replace("pods_per_node: 4", &format!("pods_per_node: 10{max_pods}"));
        let failure = play("{}", &group, "").first_failure().cloned().unwrap();
        assert_eq!((failure.reason, failure.wanted, failure.placed), (Reason::MaxPods, 40, 36));
    }
    let full = WINDOWS.replace("pods_per_node: 4", "pods_per_node: fill");
    assert_eq!(play("{}", &full, "").steps[0].groups[0].pods_placed, 36);
}

/// Nothing of the daemonset's counts for them: not its targets, not ENIConfigs, not tags.
#[test]
fn windows_nodes_have_settings_of_their_own() {
    let alone = "{warm_ip_target: 9, max_eni: 1, prefix_delegation: true, pod_eni: true, \
                 disable_network_provisioning: true}";
    assert_eq!(used(&play(alone, WINDOWS, ""), 0), [32, 0, 0]);
    let beside = format!(
        "{WINDOWS}, {{name: g, instance_type: m5.large, subnets: [a], nodes: 1, pods_per_node: 4}}"
    );
    let custom = play("{custom_networking: {z: p}}", &beside, "");
    // The Linux node's pods and its warm ENI are in p, two ENIs of 10.
    assert_eq!(used(&custom, 0), [32 + 1, 0, 20]);
    let rows = [
        ("{warm_ip_target: 1}", 4 + 1),
        ("{warm_ip_target: 0}", 4 + 1),
        ("{minimum_ip_target: 7}", 7),
        ("{warm_ip_target: 2, minimum_ip_target: 8}", 8),
        ("{warm_ip_target: 20}", 9),
        ("{prefix_delegation: true}", 16),
        ("{prefix_delegation: true, warm_ip_target: 13}", 32),
        ("{prefix_delegation: true, warm_prefix_target: 2}", 48),
        ("{prefix_delegation: true, warm_prefix_target: 2, warm_ip_target: 1}", 16),
    ];
    for (windows, each) in rows {
        let timeline = play(&format!("{{windows: {windows}}}"), WINDOWS, "");
        assert_eq!(used(&timeline, 0), [4 * (1 + each), 0, 0], "{windows}");
    }
    // A minimum alone leaves nothing warm, and grows for no pod: 3 of 4 have an address.
    let stuck = play("{windows: {minimum_ip_target: 3}}", WINDOWS, "");
    let failure = stuck.first_failure().unwrap();
    assert_eq!((failure.reason, failure.wanted, failure.placed), (Reason::PoolLimit, 16, 12));
    // Other targets hold at once, on nodes that run too.
    let timeline = play("{}", WINDOWS, "{set_cni: {windows: {warm_ip_target: 5}}}");
    assert_eq!((used(&timeline, 0), used(&timeline, 1)), (vec![32, 0, 0], vec![40, 0, 0]));
}

/// A t2.medium is no Nitro type: five addresses beside the ENI's own, and no prefixes.
#[test]
fn windows_types_without_prefixes_fall_back() {
    let group = WINDOWS.replace("m5.large", "t2.medium");
    let timeline = play("{windows: {prefix_delegation: true}}", &group, "");
    assert_eq!(used(&timeline, 0), [4 * (1 + 5), 0, 0]);
}

/// 251 addresses: 31 nodes of 8 leave three. The 32nd has its own and two of the seven it asks for, which
/// come together or not at all.
#[test]
fn windows_nodes_in_a_full_subnet() {
    let many = WINDOWS.replace("nodes: 4", "nodes: 32");
    let timeline = play("{}", &many, "");
    let failure = timeline.first_failure().unwrap();
    assert_eq!(failure.what, Shortage::Pods);
    assert_eq!(failure.reason, Reason::InsufficientFreeAddresses);
    assert_eq!((failure.wanted, failure.placed), (128, 124));
    assert_eq!(play("{}", &WINDOWS.replace("nodes: 4", "nodes: 31"), "").verdict, Verdict::Fits);
}

/// Addresses rest for 30 s, and on Windows those that rest are not warm: with churn the node takes more.
#[test]
fn windows_addresses_that_rest_are_not_warm() {
    let timeline = play("{}", WINDOWS, "{churn: {group: w, pods_per_minute: 8, minutes: 3}}");
    assert_eq!(timeline.verdict, Verdict::Fits);
    let churned = &timeline.steps[1].subnets[0];
    assert!(churned.peak_used > 32, "{churned:?}");
    assert_eq!(churned.used, 32);
}

const GROUP: &str =
    "{name: g, instance_type: m5.large, subnets: [a, b], nodes: 6, pods_per_node: 90}";

/// An address a node, whatever runs there, and one for a trunk and for each branch ENI.
#[test]
fn ipv6_nodes_take_one_address() {
    let timeline = play(
        "{ipv6: true}",
        GROUP,
        "{lose_zone: y}, {restore_zone: y}, {rollout: {group: g, max_surge: 2}}",
    );
    assert_eq!(timeline.verdict, Verdict::Fits);
    assert_eq!(timeline.steps[0].groups[0].pods_placed, 540);
    assert_eq!((used(&timeline, 0), used(&timeline, 1)), (vec![3, 3, 0], vec![6, 0, 0]));
    // Two nodes more while they are replaced.
    assert_eq!(timeline.steps[3].subnets[0].peak_used, 8);
    // Max pods are the cap alone: 110, less 2 host-network pods.
    let full = GROUP.replace("pods_per_node: 90", "pods_per_node: fill");
    assert_eq!(play("{ipv6: true}", &full, "").steps[0].groups[0].pods_placed, 6 * 108);
    let group = GROUP.replace("pods_per_node: 90", "pods_per_node: 20, branch_pods_per_node: 4");
    let timeline = play("{ipv6: true, pod_eni: true}", &group, "");
    assert_eq!(timeline.steps[0].groups[0].pods_placed, 6 * 24);
    assert_eq!(used(&timeline, 0), [3 * (1 + 1 + 4), 3 * (1 + 1 + 4), 0]);
    let calls = &play("{ipv6: true}", GROUP, "").steps[0].ec2_calls;
    assert_eq!((calls["AssignIpv6Addresses"], calls.get("AssignPrivateIpAddresses")), (6, None));
}

/// An idle /28 holds eleven nodes with 90 pods each, and no twelfth.
#[test]
fn ipv6_nodes_fill_a_subnet_one_by_one() {
    let text = text(
        "{ipv6: true}",
        GROUP,
        "{scale: {group: g, nodes: 11}}, {scale: {group: g, nodes: 12}}",
    )
    .replace("10.0.0.0/24", "10.0.0.0/28")
    .replace("subnets: [a, b]", "subnets: [a]");
    let timeline = run(&layout(&text).unwrap(), 1);
    let failure = timeline.first_failure().unwrap();
    assert_eq!((failure.step, failure.what, failure.placed), (2, Shortage::Nodes, 11));
    assert_eq!(timeline.subnets[0].peak_used, 11);
}

#[test]
fn contradictions_are_named() {
    let windows = |keys: &str| ("{}".to_owned(), WINDOWS.replace("nodes: 4", keys), "");
    let ipv6 =
        |keys: &str, group: &str, step| (format!("{{ipv6: true{keys}}}"), group.to_owned(), step);
    let rows = [
        windows("nodes: 4, branch_pods_per_node: 1"),
        windows("nodes: 4, pod_subnets: {z: p}"),
        ("{}".to_owned(), WINDOWS.replace("m5.large", "m7g.large"), ""),
        ipv6("", WINDOWS, ""),
        ipv6(", custom_networking: {z: p}", GROUP, ""),
        ipv6("", &GROUP.replace("nodes: 6", "nodes: 6, pod_subnets: {z: p, y: b}"), ""),
        ipv6("", &GROUP.replace("m5.large", "t2.medium"), ""),
        ipv6("", GROUP, "{set_cni: {custom_networking: {z: p}}}"),
        ("{}".to_owned(), GROUP.to_owned(), "{set_cni: {ipv6: true}}"),
    ];
    let errors = rows.map(|(cni, groups, steps)| layout(&text(&cni, &groups, steps)).unwrap_err());
    insta::assert_snapshot!(errors.join("\n"), @r"
    node_groups.w.branch_pods_per_node: Windows nodes have no security groups for pods
    node_groups.w.pod_subnets: Windows nodes take pod addresses from their own subnet: they have no ENIConfig
    node_groups.w.os: EKS has no Windows AMI for the architecture of m7g.large
    node_groups.w.os: Windows nodes cannot run in an IPv6 cluster
    cni.custom_networking: IPv6 clusters have no custom networking
    node_groups.g.pod_subnets: IPv6 clusters have no custom networking
    node_groups.g: `t2.medium` cannot run IPv6 pods: the type is neither Nitro nor bare metal (xen)
    steps[0].set_cni.custom_networking: IPv6 clusters have no custom networking
    steps[0].set_cni.ipv6: the IP family of a cluster cannot be changed
    ");
}

#[test]
fn what_has_no_effect_is_told() {
    let notes = |cni: &str, groups: &str, steps: &str| {
        layout(&text(cni, groups, steps)).unwrap().notes().join("\n")
    };
    assert_eq!(notes("{ipv6: true, pod_eni: true}", GROUP, ""), "");
    assert_eq!(notes("{windows: {warm_ip_target: 1}}", WINDOWS, ""), "");
    let step = "{set_cni: {max_eni: 2}}";
    insta::assert_snapshot!(notes("{ipv6: true, warm_ip_target: 5}", GROUP, step), @"cni.warm_ip_target, cni.max_eni: no effect in an IPv6 cluster, where each node has one IPv6 prefix for all its pods");
    insta::assert_snapshot!(notes("{windows: {warm_ip_target: 1}}", GROUP, ""), @"cni.windows: no effect, because no node group has os: windows");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A pool that is looked at pass by pass ends where the form says, as pods come and go.
    #[test]
    fn a_windows_pool_settles_where_the_form_says(
        (warm, minimum, prefixes) in prop::array::uniform3(prop::option::of(-2i64..40)).prop_map(|[a, b, c]| (a, b, c)),
        is_prefix in any::<bool>(),
        pods in prop::collection::vec(0u32..40, 1..4),
    ) {
        let mode = if is_prefix { PoolMode::Prefix } else { PoolMode::SecondaryIp };
        let targets = WindowsSettings {
            warm_ip_target: warm,
            minimum_ip_target: minimum,
            warm_prefix_target: prefixes,
        };
        let settings = PoolSettings {
            enis: 1,
            ipv4_per_eni: 10,
            mode,
            rules: PoolRules::Windows(targets.targets(mode)),
            ..PoolSettings::default()
        };
        let mut subnets = CountedSubnets::new(None, None);
        let (mut node, started) = Node::start(settings.clone(), &mut subnets);
        prop_assert!(started.is_ok());
        for pods in pods {
            let pods = pods.min(settings.most_addresses());
            for _ in 0..30 {
                let now = node.counts().assigned;
                node.add_pods(pods.saturating_sub(now));
                (pods..now).for_each(|_| { node.delete_newest(); });
                node.pass(&mut subnets);
            }
            let form = eksnet::ipam::steady_state(&settings, pods);
            let Some(form) = form else { continue };
            let steady = steady_state(10, mode, &targets, pods);
            prop_assert_eq!((form.slots, form.addresses), (steady.slots, steady.addresses));
            prop_assert_eq!(node.counts().assigned, pods);
            prop_assert_eq!(node.counts().prefixes, form.slots);
            prop_assert_eq!(subnets.used(SubnetSide::Node), 1 + node.counts().addresses);
            prop_assert!(!node.is_below_target());
        }
    }
}
