//! The policy file from the command line: what it changes, where it is found, and what is refused.

use crate::run::{command, example, root, scratch};
use std::{fs, path::Path, process::Output};

use eksnet::audit::{checks::REGISTRY, parse_policy, policy_schema};
use serde_json::{Value, json};

/// A subnet of the example: 863 of 1019 addresses in use, and no prefix left.
const SUBNET: &str = "subnet-0d0246ccae9901243";

/// An audit of the example from a folder.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let from = example();
    let asked = ["audit", "--from", from.to_str().unwrap(), "--subnet", SUBNET];
    command(&[&asked, arguments].concat()).current_dir(folder).output().unwrap()
}

/// The same with a policy, as JSON.
fn audit(name: &str, policy: &str, arguments: &[&str]) -> (Option<i32>, Value) {
    let folder = scratch(name);
    fs::write(folder.join("policy.yaml"), policy).unwrap();
    let named = ["-o", "json", "--policy", "policy.yaml"];
    let output = run(&folder, &[&named, arguments].concat());
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

/// Severity and id of each finding.
fn found(report: &Value) -> Vec<String> {
    let list = report["findings"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    list.map(|row| format!("{} {}", text(&row["severity"]), text(&row["id"]))).collect()
}

#[test]
fn bars_come_from_the_file_and_flags_win() {
    let bars = "version: 1\nchecks: {utilization: {warn: 70, critical: 84.5}}";
    let (code, report) = audit("bars", bars, &[]);
    assert_eq!(code, Some(1));
    assert_eq!(report["subnets"][0]["status"], "critical");
    assert!(found(&report).contains(&"critical utilization".to_owned()));
    let (_, report) = audit("bars", bars, &["--critical-at", "90"]);
    assert_eq!(report["subnets"][0]["status"], "warning");
    let (_, report) = audit("bars", bars, &["--warn-at", "80", "--critical-at", "84.70"]);
    assert_eq!(report["subnets"][0]["status"], "warning");
    let free = "version: 1\nchecks: {min-free: {addresses: 200, severity: info}}";
    let (_, report) = audit("free", free, &[]);
    assert!(found(&report).contains(&"info min-free".to_owned()));
    let (_, report) = audit("free", free, &["--min-free", "100"]);
    assert!(!found(&report).contains(&"info min-free".to_owned()));
}

#[test]
fn the_exit_code_goes_by_flag_then_file_then_critical() {
    for (policy, flags, code) in [
        ("version: 1", &[][..], 1),
        ("version: 1\nfail_on: never", &[], 0),
        ("version: 1\nfail_on: never", &["--fail-on", "warning"], 1),
        ("version: 1\nchecks: {prefix-starved: {severity: warning}}", &[], 0),
        ("version: 1\nfail_on: warning\nchecks: {prefix-starved: {severity: warning}}", &[], 1),
        ("version: 1\nchecks: {prefix-starved: {enabled: false}}", &[], 0),
    ] {
        assert_eq!(audit("exit", policy, flags).0, Some(code), "{policy} {flags:?}");
    }
}

#[test]
fn a_check_that_is_off_finds_nothing() {
    let (_, report) = audit("off", "version: 1\nchecks: {utilization: {enabled: false}}", &[]);
    let ids = found(&report);
    assert!(ids.contains(&"critical prefix-starved".to_owned()), "{ids:?}");
    assert!(!ids.contains(&"warning utilization".to_owned()), "{ids:?}");
    // A subnet's status goes by the bars all the same.
    assert_eq!(report["subnets"][0]["status"], "warning");
    assert_eq!(report["summary"]["ignored"], 0);
}

#[test]
fn ignored_findings_are_counted_and_shown() {
    let row = |target: &str, until: &str| {
        format!(
            "version: 1\nignore: [{{check: prefix-starved, {target}, reason: so be it{until}}}]"
        )
    };
    for (target, until, ignored) in [
        (format!("subnet: {SUBNET}"), ", until: 2999-12-31", true),
        (format!("id: {SUBNET}"), "", true),
        ("tag: {Name: 'harbour-nodes-*'}".into(), "", true),
        ("tag: {Name: 'harbour-nodes-*', karpenter.sh/discovery: harbour-prod}".into(), "", true),
        ("tag: {Name: 'harbour-nodes-*', karpenter.sh/discovery: other}".into(), "", false),
        ("tag: {Name: 'harbour-nodes'}".into(), "", false),
        ("subnet: subnet-0abc".into(), "", false),
        (format!("subnet: {SUBNET}"), ", until: 2020-12-31", false),
    ] {
        let (code, report) = audit("ignore", &row(&target, until), &[]);
        assert_eq!(code, Some(i32::from(!ignored)), "{target}");
        let rows = report["ignored"].as_array().unwrap();
        assert_eq!(rows.len(), usize::from(ignored), "{target}");
        assert_eq!(report["summary"]["ignored"], rows.len(), "{target}");
        assert_eq!(found(&report).contains(&"critical prefix-starved".to_owned()), !ignored);
    }
    let (_, report) =
        audit("ignore", &row(&format!("subnet: {SUBNET}"), ", until: 2999-12-31"), &[]);
    let ignored = &report["ignored"][0];
    assert_eq!(ignored["id"], "prefix-starved");
    assert_eq!(ignored["severity"], "critical");
    assert_eq!(ignored["resource"], SUBNET);
    assert_eq!(ignored["reason"], "so be it");
    assert_eq!(ignored["until"], "2999-12-31");
    let (_, report) = audit("ignore", &row(&format!("subnet: {SUBNET}"), ""), &[]);
    assert_eq!(report["ignored"][0]["until"], Value::Null);
}

#[test]
fn ignored_findings_are_in_the_table_with_all() {
    let folder = scratch("table");
    let policy = format!(
        "version: 1\nignore: [{{check: prefix-starved, subnet: {SUBNET}, reason: so be it, until: 2999-12-31}}]"
    );
    fs::write(folder.join("p.yaml"), policy).unwrap();
    let text = |arguments: &[&str]| String::from_utf8(run(&folder, arguments).stdout).unwrap();
    let short = text(&["--policy", "p.yaml"]);
    assert!(short.contains("1 finding ignored by the policy (--all shows them)"), "{short}");
    assert!(!short.contains("so be it"), "{short}");
    let whole = text(&["--policy", "p.yaml", "--all"]);
    assert!(whole.contains("\nIgnored\ncritical prefix-starved: "), "{whole}");
    assert!(whole.contains("until 2999-12-31: so be it"), "{whole}");
}

#[test]
fn a_row_that_ran_out_is_said() {
    let policy = format!(
        "version: 1\nignore: [{{check: prefix-starved, subnet: {SUBNET}, reason: so be it, until: 2020-12-31}}]"
    );
    let (_, report) = audit("expired", &policy, &[]);
    let list = report["findings"].as_array().unwrap();
    let expired = list.iter().find(|row| row["id"] == "expired-ignore").unwrap();
    assert_eq!(expired["severity"], "info");
    assert_eq!(
        expired["message"],
        format!(
            "the policy's ignore row of prefix-starved for {SUBNET} ran out on 2020-12-31 and ignores \
             nothing: so be it"
        )
    );
    let (_, report) = audit("expired", &policy.replace("2020", "2999"), &[]);
    assert!(!found(&report).contains(&"info expired-ignore".to_owned()));
}

#[test]
fn the_file_is_found_upwards_as_far_as_the_repository() {
    let top = scratch("found");
    let repository = top.join("repository");
    let inner = repository.join("deep/inner");
    fs::create_dir_all(&inner).unwrap();
    fs::create_dir_all(repository.join(".git")).unwrap();
    let never = "version: 1\nfail_on: never";
    fs::write(top.join(".eksnet.yaml"), never).unwrap();
    let outcome = |folder: &Path, arguments: &[&str]| {
        let output = run(folder, arguments);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    // The one above belongs to another project.
    assert_eq!(outcome(&inner, &[]), (Some(1), String::new()));
    let file = repository.join(".eksnet.yaml");
    fs::write(&file, never).unwrap();
    let note = format!("note: policy {}\n", file.display());
    assert_eq!(outcome(&inner, &[]), (Some(0), note.clone()));
    assert_eq!(outcome(&repository, &[]), (Some(0), note));
    assert_eq!(outcome(&inner, &["-q"]), (Some(0), String::new()));
    // The nearest holds, and one that is named before any that is found.
    fs::write(repository.join("deep/.eksnet.yaml"), "version: 1").unwrap();
    assert_eq!(outcome(&inner, &[]).0, Some(1));
    assert_eq!(outcome(&inner, &["--policy", file.to_str().unwrap()]), (Some(0), String::new()));
    // One that is found and wrong is not passed over.
    fs::write(repository.join("deep/.eksnet.yaml"), "version: 7").unwrap();
    let (code, stderr) = outcome(&inner, &["-q"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("deep/.eksnet.yaml: unknown policy version 7"), "{stderr}");
}

#[test]
fn a_row_for_ever_is_noted() {
    let folder = scratch("for-ever");
    let policy = "version: 1\nignore: [{check: min-free, tag: {Name: a, Team: b}, reason: x}]";
    fs::write(folder.join("p.yaml"), policy).unwrap();
    let output = run(&folder, &["--policy", "p.yaml", "--fail-on", "never"]);
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "note: the policy ignores min-free for tag Name=a Team=b forever: add `until`\nnote: \
         ignore entries of the policy that match no finding: min-free for tag Name=a Team=b\n"
    );
    let output = run(&folder, &["--policy", "p.yaml", "--fail-on", "never", "-q"]);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn rows_that_match_nothing_are_noted_together() {
    let folder = scratch("unused");
    let row = |id: &str| {
        format!("  - {{check: prefix-starved, id: {id}, reason: x, until: 2999-01-01}}\n")
    };
    let mut policy = "version: 1\nignore:\n".to_owned() + &row(SUBNET);
    fs::write(folder.join("p.yaml"), &policy).unwrap();
    let stderr = || {
        let output = run(&folder, &["--policy", "p.yaml", "--fail-on", "never"]);
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(stderr(), "");
    for id in ["a", "b", "c", "d", "e", "f", "g"] {
        policy += &row(id);
    }
    fs::write(folder.join("p.yaml"), &policy).unwrap();
    assert_eq!(
        stderr(),
        "note: ignore entries of the policy that match no finding: prefix-starved for a, \
         prefix-starved for b, prefix-starved for c, prefix-starved for d, prefix-starved for e \
         and 2 more\n"
    );
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let row = |row: &str| format!("version: 1\nignore:\n  - {{{row}}}\n");
    let check = |row: &str| format!("version: 1\nchecks:\n  {row}\n");
    let rows = [
        ("version: 2".to_owned(), "unknown policy version 2: the supported version is 1"),
        (String::new(), "unexpected end of input"),
        ("checks: {}".into(), "missing field `version`"),
        ("version: 1\nfail: info".into(), "line 2, column 1: unknown field `fail`"),
        (
            "version: 1\nfail_on: [no-room, sometimes]".into(),
            "line 2, column 10: `sometimes` is neither",
        ),
        ("[1".into(), "line 1, column 1: unclosed bracket"),
        (
            check("utilisation: {}"),
            "line 3, column 3: no check `utilisation`: did you mean `utilization`?",
        ),
        (
            check("utilization: {warm: 5}"),
            "line 3, column 17: `utilization` has no `warm`: did you mean `warn`?",
        ),
        (
            check("utilization: {bottom: 5}"),
            "line 3, column 17: `utilization` has no `bottom`: it has enabled, severity, warn, critical",
        ),
        (check("utilization: {warn: 101}"), "line 3, column 23: `101` is not a percentage"),
        (check("utilization: {warn: 95}"), "line 3, column 16: warn 95 is above critical 90"),
        (check("fragmentation: {info: 80}"), "info 80 is above warning 75"),
        (check("zone-imbalance: {full: 40}"), "empty 50 is above full 40"),
        (check("min-free: {addresses: -1}"), "line 3, column 25: -1 is not a whole number"),
        (check("min-free: {addresses: 4294967296}"), "4294967296 is not a whole number"),
        (
            check("min-free: {severity: bad}"),
            "line 3, column 24: unknown variant `bad`, expected one of info, warning, critical",
        ),
        (check("min-free: {enabled: 5}"), "line 3, column 23: `5` is not true or false"),
        (check("min-free: 5"), "line 3, column 13: `5` is not a set of keys"),
        (check("min-free: {}\n  min-free: {}"), "line 4, column 3: key `min-free` is listed twice"),
        (row("check: min-fre, subnet: s, reason: x"), "line 3, column 13: no check `min-fre`"),
        (
            row("check: min-free, subnet: s, reason: x, until: 2027-02-30"),
            "line 3, column 52: `2027-02-30` is not a date",
        ),
        (row("check: min-free, subnet: s, reason: x, until: 20270228"), "`20270228` is not a date"),
        (row("check: min-free, subnet: s"), "missing field `reason`"),
        (row("subnet: s, reason: x"), "missing field `check`"),
        (row("check: min-free, subnet: s, reason: ' '"), "line 3, column 42: the text is empty"),
        (
            row("check: min-free, subnet: s, id: s, reason: x"),
            "line 3, column 5: an ignore entry for `min-free` requires exactly one of",
        ),
        (
            row("check: min-free, reason: x"),
            "an ignore entry for `min-free` requires exactly one of subnet, tag and id",
        ),
        (
            row("check: min-free, tag: {}, reason: x"),
            "an ignore entry for `min-free` requires exactly one of",
        ),
        (
            row("check: min-free, tag: {Name: 'a['}, reason: x"),
            "line 3, column 35: `a[` is not a valid pattern",
        ),
        (
            row("check: min-free, subnet: s, reason: x, who: me"),
            "line 3, column 45: unknown field `who`",
        ),
    ];
    let folder = scratch("wrong");
    for (policy, says) in rows {
        fs::write(folder.join("p.yaml"), &policy).unwrap();
        let output = run(&folder, &["--policy", "p.yaml"]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{policy}: {stderr}");
        assert!(stderr.contains(says), "{policy}: {stderr}");
        assert!(stderr.starts_with("error: p.yaml: ") && stderr.contains("\nhint: "), "{stderr}");
        assert!(output.stdout.is_empty(), "{policy}");
    }
    let output = run(&folder, &["--policy", "absent.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    let output = run(&folder, &["--policy", "."]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_schema_takes_the_examples_and_refuses_what_is_refused() {
    let schema = policy_schema().to_value();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let valid = |text: &str| {
        let value: Value = serde_saphyr::from_str(text).unwrap();
        (validator.is_valid(&value), parse_policy(text).is_ok())
    };
    let example = fs::read_to_string(root().join("examples/policy.yaml")).unwrap();
    assert_eq!(valid(&example), (true, true));
    let contract = r#"
version: 1
fail_on: critical
checks:
  utilization: {warn: 80, critical: 90}
  min-free: {addresses: 32, severity: warning}
  leaked-interfaces: {severity: info}
  fragmentation: {enabled: false}
ignore:
  - {check: utilization, subnet: subnet-0abc, reason: retired in March, until: 2027-03-31}
  - {check: prefix-starved, tag: {Name: "legacy-*"}, reason: no prefixes there, until: 2027-01-31}
"#;
    assert_eq!(valid(contract), (true, true));
    assert_eq!(valid("version: 1\nchecks:\nignore:"), (true, true));
    for refused in [
        "version: 2",
        "checks: {}",
        "{version: 1, fail: info}",
        "{version: 1, checks: {utilisation: {}}}",
        "{version: 1, checks: {utilization: {addresses: 5}}}",
        "{version: 1, checks: {utilization: {warn: 101}}}",
        "{version: 1, checks: {min-free: {severity: bad}}}",
        "{version: 1, ignore: [{check: min-free, subnet: s}]}",
        "{version: 1, ignore: [{check: min-free, reason: x}]}",
        "{version: 1, ignore: [{check: min-free, subnet: s, id: s, reason: x}]}",
        "{version: 1, ignore: [{check: min-free, tag: {}, reason: x}]}",
        "{version: 1, ignore: [{check: min-fre, subnet: s, reason: x}]}",
        "{version: 1, ignore: [{check: min-free, subnet: '', reason: x}]}",
    ] {
        assert_eq!(valid(refused), (false, false), "{refused}");
    }
}

#[test]
fn every_tunable_of_every_check_can_be_set() {
    for check in REGISTRY {
        for tunable in check.tunables {
            // Percentages in pairs stay in order when both are 60.
            let all: Vec<String> =
                check.tunables.iter().map(|other| format!("{}: 60", other.name)).collect();
            let text = format!("version: 1\nchecks: {{{}: {{{}}}}}", check.id, all.join(", "));
            let policy = parse_policy(&text).unwrap();
            assert_ne!(
                policy.changes.bars,
                eksnet::audit::Thresholds::default(),
                "{}",
                tunable.name
            );
        }
        let text = json!({"version": 1, "checks": {check.id: {"severity": "info"}}}).to_string();
        assert_eq!(parse_policy(&text).unwrap().changes.checks.len(), 1);
        assert!(check.severities.is_sorted_by(|a, b| a > b), "{}: worst first", check.id);
    }
    assert!(REGISTRY.is_sorted_by(|a, b| a.id < b.id));
}
