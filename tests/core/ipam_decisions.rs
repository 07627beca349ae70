//! Single decisions of the pool, and tables of the projects' documents: see `golden/README.md`.

use std::{fs, path::Path};

use eksnet::{
    density::{Addressing, Cap, DensitySettings, assess},
    instance::{BUILTIN, InstanceLimits},
    ipam::{
        ADDRESSES_PER_PREFIX, CountedSubnets, Node, PoolCounts, PoolMode, PoolSettings,
        PoolTargets, SubnetSide,
        windows::{self, WindowsPool, WindowsSettings, WindowsTargets},
    },
};
use serde_json::Value;

/// One row of the file.
struct Row {
    name: String,
    input: Value,
    expect: Value,
}

impl Row {
    fn number(&self, key: &str) -> u32 {
        count(&self.input[key])
    }

    fn target(&self, key: &str) -> Option<i64> {
        self.input[key].as_i64()
    }

    fn mode(&self) -> PoolMode {
        if self.input["mode"] == "prefix" { PoolMode::Prefix } else { PoolMode::SecondaryIp }
    }

    fn settings(&self, enis: u32, ipv4_per_eni: u32, max_pods: u32) -> PoolSettings {
        PoolSettings {
            enis,
            ipv4_per_eni,
            mode: self.mode(),
            custom_networking: self.input["custom_networking"] == true,
            primary_excluded: false,
            pod_eni: false,
            warm_eni_target: self.target("warm_eni"),
            warm_ip_target: self.target("warm_ip"),
            minimum_ip_target: self.target("min_ip"),
            warm_prefix_target: self.target("warm_prefix"),
            max_eni: self.target("max_eni"),
            max_pods,
            ..PoolSettings::default()
        }
    }

    /// A pool as a row of one decision states it, slots packed as full as pods allow.
    fn pool(&self) -> (PoolTargets, PoolCounts) {
        let slots = self.number("slots_per_eni");
        let settings = self.settings(4, slots + 1, self.number("max_pods"));
        let assigned = self.number("assigned");
        let unit = settings.addresses_per_slot();
        let prefixes = match self.mode() {
            PoolMode::SecondaryIp => {
                let secondary = self.number("secondary_enis") * self.number("ips_each");
                self.number("total_ips") + secondary
            }
            PoolMode::Prefix => self.number("prefixes"),
        };
        let counts = PoolCounts {
            enis: 1,
            addresses: prefixes * unit,
            assigned,
            prefixes,
            free_prefixes: prefixes - assigned.div_ceil(unit),
        };
        (settings.targets(), counts)
    }
}

/// A count; 0 where there is none.
fn count(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap_or(0)).unwrap()
}

fn counts(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(count).collect()
}

/// The rows of one kind, of which there have to be so many.
fn rows(kind: &str, many: usize) -> Vec<Row> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ipamd_decisions.json");
    let all: Vec<Value> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let rows: Vec<Row> = all
        .into_iter()
        .filter(|row| row["kind"] == kind)
        .map(|row| Row {
            name: row["name"].as_str().unwrap().to_owned(),
            input: row["input"].clone(),
            expect: row["expect"].clone(),
        })
        .collect();
    assert_eq!(rows.len(), many, "rows of {kind}");
    rows
}

/// A node whose pods came one at a time, each after the pool had come to rest.
fn grown(settings: PoolSettings, pods: u32) -> (Node, CountedSubnets) {
    let mut subnets = CountedSubnets::new(None, None);
    let (mut node, started) = Node::start(settings, &mut subnets);
    started.unwrap();
    for _ in 0..pods {
        rest(&mut node, &mut subnets);
        assert!(node.add_pod());
    }
    rest(&mut node, &mut subnets);
    (node, subnets)
}

fn rest(node: &mut Node, subnets: &mut CountedSubnets) {
    for _ in 0..30 {
        node.pass(subnets);
    }
}

#[test]
fn what_a_pool_lacks_and_has_too_much() {
    for row in rows("target_state", 9).into_iter().chain(rows("decrease", 1)) {
        let (targets, mut counts) = row.pool();
        if row.expect["defined"] == false {
            assert!(!targets.ip_targets_defined(), "{}", row.name);
            continue;
        }
        assert!(targets.ip_targets_defined(), "{}", row.name);
        let removed = count(&row.expect["ips_removed"]);
        if removed > 0 {
            assert_eq!(targets.over(&counts), removed, "{}", row.name);
            counts.addresses -= removed;
            counts.prefixes -= removed;
            counts.free_prefixes -= removed;
        }
        let unit = row.mode().addresses_per_slot();
        assert_eq!(
            (targets.short(&counts).div_ceil(unit), targets.over(&counts)),
            (count(&row.expect["short"]), count(&row.expect["over"])),
            "{}",
            row.name
        );
    }
}

#[test]
fn when_a_pool_is_too_low() {
    for row in rows("too_low", 20) {
        let (targets, counts) = row.pool();
        assert_eq!(row.expect, targets.too_low(&counts), "{}", row.name);
    }
    for row in rows("node_init", 2) {
        let (targets, counts) = row.pool();
        assert_eq!(row.expect["assign_calls"] == 1, targets.too_low(&counts), "{}", row.name);
    }
}

#[test]
fn how_targets_are_taken() {
    for row in rows("env_parse", 11) {
        let value = row.input["value"].as_str().and_then(|text| text.parse().ok());
        let mut settings = row.settings(4, 15, 58);
        let targets = |settings: &PoolSettings| settings.targets();
        let taken = match row.input["var"].as_str().unwrap() {
            "WARM_IP_TARGET" => {
                settings.warm_ip_target = value;
                targets(&settings).warm_ip
            }
            "MINIMUM_IP_TARGET" => {
                settings.minimum_ip_target = value;
                targets(&settings).minimum_ip
            }
            "WARM_PREFIX_TARGET" => {
                settings.mode = PoolMode::Prefix;
                settings.warm_prefix_target = value;
                targets(&settings).warm
            }
            other => panic!("no such variable: {other}"),
        };
        assert_eq!(taken, count(&row.expect), "{}", row.name);
    }
    for row in rows("ip_targets_defined", 4) {
        let settings = row.settings(4, 15, 58);
        assert_eq!(row.expect, settings.ip_targets().is_some(), "{}", row.name);
    }
    for row in rows("prefix_target_defined", 3) {
        let mut settings = row.settings(4, 15, 58);
        let prefix = row.input["prefix_delegation"] == true;
        settings.mode = if prefix { PoolMode::Prefix } else { PoolMode::SecondaryIp };
        assert_eq!(row.expect, prefix && settings.warm() > 0, "{}", row.name);
    }
    let unset =
        PoolSettings { warm_eni_target: None, ..rows("env_parse", 11)[0].settings(4, 15, 58) };
    assert_eq!(unset.warm(), 1);
    assert_eq!(PoolSettings { warm_eni_target: Some(-1), ..unset.clone() }.warm(), 1);
    assert_eq!(PoolSettings { warm_eni_target: Some(0), ..unset }.warm(), 0);
}

/// Upstream's `TestDeletableENI` and its like state pools in words; restated here.
#[test]
fn when_an_eni_may_go() {
    // WARM_IP, MINIMUM_IP, addresses and pods without the ENI, whether the targets still hold
    let rows = [
        (3, 1, 3, 2, false),
        (3, 1, 4, 2, false),
        (1, 5, 3, 2, false),
        (1, 5, 4, 2, false),
        (2, 4, 3, 2, false),
        (2, 4, 4, 2, true),
        (0, 3, 2, 2, false),
        (0, 2, 2, 2, true),
    ];
    for (warm_ip, minimum_ip, addresses, assigned, holds) in rows {
        let targets = PoolTargets {
            mode: PoolMode::SecondaryIp,
            slots_per_eni: 10,
            warm_ip,
            minimum_ip,
            warm: 1,
            max_pods: 100,
        };
        let free_prefixes = addresses - assigned;
        let rest = PoolCounts { enis: 2, addresses, assigned, prefixes: addresses, free_prefixes };
        assert_eq!(targets.hold_without(&rest), holds, "{warm_ip} {minimum_ip} {addresses}");
    }
}

#[test]
fn resting_addresses_count_as_available() {
    for row in rows("pool_stats", 2) {
        let settings = PoolSettings {
            // As many addresses as the row starts with, and no more.
            minimum_ip_target: Some(i64::from(row.number("total_ips").max(1))),
            ..row.settings(1, 3, 58)
        };
        let (mut node, _) = grown(settings, row.number("pods_before"));
        for _ in 0..row.number("freed") {
            assert!(node.delete_newest());
        }
        let counts = node.counts();
        assert_eq!(
            (counts.addresses, counts.assigned, counts.available()),
            (
                count(&row.expect["total"]),
                count(&row.expect["assigned"]),
                count(&row.expect["available"])
            ),
            "{}",
            row.name
        );
    }
    for row in rows("free_prefixes", 1) {
        let settings = PoolSettings {
            mode: PoolMode::Prefix,
            minimum_ip_target: Some(1),
            ..row.settings(1, 3, 58)
        };
        let (node, _) = grown(settings, row.number("pods"));
        assert_eq!(count(&row.expect), node.counts().free_prefixes, "{}", row.name);
    }
}

#[test]
fn nodes_without_pods() {
    for row in rows("zero_pod_node", 14) {
        // Upstream's integration tests run on c5.xlarge.
        let (node, _) = grown(row.settings(4, 15, 58), 0);
        let counts = node.counts();
        let expect = row.expect.as_object().unwrap();
        for (key, value) in expect {
            let ours = match key.as_str() {
                "enis" => counts.enis,
                "secondary_ips" | "prefixes" => counts.prefixes,
                other => panic!("no such number: {other}"),
            };
            assert_eq!(ours, count(value), "{}: {key}", row.name);
        }
    }
}

#[test]
fn rows_of_the_documents() {
    for mut row in rows("doc_table_row", 36) {
        let columns = counts_or_text(&row.expect["code"]);
        let prefix = columns.len() == 7;
        if prefix {
            row.input["mode"] = "prefix".into();
        }
        let limits = BUILTIN.get(row.input["inst"].as_str().unwrap()).unwrap();
        let max_pods = if prefix { 110 } else { limits.enis() * limits.slots_per_eni() + 2 };
        let settings = row.settings(limits.enis(), limits.ipv4_per_eni, max_pods);
        let (node, _) = grown(settings, row.number("pods"));
        let counts = node.counts();
        let enis = counts.enis.to_string();
        let slots = counts.prefixes.to_string();
        let ours = if prefix {
            vec![
                enis,
                list(node.pods_by_eni()),
                slots,
                list(node.pods_by_slot()),
                counts.free_prefixes.to_string(),
                list(node.slots_by_eni()),
                counts.available().to_string(),
            ]
        } else {
            vec![enis, slots, counts.available().to_string(), list(node.slots_by_eni())]
        };
        assert_eq!(ours, columns, "{} {:?}", row.name, row.input);
    }
}

fn list(numbers: impl Iterator<Item = u32>) -> String {
    numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(",")
}

fn counts_or_text(value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    value.as_array().unwrap().iter().map(text).collect()
}

#[test]
fn a_cluster_of_three_nodes() {
    for row in rows("cluster_example", 1) {
        let grown: Vec<_> = counts(&row.input["pods"])
            .into_iter()
            .map(|pods| {
                grown(row.settings(row.number("enis"), row.number("ipv4_per_eni"), 29), pods)
            })
            .collect();
        let all = |of: fn(&(Node, CountedSubnets)) -> u32| grown.iter().map(of).collect::<Vec<_>>();
        assert_eq!(all(|(node, _)| node.counts().enis), counts(&row.expect["enis"]));
        let used = all(|(_, subnets)| subnets.used(SubnetSide::Node));
        assert_eq!(used, counts(&row.expect["subnet_addresses"]));
        assert_eq!(used.iter().sum::<u32>(), count(&row.expect["total"]));
        let warm = all(|(node, _)| node.counts().available());
        assert_eq!(warm, counts(&row.expect["warm_ips"]));
        assert_eq!(warm.iter().sum::<u32>(), count(&row.expect["warm_total"]));
    }
}

/// An older model's way through a burst and its end: what the ENIs hold, without the times.
#[test]
fn a_burst_that_comes_and_goes() {
    for row in rows("model_trace", 6) {
        let enis = row.number("eni_limit");
        let settings = row.settings(enis, row.number("ipv4_per_eni"), row.number("max_pods"));
        let mut subnets = CountedSubnets::new(None, None);
        let (mut node, _) = Node::start(settings, &mut subnets);
        let mut seen: Vec<Vec<u32>> = vec![node.slots_by_eni().collect()];
        let mut left = 12;
        for pass in 0..80 {
            match pass {
                1..=23 => left -= node.add_pods(left),
                24 => while node.delete_newest() {},
                _ => {}
            }
            node.pass(&mut subnets);
            seen.push(node.slots_by_eni().collect());
        }
        seen.dedup();
        let states = row.expect.as_array().unwrap().iter();
        let mut expected: Vec<Vec<u32>> = states.map(|state| counts(&state["slots"])).collect();
        expected.dedup();
        assert_eq!(seen, expected, "{}", row.name);
    }
}

fn windows_settings(row: &Row) -> WindowsSettings {
    WindowsSettings {
        warm_ip_target: row.target("warm_ip"),
        minimum_ip_target: row.target("min_ip"),
        warm_prefix_target: row.target("warm_prefix"),
    }
}

#[test]
fn windows_documents() {
    for row in rows("windows_doc_row", 34) {
        let pods = row.number("pods");
        let prefix = row.expect["prefixes"].is_number();
        let mode = if prefix { PoolMode::Prefix } else { PoolMode::SecondaryIp };
        let steady = windows::steady_state(30, mode, &windows_settings(&row), pods);
        let (ours, keys) = if prefix {
            (
                vec![steady.slots, steady.free_slots, steady.free_addresses],
                vec!["prefixes", "unused_prefixes", "unused_ips"],
            )
        } else {
            (vec![steady.slots, steady.free_slots], vec!["secondary_ips", "warm_ips"])
        };
        let expected: Vec<u32> = keys.iter().map(|key| count(&row.expect[*key])).collect();
        assert_eq!(ours, expected, "{} {:?}", row.name, row.input);
    }
    for row in rows("windows_capacity", 1) {
        let many = WindowsSettings { warm_ip_target: Some(1_000), ..WindowsSettings::default() };
        let ipv4 = row.number("ipv4_per_eni");
        let steady = windows::steady_state(ipv4, PoolMode::SecondaryIp, &many, 0);
        assert_eq!(steady.addresses, count(&row.expect["windows"]));
    }
    // The best-practices guide's 14 · 16 slots of a full ENI.
    let full = windows::steady_state(15, PoolMode::Prefix, &WindowsSettings::default(), 1_000);
    assert_eq!((full.addresses, full.pods, full.free_addresses), (224, 224, 0));
}

#[test]
fn windows_targets() {
    for row in rows("windows_config_parse", 11) {
        let prefix = row.expect["prefix_delegation"] == true;
        let mode = if prefix { PoolMode::Prefix } else { PoolMode::SecondaryIp };
        let number = |name: &str| {
            let text = row.input[name].as_str();
            text.or_else(|| row.input[format!("windows-{name}")].as_str())
                .and_then(|t| t.parse().ok())
        };
        let settings = WindowsSettings {
            warm_ip_target: number("warm-ip-target"),
            minimum_ip_target: number("minimum-ip-target"),
            warm_prefix_target: number("warm-prefix-target"),
        };
        // The controller's pool makes a negative 3.
        let expected = |key: &str| match row.expect[key].as_i64() {
            Some(number) if number < 0 => 3,
            _ => count(&row.expect[key]),
        };
        let (warm, minimum) = (expected("warm_ip"), expected("min_ip"));
        let expected = match (prefix, expected("warm_prefix")) {
            (false, _) => WindowsTargets::SecondaryIp { warm, minimum },
            (true, 0) => WindowsTargets::Prefix { warm, minimum },
            (true, prefixes) => WindowsTargets::WarmPrefix(prefixes),
        };
        assert_eq!(settings.targets(mode), expected, "{}", row.name);
    }
}

#[test]
fn windows_deviations() {
    for (kind, many, mode) in [
        ("windows_secondary_deviation", 31, PoolMode::SecondaryIp),
        ("windows_prefix_deviation", 13, PoolMode::Prefix),
    ] {
        for row in rows(kind, many) {
            let pool = WindowsPool {
                used: row.number("used"),
                warm: row.number("warm_ips"),
                pending: row.number("pending_create"),
                cooling: row.number("cooling"),
                free_prefixes: row.number("free_prefixes"),
            };
            let targets = windows_settings(&row).targets(mode);
            let deviation = windows::deviation(targets, pool);
            assert_eq!(row.expect, deviation, "{kind}: {}", row.name);
        }
    }
}

/// A type with these limits alone.
fn limits(row: &Row) -> InstanceLimits {
    let vcpus = row.input["vcpus"].as_u64().map(|vcpus| u32::try_from(vcpus).unwrap());
    let template = BUILTIN.get("m5.large").unwrap();
    InstanceLimits {
        instance_type: "test.large".into(),
        enis_per_card: vec![row.number("default_card_enis")].into(),
        ipv4_per_eni: row.number("ipv4_per_eni"),
        vcpus,
        ..template.clone()
    }
}

#[test]
fn max_pods() {
    for row in rows("max_pods_standard", 9).into_iter().chain(rows("max_pods_calculator", 7)) {
        let calculator = row.input["vcpus"].is_number();
        let cap =
            if calculator && row.input["show_max_allowed"] != true { Cap::Auto } else { Cap::None };
        let prefix = row.input["prefix"] == true;
        let settings = DensitySettings {
            addressing: if prefix { Addressing::Prefix } else { Addressing::SecondaryIp },
            custom_networking: row.input["custom_networking"] == true,
            cap,
            ..DensitySettings::default()
        };
        let report = assess(&BUILTIN, &limits(&row), &settings).unwrap();
        assert_eq!(report.max_pods, Some(count(&row.expect)), "{}", row.name);
        if let Some(known) = row.input["instance"].as_str() {
            let report = assess(&BUILTIN, BUILTIN.get(known).unwrap(), &settings).unwrap();
            assert_eq!(report.max_pods, Some(count(&row.expect)), "{}", row.name);
        }
    }
    assert_eq!(ADDRESSES_PER_PREFIX, 16);
}
