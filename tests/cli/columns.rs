//! CSV speaks of the same things as JSON, under the same names.

use crate::run::scratch;
use std::{collections::BTreeSet, fs, process::Command};

use serde_json::Value;

fn eksnet(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_eksnet"))
        .args(arguments)
        .env_clear()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("error:"), "{arguments:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// Every path of a row with underscores between its parts; a list's items stand under the list's name,
/// and an owner's under `owner_KIND`.
fn paths(row: &Value, start: &str, found: &mut BTreeSet<String>) {
    let under = |name: &str| {
        if start.is_empty() { name.to_owned() } else { format!("{start}_{name}") }
    };
    found.insert(start.to_owned());
    match row {
        Value::Object(fields) => {
            for (name, value) in fields {
                paths(value, &under(name), found);
            }
        }
        Value::Array(items) => {
            for item in items {
                paths(item, start, found);
                if let Some(kind) = item["kind"].as_str() {
                    found.insert(format!("owner_{}", kind.replace('-', "_")));
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The names of the JSON document's rows.
fn names(arguments: &[&str], rows: &str) -> BTreeSet<String> {
    let text = eksnet(&[arguments, &["-o", "json"]].concat());
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut found = BTreeSet::new();
    for row in document[rows].as_array().unwrap() {
        paths(row, "", &mut found);
    }
    found
}

/// A folder of readings of the example, a day apart.
fn history() -> String {
    let folder = scratch("history");
    let snapshot = eksnet(&["snapshot", "--from", "examples/vpc-prod", "-q"]);
    let mut snapshot: Value = serde_json::from_str(&snapshot).unwrap();
    for day in 1..=9 {
        let captured_at = format!("2026-11-{day:02}T00:00:00Z");
        snapshot["inventory"]["source"]["captured_at"] = captured_at.into();
        fs::write(folder.join(format!("{day}.json")), snapshot.to_string()).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

/// The runs for JSON and CSV, the list of the JSON's rows, and names that are of none.
type Row<'a> = (&'a [&'a str], Vec<&'a str>, &'a str, &'a [&'a str]);

#[test]
fn csv_names_are_those_of_json() {
    // A step of it replaces pods, so that nothing of a step is null.
    let (example, scenario) = ("examples/vpc-prod", "examples/scenarios/churn.yaml");
    let audit = ["audit", "--from", example, "-q"];
    let kind = |kind: &'static str| [&audit[..], &["-o", "csv", "--csv", kind]].concat();
    let history = history();
    let forecast = [&audit[..], &["--history", &history]].concat();
    // Of lines that a history without any growth does not have.
    let of_recent = [
        "recent_since",
        "recent_days",
        "recent_slope_per_day",
        "recent_slope_low",
        "recent_slope_high",
        "recent_trend",
        "bars_whole_history_days",
        "bars_recent_days",
    ];
    let rows: [Row<'_>; 8] = [
        (&audit, kind("subnets"), "subnets", &[]),
        (&["audit", "--from", example, "-q", "--nodes"], kind("nodes"), "nodes", &[]),
        (
            &audit,
            kind("findings"),
            "findings",
            // Those of the finding's subnet, and of a baseline that is not given here.
            &["name", "vpc_id", "known", "known_severity", "command"],
        ),
        (
            &audit,
            kind("owners"),
            "subnets",
            // A row is an owner of a subnet.
            &["kind", "addresses", "interfaces", "descriptions"],
        ),
        (
            &forecast,
            [&forecast[..], &["-o", "csv", "--csv", "forecast"]].concat(),
            "forecast",
            &of_recent,
        ),
        (&["diff", example, example], vec!["diff", example, example, "-o", "csv"], "subnets", &[]),
        (&["maxpods", "m5.large"], vec!["maxpods", "m5.large", "-o", "csv"], "rows", &[]),
        (
            &["simulate", scenario],
            vec!["simulate", scenario, "-o", "csv"],
            "steps",
            // A row is a step with one of its groups or subnets, whose place the answer's subnets say.
            &["step", "step_name", "subnet", "zone", "cidr", "usable"],
        ),
    ];
    for (json, csv, of, besides) in rows {
        let known = names(json, of);
        let text = eksnet(&csv);
        let header = text.lines().next().unwrap();
        let strays: Vec<&str> = header
            .split(',')
            // Kinds of owners that hold nothing here are columns all the same.
            .filter(|name| !name.starts_with("owner_"))
            .filter(|name| !known.contains(*name) && !besides.contains(name))
            .filter(|name| {
                !["groups", "subnets"].iter().any(|of| known.contains(&format!("{of}_{name}")))
            })
            .collect();
        assert!(strays.is_empty(), "{csv:?}: {strays:?} of {known:?}");
    }
}
