//! Laws across commands: two answers to one question are equal.

use std::collections::BTreeMap;

use eksnet::{
    density::{Addressing, Cap, DensitySettings, assess},
    instance::{BUILTIN, InstanceLimits},
    ipam::{DeleteOrder, NodeInput, Op, PodEvent, PoolMode, PoolSettings, replay},
};

/// The pool of a node whose kubelet is no bound.
fn pool(limits: &InstanceLimits, settings: &DensitySettings, max_pods: u32) -> PoolSettings {
    PoolSettings {
        enis: limits.enis(),
        ipv4_per_eni: limits.ipv4_per_eni,
        mode: if settings.addressing == Addressing::Prefix && limits.supports_prefixes() {
            PoolMode::Prefix
        } else {
            PoolMode::SecondaryIp
        },
        custom_networking: settings.custom_networking,
        primary_excluded: false,
        pod_eni: settings.pod_eni && limits.keeps_trunk_slot(),
        warm_eni_target: Some(1),
        warm_ip_target: None,
        minimum_ip_target: None,
        // One prefix a pass would take the largest types more than an hour.
        warm_prefix_target: Some(20),
        max_eni: settings.max_eni.map(i64::from),
        max_pods,
        ..PoolSettings::default()
    }
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
