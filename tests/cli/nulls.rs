//! A law: no number is null in a report without a row that says what could not be seen.

use serde_json::Value;

use super::folder::Folder;

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
