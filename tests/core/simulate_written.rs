//! A scenario that is made as values is written as a file that reads back as the same values, without
//! what is as it would be anyway.

use std::{collections::BTreeMap, fs, path::Path};

use eksnet::{
    density::Os,
    simulate::{
        Cni, ControlPlane, ExtraInterfaces, Fragments, HeldRange, MaxPods, NodeGroup, Other,
        PodsPerNode, PoolLimits, PrefixSize, Reservation, ReservationType, RolloutLike, Scaler,
        Scenario, Share, Start, Step, Subnet, Target, Topology, Used, Vpc, WeightedType,
        WindowsCni, parse,
    },
    yaml,
};
use proptest::prelude::*;

/// As YAML and as JSON, each read back.
fn held(scenario: &Scenario) -> String {
    let yaml = serde_saphyr::to_string(scenario).unwrap();
    let json = serde_json::to_string(scenario).unwrap();
    for text in [&yaml, &json] {
        let back = parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(&back, scenario, "{text}");
    }
    yaml
}

#[test]
fn examples_are_written_as_they_were_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut paths = vec![folder.join("move-pods.yaml")];
    let scenarios = fs::read_dir(folder.join("scenarios")).unwrap();
    paths.extend(scenarios.map(|entry| entry.unwrap().path()));
    assert!(paths.len() > 5);
    for path in paths {
        held(&parse(&fs::read_to_string(&path).unwrap()).unwrap());
    }
}

#[test]
fn what_is_as_it_would_be_anyway_is_left_out() {
    assert_eq!(held(&Scenario::default()), "version: 1\n");
    let scenario = Scenario {
        vpc: Some(Vpc { cidrs: vec!["10.0.0.0/16".parse().unwrap()] }),
        subnets: vec![subnet("a", Used::default())],
        cni: Cni {
            version: Some("1.20".into()),
            warm_ip_target: Some(Target::Unset),
            minimum_ip_target: Some(Target::Value(12)),
            custom_networking: Some(BTreeMap::new()),
            ..Cni::default()
        },
        node_groups: vec![NodeGroup {
            name: "y".into(),
            instance_type: Some("m5.large".into()),
            subnets: vec!["a".into()],
            nodes: Some(3),
            pods_per_node: Some(PodsPerNode::Fill),
            ..NodeGroup::default()
        }],
        steps: vec![
            Step::Rollout {
                group: "y".into(),
                max_surge: Some(Share::Percent(33)),
                max_unavailable: None,
                budget: None,
                like: None,
            },
            Step::LoseZone("1".into()),
            Step::UpgradeControlPlane {},
        ],
        ..Scenario::default()
    };
    insta::assert_snapshot!(held(&scenario), @r#"
    version: 1
    vpc:
      cidrs:
      - 10.0.0.0/16
    subnets:
    - name: a
      zone: "no"
      cidr: 10.0.0.0/24
    cni:
      version: "1.20"
      custom_networking: {}
      warm_ip_target: unset
      minimum_ip_target: 12
    node_groups:
    - name: "y"
      instance_type: m5.large
      subnets:
      - a
      nodes: 3
      pods_per_node: fill
    steps:
    - rollout:
        group: "y"
        max_surge: 33%
    - lose_zone: "1"
    - upgrade_control_plane:
        {}
    "#);
}

fn subnet(name: &str, used: Used) -> Subnet {
    Subnet {
        name: name.into(),
        zone: "no".into(),
        cidr: "10.0.0.0/24".parse().unwrap(),
        used,
        tags: BTreeMap::new(),
        reservations: Vec::new(),
    }
}

/// Names that YAML would take for something else, if they were not quoted.
fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "a",
        "eu-west-1a",
        "1",
        "1.20",
        "yes",
        "null",
        "~",
        "- x",
        "a: b",
        "#",
        "é",
        "",
        "0x1f",
        "'",
    ])
    .prop_map(str::to_owned)
}

fn target() -> impl Strategy<Value = Option<Target>> {
    prop::option::of(prop_oneof![Just(Target::Unset), any::<i64>().prop_map(Target::Value)])
}

fn pods() -> impl Strategy<Value = PodsPerNode> {
    prop_oneof![Just(PodsPerNode::Fill), any::<u32>().prop_map(PodsPerNode::Pods)]
}

fn share() -> impl Strategy<Value = Option<Share>> {
    prop::option::of(prop_oneof![
        any::<u32>().prop_map(Share::Count),
        any::<u32>().prop_map(Share::Percent)
    ])
}

fn used() -> impl Strategy<Value = Used> {
    let ranges = [
        HeldRange::Address("10.0.0.9".parse().unwrap()),
        HeldRange::Prefix("10.0.0.16/28".parse().unwrap()),
    ];
    prop_oneof![
        any::<u32>().prop_map(Used::Count),
        Just(Used::List(ranges.to_vec())),
        Just(Used::List(Vec::new())),
        any::<(u32, u64)>().prop_map(|(count, seed)| Used::Fragments(Fragments { count, seed })),
    ]
}

fn zones() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop::collection::btree_map(name(), name(), 0..3)
}

fn cni() -> impl Strategy<Value = Cni> {
    let switches = prop::collection::vec(any::<Option<bool>>(), 5);
    let targets = prop::collection::vec(target(), 5);
    let texts = prop::collection::vec(prop::option::of(name()), 2);
    let windows = (any::<Option<bool>>(), target(), target(), target()).prop_map(
        |(prefix_delegation, warm_ip_target, minimum_ip_target, warm_prefix_target)| WindowsCni {
            prefix_delegation,
            warm_ip_target,
            minimum_ip_target,
            warm_prefix_target,
        },
    );
    let rest = (any::<Option<u32>>(), prop::option::of(zones()), prop::option::of(windows));
    (switches, targets, texts, rest).prop_map(|(switches, targets, texts, rest)| Cni {
        version: texts[0].clone(),
        prefix_delegation: switches[0],
        custom_networking: rest.1,
        warm_eni_target: targets[0],
        warm_ip_target: targets[1],
        minimum_ip_target: targets[2],
        warm_prefix_target: targets[3],
        max_eni: targets[4],
        pod_eni: switches[1],
        subnet_discovery: switches[2],
        cooldown_seconds: rest.0,
        disable_network_provisioning: switches[3],
        cluster_name: texts[1].clone(),
        ipv6: switches[4],
        windows: rest.2,
    })
}

fn group() -> impl Strategy<Value = NodeGroup> {
    let scalers = prop::sample::select(vec![
        Scaler::ManagedNodeGroup,
        Scaler::Asg,
        Scaler::Karpenter,
        Scaler::None,
    ]);
    let topology = prop::sample::select(vec![Topology::Spread, Topology::Pack]);
    let max_pods = prop_oneof![Just(MaxPods::Auto), any::<u32>().prop_map(MaxPods::Pods)];
    let counts = (0..=i64::MAX.unsigned_abs(), prop::collection::vec(any::<Option<u32>>(), 4));
    let types = prop::collection::vec((name(), any::<u32>()), 0..3);
    let shares = prop::collection::btree_map(name(), -1e9..1e9, 0..3);
    (name(), scalers, topology, max_pods, counts, types, shares, prop::option::of(pods())).prop_map(
        |(name, scaler, topology, max_pods, (nodes, counts), types, zone_share, pods)| NodeGroup {
            instance_type: types.first().map(|(name, _)| name.clone()),
            instance_types: types
                .into_iter()
                .map(|(instance_type, weight)| WeightedType { instance_type, weight })
                .collect(),
            subnets: vec![name.clone()],
            os: if counts[2].is_some() { Os::Linux } else { Os::Windows },
            auto_mode: counts[3].is_some(),
            ipv4_prefix_size: if counts[2].is_some() {
                PrefixSize::Auto
            } else {
                PrefixSize::Single
            },
            pod_subnets: BTreeMap::from([(name.clone(), "p".to_owned())]),
            name,
            nodes: Some(nodes),
            warm_pool: counts[0].unwrap_or(0),
            extra_interfaces: ExtraInterfaces {
                efa: counts[1].unwrap_or(0),
                efa_only: counts[2].unwrap_or(0),
                unmanaged: counts[3].unwrap_or(0),
                unmanaged_addresses: counts[0],
            },
            ip_prefix_count: counts[3].unwrap_or(0),
            ipv4_prefix_count: counts[1].unwrap_or(0),
            ipv4_address_count: counts[2].unwrap_or(0),
            min: counts[0],
            max: counts[1],
            max_pods,
            pods_per_node: pods,
            host_network_pods: counts[2],
            branch_pods_per_node: counts[3],
            scaler: Some(scaler),
            zone_share,
            topology,
            disruption_budgets: counts[3].map(Share::Count).into_iter().collect(),
            limits: limits(counts[1]),
        },
    )
}

/// Limits as a scenario writes them.
fn limits(number: Option<u32>) -> PoolLimits {
    let text = number.map_or_else(String::new, |n| format!("cpu: {n}, memory: {n}Gi, nodes: 1.5k"));
    yaml::read(&format!("{{{text}}}")).unwrap()
}

fn step() -> impl Strategy<Value = Step> {
    let likes = prop::sample::select(vec![
        RolloutLike::ManagedNodeGroup,
        RolloutLike::ManagedNodeGroupMinimal,
        RolloutLike::Karpenter,
    ]);
    let count = || 0..=i64::MAX.unsigned_abs();
    prop_oneof![
        (name(), count()).prop_map(|(group, nodes)| Step::Scale { group, nodes }),
        (name(), count()).prop_map(|(group, pods)| Step::Burst { group, pods }),
        (name(), pods()).prop_map(|(group, per_node)| Step::Pods { group, per_node }),
        (name(), 0.0..1e9).prop_map(|(group, factor)| Step::Grow { group, factor }),
        (name(), share(), share(), share(), prop::option::of(likes)).prop_map(
            |(group, max_surge, max_unavailable, budget, like)| Step::Rollout {
                group,
                max_surge,
                max_unavailable,
                budget,
                like
            }
        ),
        name().prop_map(Step::LoseZone),
        name().prop_map(Step::RestoreZone),
        Just(Step::UpgradeControlPlane {}),
        cni().prop_map(Step::SetCni),
        (name(), any::<u32>(), any::<u32>()).prop_map(|(group, pods_per_minute, minutes)| {
            Step::Churn { group, pods_per_minute, minutes }
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_scenario_is_read_back(
        (used, tags, cni) in (used(), zones(), cni()),
        (fallback, at_once) in any::<(bool, bool)>(),
        groups in prop::collection::vec(group(), 0..3),
        (interfaces, addresses, what) in (any::<u32>(), any::<u32>(), name()),
        steps in prop::collection::vec(step(), 0..6),
    ) {
        let kind = if fallback { ReservationType::Prefix } else { ReservationType::Explicit };
        let reservations = vec![Reservation { cidr: "10.0.0.0/26".parse().unwrap(), kind }];
        held(&Scenario {
            version: 1,
            vpc: at_once.then(|| Vpc { cidrs: vec!["10.0.0.0/16".parse().unwrap()] }),
            subnets: vec![Subnet { tags, reservations, ..subnet(&what, used) }],
            cni,
            prefix_reservation_fallback: fallback,
            start: if at_once { Start::AtOnce } else { Start::Grown },
            node_groups: groups,
            control_plane: at_once
                .then(|| ControlPlane { subnets: vec![what.clone()], interfaces }),
            others: vec![Other { subnet: what.clone(), addresses, what }],
            steps,
        });
    }
}
