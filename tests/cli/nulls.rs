//! A law: no number is null in a report without a row that says what could not be seen.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};

use super::folder::{Folder, eksnet};

/// Numbers of a subnet with an IPv4 network. (`fragmentation_score` is null where no block could carry a
/// prefix.)
const SUBNET: [&str; 15] = [
    "total",
    "usable",
    "used",
    "held",
    "free",
    "room",
    "room_single",
    "reserved_free",
    "available_reported",
    "unexplained",
    "utilization",
    "blocks28",
    "assignable_prefixes",
    "assignable_prefixes_in_reservation",
    "owners",
];
const SUMMARY: [&str; 3] = ["usable", "used", "free"];

/// Runs the audit: what of its report is null, and whether it says why.
fn audited(folder: &Folder) -> (Vec<String>, bool) {
    let (code, out, error) =
        folder.audit(&["--nodes", "--owners", "--fail-on", "never", "-o", "json"]);
    let report: Value = serde_json::from_str(&out).expect(&error);
    let mut nulls = Vec::new();
    let mut look = |of: &Value, name: &str, keys: &[&str]| {
        let null = keys.iter().filter(|key| of[**key].is_null());
        nulls.extend(null.map(|key| format!("{name} {key}")));
    };
    for subnet in report["subnets"].as_array().unwrap() {
        if !subnet["cidr"].is_null() {
            look(subnet, subnet["subnet_id"].as_str().unwrap(), &SUBNET);
        }
    }
    look(&report["summary"], "summary", &SUMMARY);
    look(&report, "report", &["nodes"]);
    let is_said = !report["withheld"].as_array().unwrap().is_empty();
    assert_eq!(code, if is_said { 4 } else { 0 });
    (nulls, is_said)
}

#[test]
fn no_number_is_null_unless_it_is_said_why() {
    let whole = Folder::example("nulls-whole");
    assert_eq!(audited(&whole), (Vec::new(), false));
    for (at, answer) in
        ["network-interfaces", "instances", "subnet-cidr-reservations"].into_iter().enumerate()
    {
        let folder = Folder::example(&format!("nulls-{at}"));
        folder.remove(&format!("{answer}.json"));
        let (nulls, is_said) = audited(&folder);
        assert!(is_said && !nulls.is_empty(), "{answer}: {nulls:?}");
    }
}

/// What is null in a report, by its path; rows are named by their ids, so that two reports compare.
fn nulls(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Null => drop(found.insert(path.to_owned())),
        Value::Array(rows) => {
            for (at, row) in rows.iter().enumerate() {
                let id = ["subnet_id", "instance_id", "id", "name", "settings", "kind"]
                    .iter()
                    .find_map(|key| row[*key].as_str().map(ToOwned::to_owned));
                nulls(row, &format!("{path}/{}", id.unwrap_or_else(|| at.to_string())), found);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                nulls(field, &format!("{path}/{key}"), found);
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The reports of a folder, each with its exit code; `None` where it was refused with a reason.
fn reports(folder: &Folder, whole: &str) -> Vec<Option<Value>> {
    let from = folder.from();
    let moments = ["--old-at", "2026-11-01T00:00:00Z", "--new-at", "2026-11-02T00:00:00Z"];
    let commands: [&[&str]; 3] = [
        &[
            "audit",
            "--from",
            from,
            "--all",
            "--nodes",
            "--want-prefixes",
            "2",
            "--what-if",
            "warm-eni-target=0",
            "--fail-on",
            "never",
        ],
        &[&["diff", whole, from], &moments[..]].concat(),
        &["simulate", "examples/move-pods.yaml", "--from", from],
    ];
    let run = |arguments: &&[&str]| {
        let (code, out, error) = eksnet(&[arguments, &["-o", "json"][..]].concat(), &[]);
        let report: Option<Value> = serde_json::from_str(&out).ok();
        let Some(report) = report else {
            assert!(
                matches!(code, 2 | 4) && error.starts_with("error: "),
                "{arguments:?}: {error}"
            );
            return None;
        };
        // A simulation that fails a layout ends with 1.
        let is_said = !report["withheld"].as_array().unwrap().is_empty();
        assert_eq!(code == 4, is_said, "{arguments:?}: {code}");
        Some(report)
    };
    commands.iter().map(run).collect()
}

/// What makes a hole.
type Hole = Box<dyn Fn(&Folder)>;

/// A hole in one of the answers.
fn holed(file: &str, change: impl Fn(&mut Value)) -> impl Fn(&Folder) {
    let file = format!("answers/{file}.json");
    move |folder| {
        let path = folder.path(&file);
        let mut answer: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        change(&mut answer);
        fs::write(&path, answer.to_string()).unwrap();
    }
}

/// In every report what is null beyond that of the whole folder's has a row that says why.
#[test]
fn every_report_says_what_a_hole_makes_null() {
    let whole = Folder::example("holes-whole");
    let from = whole.from().to_owned();
    let before = reports(&whole, &from);
    let paths = |report: &Value| {
        let mut found = BTreeSet::new();
        nulls(report, "", &mut found);
        found
    };
    let mut holes: Vec<(String, Hole)> = Vec::new();
    for (file, list, keys) in [
        ("subnets", "Subnets", &["CidrBlock", "AvailableIpAddressCount", "AvailabilityZone"][..]),
        (
            "network-interfaces",
            "NetworkInterfaces",
            &["PrivateIpAddresses", "PrivateIpAddress", "Attachment", "Status", "InterfaceType"][..],
        ),
    ] {
        for (key, at) in keys.iter().zip([0, 3, 5, 7, 9]) {
            let hole = holed(file, move |answer| answer[list][at][*key] = Value::Null);
            holes.push((format!("{key} of {file} {at}"), Box::new(hole)));
        }
        let hole = holed(file, move |answer| answer[list] = Value::Null);
        holes.push((format!("{file} null"), Box::new(hole)));
    }
    for key in ["InstanceType", "State", "SubnetId"] {
        let change =
            move |answer: &mut Value| answer["Reservations"][0]["Instances"][0][key] = Value::Null;
        holes.push((format!("{key} of an instance"), Box::new(holed("instances", change))));
    }
    let no_instance = |answer: &mut Value| answer["Reservations"][0]["Instances"] = json!([]);
    holes.push(("no instance".to_owned(), Box::new(holed("instances", no_instance))));
    for file in ["instances", "network-interfaces", "subnet-cidr-reservations", "vpcs", "clusters"]
    {
        let remove = move |folder: &Folder| folder.remove(&format!("{file}.json"));
        holes.push((format!("without {file}"), Box::new(remove)));
    }
    for (at, (name, hole)) in holes.iter().enumerate() {
        let folder = Folder::example(&format!("holes-{at}"));
        hole(&folder);
        for (report, before) in reports(&folder, &from).iter().zip(&before) {
            let Some(report) = report else { continue };
            let new: Vec<String> =
                paths(report).difference(&paths(before.as_ref().unwrap())).cloned().collect();
            let numbers: Vec<&String> = new.iter().filter(|path| !is_name(path)).collect();
            let is_said = !report["withheld"].as_array().unwrap().is_empty();
            assert!(numbers.is_empty() || is_said, "{name}: {}: {numbers:?}", report["schema"]);
        }
    }
}

/// Whether what is null is a name and no number.
fn is_name(path: &str) -> bool {
    ["availability_zone", "zone", "region", "account", "name"]
        .iter()
        .any(|name| path.rsplit('/').next() == Some(*name))
}
