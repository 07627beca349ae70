//! Files of aws-node's metrics among the saved answers.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{folder::eksnet, run::scratch};

const NODE: &str = "ip-10-0-0-4.eu-west-1.compute.internal";

/// A subnet with one node of m5.large that has three prefixes.
fn answers(name: &str) -> PathBuf {
    let folder = scratch(name);
    let write = |file: &str, value: Value| fs::write(folder.join(file), value.to_string()).unwrap();
    write(
        "subnets.json",
        json!({"Subnets": [{"SubnetId": "subnet-0a", "VpcId": "vpc-0a", "CidrBlock": "10.0.0.0/24",
            "AvailabilityZone": "eu-west-1a", "AvailableIpAddressCount": 202}]}),
    );
    let prefix = |prefix: &str| json!({"Ipv4Prefix": prefix});
    let prefixes = ["10.0.0.16/28", "10.0.0.32/28", "10.0.0.48/28"].map(prefix);
    write(
        "network-interfaces.json",
        json!({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-0a", "SubnetId": "subnet-0a",
            "VpcId": "vpc-0a", "InterfaceType": "interface", "Status": "in-use", "Description": "",
            "PrivateIpAddress": "10.0.0.4",
            "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4", "Primary": true}],
            "Ipv4Prefixes": prefixes,
            "Attachment": {"InstanceId": "i-0a", "DeviceIndex": 0, "NetworkCardIndex": 0}}]}),
    );
    write(
        "instances.json",
        json!({"Reservations": [{"Instances": [{"InstanceId": "i-0a", "InstanceType": "m5.large",
            "State": {"Name": "running"}, "VpcId": "vpc-0a", "SubnetId": "subnet-0a",
            "Tags": [{"Key": "eks:cluster-name", "Value": "shop"}]}]}]}),
    );
    write(
        "subnet-cidr-reservations.json",
        json!({"subnet-0a": {"SubnetIpv4CidrReservations": []}}),
    );
    write(
        "nodes.json",
        json!({"kind": "NodeList", "apiVersion": "v1", "items": [{"metadata": {"name": NODE},
            "spec": {"providerID": "aws:///eu-west-1a/i-0a"},
            "status": {"allocatable": {"pods": "110"}}}]}),
    );
    write(
        "aws-node.json",
        json!({"kind": "DaemonSet", "apiVersion": "apps/v1",
            "metadata": {"name": "aws-node", "namespace": "kube-system"},
            "spec": {"template": {"spec": {"containers": [{"name": "aws-node",
                "image": "x/amazon-k8s-cni:v1.23.1", "env": [
                    {"name": "ENABLE_PREFIX_DELEGATION", "value": "true"},
                    {"name": "WARM_PREFIX_TARGET", "value": "1"}]}]}}}}),
    );
    folder
}

const METRICS: &str = r#"# HELP awscni_add_ip_req_count The number of add IP address requests
# TYPE awscni_add_ip_req_count counter
awscni_add_ip_req_count 9
# HELP awscni_assigned_ip_addresses The number of IP addresses assigned to pods
# TYPE awscni_assigned_ip_addresses gauge
awscni_assigned_ip_addresses 5
# HELP awscni_assigned_ip_per_cidr The total number of IP addresses assigned per cidr
# TYPE awscni_assigned_ip_per_cidr gauge
awscni_assigned_ip_per_cidr{cidr="10.0.0.16/28"} 5
awscni_assigned_ip_per_cidr{cidr="10.0.0.240/28"} 0
# HELP awscni_assigned_ip_per_eni The number of allocated ips partitioned by eni
# TYPE awscni_assigned_ip_per_eni gauge
awscni_assigned_ip_per_eni{eni="eni-0a"} 5
# HELP awscni_total_ip_addresses The total number of IP addresses
# TYPE awscni_total_ip_addresses gauge
awscni_total_ip_addresses 48
# HELP go_goroutines Number of goroutines that currently exist.
# TYPE go_goroutines gauge
go_goroutines 25
"#;

fn audit(from: &str, more: &[&str]) -> (i32, String, String) {
    eksnet(&[&["audit", "--from", from, "--nodes"], more].concat(), &[])
}

fn usage(from: &str) -> (i32, Value, Vec<String>) {
    let (code, stdout, stderr) = audit(from, &["-o", "json"]);
    let report: Value = serde_json::from_str(&stdout).expect(&stderr);
    let rows = report["withheld"].as_array().unwrap();
    let reasons = rows.iter().map(|row| row["reason"].as_str().unwrap().to_owned()).collect();
    (code, report["nodes"][0].clone(), reasons)
}

/// By its ending, and by what it holds; in UTF-16 too; kept in a snapshot, and with other names in a
/// redacted one.
#[test]
fn metrics_are_read_and_kept() {
    let folder = answers("node-metrics");
    let from = folder.to_str().unwrap();
    let snapshot = folder.join("../node-metrics-snapshot.json");
    let snapshot = snapshot.to_str().unwrap();
    let expected = |node: &Value| {
        assert_eq!(node["pods"], 5, "{node}");
        assert_eq!((&node["held_for_pods"], &node["warm_addresses"]), (&json!(48), &json!(43)));
        assert_eq!((&node["assigned_addresses"], &node["listed_pods"]), (&json!(5), &Value::Null));
        assert_eq!(node["freeable_prefixes"], json!(["10.0.0.32/28", "10.0.0.48/28"]));
        assert_eq!(node["freeable_kept"], 1);
        // ceil(5 / 16) prefixes and a warm one.
        assert_eq!(node["expected_addresses"], 32);
    };
    let (code, node, rows) = usage(from);
    assert_eq!((code, rows.as_slice()), (0, &[][..]));
    assert_eq!((&node["pods"], &node["freeable_prefixes"]), (&Value::Null, &Value::Null));
    let utf16: Vec<u8> =
        format!("\u{feff}{METRICS}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let by_content = METRICS.as_bytes().to_vec();
    for (file, bytes) in [("x.prom", by_content.clone()), ("x.PROM", utf16), ("x.json", by_content)]
    {
        fs::write(folder.join(file), bytes).unwrap();
        let (code, node, rows) = usage(from);
        assert_eq!((code, rows.as_slice()), (0, &[][..]), "{file}");
        expected(&node);
        fs::remove_file(folder.join(file)).unwrap();
    }
    // A file of its own beside a snapshot, and inside a snapshot.
    let alone = folder.join("../x.metrics");
    fs::write(&alone, METRICS).unwrap();
    let alone = alone.to_str().unwrap();
    let (code, _, stderr) = eksnet(&["snapshot", "--from", from, "--output-file", snapshot], &[]);
    assert_eq!(code, 0, "{stderr}");
    let (_, stdout, _) = audit(snapshot, &["--from", alone, "-o", "json"]);
    expected(&serde_json::from_str::<Value>(&stdout).unwrap()["nodes"][0]);
    for more in [&[][..], &["--redact"]] {
        fs::write(folder.join(format!("{NODE}.prom")), METRICS).unwrap();
        let save = [&["--save", snapshot][..], more].concat();
        let (code, _, stderr) = audit(from, &save);
        assert_eq!(code, 0, "{stderr}");
        expected(&usage(snapshot).1);
        let text = fs::read_to_string(snapshot).unwrap();
        assert_eq!(text.contains("eni-0a"), more.is_empty());
    }
}

#[test]
fn idle_prefixes_and_differences_are_shown() {
    let folder = answers("node-metrics-shown");
    let from = folder.to_str().unwrap();
    fs::write(folder.join("x.prom"), METRICS).unwrap();
    fs::write(
        folder.join("pods.json"),
        json!({"kind": "PodList", "apiVersion": "v1", "items": [
            {"metadata": {"name": "dns", "namespace": "kube-system"}, "spec": {"nodeName": NODE},
             "status": {"podIP": "10.0.0.17", "hostIP": "10.0.0.4", "phase": "Running"}},
            {"metadata": {"name": "web", "namespace": "shop"}, "spec": {"nodeName": NODE},
             "status": {"podIP": "10.0.0.18", "hostIP": "10.0.0.4", "phase": "Running"}}]})
        .to_string(),
    )
    .unwrap();
    let (code, stdout, stderr) = audit(from, &[]);
    assert_eq!(code, 0, "{stderr}");
    for line in [
        "1 prefix without a pod that no warm target keeps, on 1 node:",
        "1  10.0.0.32/28 10.0.0.48/28",
        "the greater count is used (aws-node, kubectl): ip-10-0-0-4.eu-west-1.compute.internal 5 and 2",
    ] {
        assert!(stdout.contains(line), "{line}: {stdout}");
    }
    // Without the warm targets it may keep all of them.
    fs::rename(folder.join("aws-node.json"), folder.join("aws-node.kept")).unwrap();
    let (_, unknown, _) = audit(from, &[]);
    fs::rename(folder.join("aws-node.kept"), folder.join("aws-node.json")).unwrap();
    let line = "at most 2 prefixes without a pod that no warm target keeps, on 1 node (warm targets unknown \
                without aws-node.json):";
    assert!(unknown.contains(line), "{unknown}");
    let (_, stdout, _) = audit(from, &["-o", "csv", "--csv", "nodes"]);
    assert!(stdout.trim_end().ends_with(",5,2,10.0.0.32/28 10.0.0.48/28,1"), "{stdout}");
}

fn pods(folder: &Path, addresses: &[&str]) {
    let pod = |(at, address): (usize, &&str)| {
        let namespace = if at == 0 { "kube-system" } else { "shop" };
        json!({"metadata": {"name": format!("p-{at}"), "namespace": namespace},
            "spec": {"nodeName": NODE},
            "status": {"podIP": address, "hostIP": "10.0.0.4", "phase": "Running"}})
    };
    let all: Vec<Value> = addresses.iter().enumerate().map(pod).collect();
    let list = json!({"kind": "PodList", "apiVersion": "v1", "items": all});
    fs::write(folder.join("pods.json"), list.to_string()).unwrap();
}

/// What nodes start with: `1 node …, 5 pods`.
fn simulated(from: &str) -> (i32, String) {
    let (code, stdout, stderr) = eksnet(&["simulate", "--from", from, "-o", "json"], &[]);
    let report: Value = serde_json::from_str(&stdout).expect(&stderr);
    (code, report["steps"][0]["groups"][0]["pods_placed"].to_string())
}

/// Metrics of before its pods came: the pods that kubectl lists hold their prefixes, and count, in the
/// audit as in a simulation. Metrics of other addresses are withheld, whatever their file is called.
#[test]
fn older_metrics_free_nothing() {
    let folder = answers("node-metrics-older");
    let from = folder.to_str().unwrap();
    let file = folder.join(format!("{NODE}.prom"));
    let idle = "awscni_assigned_ip_addresses 0\nawscni_total_ip_addresses 48\n";
    fs::write(&file, idle).unwrap();
    pods(&folder, &["10.0.0.17", "10.0.0.18", "10.0.0.33"]);
    let (_, node, rows) = usage(from);
    assert_eq!(rows, [""; 0]);
    assert_eq!((&node["pods"], &node["warm_addresses"]), (&json!(3), &json!(45)));
    assert_eq!((&node["assigned_addresses"], &node["listed_pods"]), (&json!(0), &json!(3)));
    assert_eq!(node["freeable_prefixes"], json!(["10.0.0.48/28"]));
    assert_eq!(simulated(from).1, "3");
    for elsewhere in [
        idle.replace("48", "96"),
        METRICS.replace("10.0.0.16/28", "10.0.9.0/28"),
        METRICS.replace("eni-0a", "eni-0b"),
    ] {
        fs::write(&file, elsewhere).unwrap();
        let (code, node, rows) = usage(from);
        assert_eq!((code, &node["pods"], rows.len()), (4, &json!(3), 1), "{rows:?}");
        assert!(rows[0].starts_with(NODE), "{rows:?}");
        assert_eq!(simulated(from), (4, "3".to_owned()));
    }
}

/// Without `pods.json` the same count serves `--what-if` and a plan, which says whose it is.
#[test]
fn metrics_are_enough_for_what_if_and_plan() {
    let folder = answers("node-metrics-what-if");
    let from = folder.to_str().unwrap();
    let what_if = ["-o", "json", "--what-if", "WARM_PREFIX_TARGET=0"];
    let (code, stdout, _) = audit(from, &what_if);
    let report: Value = serde_json::from_str(&stdout).unwrap();
    let reason = "--what-if requires its output, as pods.json, or aws-node's metrics of each node";
    assert_eq!((code, &report["withheld"][0]["reason"]), (4, &json!(reason)));
    let file = folder.join(format!("{NODE}.prom"));
    fs::write(&file, METRICS).unwrap();
    let warm = ["-o", "json", "--what-if", "warm-ip-target=11"];
    let (code, stdout, stderr) = audit(from, &warm);
    assert_eq!(code, 0, "{stderr}");
    let report: Value = serde_json::from_str(&stdout).unwrap();
    // The node's own address, and ceil((5 + 11) / 16) prefixes instead of three.
    let subnet = &report["what_if"][0]["subnets"][0];
    assert_eq!((&subnet["held"], &subnet["would_hold"]), (&json!(49), &json!(17)));
    for (listed, says) in [
        (&[][..], "5 pods on 1 node, as aws-node counts them"),
        (&["10.0.0.17", "10.0.0.18"], "5 pods on 1 node, as aws-node counts them"),
        (
            &["10.0.0.17", "10.0.0.18", "10.0.0.19", "10.0.0.20", "10.0.0.21", "10.0.0.22"],
            "6 pods on 1 node, as kubectl shows them",
        ),
    ] {
        if !listed.is_empty() {
            pods(&folder, listed);
        }
        let plan = ["plan", "--from", from, "--vpc-cidr", "10.0.0.0/16"];
        let (_, stdout, stderr) = eksnet(&plan, &[]);
        assert!((stdout + &stderr).contains(says), "{says}");
    }
}

/// What is in a folder and not read is named.
#[test]
fn files_that_are_not_read_are_named() {
    let folder = answers("node-metrics-unread");
    let from = folder.to_str().unwrap();
    assert_eq!(audit(from, &[]).2, "");
    fs::create_dir(folder.join("metrics")).unwrap();
    for file in ["a.prom.gz", "b.txt", NODE, "metrics/x.prom", ".hidden"] {
        fs::write(folder.join(file), METRICS).unwrap();
    }
    // What eksnet wrote into a directory of its own is no answer.
    fs::create_dir(folder.join("out")).unwrap();
    fs::write(folder.join("out/audit.json"), "{}").unwrap();
    let (code, _, stderr) = audit(from, &[]);
    assert_eq!(code, 0, "{stderr}");
    let files = format!("only .json, .yaml, .yml and .prom files are: a.prom.gz, b.txt, {NODE}\n");
    assert!(stderr.contains(&files), "{stderr}");
    assert!(stderr.contains("pass each with --from: metrics\n"), "{stderr}");
    assert_eq!(stderr.lines().count(), 2, "{stderr}");
}

/// What is there and cannot be used is said, and makes the answer incomplete.
#[test]
fn a_file_of_no_use_is_said() {
    let folder = answers("node-metrics-unused");
    let from = folder.to_str().unwrap();
    let missing = METRICS.replace("cidr=\"10.0.0.16/28\"} 5", "cidr=\"10.0.0.16/28\"} 4");
    for (file, text, says) in [
        ("node-1.prom", "", "node-1.prom is empty: the call failed or was not made"),
        (
            "pod.prom",
            "Error from server (ServiceUnavailable): the server is currently unable",
            "pod.prom contains an error: Error from server",
        ),
        ("x.prom", &missing, "x, i-0a: awscni_assigned_ip_per_cidr adds up to 4, but"),
        ("i-0b.prom", "awscni_assigned_ip_addresses 0\n", "i-0b: no ENI, no address with a pod"),
    ] {
        fs::write(folder.join(file), text).unwrap();
        let (code, node, rows) = usage(from);
        assert_eq!((code, &node["pods"]), (4, &Value::Null), "{file}");
        assert!(rows.len() == 1 && rows[0].starts_with(says), "{file}: {rows:?}");
        // What kubectl listed stays.
        assert_eq!(node["allocatable_pods"], 110, "{file}");
        fs::remove_file(folder.join(file)).unwrap();
    }
    fs::write(folder.join("x.prom"), "# TYPE go_goroutines gauge\ngo_goroutines 25\n").unwrap();
    let (code, _, stderr) = audit(from, &[]);
    assert!(code == 0 && stderr.contains("x.prom: not needed here; ignored"), "{stderr}");
}
