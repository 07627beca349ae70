//! Baselines: what is known fails no run, what is new or worse does, and nothing that could not be seen
//! counts as fixed.

use std::fs;

use crate::folder::{Folder, eksnet};
use serde_json::{Value, json};

/// A subnet of the example with a critical finding.
const STARVED: &str = "subnet-0d0246ccae9901243";

/// A folder with a baseline of all that is found in it, and the baseline's path.
fn known(name: &str) -> (Folder, String) {
    let folder = Folder::example(name);
    let file = folder.path("known.json").to_str().unwrap().to_owned();
    assert_eq!(folder.audit(&["--write-baseline", &file]).0, 1);
    (folder, file)
}

fn read(file: &str) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

fn audit(folder: &Folder, arguments: &[&str]) -> (i32, Value) {
    let (code, text, stderr) = folder.audit(&[arguments, &["-o", "json"]].concat());
    (code, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{stderr}")))
}

#[test]
fn a_baseline_holds_checks_resources_and_severities() {
    let (folder, file) = known("baseline-file");
    let baseline = read(&file);
    assert_eq!(baseline["schema"], "eksnet.baseline/v1");
    let rows = baseline["findings"].as_array().unwrap();
    let (_, report) = audit(&folder, &[]);
    let mut found: Vec<Value> = report["findings"].as_array().unwrap().clone();
    assert!(found.iter().all(|finding| finding.get("known").is_none()));
    found.sort_by_key(|finding| {
        [&finding["id"], &finding["resource"], &finding["detail"]].map(ToString::to_string)
    });
    let expected: Vec<Value> = found
        .iter()
        .map(|one| {
            let mut row =
                json!({"id": one["id"], "resource": one["resource"], "severity": one["severity"]});
            if let Some(detail) = one.get("detail") {
                row["detail"] = detail.clone();
            }
            row
        })
        .collect();
    assert_eq!(*rows, expected);
    let schema = eksnet(&["generate", "schema", "baseline"], &[]).1;
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    assert!(schema.is_valid(&baseline));
    assert!(!schema.is_valid(&json!({"schema": "eksnet.baseline/v1", "findings": [{"id": "x"}]})));
}

#[test]
fn what_is_known_passes_and_is_shown() {
    let (folder, file) = known("baseline-known");
    let (code, report) = audit(&folder, &["--baseline", &file, "--fail-on", "info"]);
    assert_eq!(code, 0);
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["known"] == true));
    let count = findings.len();
    let expected = json!({"new": 0, "worse": 0, "known": count, "fixed": 0, "not_judged": 0});
    assert_eq!(report["baseline"], expected);
    let (code, text, _) = folder.audit(&["--baseline", &file, "--color", "always"]);
    assert_eq!(code, 0);
    assert!(text.contains("\u{1b}[2m    ✖ prefix-starved"), "{text}");
    assert!(text.contains("known: has room for "), "{text}");
    assert!(
        text.contains(&format!("baseline: 0 new, 0 worse, {count} known, 0 fixed\n")),
        "{text}"
    );
    // The formats for CI say it too.
    let run = |format: &str| folder.audit(&["--baseline", &file, "-o", format]).1;
    assert!(run("github").lines().next().unwrap().starts_with("::notice "));
    let sarif: Value = serde_json::from_str(&run("sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["baselineState"], "unchanged");
    let issues: Value = serde_json::from_str(&run("gitlab")).unwrap();
    assert!(issues[0]["description"].as_str().unwrap().starts_with("known: "));
    assert!(!run("junit").contains("<failure"));
    let (_, text, _) = folder.audit(&["--baseline", &file, "-o", "csv", "--csv", "findings"]);
    assert!(text.lines().skip(1).all(|line| line.contains(",true,")), "{text}");
    let (_, _, stderr) = folder.audit(&["--baseline", &file, "-o", "csv"]);
    assert!(stderr.starts_with("known critical prefix-starved: "), "{stderr}");
}

#[test]
fn what_is_new_or_worse_fails() {
    let (folder, file) = known("baseline-worse");
    let worse = ["--baseline", &file, "--critical-at", "84"];
    let (code, report) = audit(&folder, &worse);
    assert_eq!(code, 1);
    let of = |id: &str| {
        let rows = report["findings"].as_array().unwrap();
        rows.iter().find(|row| row["id"] == id && row["resource"] == STARVED).unwrap().clone()
    };
    assert_eq!(of("utilization")["known"], false);
    assert_eq!(of("utilization")["known_severity"], "warning");
    assert_eq!(of("prefix-starved")["known"], true);
    assert!(of("prefix-starved").get("known_severity").is_none());
    let (_, text, _) = folder.audit(&worse);
    assert!(text.contains("worse (known as warning): has "), "{text}");
    // What is worse comes before all that is known, and the last line names it.
    let at = |word: &str| text.find(word).unwrap();
    assert!(at("worse (known as") < at("known: has room for "), "{text}");
    let last = "exit 1: 1 new or worse finding at or above critical: utilization\n";
    assert!(text.ends_with(last), "{text}");
    let (_, text, _) = folder.audit(&[&worse[..], &["-o", "github"]].concat());
    let first = text.lines().next().unwrap();
    assert!(first.starts_with("::error ") && first.contains("title=utilization%3A "), "{text}");
    // Worse, and below the bar all the same.
    assert_eq!(folder.audit(&[&worse[..], &["--fail-on", "never"]].concat()).0, 0);

    let mut baseline = read(&file);
    baseline["findings"].as_array_mut().unwrap().retain(|row| row["id"] != "prefix-starved");
    fs::write(&file, baseline.to_string()).unwrap();
    let (code, report) = audit(&folder, &["--baseline", &file]);
    assert_eq!((code, &report["baseline"]["new"]), (1, &json!(1)));
    assert_eq!(report["findings"][0]["known"], false);
    // A known warning below the bar of critical, and nothing new.
    baseline["findings"] =
        json!([{"id": "prefix-starved", "resource": STARVED, "severity": "critical"}]);
    fs::write(&file, baseline.to_string()).unwrap();
    assert_eq!(audit(&folder, &["--baseline", &file]).0, 0);
    assert_eq!(audit(&folder, &["--baseline", &file, "--fail-on", "warning"]).0, 1);
    // A finding that got better is known.
    baseline["findings"] =
        json!([{"id": "utilization", "resource": STARVED, "severity": "critical"}]);
    fs::write(&file, baseline.to_string()).unwrap();
    let (_, report) = audit(&folder, &["--baseline", &file]);
    assert_eq!(report["baseline"]["known"], 1);
}

#[test]
fn what_is_fixed_is_counted_when_it_can_be_told() {
    let (folder, file) = known("baseline-fixed");
    let mut baseline = read(&file);
    let rows = baseline["findings"].as_array_mut().unwrap();
    let count = rows.len();
    rows.push(json!({"id": "min-free", "resource": STARVED, "severity": "critical"}));
    rows.push(json!({"id": "min-free", "resource": "subnet-elsewhere", "severity": "critical"}));
    fs::write(&file, baseline.to_string()).unwrap();
    let (code, report) = audit(&folder, &["--baseline", &file]);
    let expected = json!({"new": 0, "worse": 0, "known": count, "fixed": 1, "not_judged": 1});
    assert_eq!((code, &report["baseline"]), (0, &expected));
    let (_, text, _) = folder.audit(&["--baseline", &file]);
    assert!(text.contains(" known, 1 fixed, 1 not judged\n"), "{text}");

    // Written anew, the fixed row goes and the one of another subnet stays.
    let next = folder.path("next.json").to_str().unwrap().to_owned();
    let (code, _) = audit(&folder, &["--baseline", &file, "--write-baseline", &next]);
    assert_eq!(code, 0);
    let text = read(&next).to_string();
    assert!(
        text.contains("subnet-elsewhere") && !text.contains("min-free\",\"resource\":\"subnet-0")
    );

    // Without the interfaces nothing is found, and nothing is fixed either.
    folder.remove("network-interfaces.json");
    let (code, report) = audit(&folder, &["--baseline", &file, "--write-baseline", &next]);
    assert_eq!(code, 4);
    let left = count + 2 - report["findings"].as_array().unwrap().len();
    assert_eq!(report["baseline"]["fixed"], Value::Null);
    assert_eq!(report["baseline"]["not_judged"], left);
    assert_eq!(read(&next)["findings"].as_array().unwrap().len(), count + 2);
    let (_, text, _) = folder.audit(&["--baseline", &file]);
    assert!(text.contains(" unknown fixed, "), "{text}");
}

#[test]
fn both_flags_compare_and_then_write() {
    let (folder, file) = known("baseline-both");
    let before = fs::read_to_string(&file).unwrap();
    let both = [
        "--baseline",
        &file,
        "--write-baseline",
        &file,
        "--critical-at",
        "84",
        "--fail-on",
        "critical",
    ];
    let (code, report) = audit(&folder, &both);
    assert_eq!((code, &report["baseline"]["worse"]), (1, &json!(1)));
    assert_ne!(fs::read_to_string(&file).unwrap(), before);
    let (code, report) = audit(&folder, &both);
    assert_eq!((code, &report["baseline"]["worse"]), (0, &json!(0)));
    // Better again: the next baseline says so.
    audit(&folder, &["--baseline", &file, "--write-baseline", &file]);
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn a_bad_baseline_is_refused_before_anything_is_read() {
    let folder = Folder::example("baseline-bad");
    let file = folder.path("bad.json").to_str().unwrap().to_owned();
    let row = r#"{"id": "a", "resource": "b", "severity": "info"}"#;
    let cases: &[(String, &str)] = &[
        (String::new(), "EOF while parsing a value at line 1"),
        ("[]".to_owned(), "line 1 column"),
        (r#"{"schema": "eksnet.baseline/v1"}"#.to_owned(), "missing field `findings`"),
        (
            format!(r#"{{"schema": "eksnet.baseline/v2", "findings": [{row}], "x": 1}}"#),
            "is `eksnet.baseline/v2`, not",
        ),
        (
            format!(
                "{{\"schema\": \"eksnet.baseline/v1\",\n \"findings\": [{row}],\n \"more\": 1}}"
            ),
            "unknown field `more`, expected `schema` or `findings` at line 3",
        ),
        (
            format!(
                r#"{{"schema": "eksnet.baseline/v1", "findings": [{}]}}"#,
                row.replace("info", "bad")
            ),
            "unknown variant `bad`",
        ),
        (
            format!(
                r#"{{"schema": "eksnet.baseline/v1", "findings": [{}]}}"#,
                row.replace("id", "check")
            ),
            "unknown field `check`",
        ),
    ];
    for (text, says) in cases {
        fs::write(&file, text).unwrap();
        let (code, stdout, stderr) = folder.audit(&["--baseline", &file]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{text}: {stderr}");
        assert!(stderr.contains(says), "{text}: {stderr}");
        assert!(
            stderr
                .lines()
                .nth(1)
                .unwrap()
                .starts_with("hint: `eksnet audit --write-baseline FILE`"),
            "{stderr}"
        );
    }
    let (code, stdout, stderr) = folder.audit(&["--baseline", "/nonexistent/known.json"]);
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
    let (code, _, stderr) = folder.audit(&["--write-baseline", "/nonexistent/known.json"]);
    assert_eq!(code, 2, "{stderr}");
}

#[test]
fn of_one_check_and_resource_the_worst_counts() {
    let folder = Folder::example("baseline-twice");
    let file = folder.path("twice.json").to_str().unwrap().to_owned();
    let row =
        |severity: &str| json!({"id": "prefix-starved", "resource": STARVED, "severity": severity});
    let file_of = |rows: [Value; 2]| json!({"schema": "eksnet.baseline/v1", "findings": rows});
    for rows in [[row("critical"), row("info")], [row("info"), row("critical")]] {
        fs::write(&file, file_of(rows).to_string()).unwrap();
        assert_eq!(audit(&folder, &["--baseline", &file]).0, 0);
    }
    fs::write(&file, file_of([row("info"), row("warning")]).to_string()).unwrap();
    assert_eq!(audit(&folder, &["--baseline", &file]).0, 1);
}
