//! Max pods, held against rows of published numbers and against laws.

use eksnet::density::{
    Addressing, Bound, CannotRun, Cap, DensityReport, DensitySettings, Mode, Os, assess,
};
use eksnet::instance::{BUILTIN, InstanceLimits, read_catalogue};
use proptest::prelude::*;

fn limits(name: &str) -> &'static InstanceLimits {
    BUILTIN.get(name).unwrap_or_else(|| panic!("{name} is not in the table"))
}

fn report(name: &str, settings: &DensitySettings) -> DensityReport {
    assess(&BUILTIN, limits(name), settings).unwrap()
}

fn secondary() -> DensitySettings {
    DensitySettings::default()
}

fn prefix() -> DensitySettings {
    DensitySettings { addressing: Addressing::Prefix, ..secondary() }
}

fn custom(settings: &DensitySettings) -> DensitySettings {
    DensitySettings { custom_networking: true, ..settings.clone() }
}

fn windows(settings: &DensitySettings) -> DensitySettings {
    DensitySettings { os: Os::Windows, ..settings.clone() }
}

#[test]
fn known_numbers() {
    // type, settings, ENI max pods, max pods, what bound it
    let rows = [
        ("m5.large", secondary(), 29, 29, Bound::Addresses),
        ("m5.large", prefix(), 434, 110, Bound::Cap),
        ("m5.large", custom(&secondary()), 20, 20, Bound::Addresses),
        ("m5.large", custom(&prefix()), 290, 110, Bound::Cap),
        ("m4.4xlarge", secondary(), 234, 110, Bound::Cap),
        ("m5.4xlarge", secondary(), 234, 110, Bound::Cap),
        ("p5.48xlarge", secondary(), 100, 100, Bound::Addresses),
        ("c6in.32xlarge", secondary(), 394, 250, Bound::Cap),
        ("t3.medium", secondary(), 17, 17, Bound::Addresses),
        ("i7ie.48xlarge", secondary(), 394, 250, Bound::Cap),
        ("m5.metal", prefix(), 11762, 250, Bound::Cap),
        ("m4.4xlarge", prefix(), 234, 110, Bound::Cap),
        ("m5.large", windows(&secondary()), 9, 9, Bound::Addresses),
        ("m5.large", windows(&prefix()), 144, 110, Bound::Cap),
        ("m4.4xlarge", windows(&prefix()), 29, 29, Bound::Addresses),
    ];
    for (name, settings, eni_max_pods, max_pods, bound) in rows {
        let report = report(name, &settings);
        assert_eq!(
            (report.eni_max_pods, report.max_pods, report.limited_by),
            (Some(eni_max_pods), Some(max_pods), Some(bound)),
            "{name} {settings:?}"
        );
    }
}

#[test]
fn every_type_in_secondary_mode_is_the_published_formula() {
    let settings = DensitySettings { cap: Cap::None, ..secondary() };
    for row in BUILTIN.types() {
        let report = assess(&BUILTIN, row, &settings).unwrap();
        let formula = row.enis() * (row.ipv4_per_eni - 1) + 2;
        assert_eq!(report.max_pods, Some(formula), "{}", row.instance_type);
        assert_eq!(report.limited_by, Some(Bound::Addresses));
    }
}

#[test]
fn a_type_without_nitro_falls_back_from_prefixes() {
    for row in BUILTIN.types().iter().filter(|row| !row.supports_prefixes()) {
        let report = assess(&BUILTIN, row, &prefix()).unwrap();
        assert_eq!(report.mode, Mode::SecondaryIp, "{}", row.instance_type);
        assert!(report.notes.iter().any(|note| note.contains("falls back")));
    }
    assert_eq!(report("c5.metal", &prefix()).mode, Mode::Prefix);
}

#[test]
fn ipv6_is_bound_by_the_cap_alone() {
    let ipv6 = DensitySettings { addressing: Addressing::Ipv6, ..secondary() };
    let report = report("m5.large", &ipv6);
    assert_eq!(
        (report.mode, report.pod_addresses, report.eni_max_pods),
        (Mode::Ipv6Prefix, None, None)
    );
    assert_eq!((report.max_pods, report.limited_by), (Some(110), Some(Bound::Cap)));
    let free = DensitySettings { cap: Cap::None, ..ipv6.clone() };
    let report = assess(&BUILTIN, limits("m5.large"), &free).unwrap();
    assert_eq!(
        (report.max_pods, report.limited_by, report.kube_reserved_memory_mib),
        (None, None, None)
    );
    let error: CannotRun = assess(&BUILTIN, limits("m4.large"), &ipv6).unwrap_err();
    assert!(error.to_string().contains("`m4.large` cannot run IPv6 pods"), "{error}");
    assert!(assess(&BUILTIN, limits("cr1.8xlarge"), &ipv6).is_err());
}

#[test]
fn max_eni_trunk_and_custom_networking_each_take_their_enis() {
    let base = secondary();
    let with = |max_eni, pod_eni, custom_networking| DensitySettings {
        max_eni,
        pod_eni,
        custom_networking,
        ..base.clone()
    };
    // m5.xlarge: 4 ENIs of 15 addresses
    let rows = [
        (with(None, false, false), 4),
        (with(Some(0), false, false), 4),
        (with(Some(9), false, false), 4),
        (with(Some(2), false, false), 2),
        (with(None, true, false), 3),
        (with(Some(2), true, true), 0),
        (with(Some(1), false, true), 0),
    ];
    for (settings, enis) in rows {
        let report = report("m5.xlarge", &settings);
        assert_eq!(report.pod_enis, enis, "{settings:?}");
        assert_eq!(report.eni_max_pods, Some(enis * 14 + 2), "{settings:?}");
    }
    // t3 cannot trunk, so no slot is kept; what no source knows keeps it, with a word about it
    assert_eq!(report("t3.medium", &with(None, true, false)).pod_enis, 3);
    let unknown = report("t8i.medium", &with(None, true, false));
    assert_eq!(unknown.pod_enis, limits("t8i.medium").enis() - 1);
    assert_eq!(unknown.branch_enis, None);
    assert!(unknown.notes.iter().any(|note| note.contains("no source states")));
}

#[test]
fn branch_enis_are_reported_apart() {
    assert_eq!(report("m5.large", &secondary()).branch_enis, Some(9));
    assert_eq!(report("t3.medium", &secondary()).branch_enis, Some(0));
    let with_pods = DensitySettings { pod_eni: true, ..secondary() };
    assert_eq!(report("m5.large", &with_pods).max_pods, Some(20));
}

#[test]
fn each_kind_of_node_gets_its_own_number() {
    let values = report("i7ie.48xlarge", &secondary()).node_values;
    assert_eq!(values.al2023_nodeadm, Some(737));
    assert_eq!((values.managed_node_group, values.auto_mode), (Some(250), Some(110)));
    assert_eq!((values.karpenter, values.windows), (Some(394), Some(110)));
    let values = report("m5.large", &prefix()).node_values;
    assert_eq!((values.managed_node_group, values.al2023_nodeadm), (Some(110), Some(29)));
    let one = DensitySettings { reserved_enis: 1, ..secondary() };
    assert_eq!(report("m5.large", &one).node_values.karpenter, Some(20));
    let all = DensitySettings { reserved_enis: 3, ..secondary() };
    assert_eq!(report("m5.large", &all).node_values.karpenter, Some(0));
}

#[test]
fn reserved_memory_follows_max_pods() {
    let report = report("t3.small", &prefix());
    assert_eq!((report.max_pods, report.kube_reserved_memory_mib), (Some(110), Some(1465)));
    assert!(report.notes.iter().any(|note| note.contains("1465 MiB")));
}

#[test]
fn unknown_vcpus_take_the_low_cap_and_say_so() {
    let report = report("c7i.32xlarge", &prefix());
    assert_eq!((limits("c7i.32xlarge").vcpus, report.cap), (None, Some(110)));
    assert!(report.notes.iter().any(|note| note.contains("vCPUs")));
}

fn settings() -> impl Strategy<Value = DensitySettings> {
    (
        prop::sample::select(vec![Addressing::SecondaryIp, Addressing::Prefix]),
        any::<bool>(),
        prop::option::of(0u32..20),
        any::<bool>(),
        0u32..40,
        prop_oneof![Just(Cap::Auto), Just(Cap::None), (0u32..500).prop_map(Cap::Pods)],
    )
        .prop_map(|(addressing, custom_networking, max_eni, pod_eni, host, cap)| {
            DensitySettings {
                addressing,
                custom_networking,
                max_eni,
                pod_eni,
                host_network_pods: host,
                cap,
                ..DensitySettings::default()
            }
        })
}

proptest! {
    #[test]
    fn the_answer_is_the_smaller_bound(at in 0..BUILTIN.types().len(), settings in settings()) {
        let row = &BUILTIN.types()[at];
        let report = assess(&BUILTIN, row, &settings).unwrap();
        let addresses = report.pod_addresses.unwrap();
        prop_assert_eq!(report.eni_max_pods, Some(addresses + settings.host_network_pods));
        let smaller = report.cap.map_or(report.eni_max_pods, |cap| report.eni_max_pods.map(|e| e.min(cap)));
        prop_assert_eq!(report.max_pods, smaller);
        prop_assert!(report.pod_enis <= row.enis());
        prop_assert_eq!(report.steps.last().and_then(|step| step.value), report.max_pods);
    }

    #[test]
    fn taking_something_away_never_adds_pods(at in 0..BUILTIN.types().len(), settings in settings()) {
        let row = &BUILTIN.types()[at];
        let pods = |settings: &DensitySettings| assess(&BUILTIN, row, settings).unwrap().max_pods.unwrap();
        let base = pods(&settings);
        let less_custom = DensitySettings { custom_networking: true, ..settings.clone() };
        let less_trunk = DensitySettings { pod_eni: true, ..settings.clone() };
        let less_enis = DensitySettings { max_eni: Some(1), ..settings.clone() };
        prop_assert!(pods(&less_custom) <= base);
        prop_assert!(pods(&less_trunk) <= base);
        prop_assert!(pods(&less_enis) <= base);
    }
}

/// With MAX_ENI=1 the primary ENI carries pods, and a trunk has no slot: as the recorded traces have it.
#[test]
fn a_trunk_without_a_slot_takes_no_pod_address() {
    let settings = DensitySettings { max_eni: Some(1), pod_eni: true, ..secondary() };
    let alone = report("m5.large", &settings);
    assert_eq!((alone.pod_enis, alone.pod_addresses, alone.max_pods), (1, Some(9), Some(11)));
    // The trunk is attached beside it, whatever MAX_ENI says.
    assert_eq!(alone.notes, Vec::<String>::new());
    // Custom networking takes the primary ENI away as well: nothing is left.
    assert_eq!(report("m5.large", &custom(&settings)).pod_enis, 0);
    let two = DensitySettings { max_eni: Some(2), pod_eni: true, ..secondary() };
    assert_eq!(report("m5.large", &two).pod_addresses, Some(9));
    assert_eq!(report("m5.large", &two).notes, Vec::<String>::new());
}

/// The VPC CNI's earlier tables: EC2 no longer offers these types, and nodes of them may still run.
#[test]
fn retired_types_are_answered_and_marked() {
    let rows = [
        ("g2.2xlarge", 58),
        ("g2.8xlarge", 234),
        ("g3.4xlarge", 234),
        ("g3.8xlarge", 234),
        ("g3.16xlarge", 737),
        ("g3s.xlarge", 58),
        ("p2.xlarge", 58),
        ("p2.8xlarge", 234),
        ("p2.16xlarge", 234),
        ("u-9tb1.112xlarge", 737),
        ("u-12tb1.112xlarge", 737),
        ("u-18tb1.112xlarge", 737),
        ("u-24tb1.112xlarge", 737),
    ];
    for (name, pods) in rows {
        let report = report(name, &secondary());
        assert_eq!(report.eni_max_pods, Some(pods), "{name}");
        assert!(report.notes.iter().any(|note| note.starts_with("retired")), "{name}");
        assert!(BUILTIN.offered().all(|row| row.instance_type != name), "{name}");
    }
}

/// Bare metal types whose vCPUs decide the cap.
#[test]
fn bare_metal_takes_the_cap_of_its_vcpus() {
    for (name, vcpus, pods) in
        [("i3.metal", 72, 250), ("u-6tb1.metal", 448, 147), ("u-18tb1.metal", 448, 250)]
    {
        assert_eq!(limits(name).vcpus, Some(vcpus), "{name}");
        assert_eq!(report(name, &secondary()).max_pods, Some(pods), "{name}");
    }
}

/// The sum of a node's ENIs for pods says each part that is there, and no other.
#[test]
fn the_sum_of_enis_says_its_parts() {
    let with = |pod_eni, custom_networking, max_eni| DensitySettings {
        pod_eni,
        custom_networking,
        max_eni,
        ..secondary()
    };
    for (settings, sum) in [
        (with(false, false, None), "3"),
        (with(false, false, Some(2)), "MAX_ENI 2"),
        (with(false, true, None), "3 − 1 primary (custom networking)"),
        (with(true, false, None), "3 − 1 trunk"),
        (with(true, true, None), "3 − 1 primary (custom networking) − 1 trunk"),
        (with(true, false, Some(1)), "MAX_ENI 1, the primary ENI always carries pods"),
    ] {
        let report = report("m5.large", &settings);
        let step = report.steps.iter().find(|step| step.what == "ENIs for pods").unwrap();
        assert_eq!(step.sum, sum, "{settings:?}");
    }
}

/// EKS makes Windows AMIs for x86_64 alone: said of a Windows node of another architecture, and of no other.
#[test]
fn a_windows_node_on_arm_has_no_image() {
    for (name, settings, is_said) in [
        ("m6g.large", windows(&secondary()), true),
        ("m5.large", windows(&secondary()), false),
        ("m6g.large", secondary(), false),
    ] {
        let notes = report(name, &settings).notes;
        let said = notes.iter().any(|note| note.contains("no Windows AMI"));
        assert_eq!(said, is_said, "{name}: {notes:?}");
    }
}

/// The number of nodeadm's nodes is by nodeadm's row, whatever further sources say beside it.
#[test]
fn nodeadm_goes_by_its_own_row() {
    let catalogue = read_catalogue(
        r#"{"schema": "eksnet.instance-limits/v1", "as_of": "2026-11-01",
        "disagreements": [{"instance_type": "x1.test", "said": {
            "a": {"enis": 2, "ipv4_per_eni": 5}, "nodeadm": {"enis": 3, "ipv4_per_eni": 6},
            "vpc-cni": {"enis": 8, "ipv4_per_eni": 9}}}],
        "instance_types": [{"instance_type": "x1.test", "default_network_card": 0,
            "enis_per_card": [4], "ipv4_per_eni": 10, "bare_metal": false}]}"#,
    )
    .unwrap();
    let limits = catalogue.get("x1.test").unwrap();
    let values = assess(&catalogue, limits, &secondary()).unwrap().node_values;
    // 3 × (6 − 1) + 2, and 4 × (10 − 1) + 2.
    assert_eq!((values.al2023_nodeadm, values.bottlerocket), (Some(17), Some(17)));
    assert_eq!(values.karpenter, Some(38));
}

/// Below its cap a managed node group tells the kubelet what the addresses allow: two pods of the host's
/// network beside them on Linux, and none on Windows.
#[test]
fn a_managed_node_group_adds_the_hosts_pods() {
    let managed = |settings| report("m5.large", &settings).node_values.managed_node_group;
    assert_eq!(managed(secondary()), Some(3 * 9 + 2));
    assert_eq!(managed(windows(&secondary())), Some(9));
}

/// "For instances with fewer than 30 vCPUs" it is 110, and max-pods-calculator.sh has 30 itself with them.
#[test]
fn thirty_vcpus_are_a_small_type() {
    let with = |vcpus| InstanceLimits { vcpus: Some(vcpus), ..limits("m5.24xlarge").clone() };
    let cap = |vcpus| assess(&BUILTIN, &with(vcpus), &secondary()).unwrap().cap;
    assert_eq!((cap(29), cap(30), cap(31)), (Some(110), Some(110), Some(250)));
}

/// A cap that is as large as what the addresses allow takes nothing away.
#[test]
fn a_cap_that_is_equal_does_not_bind() {
    for (cap, pods, by) in
        [(28, 28, Bound::Cap), (29, 29, Bound::Addresses), (30, 29, Bound::Addresses)]
    {
        let report = report("m5.large", &DensitySettings { cap: Cap::Pods(cap), ..secondary() });
        assert_eq!((report.max_pods, report.limited_by), (Some(pods), Some(by)), "{cap}");
    }
}

#[test]
fn what_a_person_should_know_is_said() {
    let notes = |limits: &InstanceLimits, settings: &DensitySettings| {
        assess(&BUILTIN, limits, settings).unwrap().notes.join("\n")
    };
    assert_eq!(notes(limits("m5.large"), &secondary()), "");
    let none = custom(&DensitySettings { max_eni: Some(1), ..secondary() });
    assert_eq!(
        notes(limits("m5.large"), &none),
        "no ENI is left to carry pods: with custom networking the node never becomes Ready"
    );
    let two_cards =
        InstanceLimits { enis_per_card: vec![7, 8].into(), ..limits("m5.24xlarge").clone() };
    let said = notes(&two_cards, &secondary());
    assert_eq!(
        said,
        "2 network cards with 15 ENIs in total; the VPC CNI uses only the 7 of card 0 for pods"
    );
    let trunk = DensitySettings { pod_eni: true, ..secondary() };
    for (enis, is_said) in [(1, true), (2, false)] {
        let small =
            InstanceLimits { enis_per_card: vec![enis].into(), ..limits("m5.large").clone() };
        let said = notes(&small, &trunk);
        assert_eq!(
            said.contains("the network card has no slot for a trunk ENI"),
            is_said,
            "{said}"
        );
    }
    // 11 MiB for each of 110 pods and 255 MiB are 1,465 MiB: more than a quarter of less than 5,860 MiB.
    for (memory, is_said) in [(5859, true), (5860, false)] {
        let small = InstanceLimits { memory_mib: Some(memory), ..limits("m5.large").clone() };
        let said = notes(&small, &prefix());
        assert_eq!(said.contains("the kubelet reserves 1465 MiB"), is_said, "{said}");
    }
}

/// The names that a machine reads, and that no reader expects to change.
#[test]
fn modes_and_bounds_have_their_names() {
    let modes = [
        Mode::SecondaryIp,
        Mode::Prefix,
        Mode::Ipv6Prefix,
        Mode::WindowsSecondaryIp,
        Mode::WindowsPrefix,
    ];
    assert_eq!(
        modes.map(Mode::name),
        ["secondary-ip", "prefix", "ipv6-prefix", "windows-secondary-ip", "windows-prefix"]
    );
    assert_eq!([Bound::Addresses, Bound::Cap].map(Bound::name), ["addresses", "cap"]);
}

#[test]
fn the_sum_of_addresses_says_its_parts() {
    for (settings, sum, value) in
        [(secondary(), "3 × (10 − 1)", 27), (prefix(), "3 × (10 − 1) × 16", 432)]
    {
        let report = report("m5.large", &settings);
        let step = report.steps.iter().find(|step| step.what == "pod addresses").unwrap();
        assert_eq!((step.sum.as_str(), step.value), (sum, Some(value)));
    }
}
