//! Laws across commands: two answers to one question are equal.

use std::{collections::BTreeMap, fs, path::Path};

use eksnet::{
    audit::{Counted, Policy, Questions, Settings, judge},
    cni::CniSettings,
    density::{Addressing, Cap, DensitySettings, assess},
    instance::{BUILTIN, InstanceLimits},
    inventory::{Inventory, Places, Selection, answers::Answers, select},
    ipam::{DeleteOrder, NodeInput, Op, PodEvent, PoolSettings, replay},
    simulate::{check_from, observe, parse},
};
use jiff::civil::date;
use serde_json::json;

use crate::made::{Eni, MadeVpc, Pod};

/// The pool of a node whose kubelet is no bound.
fn pool(limits: &InstanceLimits, settings: &DensitySettings, max_pods: u32) -> PoolSettings {
    let cni = CniSettings {
        prefix_delegation: settings.addressing == Addressing::Prefix,
        custom_networking: settings.custom_networking,
        pod_eni: settings.pod_eni,
        max_eni: settings.max_eni.map(i64::from),
        // One prefix a pass would take the largest types more than an hour.
        warm_prefix_target: Some(20),
        ..CniSettings::shipped()
    };
    cni.pool(limits, max_pods, false)
}

/// Every setting that changes which ENIs carry pods, with what they carry.
fn settings() -> Vec<DensitySettings> {
    let mut all = Vec::new();
    for addressing in [Addressing::SecondaryIp, Addressing::Prefix] {
        for custom_networking in [false, true] {
            for pod_eni in [false, true] {
                for max_eni in [None, Some(1), Some(2), Some(3)] {
                    all.push(DensitySettings {
                        addressing,
                        custom_networking,
                        pod_eni,
                        max_eni,
                        cap: Cap::None,
                        ..DensitySettings::default()
                    });
                }
            }
        }
    }
    all
}

/// What `maxpods` says the addresses allow is what a node holds that is full of pods: for every type
/// and every setting.
#[test]
fn a_saturated_node_holds_the_pod_addresses_of_maxpods() {
    let mut held: BTreeMap<String, u32> = BTreeMap::new();
    for limits in BUILTIN.types() {
        for settings in settings() {
            let report = assess(&BUILTIN, limits, &settings).unwrap();
            let addresses = report.pod_addresses.unwrap();
            let pool = pool(limits, &settings, report.eni_max_pods.unwrap());
            assert_eq!(pool.carriers(), report.pod_enis, "{}", limits.instance_type);
            // Equal pools, of which there are few, are simulated once.
            let of_node = *held.entry(format!("{pool:?}")).or_insert_with(|| {
                let event = PodEvent {
                    op: Op::Add,
                    n: addresses + 10,
                    retry: true,
                    del_order: DeleteOrder::Newest,
                    wait: None,
                    t: None,
                };
                let run = replay(&NodeInput {
                    settings: pool.clone(),
                    subnet_capacity: None,
                    pod_subnet_capacity: None,
                    free_blocks: None,
                    events: vec![event],
                });
                let last = run.states.last().unwrap();
                assert_eq!(last.pods, last.addresses, "{pool:?}");
                last.addresses
            });
            assert_eq!(of_node, addresses, "{} {settings:?}", limits.instance_type);
        }
    }
    assert!(held.len() > 100);
}

/// The example with what kubectl told.
fn example() -> Inventory {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod");
    let mut answers = Answers::default();
    for folder in [folder.clone(), folder.join("kubernetes")] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                answers.read(&name, fs::read(&path).unwrap().as_slice()).unwrap();
            }
        }
    }
    answers.into_inventory().unwrap()
}

/// Nodes in every state that differs from a fresh one: in the other mode, without the trunk that is
/// wanted, with one that is not, and with an ENI that is not the CNI's.
fn odd_nodes(variables: &[(&str, &str)]) -> Inventory {
    let mut vpc = MadeVpc::default();
    vpc.subnet("subnet-n", "10.0.0.0/22", "eu-west-1a").subnet(
        "subnet-p",
        "100.64.0.0/22",
        "eu-west-1a",
    );
    let config = json!([{"kind": "ENIConfig", "metadata": {"name": "eu-west-1a"},
        "spec": {"subnet": "subnet-p"}}]);
    vpc.cni(&config, variables);
    for at in 0..6 {
        let (id, name) = (format!("i-{at}"), format!("node-{at}"));
        vpc.instance(&id);
        vpc.node(&name, &id, "29");
        let own = |net: &str, from: usize, to: usize| -> Vec<String> {
            (from..to).map(|host| format!("{net}.{host}")).collect()
        };
        let (node, pods) = (format!("10.0.1.{}", 10 + at), format!("100.64.0.{}", 10 + at));
        let host = node.clone();
        let first = format!("10.0.2.{}", at * 32);
        let mut primary = Eni { subnet: "subnet-n", of: Some((&id, 0)), ..Eni::default() };
        primary.addresses = vec![node];
        let mut second = Eni { subnet: "subnet-p", of: Some((&id, 1)), ..Eni::default() };
        second.addresses = vec![pods];
        match at {
            0 => primary.addresses.extend(own("10.0.0", 10, 19)),
            1 => primary.prefixes.push("10.0.3.16/28".to_owned()),
            2 => second.addresses.extend(own("100.64.1", 10, 19)),
            3 => second.prefixes.push("100.64.2.16/28".to_owned()),
            4 => {
                primary.addresses.extend(own("10.0.0", 30, 33));
                primary.prefixes.push("10.0.3.32/28".to_owned());
            }
            _ => {}
        }
        vpc.eni(&primary);
        if matches!(at, 2 | 3) {
            vpc.eni(&second);
        }
        let ip = match at {
            0 => "10.0.0.10",
            1 => "10.0.3.17",
            2 => "100.64.1.10",
            3 => "100.64.2.17",
            4 => "10.0.3.33",
            _ => first.as_str(),
        };
        if at < 5 {
            vpc.pod(&Pod { name: format!("web-{at}"), node: &name, ip, host: &host });
        }
        vpc.pod(&Pod { name: format!("proxy-{at}"), node: &name, ip: &host, host: &host });
    }
    vpc.whole()
}

/// An inventory with the subnets of one VPC, and one of its nodes alone. The others' pods go with them.
fn alone(all: &Inventory, vpc: &str, id: &str) -> Inventory {
    let mut one = all.clone();
    one.subnets.retain(|subnet| subnet.vpc_id == vpc);
    // EC2 counts the nodes that are left out, which would be taken for invisible ones.
    for subnet in &mut one.subnets {
        subnet.available = None;
    }
    let instances = one.instances.as_mut().unwrap();
    instances.retain(|instance| instance.instance_id == id);
    let interfaces = one.interfaces.as_mut().unwrap();
    interfaces.retain(|eni| {
        eni.vpc_id.as_deref() == Some(vpc)
            && eni.instance_id().is_none_or(|instance| instance == id)
    });
    one
}

/// What the audit says of a node is what a simulation starts with: the settings it lives under, and the
/// addresses it holds in each subnet.
#[test]
fn a_simulation_starts_with_the_pools_of_the_audit() {
    let mut worlds = vec![example()];
    let on = |names: &[&'static str]| -> Vec<(&'static str, &'static str)> {
        let warm = [("WARM_ENI_TARGET", "1"), ("WARM_PREFIX_TARGET", "1")];
        names.iter().map(|name| (*name, "true")).chain(warm).collect()
    };
    for names in [
        &[][..],
        &["ENABLE_PREFIX_DELEGATION"],
        &["AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"],
        &["ENABLE_PREFIX_DELEGATION", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"],
        &["ENABLE_POD_ENI"],
        &["DISABLE_NETWORK_RESOURCE_PROVISIONING"],
        &["ENABLE_IMDS_ONLY_MODE", "ENABLE_PREFIX_DELEGATION"],
    ] {
        worlds.push(odd_nodes(&on(names)));
    }
    let policy = Policy::default();
    let settings = || Settings { today: date(2026, 11, 25), ..Settings::usual(&BUILTIN, &policy) };
    let (mut compared, mut same) = (0, 0);
    for world in &worlds {
        let report = |inventory: &Inventory| {
            let selected = select(inventory, &Selection::default()).unwrap();
            let places = Places::one_of(inventory.clone(), selected);
            judge(Counted::of(&places, false).unwrap(), &settings(), Questions::default())
        };
        let whole = report(world);
        for node in whole.nodes.as_ref().unwrap() {
            let id = node.instance_id.as_str();
            let instances = world.instances.as_ref().unwrap();
            let its = instances.iter().find(|i| i.instance_id == id);
            let Some(vpc) = its.and_then(|i| i.vpc_id.as_deref()) else { continue };
            let one = alone(world, vpc, id);
            let audit = report(&one);
            let start = observe(&one, &BUILTIN, false).unwrap();
            let scenario = parse("version: 1\n").unwrap();
            let layout = check_from(&scenario, &start, &BUILTIN, false).unwrap();
            let mut of_audit: Vec<(&str, u32)> = audit
                .subnets
                .iter()
                .filter_map(|s| Some((s.subnet_id.as_str(), s.used?)))
                .collect();
            of_audit.sort_unstable();
            let used: Vec<u32> = of_audit.into_iter().map(|(_, used)| used).collect();
            assert_eq!(layout.used_before(), used, "{id}");
            let pools: Vec<&PoolSettings> = layout.observed_pools().collect();
            if let ([played], Some(pool)) = (pools.as_slice(), &node.usage.pool) {
                // A node that is there goes on as it shows until another takes its place, for which the
                // audit asks: in the other mode, beside its primary ENI or not, and without a trunk.
                let as_shown = PoolSettings {
                    mode: played.mode,
                    custom_networking: played.custom_networking,
                    primary_excluded: played.primary_excluded,
                    pod_eni: played.pod_eni,
                    ..pool.clone()
                };
                assert_eq!(**played, as_shown, "{id}");
                same += u32::from(*played == pool);
                compared += 1;
            }
        }
    }
    assert!(compared > 60 && same > 10, "{compared}, {same}");
}
