//! Which types a NodePool's requirements admit.

use eksnet::{
    declared::{MatchedTypes, NodePool, TooFew, read},
    instance::{BUILTIN, InstanceLimits},
};

fn pool(requirements: &[&str]) -> NodePool {
    let list = requirements.iter().map(|row| format!("{{{row}}}")).collect::<Vec<_>>().join(", ");
    let text = format!(
        "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {{name: a}}\n\
         spec: {{template: {{spec: {{requirements: [{list}]}}}}}}\n"
    );
    read("pool.yaml", &text).unwrap_or_else(|error| panic!("{error}")).node_pools.remove(0)
}

fn names(matched: &MatchedTypes<'_>) -> Vec<String> {
    matched.types.iter().map(|row| row.instance_type.to_string()).collect()
}

fn has(row: &InstanceLimits, arch: &str) -> bool {
    row.architectures.as_ref().is_some_and(|all| all.iter().any(|name| name == arch))
}

#[test]
fn types_answer_all_requirements() {
    let pool = pool(&[
        "key: karpenter.k8s.aws/instance-category, operator: In, values: [c, m, r]",
        "key: karpenter.k8s.aws/instance-generation, operator: Gt, values: ['5']",
        "key: karpenter.k8s.aws/instance-cpu, operator: In, values: ['4', '8']",
        "key: karpenter.k8s.aws/instance-memory, operator: Lte, values: ['16384']",
        "key: kubernetes.io/arch, operator: In, values: [amd64]",
        "key: karpenter.k8s.aws/instance-size, operator: NotIn, values: [metal]",
        "key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand]",
        "key: kubernetes.io/os, operator: In, values: [linux]",
        "key: team, operator: In, values: [web]",
    ]);
    let matched = pool.types(&BUILTIN);
    let expected: Vec<_> = BUILTIN
        .types()
        .iter()
        .filter(|row| {
            let name = row.instance_type.as_bytes();
            matches!(name[0], b'c' | b'm' | b'r')
                && matches!(name[1], b'6'..=b'9')
                && matches!(row.vcpus, Some(4 | 8))
                && row.memory_mib.is_some_and(|memory| memory <= 16_384)
                && has(row, "x86_64")
                && !row.retired
        })
        .map(|row| row.instance_type.to_string())
        .collect();
    let mut found = names(&matched);
    assert!(found.contains(&"m6i.xlarge".to_owned()) && !found.contains(&"m5.xlarge".to_owned()));
    found.sort();
    assert!(expected.len() > 20, "{expected:?}");
    assert_eq!(found, expected);
    assert!(matched.not_checked.is_empty() && matched.too_few.is_empty(), "{matched:?}");
}

#[test]
fn karpenter_knows_neither_mac_hosts_nor_what_ec2_sells_no_more() {
    let all = names(&pool(&[]).types(&BUILTIN));
    for left_out in
        ["mac2.metal", "mac-m4.metal", "g2.2xlarge", "t1.micro", "m1.small", "c7g-flex.large"]
    {
        assert!(BUILTIN.get(left_out).is_some(), "{left_out}");
        assert!(!all.contains(&left_out.to_owned()), "{left_out}");
    }
    assert!(all.contains(&"m5.metal".to_owned()) && all.contains(&"m3.large".to_owned()));
}

#[test]
fn operators_mean_what_karpenter_means_by_them() {
    let family = "key: karpenter.k8s.aws/instance-family, operator: In, values: [c6i, u-6tb1]";
    let with = |row: &str| names(&pool(&[family, row]).types(&BUILTIN));
    let all = with("key: karpenter.k8s.aws/instance-family, operator: Exists");
    assert_eq!(all.len(), 13, "{all:?}");
    let hypervisor = "key: karpenter.k8s.aws/instance-hypervisor";
    // Bare metal has the label, with nothing in it.
    let nitro = with(&format!("{hypervisor}, operator: In, values: [nitro]"));
    assert!(!nitro.contains(&"c6i.metal".to_owned()) && nitro.len() == 11, "{nitro:?}");
    assert_eq!(with(&format!("{hypervisor}, operator: NotIn, values: [xen]")), all);
    assert_eq!(with(&format!("{hypervisor}, operator: Exists")), all);
    assert!(with(&format!("{hypervisor}, operator: DoesNotExist")).is_empty());
    let generation = "key: karpenter.k8s.aws/instance-generation";
    let of_u = with(&format!("{generation}, operator: Lt, values: ['6']"));
    assert!(!of_u.is_empty() && of_u.iter().all(|name| name.starts_with("u-6tb1.")), "{of_u:?}");
    assert_eq!(with(&format!("{generation}, operator: Gte, values: ['1']")), all);
    let cpu = "key: karpenter.k8s.aws/instance-cpu";
    assert_eq!(with(&format!("{cpu}, operator: Lt, values: ['4']")), ["c6i.large"]);
    assert_eq!(with(&format!("{cpu}, operator: Lte, values: ['4']")), ["c6i.large", "c6i.xlarge"]);
    // The keys of EKS Auto Mode.
    assert_eq!(
        with("key: eks.amazonaws.com/instance-size, operator: In, values: [large]"),
        ["c6i.large"]
    );
}

#[test]
fn facts_that_the_table_lacks_leave_nothing_out_and_are_told() {
    let family = "key: karpenter.k8s.aws/instance-family, operator: In, values: [m5, g5, m6g]";
    let matched = |rows: &[&str]| {
        let pool = pool(&[&[family], rows].concat());
        let matched = pool.types(&BUILTIN);
        let told: Vec<_> =
            matched.not_checked.iter().map(|one| (one.key.clone(), one.types)).collect();
        (names(&matched), told)
    };
    let (all, told) = matched(&[]);
    assert!(told.is_empty());
    let bandwidth = "karpenter.k8s.aws/instance-network-bandwidth";
    let row = format!("key: {bandwidth}, operator: Gt, values: ['10000']");
    assert_eq!(matched(&[&row]), (all.clone(), vec![(bandwidth.to_owned(), all.len())]));
    // An m5 or m6g has no GPU; how many a g5 has, the table does not say.
    let gpus = "karpenter.k8s.aws/instance-gpu-count";
    let (with_gpu, told) = matched(&[&format!("key: {gpus}, operator: Gt, values: ['0']")]);
    assert!(with_gpu.iter().all(|name| name.starts_with("g5.")), "{with_gpu:?}");
    assert_eq!(told, [(gpus.to_owned(), with_gpu.len())]);
    let (makers, told) = matched(&[
        "key: karpenter.k8s.aws/instance-cpu-manufacturer, operator: In, values: [intel]",
    ]);
    assert!(makers.iter().all(|name| !name.starts_with("m6g.")), "{makers:?}");
    assert_eq!(told.len(), 1);
    let pool = pool(&["key: karpenter.k8s.aws/instance-familly, operator: In, values: [m5]"]);
    let told = &pool.types(&BUILTIN).not_checked[0];
    assert_eq!(told.reason, "eksnet does not know this key: did you mean `instance-family`?");
}

/// Every type has the label, so that only its value tells (karpenter-provider-aws #8490).
#[test]
fn flex_types_are_told_by_their_names() {
    let with = |row: &str| {
        let family =
            "key: karpenter.k8s.aws/instance-family, operator: In, values: [c7i, c7i-flex]";
        let row = format!("key: karpenter.k8s.aws/instance-capability-flex, {row}");
        names(&pool(&[family, &row]).types(&BUILTIN))
    };
    let flex = with("operator: In, values: ['true']");
    assert!(flex.len() > 4 && flex.iter().all(|name| name.starts_with("c7i-flex.")), "{flex:?}");
    let rest = with("operator: NotIn, values: ['true']");
    assert!(rest.len() > 4 && rest.iter().all(|name| name.starts_with("c7i.")), "{rest:?}");
    assert!(with("operator: DoesNotExist").is_empty());
}

#[test]
fn keys_and_values_that_nothing_has_are_told() {
    for (key, meant) in [
        ("karpenter.sh/capacity-typ", ": did you mean `capacity-type`?"),
        ("kubernetes.io/archs", ": did you mean `arch`?"),
        ("karpenter.k8s.aws/instance-type", ": did you mean `node.kubernetes.io/instance-type`?"),
    ] {
        let pool = pool(&[&format!("key: {key}, operator: In, values: [a]")]);
        let told = &pool.types(&BUILTIN).not_checked[0];
        assert_eq!(told.reason, format!("eksnet does not know this key{meant}"));
    }
    let pool = pool(&[
        "key: node.kubernetes.io/instance-type, operator: In, values: [m5.large, m5.larg, m55.large]",
        "key: karpenter.k8s.aws/instance-family, operator: NotIn, values: [t2, t22]",
        "key: karpenter.k8s.aws/instance-cpu, operator: In, values: ['2', '3']",
        "key: karpenter.sh/capacity-type, operator: In, values: [spot]",
        "key: topology.kubernetes.io/zone, operator: In, values: [a]",
        "key: example.com/team, operator: In, values: [web]",
    ]);
    let matched = pool.types(&BUILTIN);
    let told: Vec<_> =
        matched.no_such_values.iter().map(|one| (one.key.as_str(), one.values.join(" "))).collect();
    assert_eq!(
        told,
        [
            ("node.kubernetes.io/instance-type", "m5.larg m55.large".to_owned()),
            ("karpenter.k8s.aws/instance-family", "t22".to_owned()),
        ]
    );
    assert!(matched.not_checked.is_empty(), "{matched:?}");
    assert_eq!(names(&matched), ["m5.large"]);
}

#[test]
fn variety_that_is_asked_for_and_not_there_is_told() {
    let pool = pool(&[
        "key: karpenter.k8s.aws/instance-family, operator: In, values: [m5, m6i], minValues: 3",
        "key: node.kubernetes.io/instance-type, operator: Exists, minValues: 10",
    ]);
    let key = "karpenter.k8s.aws/instance-family".to_owned();
    assert_eq!(pool.types(&BUILTIN).too_few, [TooFew { key, wanted: 3, found: 2 }]);
}

#[test]
fn windows_runs_on_one_architecture() {
    let matched = pool(&[
        "key: kubernetes.io/os, operator: In, values: [windows]",
        "key: karpenter.k8s.aws/instance-family, operator: In, values: [m5, m6g]",
    ]);
    assert!(names(&matched.types(&BUILTIN)).iter().all(|name| name.starts_with("m5.")));
}
