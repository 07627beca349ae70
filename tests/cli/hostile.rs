//! Text from outside, in every place where it comes in and every format in which it goes out: it stays text.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::run::{eksnet, example, scratch};

/// What a spreadsheet, a terminal, a browser, a CI system and a shell would each act on.
const HOSTILE: &str = "=1+1\u{1b}[31m\u{9b}2J\u{202e}\u{2066}\u{2028}\u{feff}\u{200b}\u{7f}\n::error::x\r\n\
                       <script>alert(1)</script>\"'&]]>{0}[l](http://e)|`b`$(touch pwned);\u{0}";

/// What shows as nothing or changes how other text shows.
fn is_harmful(letter: char) -> bool {
    let is_line_end = letter == '\n';
    let turns = "\u{202e}\u{2066}\u{2028}\u{feff}\u{200b}";
    (letter.is_control() && !is_line_end) || turns.contains(letter)
}

/// Every name, description and tag value that is no word of AWS's or Kubernetes' own, with that behind it.
fn spoil(value: &mut Value) {
    const NAMES: [&str; 8] = [
        "Description",
        "clusterName",
        "fargateProfileName",
        "name",
        "namespace",
        "nodeName",
        "nodegroup",
        "nodegroupName",
    ];
    match value {
        Value::Array(rows) => rows.iter_mut().for_each(spoil),
        Value::Object(fields) => {
            if fields.get("Key").is_some_and(|key| key == "Name") {
                spoil_text(fields.get_mut("Value").unwrap());
            }
            for (key, value) in fields {
                if NAMES.contains(&key.as_str()) && value.is_string() {
                    spoil_text(value);
                } else {
                    spoil(value);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn spoil_text(value: &mut Value) {
    // The daemonset is found by its name, and by what its variables are called.
    let text = value.as_str().unwrap();
    let is_kept = ["aws-node", "kube-system"].contains(&text)
        || text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    if !is_kept {
        *value = json!(format!("{HOSTILE}{text}{HOSTILE}"));
    }
}

/// The example with such names, in a folder with such a name.
fn spoiled() -> PathBuf {
    let folder = scratch("hostile").join(HOSTILE.replace(['\0', '/'], ""));
    fs::create_dir_all(&folder).unwrap();
    for of in [example(), example().join("kubernetes")] {
        for file in fs::read_dir(of).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|ending| ending == "json") {
                let mut value: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
                if file.ends_with("clusters.json") {
                    let clusters = value.as_object().unwrap().clone();
                    let renamed = clusters
                        .into_iter()
                        .map(|(name, its)| (format!("{HOSTILE}{name}{HOSTILE}"), its));
                    value = Value::Object(renamed.collect());
                }
                spoil(&mut value);
                fs::write(folder.join(file.file_name().unwrap()), value.to_string()).unwrap();
            }
        }
    }
    // An m4.large carries 20 pods: both names are in a finding.
    let (pool, class) = (format!("{HOSTILE}pool"), format!("{HOSTILE}class"));
    let values = json!(["m4.large", HOSTILE]);
    let requirement =
        json!({"key": "node.kubernetes.io/instance-type", "operator": "In", "values": values});
    let objects = json!({"kind": "List", "apiVersion": "v1", "items": [
        {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": pool},
         "spec": {"template": {"spec": {
             "nodeClassRef": {"name": class, "kind": "EC2NodeClass"}, "requirements": [requirement],
         }}}},
        {"apiVersion": "karpenter.k8s.aws/v1", "kind": "EC2NodeClass", "metadata": {"name": class},
         "spec": {"kubelet": {"maxPods": 110}}},
    ]});
    fs::write(folder.join("karpenter.json"), objects.to_string()).unwrap();
    // The metrics of a node, and some of nobody, under names that are shown.
    let metrics = "awscni_assigned_ip_addresses 0\n";
    fs::write(folder.join(format!("{}.prom", HOSTILE.replace(['\0', '/'], ""))), metrics).unwrap();
    // What is not recognised is named as well.
    fs::write(folder.join(format!("{}.json", "\u{1b}[31m\u{202e}")), "{\"a\": 1}").unwrap();
    folder
}

/// What each kind of reader makes of an output.
fn check(format: &str, stdout: &str, of: &str) {
    match format {
        "csv" => {
            for record in csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(stdout.as_bytes())
                .records()
            {
                for field in &record.unwrap() {
                    let is_formula = field.starts_with(['=', '+', '-', '@']);
                    assert!(!is_formula || field.parse::<f64>().is_ok(), "{of}: {field}");
                }
            }
        }
        "html" => assert!(!stdout.contains("<script"), "{of}"),
        "markdown" => {
            // Between fences text is text; every other part is outside of them.
            let parts: Vec<&str> = stdout.split("```").collect();
            assert!(parts.len() % 2 == 1, "{of}");
            for part in parts.iter().step_by(2) {
                assert!(!part.contains("<script") && !part.contains("[l](http"), "{of}: {part}");
            }
        }
        "junit" => {
            roxmltree::Document::parse(stdout).unwrap();
        }
        "github" => {
            let is_ours = |line: &str| line.starts_with("::") || line.starts_with("eksnet audit: ");
            assert!(stdout.lines().all(is_ours), "{of}: {stdout}");
            assert!(!stdout.lines().any(|line| line.starts_with("::error::x")), "{of}: {stdout}");
        }
        "json" | "sarif" | "gitlab" => {
            serde_json::from_str::<Value>(stdout).unwrap();
        }
        "emf" => {
            assert!(stdout.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{of}");
        }
        "openmetrics" => {
            let is_ours = |line: &str| line.starts_with("# ") || line.starts_with("eksnet_");
            assert!(stdout.lines().all(is_ours), "{of}: {stdout}");
        }
        _ => {}
    }
}

fn run(arguments: &[&str], format: &str) -> String {
    let (code, stdout, stderr) = eksnet(&[arguments, &["-o", format]].concat());
    let of = format!("{arguments:?} {format}");
    assert!(matches!(code, Some(0 | 1 | 4)), "{of}: {stderr}");
    // Fields of the plain format have a tab between them.
    let is_ours = |letter: char| letter == '\t' && format == "plain";
    let all = stdout.chars().chain(stderr.chars());
    let harmful = all.filter(|letter| !is_ours(*letter)).find(|letter| is_harmful(*letter));
    assert_eq!(harmful, None, "{of}");
    assert!(
        stdout.contains("touch pwned") || code == Some(2),
        "nothing of it came out: {of}: {stderr}"
    );
    check(format, &stdout, &of);
    // No command of a hint has it, quoted or not.
    for part in ["--cluster =", "--cluster '", "--name =", "--name '"] {
        assert!(!stdout.contains(part), "{of}: {part}");
    }
    stdout
}

#[test]
fn text_stays_text_in_every_format() {
    let folder = spoiled();
    let from = folder.to_str().unwrap();
    let audit = ["audit", "--from", from, "--all", "--want-prefixes", "3"];
    let ci = ["sarif", "junit", "github", "gitlab", "openmetrics", "emf"];
    for format in ["table", "wide", "json", "markdown", "html"].iter().chain(&ci) {
        run(&audit, format);
    }
    for rows in ["subnets", "owners", "nodes", "findings"] {
        run(&[&audit[..], &["--csv", rows]].concat(), "csv");
    }
    for format in ["table", "json", "csv", "markdown"] {
        run(&["diff", from, from], format);
    }
    // A name that there is not: the error tells those that there are.
    let (code, stdout, stderr) = eksnet(&["audit", "--from", from, "--cluster", "nobody"]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    // One that cannot be is shown as harmless.
    let odd = eksnet(&["audit", "--from", from, "--cluster", "no\u{1b}[31m\u{202e}"]);
    assert_eq!((odd.0, odd.1.as_str(), odd.2.contains(is_harmful)), (Some(2), "", false));
    assert!(!stderr.contains(is_harmful) && stderr.contains("touch pwned"), "{stderr}");
    // As JSON it is read as it was.
    let (_, report, _) = eksnet(&[&audit[..], &["-o", "json"]].concat());
    let report: Value = serde_json::from_str(&report).unwrap();
    let subnets = report["subnets"].as_array().unwrap();
    assert!(
        subnets.iter().any(|row| row["name"].as_str().is_some_and(|name| name.ends_with(HOSTILE)))
    );
    let (_, snapshot, _) = eksnet(&["snapshot", "--from", from]);
    assert!(serde_json::from_str::<Value>(&snapshot).is_ok());
}

fn simulate(scenario: &Path, format: &str) -> String {
    run(&["simulate", scenario.to_str().unwrap()], format)
}

#[test]
fn text_of_a_scenario_stays_text() {
    // YAML has none of these, even in quotes.
    let hostile = HOSTILE.replace(['\u{9b}', '\u{7f}'], "");
    let name = |what: &str| format!("{what}{hostile}");
    let scenario = json!({
        "version": 1,
        "vpc": {"cidrs": ["10.0.0.0/16"]},
        "subnets": [
            {"name": name("a"), "zone": "eu-west-1a", "cidr": "10.0.0.0/27"},
            {"name": name("b"), "zone": "eu-west-1b", "cidr": "10.0.1.0/27"},
        ],
        "cni": {"version": "1.20"},
        "node_groups": [{
            "name": name("general"), "instance_type": "m5.large",
            "subnets": [name("a"), name("b")], "nodes": 4, "pods_per_node": 10,
        }],
        "steps": [{"scale": {"group": name("general"), "nodes": 40}}],
    });
    let file = scratch("scenario").join("\u{1b}[31m\u{202e}.json");
    fs::write(&file, scenario.to_string()).unwrap();
    for format in ["table", "json", "csv", "markdown", "html"] {
        simulate(&file, format);
    }
    // A mistake in it is told with its place.
    fs::write(&file, json!({"version": 1, hostile.as_str(): 1}).to_string()).unwrap();
    let (code, _, stderr) = eksnet(&["simulate", file.to_str().unwrap()]);
    assert!(code == Some(2) && !stderr.contains(is_harmful), "{stderr}");
}

/// Ids and names that a shell would run: hints say in words what they cannot say as a command.
#[test]
fn hints_have_no_command_of_an_id_that_is_none() {
    let folder = scratch("ids");
    let id = |kind: &str| format!("{kind}-1;$(touch pwned)");
    let write = |name: &str, value: Value| fs::write(folder.join(name), value.to_string()).unwrap();
    let tag = json!([{"Key": "kubernetes.io/role/cni", "Value": "0"}]);
    write(
        "subnets.json",
        json!({"Subnets": [{
            "SubnetId": id("subnet"), "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/28", "Tags": tag,
            "AvailabilityZone": "eu-west-1a", "AvailableIpAddressCount": 0,
        }]}),
    );
    let addresses: Vec<Value> = (4..15)
        .map(|n| json!({"PrivateIpAddress": format!("10.0.0.{n}"), "Primary": n == 4}))
        .collect();
    write(
        "network-interfaces.json",
        json!({"NetworkInterfaces": [{
            "NetworkInterfaceId": id("eni"), "SubnetId": id("subnet"), "VpcId": "vpc-1",
            "Status": "available", "InterfaceType": "interface", "Description": "aws-K8S-i-1",
            "PrivateIpAddress": "10.0.0.4", "PrivateIpAddresses": addresses,
            "TagSet": [{"Key": "node.k8s.amazonaws.com/instance_id", "Value": "i-1"}],
        }]}),
    );
    write("instances.json", json!({"Reservations": []}));
    write(
        "subnet-cidr-reservations.json",
        json!({"SubnetIpv4CidrReservations": [
            {"SubnetId": id("subnet"), "Cidr": "10.0.0.0/28", "ReservationType": "prefix"},
        ]}),
    );
    write(
        "clusters.json",
        json!({"it's; $(touch pwned)": {"cluster": {
        "name": "it's; $(touch pwned)",
        "resourcesVpcConfig": {"vpcId": "vpc-1", "subnetIds": [id("subnet")]},
    }, "nodegroups": {}}}),
    );
    let from = folder.to_str().unwrap();
    let (_, stdout, stderr) = eksnet(&["audit", "--from", from, "-o", "json"]);
    let report: Value = serde_json::from_str(&stdout).expect(&stderr);
    let findings = report["findings"].as_array().unwrap();
    let hint = |check: &str| {
        let its = findings.iter().find(|finding| finding["id"] == check);
        its.unwrap_or_else(|| panic!("no {check}: {stdout}"))["hint"].as_str().unwrap()
    };
    assert_eq!(hint("utilization"), "see who holds the addresses");
    assert!(
        hint("leaked-interfaces").ends_with("delete them if they are still there in some minutes")
    );
    assert!(hint("reservation-exhausted").contains("whole"));
    assert!(hint("control-plane-headroom").ends_with("(aws eks update-cluster-config)"));
    for finding in findings {
        for text in [&finding["hint"], &finding["command"]].into_iter().filter_map(Value::as_str) {
            assert!(!text.contains("-1;$(touch"), "{text}");
        }
    }
}

/// The reasons of a policy, which reports and notes show.
#[test]
fn reasons_of_a_policy_stay_text() {
    let folder = scratch("policy");
    let policy = folder.join("policy.json");
    let row = |check: &str| json!({"check": check, "tag": {"Name": "*"}, "reason": HOSTILE});
    // YAML has none of these, even in quotes.
    let text = json!({"version": 1, "ignore": [row("leaked-interfaces"), row("fragmentation")]});
    let text = text.to_string().replace(['\u{9b}', '\u{7f}'], "");
    fs::write(&policy, text).unwrap();
    let example = example();
    let audit = [
        "audit",
        "--from",
        example.to_str().unwrap(),
        "--all",
        "--policy",
        policy.to_str().unwrap(),
    ];
    for format in ["table", "wide", "json", "markdown", "html"] {
        run(&audit, format);
    }
    // What these show of it is nothing or text.
    for format in ["sarif", "junit", "github", "gitlab", "openmetrics", "emf", "csv"] {
        let (code, stdout, stderr) = eksnet(&[&audit[..], &["-o", format]].concat());
        assert!(matches!(code, Some(0 | 1)), "{format}: {stderr}");
        assert!(!stdout.contains(is_harmful) && !stderr.contains(is_harmful), "{format}");
        check(format, &stdout, format);
    }
}

/// Names and words of sources in a catalogue of instance types, in each command that shows them.
#[test]
fn names_of_a_catalogue_stay_text() {
    let folder = scratch("catalogue");
    let name = format!("{HOSTILE}z9.large");
    let row = |name: &str| {
        json!({"instance_type": name, "enis_per_card": [3], "ipv4_per_eni": 10, "vcpus": 2,
            "bare_metal": false})
    };
    let file = |as_of: &str, rows: &[Value]| {
        let path = folder.join(format!("{}.json", rows.len()));
        let catalogue = json!({"schema": "eksnet.instance-limits/v1", "as_of": as_of,
            "instance_types": rows});
        fs::write(&path, catalogue.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let limits = file(HOSTILE, &[row(&name)]);
    for format in ["table", "wide", "json", "csv", "markdown", "plain"] {
        run(&["maxpods", "*z9.large", "--limits", &limits], format);
    }
    for format in ["table", "json", "csv", "markdown"] {
        run(&["limits", "list", "--limits", &limits], format);
        // What is asked for by name is an argument, which holds no zero, and in small letters.
        let typed = name.replace('\0', "").to_ascii_lowercase();
        let limits = file(HOSTILE, &[row(&typed), row("z9.small")]);
        for command in [&["node"][..], &["limits", "show"]] {
            let arguments = [command, &[&typed, "--limits", &limits]].concat();
            let (code, stdout, stderr) = eksnet(&[&arguments[..], &["-o", format]].concat());
            let of = format!("{command:?} {format}");
            assert_eq!(code, Some(0), "{of}: {stderr}");
            assert!(!stdout.contains(is_harmful) && !stderr.contains(is_harmful), "{of}");
            check(format, &stdout, &of);
        }
    }
    // A name that there is not, and one that is there twice.
    let (code, _, stderr) = eksnet(&["maxpods", "no\u{1b}[31m\u{202e}", "--limits", &limits]);
    assert!(code == Some(2) && !stderr.contains(is_harmful), "{stderr}");
    let twice = file("x", &[row(&name), row(&name), row(&name)]);
    let (code, _, stderr) = eksnet(&["maxpods", "m5.large", "--limits", &twice]);
    assert!(code == Some(2) && !stderr.contains(is_harmful), "{stderr}");
}
