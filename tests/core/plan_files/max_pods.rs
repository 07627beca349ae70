//! The files that set max pods, for every family of the table in many modes: each type has its number, or the
//! lowest where one number holds for several. By our own readers, and by those of others.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use eksnet::{
    declared,
    density::{Addressing, Cap, DensitySettings, LaunchSettings, Os, assess, pods_below_half},
    expression::{
        Asked, Compiled, Dialect, Judged, Outcome, PodsSetting, Purpose, Variable, Variables, judge,
    },
    instance::BUILTIN,
    render::{
        files::{MaxPodsFile, MaxPodsForm},
        maxpods::MaxPodsRow,
    },
};
use serde_json::{Value, json};

use super::{
    readers::{FOLDER, readers},
    venv::finish,
};

const FORMS: [(MaxPodsForm, &str); 5] = [
    (MaxPodsForm::Nodeadm, "nodeadm.yaml"),
    (MaxPodsForm::Bottlerocket, "bottlerocket.toml"),
    (MaxPodsForm::Karpenter, "karpenter.yaml"),
    (MaxPodsForm::Eksctl, "eksctl.yaml"),
    (MaxPodsForm::Hcl, "locals.tf"),
];

/// Groups of types that are written in every mode.
const CHOSEN: [&str; 7] =
    ["family-m5", "family-t3", "family-c6in", "family-i7ie", "mixed", "one", "table"];

/// Settings of nodes under a name.
fn modes() -> Vec<(&'static str, DensitySettings)> {
    let plain = DensitySettings::default();
    let prefix = DensitySettings { addressing: Addressing::Prefix, ..plain.clone() };
    vec![
        ("plain", plain.clone()),
        ("no-cap", DensitySettings { cap: Cap::None, ..plain.clone() }),
        ("custom", DensitySettings { custom_networking: true, ..plain.clone() }),
        ("max-eni", DensitySettings { max_eni: Some(2), ..plain.clone() }),
        ("pod-eni", DensitySettings { pod_eni: true, ..plain.clone() }),
        ("host", DensitySettings { host_network_pods: 6, cap: Cap::Pods(60), ..plain.clone() }),
        (
            "unmanaged",
            DensitySettings {
                launch: LaunchSettings { unmanaged_enis: 1, ..LaunchSettings::default() },
                ..plain.clone()
            },
        ),
        ("ipv6", DensitySettings { addressing: Addressing::Ipv6, ..plain }),
        ("prefix-custom", DensitySettings { custom_networking: true, ..prefix.clone() }),
        ("prefix", prefix),
    ]
}

/// The rows of types that can run a mode.
fn rows<'a>(types: &[&'a str], settings: &DensitySettings) -> Vec<MaxPodsRow<'a>> {
    let limits = types.iter().filter_map(|name| BUILTIN.get(name));
    let row = |limits| {
        Some(MaxPodsRow { limits, report: assess(&BUILTIN, limits, settings).ok()?, judged: None })
    };
    limits.filter_map(row).collect()
}

/// Every family, some of several, and the whole table. All families are written in two modes.
fn groups() -> BTreeMap<String, Vec<&'static str>> {
    let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for limits in BUILTIN.types() {
        let name: &str = &limits.instance_type;
        let family = name.split('.').next().unwrap();
        groups.entry(format!("family-{family}")).or_default().push(name);
        groups.entry("table".to_owned()).or_default().push(name);
    }
    let mixed = ["m5.large", "m5.xlarge", "t3.small", "c6i.4xlarge", "m5.24xlarge", "m4.large"];
    groups.insert("mixed".to_owned(), mixed.to_vec());
    groups.insert("one".to_owned(), vec!["m5.large"]);
    groups
}

fn variables(dialect: Dialect, rows: &[MaxPodsRow<'_>]) -> Vec<Variables> {
    let of = |row: &MaxPodsRow<'_>| Variables::of(dialect, &BUILTIN, row.limits, 0);
    rows.iter().map(of).collect()
}

fn evaluated(text: &str, dialect: Dialect, rows: &[MaxPodsRow<'_>]) -> Vec<Option<u32>> {
    let compiled = Compiled::new(text, dialect).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let outcomes = compiled.evaluate(Purpose::MaxPods, &variables(dialect, rows)).unwrap();
    let number = |outcome: &Outcome| match outcome {
        Outcome::Number(number) => Some(*number),
        Outcome::Unusable(_) | Outcome::Unknown(_) => None,
    };
    outcomes.iter().map(number).collect()
}

/// What is written where the kubelet reserves memory by it: less than half of the node's, and nothing for types
/// where that is no pod.
fn within_memory(row: &MaxPodsRow<'_>) -> Option<u32> {
    let most = row.limits.memory_mib.map_or(u32::MAX, pods_below_half);
    row.report.max_pods.map(|pods| pods.min(most)).filter(|pods| *pods > 0)
}

fn file<'a>(rows: &'a [MaxPodsRow<'a>], settings: &'a DensitySettings) -> MaxPodsFile<'a> {
    MaxPodsFile { catalogue: &BUILTIN, settings, rows, is_one: rows.len() == 1 }
}

/// What eksnet's own reader of manifests finds; how many files have an expression is counted, so that none
/// of the ways to one is lost.
#[test]
fn every_type_has_its_number_or_the_lowest() {
    let (mut written, mut expressions, mut lowest) = (0, 0, 0);
    for (mode, settings) in modes() {
        let is_whole = ["custom", "prefix"].contains(&mode);
        for (group, types) in groups() {
            if !is_whole && !CHOSEN.contains(&&*group) {
                continue;
            }
            let rows = rows(&types, &settings);
            let file = file(&rows, &settings);
            if rows.iter().any(|row| row.report.max_pods == Some(0)) || rows.is_empty() {
                assert!(file.refusal(MaxPodsForm::Nodeadm).is_some(), "{mode} {group}");
                continue;
            }
            assert_eq!(file.refusal(MaxPodsForm::Nodeadm), None);
            let own: Vec<u32> = rows.iter().map(|row| row.report.max_pods.unwrap()).collect();
            let least = *own.iter().min().unwrap();
            let text = file.write(MaxPodsForm::Nodeadm).unwrap();
            assert_eq!(file.write(MaxPodsForm::Nodeadm).unwrap(), text);
            let declared = declared::read("nodeadm.yaml", &text).unwrap();
            let [config] = declared.node_configs.as_slice() else { panic!("{text}") };
            written += 1;
            match (config.max_pods, &config.max_pods_expression) {
                (Some(number), None) => {
                    assert_eq!(number, least, "{mode} {group}");
                    lowest += u32::from(own.iter().any(|own| *own != least));
                }
                (None, Some(text)) => {
                    expressions += 1;
                    let numbers = evaluated(text, Dialect::Nodeadm, &rows);
                    for (number, row) in numbers.iter().zip(&rows) {
                        let own = within_memory(row);
                        assert!(own.is_none() || *number == own, "{text} {:?}", row.limits);
                    }
                }
                other => panic!("{mode} {group}: {other:?}"),
            }
            classes_lose_a_tenth_at_most(&file, &rows, &format!("{mode} {group}"));
        }
    }
    // Most files need an expression, and nearly all of these have one.
    assert!(written > 300 && expressions > 10 * lowest, "{written} {expressions} {lowest}");
}

fn classes_lose_a_tenth_at_most(file: &MaxPodsFile<'_>, rows: &[MaxPodsRow<'_>], of: &str) {
    let text = file.write(MaxPodsForm::Karpenter).unwrap();
    let declared = declared::read("karpenter.yaml", &text).unwrap();
    assert_eq!(declared.ec2_node_classes.len(), declared.node_pools.len(), "{of}");
    let number = |name: &str| {
        let class = declared.ec2_node_classes.iter().find(|class| class.name == name).unwrap();
        match class.kubelet.as_ref().unwrap().max_pods {
            Some(declared::MaxPods::Number(number)) => number,
            Some(declared::MaxPods::Expression(_)) | None => panic!("{of}: {name} has no number"),
        }
    };
    let mut left: BTreeMap<&str, u32> = BTreeMap::new();
    for row in rows.iter().filter(|row| declared::is_launched(row.limits)) {
        if let Some(own) = within_memory(row) {
            left.insert(&row.limits.instance_type, own);
        }
    }
    let mut numbers = BTreeSet::new();
    for pool in &declared.node_pools {
        let class = number(&pool.node_class.as_ref().unwrap().name);
        assert!(numbers.insert(class), "{of}: two classes of {class}");
        let types = pool.requirements.iter().find(|r| r.key.ends_with("instance-type")).unwrap();
        let own: Vec<u32> = types.values.iter().map(|name| left.remove(&**name).unwrap()).collect();
        assert_eq!(own.iter().min(), Some(&class), "{of}");
        is_judged_right(rows, &types.values, class);
        assert!(own.iter().all(|own| 10 * (own - class) <= *own), "{of}: {class} for {own:?}");
    }
    assert!(left.is_empty(), "{of}: {left:?}");
}

/// `maxpods --nodepool` finds nothing wrong with a class, but for pods above the cap where there is none.
fn is_judged_right(rows: &[MaxPodsRow<'_>], types: &[String], class: u32) {
    let its =
        rows.iter().filter(|row| types.iter().any(|name| **name == *row.limits.instance_type));
    let its = its.map(|row| Judged { limits: row.limits, report: &row.report }).collect::<Vec<_>>();
    let asked = Asked::new(Dialect::Karpenter, PodsSetting::Number(class));
    for (verdict, one) in judge(&asked, &BUILTIN, &its).unwrap().iter().zip(&its) {
        assert_eq!(verdict.problems, [], "{class} {:?}", one.limits);
    }
}

/// c9gd.medium has 2,048 MiB: 255 + 11 x 69 = 1,014 are less than half of it, and 255 + 11 x 70 = 1,025 more.
/// t3.nano has 512, of which 255 and a pod are more than half.
#[test]
fn the_kubelet_never_reserves_half_of_the_memory() {
    assert_eq!(pods_below_half(2048), 69);
    assert_eq!(pods_below_half(512), 0);
    // 255 + 11 x 4 = 299 are half of 598.
    assert_eq!((pods_below_half(598), pods_below_half(599)), (3, 4));
    let prefix = DensitySettings { addressing: Addressing::Prefix, ..DensitySettings::default() };
    let several = rows(&["c9gd.medium", "m5.large", "t3.nano"], &prefix);
    let text = file(&several, &prefix).write(MaxPodsForm::Karpenter).unwrap();
    let text = text.replace("\n# ", " ");
    assert!(text.contains("Memory bounds c9gd.medium: 69 pods, not 110. With more"), "{text}");
    assert!(text.contains("reserves half of their memory: t3.nano."), "{text}");
    assert!(text.contains("keep the taints, labels, limits, budgets"), "{text}");
    let small = rows(&["t3.nano"], &prefix);
    assert!(file(&small, &prefix).refusal(MaxPodsForm::Karpenter).is_some());
    assert_eq!(file(&small, &prefix).refusal(MaxPodsForm::Nodeadm), None);
}

#[test]
fn what_no_file_can_say_is_refused() {
    let open = DensitySettings {
        addressing: Addressing::Ipv6,
        cap: Cap::None,
        ..DensitySettings::default()
    };
    let windows = DensitySettings { os: Os::Windows, ..DensitySettings::default() };
    let auto = DensitySettings {
        auto_mode: true,
        addressing: Addressing::Prefix,
        ..DensitySettings::default()
    };
    let none = DensitySettings { max_eni: Some(1), ..DensitySettings::default() };
    let none = DensitySettings { custom_networking: true, host_network_pods: 0, ..none };
    for (settings, allowed, says) in [
        (&open, &[][..], "m5.large has no limit under IPv6 with --cap none"),
        (&windows, &[MaxPodsForm::Karpenter, MaxPodsForm::Hcl], "of Linux nodes"),
        (&auto, &[MaxPodsForm::Hcl], "EKS Auto Mode sets max pods by itself"),
        (&none, &[], "m5.large has no room for a pod"),
    ] {
        let rows = rows(&["m5.large"], settings);
        for (form, name) in FORMS {
            match file(&rows, settings).refusal(form) {
                Some((what, _)) => assert!(what.contains(says), "{what}"),
                None => assert!(allowed.contains(&form), "{name}: {says}"),
            }
        }
    }
    assert!(file(&[], &DensitySettings::default()).refusal(MaxPodsForm::Hcl).is_some());
}

/// PyYAML, tomllib, python-hcl2, JSON schemas of the forms, and cel-python for the expressions.
#[test]
fn readers_of_others_find_the_same() {
    let Some(venv) = readers() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let mut expected: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
    let mut bounded: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
    for (mode, settings) in modes() {
        for (group, types) in groups().into_iter().filter(|(group, _)| CHOSEN.contains(&&**group)) {
            let rows = rows(&types, &settings);
            let file = file(&rows, &settings);
            if rows.is_empty() || file.refusal(MaxPodsForm::Nodeadm).is_some() {
                continue;
            }
            let case = format!("{mode}-{group}");
            let folder = scratch.path().join(&case);
            fs::create_dir_all(&folder).unwrap();
            for (form, name) in FORMS {
                fs::write(folder.join(name), file.write(form).unwrap()).unwrap();
            }
            let started: Vec<MaxPodsRow<'_>> =
                rows.iter().filter(|row| declared::is_launched(row.limits)).cloned().collect();
            let types = json!({
                "nodeadm": named_variables(Dialect::Nodeadm, &rows),
                "karpenter": named_variables(Dialect::Karpenter, &started),
            });
            fs::write(folder.join("types.json"), types.to_string()).unwrap();
            let number = |row: &MaxPodsRow<'_>| {
                (row.limits.instance_type.to_string(), row.report.max_pods.unwrap())
            };
            expected.insert(case.clone(), rows.iter().map(number).collect());
            let number = |row: &MaxPodsRow<'_>| {
                Some((row.limits.instance_type.to_string(), within_memory(row)?))
            };
            bounded.insert(case, rows.iter().filter_map(number).collect());
        }
    }
    let mut command = venv.python(&Path::new(FOLDER).join("max_pods.py"));
    let facts = finish(command.arg(scratch.path()), "a reader refuses a file");
    let facts = facts.unwrap_or_else(|error| panic!("{error}"));
    let facts: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(&facts).unwrap();
    assert_eq!(facts.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (case, files) in facts {
        let own = &expected[&case];
        let least = own.values().min().unwrap();
        assert_eq!(files.len(), FORMS.len(), "{case}");
        for (name, facts) in files {
            let mut within = bounded[&case].clone();
            if name == "karpenter.yaml" {
                within.retain(|kind, _| BUILTIN.get(kind).is_some_and(declared::is_launched));
            }
            if let Some(numbers) = facts.get("numbers") {
                if name == "locals.tf" {
                    assert_eq!(*numbers, json!(own), "{case} {name}");
                }
                for (kind, number) in within.iter().filter(|_| name != "locals.tf") {
                    assert_eq!(numbers[kind], json!(number), "{case} {name} {kind}");
                }
            }
            if let Some(lowest) = facts.get("lowest") {
                assert_eq!(*lowest, json!(least), "{case} {name}");
            }
            if let Some(classes) = facts.get("classes") {
                assert_eq!(classes.as_object().unwrap().len(), within.len(), "{case} {name}");
                for (kind, class) in classes.as_object().unwrap() {
                    let class = u32::try_from(class.as_u64().unwrap()).unwrap();
                    let own = within[kind];
                    assert!(class <= own && 10 * (own - class) <= own, "{case}");
                }
            }
            assert!(!facts.as_object().unwrap().is_empty(), "{case} {name}");
        }
    }
}

/// What each type's variables are, by the dialect's names.
fn named_variables(dialect: Dialect, rows: &[MaxPodsRow<'_>]) -> Value {
    let one = |variables: Variables| {
        let named = dialect.variables().iter().filter_map(|(name, variable)| {
            let value = match variable {
                Variable::Enis => json!(variables.enis),
                Variable::Ipv4PerEni => json!(variables.ipv4_per_eni),
                Variable::MaxPods => json!(variables.max_pods),
                Variable::Vcpus => json!(variables.vcpus?),
                Variable::MemoryMib => json!(variables.memory_mib?),
                Variable::InstanceType => json!(variables.instance_type),
                Variable::MemoryGib | Variable::Ipv4PerPrefix => return None,
            };
            Some(((*name).to_owned(), value))
        });
        (variables.instance_type.clone(), named.collect::<Value>())
    };
    variables(dialect, rows).into_iter().map(one).collect()
}
