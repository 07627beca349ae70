//! `--redact`: nothing of anybody's is left, and every number stays.
#![expect(clippy::wildcard_enum_match_arm, reason = "the enum is JSON's")]

use crate::run::{eksnet, example, scratch};
use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};

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
        "namespace",
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
    found.retain(|text| !text.is_empty() && !text.starts_with("amazon-") && !is_kept(text));
}

/// Names that say nothing: Kubernetes' own namespace, hosts by their address, the zones of ENIConfigs.
fn is_kept(text: &str) -> bool {
    let zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
    let is_host = text.starts_with("ip-10-0-") && text.ends_with(".eu-central-1.compute.internal");
    text == "kube-system" || zones.contains(&text) || is_host
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
                    value if by_name => unnamed(value),
                    value => numbers(value),
                };
                (name.clone(), value)
            });
            Value::Object(kept.collect())
        }
        other => other.clone(),
    }
}

/// The same of what has ids and names for keys.
fn unnamed(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.values().map(unnamed).collect(),
        Value::Array(rows) => rows.iter().map(unnamed).collect(),
        other => numbers(other),
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
    let counted = |text: &str| {
        let mut counted = numbers(&read(text));
        // Those of clusters are called otherwise than those of nodes, and so change places.
        let findings = counted["findings"].as_array_mut().unwrap();
        findings.sort_by_key(Value::to_string);
        counted
    };
    assert_eq!(counted(&redacted), counted(&report), "{name}");

    // An audit of the snapshot is the report that came with it, but for where it comes from.
    // (A cluster's selection also says why each subnet is there, which needs the cluster's name.)
    if !more.contains(&"--cluster") {
        let repeated = if more.contains(&"--subnet") { &[] } else { more };
        let (_, again) = audit(kept, repeated);
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
    let formats = [
        "wide",
        "csv",
        "markdown",
        "html",
        "sarif",
        "junit",
        "github",
        "gitlab",
        "openmetrics",
        "emf",
    ];
    let rows = ["owners", "nodes", "findings"];
    let forms = formats.into_iter().map(|format| vec!["-o", format]);
    for form in forms.chain(rows.into_iter().map(|rows| vec!["-o", "csv", "--csv", rows])) {
        let all: &[&str] =
            if matches!(form[1], "wide" | "markdown" | "html") { &["--all"] } else { &[] };
        let arguments =
            [&["audit", "--from", from, "--redact"], all, form.as_slice(), more].concat();
        let (_, stdout, stderr) = eksnet(&arguments);
        assert!(!stdout.is_empty(), "{form:?}: {stderr}");
        outputs.push((form[form.len() - 1], stdout + &stderr));
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

/// Rules go by words of labels, tags and annotations, which stay: the example of EKS Auto Mode as that of the
/// VPC CNI. (The check tests redact each of their worlds.)
#[test]
fn a_redacted_audit_finds_the_same() {
    for folder in ["examples/auto-mode", "examples/vpc-prod"] {
        let from = format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"));
        let outcome = |more: &[&str]| {
            let audit = ["audit", "--from", &from, "--nodes", "-o", "json"];
            let (code, stdout, _) = eksnet(&[&audit, more].concat());
            let report: Value = serde_json::from_str(&stdout).unwrap();
            let rows = |list: &str, fields: &[&str]| {
                let row = |row: &Value| fields.iter().map(|field| row[field].to_string()).collect();
                let mut rows: Vec<Vec<String>> =
                    report[list].as_array().unwrap().iter().map(row).collect();
                rows.sort_unstable();
                rows
            };
            let nodes = rows("nodes", &["pool_keeper", "pods", "held_for_pods", "pods_waiting"]);
            (code, rows("findings", &["id", "severity"]), rows("withheld", &["operation"]), nodes)
        };
        let plain = outcome(&[]);
        assert!(!plain.1.is_empty() && !plain.3.is_empty(), "{folder}");
        assert_eq!(outcome(&["--redact"]), plain, "{folder}");
    }
}

/// What could not be seen is said in sentences, and those hold ids, names and ARNs.
/// A value as text with its keys sorted: whether objects keep their order depends on what is built
/// along.
fn pretty(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(object) => {
                let keys: BTreeSet<_> = object.keys().collect();
                Value::Object(
                    keys.into_iter().map(|key| (key.clone(), sorted(&object[key]))).collect(),
                )
            }
            Value::Array(list) => Value::Array(list.iter().map(sorted).collect()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }
    serde_json::to_string_pretty(&sorted(value)).unwrap()
}

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
    insta::assert_snapshot!(pretty(&json!([subnet, withheld])), @r#"
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

/// What kubectl told is redacted as the rest is, and every number of nodes and pods stays.
#[test]
fn names_of_kubernetes_go_too() {
    let folder = scratch("kubectl-answers");
    for of in [example(), example().join("kubernetes")] {
        for file in fs::read_dir(of).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|ending| ending == "json") {
                fs::copy(&file, folder.join(file.file_name().unwrap())).unwrap();
            }
        }
    }
    let from = folder.to_str().unwrap();
    let questions = ["--nodes", "--what-if", "WARM_IP_TARGET=5", "--want-prefixes", "3"];
    compare(from, &questions, "kubectl");
    compare(from, &["--cluster", "harbour-prod", "--nodes"], "kubectl-cluster");
}

/// Objects that are left out, and named as what is not available, stand nowhere else.
#[test]
fn objects_that_are_not_available_are_not_named() {
    let folder = scratch("redact-left-out");
    for file in ["subnets", "network-interfaces", "instances", "subnet-cidr-reservations", "vpcs"] {
        fs::copy(example().join(format!("{file}.json")), folder.join(format!("{file}.json")))
            .unwrap();
    }
    let object = |version: &str, kind: &str, spec: &str| {
        format!(
            "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: acme-{}, namespace: acme-shop}}\nspec: {spec}\n",
            kind.to_lowercase()
        )
    };
    for (file, zone, id) in
        [("a.yaml", "eu-west-1a", "subnet-1"), ("b.yaml", "eu-west-1b", "subnet-2")]
    {
        let pool = format!(
            "{{template: {{spec: {{nodeClassRef: {{name: acme-lost, group: eks.amazonaws.com, kind: NodeClass}}, \
             requirements: [{{key: topology.kubernetes.io/zone, operator: In, values: [{zone}]}}]}}}}}}"
        );
        let all = [
            object(
                "karpenter.k8s.aws/v1",
                "EC2NodeClass",
                &format!("{{subnetSelectorTerms: [{{id: {id}}}]}}"),
            ),
            object("karpenter.sh/v1", "NodePool", &pool),
            object("v1", "Pod", &format!("{{hostNetwork: {}}}", file == "a.yaml")),
        ];
        fs::write(folder.join(file), all.join("---\n")).unwrap();
    }
    let (code, plain, _) = eksnet(&["audit", "--from", folder.to_str().unwrap(), "-o", "json"]);
    assert_eq!(code, Some(4));
    assert!(plain.contains("acme-ec2nodeclass") && plain.contains("acme-nodepool"), "{plain}");
    for command in ["audit", "snapshot"] {
        let form: &[&str] = if command == "audit" { &["-o", "json"] } else { &[] };
        let (_, shown, _) =
            eksnet(&[&[command, "--redact", "--from", folder.to_str().unwrap()], form].concat());
        assert!(!shown.contains("acme"), "{shown}");
        assert!(
            shown.contains("EC2NodeClasses are listed twice with different content: redacted-"),
            "{shown}"
        );
    }
}

/// A snapshot with names that look like what is kept, and what is kept beside them.
fn of_kubernetes() -> Value {
    let subnet = json!({
        "subnet_id": "subnet-1", "vpc_id": "vpc-1", "availability_zone": "eu-west-1a",
        "cidr": "10.0.0.0/24", "available": 251, "owner_id": null, "reservations": [],
    });
    let node = json!({
        "name": "ip-10-0-0-9.corp.example.com", "instance_id": "i-1", "allocatable_pods": 29,
        "labels": {
            "node-role.kubernetes.io/treasury": "", "node-role.kubernetes.io/control-plane": "",
            "topology.kubernetes.io/zone": "eu-west-1a", "acme.example/zone": "eu-west-1a",
            "kubernetes.io/hostname": "ip-10-0-0-9.eu-west-1.compute.internal",
        },
        "annotations": {"k8s.amazonaws.com/eniConfig": "acme-pods-1a"},
        "unschedulable": false,
    });
    let pod = json!({
        "namespace": "ducks", "name": "pond-0", "node_name": "ip-10-0-0-9.corp.example.com",
        "host_ip": "10.0.0.9", "ip": "10.0.0.10", "owner_kind": "AcmeJob",
    });
    let variables = json!({
        "CLUSTER_NAME": "acme", "ENI_CONFIG_LABEL_DEF": "acme.example/zone", "WARM_ENI_TARGET": "-1",
        "ENABLE_POD_ENI": "True", "ACME_TOKEN": "secret",
    });
    let kubernetes = json!({
        "nodes": [node], "pods": [pod],
        "eni_configs": [
            {"name": "acme-pods-1a", "subnet_id": "subnet-2"},
            {"name": "eu-west-1a", "subnet_id": "subnet-1", "availability_zone": "eu-west-1a", "vpc_id": "vpc-1"},
        ],
        "aws_node": {"version": "v1.23.1-acme", "environment": variables, "hidden": ["ACME_SECRET"]},
    });
    let inventory = json!({
        "source": {"kind": "live", "region": "eu-west-1", "account": null, "captured_at": null},
        "vpcs": null, "subnets": [subnet], "interfaces": [], "instances": [], "clusters": [],
        "kubernetes": kubernetes, "withheld": [],
    });
    json!({"schema": "eksnet.snapshot/v1", "inventory": inventory})
}

#[test]
fn what_looks_like_a_word_of_kubernetes_is_redacted() {
    let folder = scratch("kubernetes");
    let snapshot = folder.join("snapshot.json");
    fs::write(&snapshot, of_kubernetes().to_string()).unwrap();
    let (_, stdout, _) = eksnet(&["snapshot", "--from", snapshot.to_str().unwrap(), "--redact"]);
    for original in ["acme", "corp", "treasury", "ducks", "pond", "Acme", "ACME", "secret"] {
        assert!(!stdout.contains(original), "{original}: {stdout}");
    }
    let redacted: Value = serde_json::from_str(&stdout).unwrap();
    let told = &redacted["inventory"]["kubernetes"];
    insta::assert_snapshot!(pretty(told), @r#"
    {
      "aws_node": {
        "environment": {
          "CLUSTER_NAME": "redacted-0004",
          "ENABLE_POD_ENI": "True",
          "ENI_CONFIG_LABEL_DEF": "redacted-0006",
          "WARM_ENI_TARGET": "-1",
          "redacted-0002": "redacted-0010"
        },
        "hidden": [
          "redacted-0001"
        ],
        "hidden_more": false,
        "version": "v1.23.1-redacted-0004"
      },
      "eni_configs": [
        {
          "availability_zone": "eu-west-1a",
          "name": "eu-west-1a",
          "subnet_id": "subnet-0redacted0001",
          "vpc_id": "vpc-0redacted0001"
        },
        {
          "name": "redacted-0005",
          "subnet_id": "subnet-0redacted0002"
        }
      ],
      "nodes": [
        {
          "allocatable_pods": 29,
          "annotations": {
            "k8s.amazonaws.com/eniConfig": "redacted-0005"
          },
          "instance_id": "i-0redacted0001",
          "labels": {
            "kubernetes.io/hostname": "ip-10-0-0-9.eu-west-1.compute.internal",
            "node-role.kubernetes.io/control-plane": "",
            "node-role.kubernetes.io/redacted-0011": "",
            "redacted-0006": "eu-west-1a",
            "topology.kubernetes.io/zone": "eu-west-1a"
          },
          "name": "ip-10-0-0-9.redacted-0007",
          "unschedulable": false
        }
      ],
      "pods": [
        {
          "branch_eni": false,
          "host_ip": "10.0.0.9",
          "host_network": false,
          "ip": "10.0.0.10",
          "name": "redacted-0009",
          "namespace": "redacted-0008",
          "node_name": "ip-10-0-0-9.redacted-0007",
          "owner_kind": "redacted-0003"
        }
      ]
    }
    "#);
}

/// Files that know things by their own names have no place beside stand-ins.
#[test]
fn what_names_originals_is_refused() {
    let folder = scratch("refused");
    let policy = folder.join("policy.yaml");
    let (example, new) = (example(), folder.join("new.json"));
    let audit = |more: &[&str]| {
        let from = ["audit", "--from", example.to_str().unwrap(), "--redact"];
        eksnet(&[&from, more].concat())
    };
    let old = folder.join("old.json");
    let old = old.to_str().unwrap();
    let from = ["audit", "--from", example.to_str().unwrap(), "--write-baseline", old];
    assert_eq!(eksnet(&from).0, Some(1));
    let row = "version: 1\nignore:\n  - {check: utilization, subnet: subnet-1, reason: known}\n";
    fs::write(&policy, row).unwrap();
    let policy = policy.to_str().unwrap();
    for (flags, says) in [
        (["--history", folder.to_str().unwrap()], "--redact cannot be used with --history"),
        (["--baseline", old], "--redact cannot be used with --baseline"),
        (
            ["--write-baseline", new.to_str().unwrap()],
            "--redact cannot be used with \
            --write-baseline",
        ),
        (["--policy", policy], "--redact cannot be used with a policy that ignores findings"),
    ] {
        let (code, stdout, stderr) = audit(&flags);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert!(stderr.contains(says) && stderr.contains("hint: "), "{stderr}");
    }
    assert!(!new.exists());
    // A policy without such rows is as good as ever.
    fs::write(policy, "version: 1\nfail_on: never\n").unwrap();
    assert_eq!(audit(&["--policy", policy]).0, Some(0));
}

/// What a service said is told without secrets, with and without `--redact`, and so is what an error says.
#[test]
fn what_services_said_is_cleaned() {
    let folder = scratch("said");
    let snapshot = folder.join("snapshot.json");
    let token = "IQoJb3JpZ2luX2VjEJ3wEaCXVzLWVhc3QtMSJHMEUCIQ".repeat(5);
    let reason = format!(
        "UnauthorizedOperation: User: arn:aws:sts::111122223333:assumed-role/acme-audit/alice is not \
         authorized, with an explicit deny in o-a1b2c3d4e5. AKIAIOSFODNN7EXAMPLE, x-amz-security-token: \
         {token}. Encoded authorization failure message: {token}"
    );
    let inventory = json!({
        "source": {"kind": "live", "region": "eu-west-1", "account": "111122223333", "captured_at": null},
        "vpcs": null,
        "subnets": [{"subnet_id": "subnet-1", "vpc_id": "vpc-1", "cidr": "10.0.0.0/24", "reservations": []}],
        "interfaces": [], "instances": [],
        "clusters": [{"name": "acme-prod", "vpc_id": "vpc-1", "subnet_ids": []}],
        "withheld": [{"operation": "ListNodegroups", "reason": reason}],
    });
    let text = json!({"schema": "eksnet.snapshot/v1", "inventory": inventory}).to_string();
    fs::write(&snapshot, text).unwrap();
    let from = snapshot.to_str().unwrap();
    for redact in [false, true] {
        for run in [
            vec!["audit", "--from", from],
            vec!["audit", "--from", from, "-o", "json"],
            vec!["audit", "--from", from, "-o", "csv"],
            vec!["audit", "--from", from, "-o", "html"],
            vec!["snapshot", "--from", from],
        ] {
            let run = if redact { [run.as_slice(), &["--redact"]].concat() } else { run };
            let (code, stdout, stderr) = eksnet(&run);
            let all = stdout + &stderr;
            assert_eq!(code, Some(4), "{run:?}: {all}");
            assert!(all.contains("UnauthorizedOperation"), "{run:?}: {all}");
            for secret in [&token[..20], "AKIAIOSFODNN7EXAMPLE"] {
                assert!(!all.contains(secret), "{run:?}: {all}");
            }
            for name in ["alice", "acme-audit", "o-a1b2c3d4e5", "111122223333"] {
                assert_eq!(all.contains(name), !redact, "{run:?} {name}: {all}");
            }
        }
    }
    // An error names what is there, and by stand-ins alone where names are hidden.
    let typo = ["audit", "--from", from, "--cluster", "acme-prd"];
    let (code, _, stderr) = eksnet(&typo);
    assert!(
        code == Some(2) && stderr.contains("acme-prd") && stderr.contains("acme-prod"),
        "{stderr}"
    );
    let (code, _, stderr) = eksnet(&[&typo[..], &["--redact"]].concat());
    assert!(
        code == Some(2) && !stderr.contains("acme") && stderr.contains("redacted-"),
        "{stderr}"
    );
}

/// An error about a cluster named by its ARN, in quotes that are no part of it; and what is not hidden is
/// said.
#[test]
fn an_arn_in_an_error_keeps_its_form() {
    let example = example();
    let arn = "arn:aws:eks:eu-central-1:444455556666:cluster/harbour-prd";
    let typo = ["audit", "--from", example.to_str().unwrap(), "--cluster", arn, "--redact"];
    let (code, _, stderr) = eksnet(&typo);
    assert_eq!(code, Some(2));
    assert!(
        stderr.starts_with(
            "error: no cluster `arn:aws:eks:eu-central-1:000000000001:cluster/redacted-0001` found\n\
             hint: available: arn:aws:eks:eu-central-1:000000000001:cluster/redacted-0002\n"
        ),
        "{stderr}"
    );
    let (_, _, stderr) = eksnet(&[&typo[..], &["-v"]].concat());
    let note = "note: the log lines of -v are not redacted: do not share stderr output\n";
    assert!(stderr.starts_with(note), "{stderr}");
}
