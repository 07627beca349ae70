//! Random small scenarios, as text: what fails can be read, and kept.

use proptest::{prelude::*, sample::select};

type Text = BoxedStrategy<String>;

fn one_of(values: &'static [&'static str]) -> Text {
    select(values).prop_map(str::to_owned).boxed()
}

/// Mostly nothing, else `key: value` with one of the values.
fn maybe(key: &'static str, values: &'static [&'static str]) -> Text {
    let written = one_of(values).prop_map(move |value| format!("{key}: {value}"));
    prop_oneof![3 => Just(String::new()), 1 => written].boxed()
}

/// What is written of these, in braces.
fn map(entries: Vec<Text>) -> Text {
    entries
        .prop_map(|mut entries| {
            entries.retain(|entry| !entry.is_empty());
            format!("{{{}}}", entries.join(", "))
        })
        .boxed()
}

fn cni() -> Text {
    map(vec![
        maybe("version", &["\"1.23\"", "1.22.0", "\"1.21\"", "1.20.3"]),
        maybe("cluster_name", &["mine", "theirs"]),
        maybe("prefix_delegation", &["true", "true", "false"]),
        maybe("custom_networking", &["{z: c}", "{z: c, y: d}", "{z: a, y: d}", "{}"]),
        maybe("pod_eni", &["true", "true", "false"]),
        maybe("subnet_discovery", &["false", "true"]),
        maybe("cooldown_seconds", &["0", "7", "60"]),
        maybe("disable_network_provisioning", &["true", "false", "false"]),
        maybe("warm_eni_target", &["0", "2", "unset", "-1"]),
        maybe("warm_ip_target", &["1", "3", "17", "unset"]),
        maybe("minimum_ip_target", &["2", "12", "30"]),
        maybe("warm_prefix_target", &["0", "2", "unset"]),
        maybe("max_eni", &["1", "2", "0", "unset"]),
    ])
}

/// Parts of the subnet 10.0.AT.0/LEN that are so many bits smaller, one after the other.
fn reservations(at: u32, len: u32) -> Text {
    let kinds = one_of(&["prefix", "explicit", "prefix explicit", "prefix prefix"]);
    let some = (kinds, 1u32..=4, 0u32..16).prop_map(move |(kinds, longer, first)| {
        let part = (len + longer).min(32);
        let cidr = |which: u32| format!("10.0.{at}.{}/{part}", (which << (32 - part)) % 256);
        let all: Vec<String> = (0..)
            .zip(kinds.split(' '))
            .map(|(more, kind)| {
                let which = (first + more) % (1 << (part - len));
                format!("{{cidr: {}, type: {kind}}}", cidr(which))
            })
            .collect();
        format!("reservations: [{}]", all.join(", "))
    });
    prop_oneof![3 => Just(String::new()), 1 => some].boxed()
}

fn used(at: u32, len: u32) -> Text {
    let single = (4u32..15).prop_map(move |last| format!("10.0.{at}.{last}"));
    let list = (prop::collection::btree_set(single, 0..4), any::<bool>());
    let list = list.prop_map(move |(singles, prefix)| {
        // The first block that may be delegated, where there is one.
        let prefix = (prefix && len < 27).then(|| format!("10.0.{at}.16/28"));
        let held: Vec<String> = singles.into_iter().chain(prefix).collect();
        format!("used: [{}]", held.join(", "))
    });
    let scattered = (0u32..12, 0u32..3)
        .prop_map(|(count, seed)| format!("used: {{count: {count}, seed: {seed}}}"));
    let count = (0u32..12).prop_map(|count| format!("used: {count}"));
    prop_oneof![4 => Just(String::new()), 1 => count, 1 => scattered, 1 => list].boxed()
}

const TAGS: &[&str] = &[
    "{kubernetes.io/role/cni: \"1\"}",
    "{kubernetes.io/role/cni: anything}",
    "{kubernetes.io/role/cni: \"0\"}",
    "{kubernetes.io/role/cni: \"\"}",
    "{kubernetes.io/role/cni: \"1\", cni.networking.k8s.aws/cluster/mine: shared}",
    "{kubernetes.io/role/cni: \"1\", kubernetes.io/cluster/mine: owned}",
    "{other: \"1\"}",
];

/// Zone z has the subnets a and c, zone y has b and d.
fn subnet(at: u32, name: &'static str, zone: &'static str) -> Text {
    let len = prop_oneof![2 => Just(24u32), 1 => 24u32..=28];
    len.prop_flat_map(move |len| {
        let head = format!("name: {name}, zone: {zone}, cidr: 10.0.{at}.0/{len}");
        map(vec![Just(head).boxed(), used(at, len), maybe("tags", TAGS), reservations(at, len)])
    })
    .boxed()
}

fn pods() -> Text {
    prop_oneof![
        4 => (0u32..7).prop_map(|pods| pods.to_string()),
        2 => (7u32..25).prop_map(|pods| pods.to_string()),
        1 => Just("fill".to_owned()),
    ]
    .boxed()
}

fn group(name: &'static str) -> Text {
    map(vec![
        Just(format!("name: {name}")).boxed(),
        one_of(&[
            "instance_type: m5.large",
            "instance_type: t3.small",
            "instance_types: [{type: m5.large, weight: 2}, {type: t3.small}]",
            "instance_types: [{type: t2.medium}, {type: t3.nano, weight: 0}, {type: m5.large}]",
        ]),
        one_of(&["[a]", "[a, b]", "[b, a]", "[a, b, c]", "[c]"])
            .prop_map(|subnets| format!("subnets: {subnets}"))
            .boxed(),
        (0u32..7).prop_map(|nodes| format!("nodes: {nodes}")).boxed(),
        pods().prop_map(|pods| format!("pods_per_node: {pods}")).boxed(),
        maybe("max", &["7", "9"]),
        maybe("max_pods", &["auto", "4", "11", "40"]),
        maybe("host_network_pods", &["0", "1", "3", "9"]),
        maybe("branch_pods_per_node", &["1", "3", "10"]),
        one_of(&[
            "scaler: managed_node_group",
            "scaler: asg",
            "scaler: karpenter",
            "scaler: karpenter, limits: {nodes: 5}",
            "scaler: karpenter, limits: {cpu: 9, memory: 64Gi}, disruption_budgets: [34%, 3]",
            "scaler: karpenter, limits: {memory: 20Gi}, disruption_budgets: [0]",
            "scaler: karpenter, disruption_budgets: [50%]",
            "scaler: none",
        ]),
        maybe("topology", &["pack", "spread"]),
        maybe("pod_subnets", &["{z: c}", "{z: c}", "{z: a, y: d}"]),
        maybe("zone_share", &["{z: 0.5}", "{z: 0.25}", "{y: 1}"]),
    ])
}

const BOUNDS: &[&str] = &[
    "",
    ", max_surge: 1",
    ", max_surge: 34%",
    ", max_surge: 100%",
    ", max_unavailable: 2",
    ", max_unavailable: 50%",
    ", max_surge: 1, max_unavailable: 1",
    ", like: managed_node_group, max_unavailable: 3",
    ", like: managed_node_group_minimal",
    ", like: karpenter",
    ", like: karpenter, budget: 2",
    ", budget: 100%",
];

fn step() -> Text {
    // A step's name, and what it says beside its group.
    let of_group = |name: &'static str, rest: Text| {
        (one_of(&["g", "g", "g", "h"]), rest)
            .prop_map(move |(group, rest)| format!("{name}: {{group: {group}{rest}}}"))
    };
    let number = |key: &'static str, most: u32| {
        (0..most).prop_map(move |number| format!(", {key}: {number}")).boxed()
    };
    let per_node = pods().prop_map(|pods| format!(", per_node: {pods}")).boxed();
    let rate = (0u32..120, 0u32..4)
        .prop_map(|(pods, minutes)| format!(", pods_per_minute: {pods}, minutes: {minutes}"));
    prop_oneof![
        3 => of_group("scale", number("nodes", 9)),
        3 => of_group("pods", per_node),
        3 => of_group("burst", number("pods", 60)),
        3 => of_group("rollout", one_of(BOUNDS)),
        2 => of_group("churn", rate.boxed()),
        1 => of_group("grow", one_of(&[", factor: 0", ", factor: 0.5", ", factor: 1.1", ", factor: 2"])),
        2 => one_of(&["lose_zone: z", "lose_zone: y"]),
        2 => one_of(&["restore_zone: z", "restore_zone: y"]),
        1 => Just("upgrade_control_plane: {}".to_owned()),
        3 => cni().prop_map(|cni| format!("set_cni: {cni}")),
    ]
    .boxed()
}

const CONTROL_PLANES: &[&str] =
    &["{subnets: [a, b], interfaces: 4}", "{subnets: [b]}", "{subnets: [c, b, a], interfaces: 1}"];
const OTHERS: &[&str] =
    &["[{subnet: a, addresses: 5}]", "[{subnet: b, addresses: 9}, {subnet: a, addresses: 30}]"];

/// A scenario's text; a few are refused.
pub(crate) fn scenario() -> impl Strategy<Value = String> {
    let head = "version: 1\nvpc: {cidrs: [10.0.0.0/16]}\nsubnets:";
    let steps = prop::collection::vec(step(), 0..6).prop_map(|steps| {
        if steps.is_empty() { String::new() } else { "steps:\n- ".to_owned() + &steps.join("\n- ") }
    });
    let lines = vec![
        Just(head.to_owned()).boxed(),
        subnet(0, "a", "z").prop_map(|subnet| format!("- {subnet}")).boxed(),
        subnet(1, "b", "y").prop_map(|subnet| format!("- {subnet}")).boxed(),
        subnet(2, "c", "z").prop_map(|subnet| format!("- {subnet}")).boxed(),
        subnet(3, "d", "y").prop_map(|subnet| format!("- {subnet}")).boxed(),
        cni().prop_map(|cni| format!("cni: {cni}")).boxed(),
        (group("g"), group("h")).prop_map(|(g, h)| format!("node_groups:\n- {g}\n- {h}")).boxed(),
        maybe("control_plane", CONTROL_PLANES),
        maybe("others", OTHERS),
        maybe("start", &["at_once", "at_once", "grown"]),
        maybe("prefix_reservation_fallback", &["true", "false"]),
        steps.boxed(),
    ];
    lines.prop_map(|mut lines| {
        lines.retain(|line| !line.is_empty());
        lines.join("\n") + "\n"
    })
}
