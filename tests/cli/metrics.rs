//! The monitoring formats, read by another's parser and held against the published rules.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{
    days::{Made, snapshot},
    run::{eksnet, scratch},
};
use nom_openmetrics::{
    Family, MetricDescriptor,
    parser::{openmetrics, prometheus},
};
use serde_json::{Value, json};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/vpc-prod");

fn audit(from: &str, format: &str) -> (Option<i32>, String) {
    let arguments = ["audit", "--from", from, "--fail-on", "never", "-o", format];
    let (code, stdout, _) = eksnet(&arguments);
    (code, stdout)
}

fn json_of(from: &str) -> Value {
    serde_json::from_str(&audit(from, "json").1).unwrap()
}

/// Samples by family name and then by labels.
type Samples = BTreeMap<String, BTreeMap<Vec<(String, String)>, f64>>;

fn samples(families: &[Family<'_>]) -> Samples {
    let mut found = Samples::new();
    for family in families {
        for sample in &family.samples {
            let labels = sample.labels().iter();
            let labels = labels.map(|l| (l.name.to_owned(), l.value.clone())).collect();
            let before =
                found.entry(sample.name().to_owned()).or_default().insert(labels, sample.number());
            assert_eq!(before, None, "{} is listed twice", sample.name());
        }
    }
    found
}

fn parsed(text: &str) -> Samples {
    let (rest, families) = openmetrics(text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(rest, "");
    for family in &families {
        let mut kinds = [0; 3];
        let mut unit = "";
        for descriptor in &family.descriptors {
            match descriptor {
                MetricDescriptor::Type { .. } => kinds[0] += 1,
                MetricDescriptor::Unit { unit: its, .. } => {
                    kinds[1] += 1;
                    unit = its;
                }
                MetricDescriptor::Help { .. } => kinds[2] += 1,
            }
        }
        assert!(kinds[0] == 1 && kinds[1] <= 1 && kinds[2] == 1, "{family:?}");
        for sample in &family.samples {
            assert!(sample.name().ends_with(unit), "{} {unit}", sample.name());
        }
    }
    samples(&families)
}

fn of_subnet(samples: &Samples, family: &str, id: &str) -> Option<f64> {
    let is_it =
        |labels: &[(String, String)]| labels.iter().any(|(n, v)| n == "subnet_id" && v == id);
    samples.get(family)?.iter().find(|(labels, _)| is_it(labels)).map(|(_, value)| *value)
}

#[test]
fn openmetrics_says_what_json_says() {
    let (code, text) = audit(EXAMPLE, "openmetrics");
    assert_eq!(code, Some(0));
    assert!(text.ends_with("\n# EOF\n"));
    let found = parsed(&text);
    let report = json_of(EXAMPLE);
    for subnet in report["subnets"].as_array().unwrap() {
        let id = subnet["subnet_id"].as_str().unwrap();
        for (family, field) in [
            ("eksnet_subnet_usable_addresses", "usable"),
            ("eksnet_subnet_used_addresses", "used"),
            ("eksnet_subnet_free_addresses", "free"),
            ("eksnet_subnet_reserved_free_addresses", "reserved_free"),
            ("eksnet_subnet_available_addresses", "available_reported"),
            ("eksnet_subnet_assignable_prefixes", "assignable_prefixes"),
        ] {
            assert_eq!(of_subnet(&found, family, id), subnet[field].as_f64(), "{family} {id}");
        }
        for owner in subnet["owners"].as_array().unwrap() {
            let labels: Vec<(String, String)> = [
                ("subnet_id", id),
                ("name", subnet["name"].as_str().unwrap_or_default()),
                ("vpc_id", subnet["vpc_id"].as_str().unwrap()),
                ("zone", subnet["availability_zone"].as_str().unwrap()),
                ("cidr", subnet["cidr"].as_str().unwrap_or_default()),
                ("owner", owner["kind"].as_str().unwrap()),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
            let value = found["eksnet_subnet_owner_addresses"].get(&labels).copied();
            assert_eq!(value, owner["addresses"].as_f64(), "{labels:?}");
        }
    }
    let label = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    for severity in ["critical", "warning", "info"] {
        let counted = found["eksnet_findings"][&label("severity", severity)];
        assert_eq!(Some(counted), report["summary"]["findings"][severity].as_f64(), "{severity}");
    }
    for status in ["critical", "warning", "ok", "unknown"] {
        let counted = found["eksnet_subnets"][&label("status", status)];
        assert_eq!(Some(counted), report["summary"][status].as_f64(), "{status}");
    }
    assert_eq!(found["eksnet_audit_incomplete"].values().collect::<Vec<_>>(), [&0.0]);
    assert!(!found.contains_key("eksnet_audit_captured_seconds"));
    // Without its comments it is what Prometheus' textfile collector has always read.
    let old = text.replace("# EOF\n", "");
    let old: String =
        old.lines().filter(|l| !l.starts_with("# UNIT")).flat_map(|l| [l, "\n"]).collect();
    let (rest, families) = prometheus(&old).unwrap();
    assert_eq!((rest, samples(&families)), ("", found));
}

/// Only subnets are there: what ENIs and reservations would tell has no sample, and no 0.
fn blind(name: &str) -> String {
    let folder = scratch(name);
    fs::copy(Path::new(EXAMPLE).join("subnets.json"), folder.join("subnets.json")).unwrap();
    folder.to_str().unwrap().to_owned()
}

#[test]
fn what_was_not_seen_has_no_sample() {
    let folder = blind("metrics-blind");
    let (code, text) = audit(&folder, "openmetrics");
    assert_eq!(code, Some(4));
    let found = parsed(&text);
    let families: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(
        families,
        [
            "eksnet_audit_incomplete",
            "eksnet_findings",
            "eksnet_subnet_available_addresses",
            "eksnet_subnet_usable_addresses",
            "eksnet_subnets",
        ]
    );
    assert_eq!(found["eksnet_audit_incomplete"].values().collect::<Vec<_>>(), [&1.0]);
    let (code, text) = audit(&folder, "emf");
    assert_eq!(code, Some(4));
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["AuditIncomplete"], 1);
        for name in ["UsedAddresses", "FreeAddresses", "AssignablePrefixes", "Owners"] {
            assert_eq!(line.get(name), None, "{line}");
        }
    }
}

#[test]
fn names_from_outside_stay_inside_their_labels() {
    let folder = scratch("metrics-names");
    let name = "a\"} 1\nb\\n{\u{1b}[31m, grün";
    let mut made = snapshot(
        Some("2026-11-25T10:00:00Z"),
        &[Made { id: "subnet-1", cidr: "10.0.0.0/24", used: 9 }],
    );
    made["inventory"]["subnets"][0]["tags"] = json!({ "Name": name });
    let file = folder.join("snapshot.json");
    fs::write(&file, made.to_string()).unwrap();
    let (_, text) = audit(file.to_str().unwrap(), "openmetrics");
    assert!(!text.contains('\u{1b}'));
    let found = parsed(&text);
    let labels = found["eksnet_subnet_used_addresses"].keys().next().unwrap();
    let shown = labels.iter().find(|(label, _)| label == "name").unwrap();
    assert_eq!(shown.1, "a\"} 1\nb\\n{\\u{1b}[31m, grün");
    assert_eq!(found["eksnet_audit_captured_seconds"].values().next(), Some(&1_795_600_800.0));
}

/// The rules of the specification: `_aws` with Timestamp and CloudWatchMetrics; a directive with
/// Namespace, Dimensions (30 keys at most, each a text of 1 to 1024 characters at the root) and
/// Metrics (100 at most, Name and Unit, each a number at the root); a line of 1 MB at most.
fn check_emf(line: &str) -> Value {
    assert!(line.len() < 1_000_000);
    let line: Value = serde_json::from_str(line).unwrap();
    // Objects keep the order of a text or sort it, as the SDK's features have it.
    let keys = |value: &Value| {
        value.as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>()
    };
    let set = |keys: &[&str]| keys.iter().map(ToString::to_string).collect();
    assert_eq!(keys(&line["_aws"]), set(&["CloudWatchMetrics", "Timestamp"]));
    assert!(line["_aws"]["Timestamp"].is_i64());
    for directive in line["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
        assert_eq!(keys(directive), set(&["Dimensions", "Metrics", "Namespace"]));
        let namespace = directive["Namespace"].as_str().unwrap();
        assert!(!namespace.is_empty() && !namespace.starts_with("AWS/"));
        for set in directive["Dimensions"].as_array().unwrap() {
            let set = set.as_array().unwrap();
            assert!(set.len() <= 30);
            for key in set {
                let value = line[key.as_str().unwrap()].as_str().unwrap();
                assert!((1..=1024).contains(&value.len()), "{key}");
            }
        }
        let metrics = directive["Metrics"].as_array().unwrap();
        assert!(metrics.len() <= 100);
        for metric in metrics {
            assert_eq!(keys(metric), set(&["Name", "Unit"]));
            let name = metric["Name"].as_str().unwrap();
            assert!((1..=1024).contains(&name.len()));
            assert!(line[name].is_number(), "{name}");
            // Of the units of MetricDatum those that are used here.
            assert!(["Count", "Percent"].contains(&metric["Unit"].as_str().unwrap()));
        }
    }
    line
}

#[test]
fn emf_says_what_json_says() {
    let (code, text) = audit(EXAMPLE, "emf");
    assert_eq!(code, Some(0));
    let report = json_of(EXAMPLE);
    let subnets = report["subnets"].as_array().unwrap();
    let lines: Vec<Value> = text.lines().map(check_emf).collect();
    assert_eq!(lines.len(), subnets.len());
    for (line, subnet) in lines.iter().zip(subnets) {
        for (member, field) in [
            ("SubnetId", "subnet_id"),
            ("Name", "name"),
            ("VpcId", "vpc_id"),
            ("AvailabilityZone", "availability_zone"),
            ("Cidr", "cidr"),
            ("Status", "status"),
            ("UsableAddresses", "usable"),
            ("UsedAddresses", "used"),
            ("HeldAddresses", "held"),
            ("FreeAddresses", "free"),
            ("RoomAddresses", "room"),
            ("RoomSingleAddresses", "room_single"),
            ("ReservedFreeAddresses", "reserved_free"),
            ("AvailableAddresses", "available_reported"),
            ("AssignablePrefixes", "assignable_prefixes"),
        ] {
            assert_eq!(line.get(member).unwrap_or(&Value::Null), &subnet[field], "{member}");
        }
        let percent = line["Utilization"].as_f64().unwrap();
        let expected = subnet["utilization"].as_f64().unwrap() * 100.0;
        assert!((percent - expected).abs() < 1e-9, "{percent} {expected}");
        let owners = subnet["owners"].as_array().unwrap();
        for owner in owners {
            assert_eq!(line["Owners"][owner["kind"].as_str().unwrap()], owner["addresses"]);
        }
        assert_eq!(line["AuditIncomplete"], 0);
    }
}

/// The moment is the snapshot's, so that the same input gives the same bytes.
#[test]
fn emf_has_the_moment_of_the_snapshot() {
    let folder = scratch("metrics-moment");
    let file = folder.join("snapshot.json");
    let made = [Made { id: "subnet-1", cidr: "10.0.0.0/24", used: 9 }];
    fs::write(&file, snapshot(Some("2026-11-25T10:00:00Z"), &made).to_string()).unwrap();
    let (_, text) = audit(file.to_str().unwrap(), "emf");
    assert_eq!(check_emf(text.trim_end())["_aws"]["Timestamp"], 1_795_600_800_000_i64);
    assert_eq!(audit(file.to_str().unwrap(), "emf").1, text);
}

#[test]
fn every_name_is_documented() {
    let documented =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/metrics.md")).unwrap();
    let found = parsed(&audit(EXAMPLE, "openmetrics").1);
    for family in found.keys() {
        assert!(documented.contains(&format!("`{family}`")), "{family}");
    }
    let (_, text) = audit(EXAMPLE, "emf");
    let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    for member in line.as_object().unwrap().keys().filter(|key| *key != "_aws") {
        assert!(documented.contains(&format!("`{member}`")), "{member}");
    }
}

/// In a shared subnet the ENIs that can be seen are not all: each word means the same in every format, and
/// what is held is there beside what is used.
#[test]
fn shared_subnets_have_what_is_held() {
    let file = scratch("metrics-shared").join("snapshot.json");
    let made = [Made { id: "subnet-1", cidr: "10.0.0.0/24", used: 9 }];
    let mut taken = snapshot(Some("2026-11-25T10:00:00Z"), &made);
    let told = |taken: &Value| {
        fs::write(&file, taken.to_string()).unwrap();
        let file = file.to_str().unwrap();
        let found = parsed(&audit(file, "openmetrics").1);
        let line = check_emf(audit(file, "emf").1.trim_end());
        let subnet = json_of(file)["subnets"][0].clone();
        ["used", "held", "free", "room", "room_single"].map(|word| {
            let sample = of_subnet(&found, &format!("eksnet_subnet_{word}_addresses"), "subnet-1");
            let metric: String =
                word.split('_').map(|part| part[..1].to_uppercase() + &part[1..]).collect();
            assert_eq!(line[format!("{metric}Addresses")].as_f64(), sample, "{word}");
            assert_eq!(subnet[word].as_f64(), sample, "{word}");
            sample
        })
    };
    let some = |numbers: [u32; 5]| numbers.map(|number| Some(f64::from(number)));
    assert_eq!(told(&taken), some([9, 9, 242, 242, 242]));
    let subnet = &mut taken["inventory"]["subnets"][0];
    subnet["owner_id"] = json!("999988887777");
    subnet["available"] = json!(100);
    assert_eq!(told(&taken), some([9, 151, 242, 100, 100]));
    // 16 of a prefix reservation are reserved, and what EC2 has available is less by them: 135 are held.
    taken["inventory"]["subnets"][0]["reservations"] =
        json!([{"cidr": "10.0.0.128/28", "type": "prefix"}]);
    assert_eq!(told(&taken), some([9, 135, 242, 116, 100]));
    taken["inventory"]["subnets"][0]["available"] = Value::Null;
    assert_eq!(told(&taken), [Some(9.0), None, Some(242.0), None, None]);
}
