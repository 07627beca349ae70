//! `--redact`: nothing of anybody's is left, and every number stays.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
#![expect(clippy::wildcard_enum_match_arm, reason = "the enum is JSON's")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("redact-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod")
}

fn eksnet(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_eksnet")).args(arguments).env_clear().output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Every id, account and name that a value holds, by the field it is in.
fn originals(value: &Value, found: &mut BTreeSet<String>) {
    const FIELDS: &[&str] = &[
        "vpc_id",
        "subnet_id",
        "interface_id",
        "instance_id",
        "owner_id",
        "requester_id",
        "instance_owner_id",
        "account",
        "arn",
        "name",
        "Name",
        "cluster.k8s.amazonaws.com/name",
        "node.k8s.amazonaws.com/instance_id",
        "eks:cluster-name",
        "aws:eks:cluster-name",
        "eks:nodegroup-name",
    ];
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                if let (true, Some(text)) = (FIELDS.contains(&field.as_str()), value.as_str()) {
                    found.insert(text.to_owned());
                }
                if let Some(name) = field.strip_prefix("kubernetes.io/cluster/") {
                    found.insert(name.to_owned());
                }
                originals(value, found);
            }
        }
        Value::Array(rows) => rows.iter().for_each(|row| originals(row, found)),
        _ => {}
    }
    found.retain(|text| !text.is_empty() && !text.starts_with("amazon-"));
}

/// A report without what stand-ins take the place of: its numbers, and the order they are in.
fn numbers(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::Null,
        Value::Array(rows) => rows.iter().map(numbers).collect(),
        Value::Object(fields) => {
            let kept = fields.iter().map(|(name, value)| {
                let word = matches!(
                    name.as_str(),
                    "cidr"
                        | "availability_zone"
                        | "status"
                        | "kind"
                        | "id"
                        | "severity"
                        | "map"
                        | "operation"
                        | "instance_type"
                );
                let by_name = matches!(name.as_str(), "descriptions" | "interfaces" | "evidence");
                let value = match value {
                    value if word => value.clone(),
                    Value::Object(fields) if by_name => fields.values().map(numbers).collect(),
                    value => numbers(value),
                };
                (name.clone(), value)
            });
            Value::Object(kept.collect())
        }
        other => other.clone(),
    }
}

fn compare(from: &str, more: &[&str], name: &str) {
    let folder = scratch(name);
    let (plain, kept) = (folder.join("plain.json"), folder.join("kept.json"));
    let (plain, kept) = (plain.to_str().unwrap(), kept.to_str().unwrap());
    let audit = |from: &str, more: &[&str]| {
        let (code, stdout, stderr) =
            eksnet(&[&["audit", "--from", from, "-o", "json", "--all"], more].concat());
        assert!(code == Some(0) || code == Some(1) || code == Some(4), "{stderr}");
        (code, stdout)
    };
    let (code, report) = audit(from, &[more, &["--save", plain]].concat());
    let (redacted_code, redacted) = audit(from, &[more, &["--redact", "--save", kept]].concat());
    assert_eq!(redacted_code, code);
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(numbers(&read(&redacted)), numbers(&read(&report)), "{name}");

    // An audit of the snapshot is the report that came with it, but for where it comes from.
    // (A cluster's selection also says why each subnet is there, which needs the cluster's name.)
    if !more.contains(&"--cluster") {
        let (_, again) = audit(kept, &[]);
        let (mut again, mut first) = (read(&again), read(&redacted));
        for report in [&mut again, &mut first] {
            report["source"]["kind"] = Value::Null;
        }
        assert_eq!(again, first, "{name}");
    }

    let mut found = BTreeSet::new();
    originals(&read(&fs::read_to_string(plain).unwrap()), &mut found);
    assert!(found.len() > 20, "{found:?}");
    let snapshot = fs::read_to_string(kept).unwrap();
    let mut outputs = vec![("json", redacted), ("snapshot", snapshot)];
    for format in ["wide", "csv", "markdown"] {
        let arguments =
            [&["audit", "--from", from, "--redact", "--all", "-o", format], more].concat();
        let (_, stdout, stderr) = eksnet(&arguments);
        outputs.push((format, stdout + &stderr));
    }
    for (format, text) in outputs {
        for original in &found {
            assert!(!holds(&text, original), "{name}: {format} holds `{original}`");
        }
    }
}

/// Whether a text holds another as a whole word.
fn holds(text: &str, word: &str) -> bool {
    let inside = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(at, _)| {
        !inside(text[..at].chars().next_back()) && !inside(text[at + word.len()..].chars().next())
    })
}

#[test]
fn numbers_stay_and_names_go() {
    let example = example();
    let example = example.to_str().unwrap();
    compare(example, &[], "all");
    compare(example, &["--cluster", "harbour-prod"], "cluster");
    compare(example, &["--subnet", "subnet-0e63a78f03a60c12c"], "subnet");
}

/// What could not be seen is said in sentences, and those hold ids, names and ARNs.
#[test]
fn reasons_are_redacted_too() {
    let folder = scratch("reasons");
    let snapshot = folder.join("snapshot.json");
    let arn = "arn:aws:sts::444455556666:assumed-role/Auditors/alice@example.com";
    let reason = format!(
        "User: {arn} is not authorized to perform: eks:ListNodegroups on cluster \
         harbour-prod (eni-0123456789abcdef0, subnet-1, My Subnet)."
    );
    let inventory = json!({
        "source": {"kind": "live", "region": "eu-west-1", "account": "444455556666", "captured_at": null},
        "vpcs": null,
        "subnets": [{
            "subnet_id": "subnet-1", "vpc_id": "vpc-1", "availability_zone": "eu-west-1a",
            "cidr": "10.0.0.0/24", "available": 251, "owner_id": "444455556666",
            "tags": {"Name": "My Subnet", "kubernetes.io/cluster/harbour-prod": "shared",
                     "kubernetes.io/role/elb": "1", "acme:team": "ducks"},
            "reservations": [],
        }],
        "interfaces": [], "instances": [], "clusters": [],
        "withheld": [{"operation": "ListNodegroups", "reason": reason}],
    });
    let text = json!({"schema": "eksnet.snapshot/v1", "inventory": inventory}).to_string();
    fs::write(&snapshot, text).unwrap();
    let (code, stdout, _) = eksnet(&["snapshot", "--from", snapshot.to_str().unwrap(), "--redact"]);
    assert_eq!(code, Some(4));
    let redacted: Value = serde_json::from_str(&stdout).unwrap();
    let (subnet, withheld) =
        (&redacted["inventory"]["subnets"][0], &redacted["inventory"]["withheld"][0]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&json!([subnet, withheld])).unwrap(), @r#"
    [
      {
        "availability_zone": "eu-west-1a",
        "available": 251,
        "cidr": "10.0.0.0/24",
        "owner_id": "000000000001",
        "reservations": [],
        "subnet_id": "subnet-0redacted0001",
        "tags": {
          "Name": "redacted-0002",
          "kubernetes.io/cluster/redacted-0006": "shared",
          "kubernetes.io/role/elb": "1",
          "redacted-0003": "redacted-0005"
        },
        "vpc_id": "vpc-0redacted0001"
      },
      {
        "operation": "ListNodegroups",
        "reason": "User: arn:aws:sts::000000000001:assumed-role/redacted-0001/redacted-0004 is not authorized to perform: eks:ListNodegroups on cluster redacted-0006 (eni-0redacted0001, subnet-0redacted0001, redacted-0002)."
      }
    ]
    "#);
}
