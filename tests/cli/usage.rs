//! What nodes use, what other settings would save, the checks of both, on the binary.

use std::{fs, path::PathBuf};

use crate::{
    made::{Eni, MadeVpc, Pod},
    run::{command, eksnet, scratch},
};
use eksnet::{
    audit::{Counted, Policy, Questions, Settings, judge},
    instance::BUILTIN,
    inventory::{Places, Selection, answers::Answers, select},
    render::{usage::nodes_grid, write_csv},
};
use serde_json::{Value, json};

/// A cluster of m5.large nodes (3 ENIs of 10 addresses) that is written out as files.
struct World {
    nodes: Vec<Node>,
    /// Variables of aws-node.
    environment: Vec<(&'static str, &'static str)>,
    /// Files that are left out.
    without: &'static [&'static str],
    eni_configs: Value,
}

/// A node: addresses for pods on each ENI, the primary one first, and the pods on them.
struct Node {
    enis: Vec<u32>,
    pods: u32,
    allocatable: &'static str,
    /// The subnet of the ENIs beside the primary one.
    beside: &'static str,
}

impl Node {
    fn new(enis: &[u32], pods: u32) -> Self {
        Self { enis: enis.to_vec(), pods, allocatable: "29", beside: "subnet-nodes" }
    }
}

impl World {
    fn new(nodes: Vec<Node>, environment: &[(&'static str, &'static str)]) -> Self {
        let environment = environment.to_vec();
        Self { nodes, environment, without: &[], eni_configs: json!([]) }
    }

    fn write(&self, name: &str) -> PathBuf {
        let folder = scratch(name);
        self.made().write(&folder, self.without);
        folder
    }

    fn made(&self) -> MadeVpc {
        let mut made = MadeVpc::default();
        made.cni(&self.eni_configs, &self.environment);
        made.subnet("subnet-nodes", "10.0.0.0/24", "eu-west-1a")
            .subnet("subnet-pods", "10.0.1.0/24", "eu-west-1a")
            .subnet("subnet-far", "10.0.2.0/24", "eu-west-1b");
        let mut last = [3_u32; 2];
        let mut next = |subnet: &str| {
            let at = usize::from(subnet != "subnet-nodes");
            last[at] += 1;
            format!("10.0.{at}.{}", last[at])
        };
        for (number, node) in self.nodes.iter().enumerate() {
            let (id, name) = (format!("i-{number}"), format!("node-{number}"));
            made.instance(&id);
            made.node(&name, &id, node.allocatable);
            let (mut held, mut host) = (Vec::new(), String::new());
            for (device, count) in node.enis.iter().enumerate() {
                let subnet = if device == 0 { "subnet-nodes" } else { node.beside };
                let addresses: Vec<String> = (0..=*count).map(|_| next(subnet)).collect();
                if device == 0 {
                    host.clone_from(&addresses[0]);
                }
                held.extend_from_slice(&addresses[1..]);
                let of = Some((id.as_str(), device));
                made.eni(&Eni { subnet, of, addresses, ..Eni::default() });
            }
            let mut pod = |pod: String, ip: &str| {
                made.pod(&Pod { name: pod, node: &name, ip, host: &host });
            };
            pod(format!("aws-node-{number}"), &host);
            pod(format!("kube-proxy-{number}"), &host);
            for (at, ip) in held.iter().take(usize::try_from(node.pods).unwrap()).enumerate() {
                pod(format!("web-{number}-{at}"), ip);
            }
        }
        made
    }

    fn audit(&self, name: &str, more: &[&str]) -> (i32, Value) {
        let (code, text, errors) = self.run(name, &[&["-o", "json", "--nodes"], more].concat());
        (code, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {errors}")))
    }

    fn run(&self, name: &str, more: &[&str]) -> (i32, String, String) {
        let folder = self.write(name);
        let asked = ["audit", "--from", folder.to_str().unwrap()];
        let (code, stdout, stderr) = eksnet(&[&asked, more].concat());
        (code.unwrap(), stdout, stderr)
    }
}

const DEFAULTS: &[(&str, &str)] = &[("WARM_ENI_TARGET", "1"), ("WARM_PREFIX_TARGET", "1")];
const IP_TARGETS: &[(&str, &str)] = &[("WARM_IP_TARGET", "2"), ("MINIMUM_IP_TARGET", "4")];

fn ids(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap()).collect()
}

/// Ten pods on m5.large want two ENIs of nine, and by the manifest's defaults one more.
#[test]
fn nodes_are_held_against_what_a_fresh_one_holds() {
    let world = World::new(vec![Node::new(&[9, 9, 9], 10), Node::new(&[9, 9], 2)], DEFAULTS);
    let (code, report) = world.audit("defaults", &[]);
    assert_eq!(code, 0, "{report}");
    let fields = [
        "node_name",
        "held_for_pods",
        "pods",
        "host_network_pods",
        "branch_pods",
        "pods_elsewhere",
        "warm_addresses",
        "warm_at_most",
        "allocatable_pods",
        "expected_addresses",
        "difference",
    ];
    let rows: Vec<Value> = report["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| fields.iter().map(|field| node[*field].clone()).collect())
        .collect();
    assert_eq!(
        rows,
        [
            json!(["node-0", 27, 10, 2, 0, 0, 17, 17, 29, 27, 0]),
            json!(["node-1", 18, 2, 2, 0, 0, 16, 16, 29, 18, 0]),
        ]
    );
    // Under WARM_IP_TARGET=2 and MINIMUM_IP_TARGET=4 they are to hold 12 and 4.
    let world = World::new(world.nodes, IP_TARGETS);
    let (_, report) = world.audit("targets", &[]);
    assert_eq!(report["nodes"][0]["expected_addresses"], 12);
    assert_eq!(report["nodes"][1]["expected_addresses"], 4);
    assert_eq!(report["nodes"][1]["difference"], 14);
}

#[test]
fn without_files_of_kubectl_there_is_a_bound() {
    let mut world = World::new(vec![Node::new(&[9, 9], 2)], DEFAULTS);
    world.without = &["nodes", "pods", "eniconfigs", "aws-node"];
    let (code, report) = world.audit("bound", &[]);
    let node = &report["nodes"][0];
    assert_eq!(code, 0);
    assert_eq!((&node["warm_addresses"], &node["warm_at_most"]), (&Value::Null, &json!(18)));
    for field in ["pods", "allocatable_pods", "expected_addresses", "difference", "node_name"] {
        assert_eq!(node[field], Value::Null, "{field}");
    }
    // Pods tell their nodes by the hosts' addresses too.
    world.without = &["nodes", "eniconfigs", "aws-node"];
    let (_, report) = world.audit("pods-alone", &[]);
    assert_eq!(report["nodes"][0]["warm_addresses"], 16);
}

/// Audits a folder whose answers were touched.
fn audit_folder(folder: &PathBuf, more: &[&str]) -> (i32, Value) {
    let output = command(&["audit", "-o", "json", "--nodes", "--from"])
        .arg(folder)
        .args(more)
        .output()
        .unwrap();
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn pods_of_some_namespaces_are_not_all_pods() {
    let world = World::new(vec![Node::new(&[9, 9], 2)], DEFAULTS);
    let folder = world.write("namespaces");
    let pods = fs::read_to_string(folder.join("pods.json")).unwrap();
    for (text, says) in [
        (pods.replace("kube-system", "shop"), "the list has no pods of kube-system"),
        (pods.replace("shop", "kube-system"), "only pods of kube-system"),
        (r#"{"kind": "List", "items": []}"#.to_owned(), "has no pods"),
        (r#"{"kind": "PodList", "apiVersion": "v1", "items": []}"#.to_owned(), "has no pods"),
    ] {
        fs::write(folder.join("pods.json"), text).unwrap();
        let (code, report) = audit_folder(&folder, &[]);
        assert_eq!(code, 4, "{says}: {report}");
        assert_eq!(report["nodes"][0]["pods"], Value::Null);
        assert_eq!(report["nodes"][0]["warm_addresses"], Value::Null);
        assert_eq!(report["withheld"][0]["operation"], "kubectl get pods");
        assert!(report["withheld"][0]["reason"].as_str().unwrap().contains(says), "{report}");
    }
    // Without a node there is no pod to miss.
    let empty = World::new(Vec::new(), DEFAULTS);
    let (code, report) = empty.audit("no-nodes", &[]);
    assert_eq!((code, &report["withheld"]), (0, &json!([])));
}

#[test]
fn nodes_of_one_name_have_pods_nobody_knows_of() {
    let nodes = vec![Node::new(&[9, 9], 2), Node::new(&[9, 9], 5), Node::new(&[9], 3)];
    let folder = World::new(nodes, DEFAULTS).write("one-name");
    for file in ["nodes.json", "pods.json"] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        fs::write(folder.join(file), text.replace("\"node-1\"", "\"node-0\"")).unwrap();
    }
    let (code, report) = audit_folder(&folder, &[]);
    assert_eq!(code, 4, "{report}");
    let pods: Vec<&Value> =
        report["nodes"].as_array().unwrap().iter().map(|node| &node["pods"]).collect();
    assert_eq!(pods, [&Value::Null, &Value::Null, &json!(3)]);
    // Each is still a node of its own, by its instance.
    assert_eq!(report["nodes"][0]["allocatable_pods"], 29);
    assert_eq!(report["nodes"][1]["allocatable_pods"], 29);
    assert!(report["withheld"][0]["reason"].as_str().unwrap().ends_with(": node-0"), "{report}");
}

/// kubectl's answers are one cluster's, and the nodes of another one are in the subnets too.
#[test]
fn nodes_that_kubectl_did_not_tell_of_are_left_out_for_that() {
    let nodes = vec![Node::new(&[9, 9], 2), Node::new(&[9, 9], 5)];
    let folder = World::new(nodes, DEFAULTS).write("one-cluster");
    for file in ["nodes.json", "pods.json"] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let mut list: Value = serde_json::from_str(&text).unwrap();
        let others = |row: &Value| {
            row["metadata"]["name"] != "node-1" && row["spec"]["nodeName"] != "node-1"
        };
        list["items"].as_array_mut().unwrap().retain(others);
        fs::write(folder.join(file), list.to_string()).unwrap();
    }
    let (_, report) = audit_folder(&folder, &["--what-if", "warm-ip-target=1"]);
    let row = &report["what_if"][0];
    assert_eq!(row["left_out"], json!([{"reason": "no-pods", "nodes": 1}]), "{row}");
}

/// Ten nodes of two pods hold 20 addresses each, of 251 there are; with 24 spare ones each wants 29.
#[test]
fn what_does_not_fit_is_said() {
    let nodes = || (0..10).map(|_| Node::new(&[9, 9], 2)).collect::<Vec<_>>();
    let world = World::new(nodes(), DEFAULTS);
    let asked = ["--what-if", "warm-ip-target=24", "--what-if", "warm-ip-target=4"];
    let (code, report) = world.audit("short", &asked);
    assert_eq!(code, 0, "{report}");
    // 26 addresses for pods on three ENIs: 29 a node.
    assert_eq!(
        report["what_if"][0]["subnets"],
        json!([{"subnet_id": "subnet-nodes", "held": 200, "would_hold": 290, "fresh": 200, "saved": -90,
            "short": 39, "short_prefixes": 0}])
    );
    assert_eq!(report["what_if"][1]["subnets"][0]["short"], 0);
    let (_, text, _) = world.run("short-text", &asked);
    assert!(text.contains("subnet-nodes does not fit: 39 addresses short"), "{text}");
    assert_eq!(text.matches("does not fit").count(), 1, "{text}");
}

#[test]
fn nodes_that_would_never_be_ready_are_not_nodes_of_which_nothing_is_known() {
    let mut world = World::new(vec![Node::new(&[9, 9], 2)], DEFAULTS);
    world.eni_configs = json!([config("eu-west-1a", "subnet-pods")]);
    let asked = ["--what-if", "custom-networking,max-eni=1"];
    let (code, report) = world.audit("never-ready", &asked);
    let row = &report["what_if"][0];
    assert_eq!(row["left_out"], json!([{"reason": "never-ready", "nodes": 1}]), "{row}");
    assert_eq!((code, &row["nodes_left_out"], &row["saved"]), (4, &json!(1), &Value::Null));
    assert_eq!(report["withheld"][0]["operation"], "--what-if custom-networking,max-eni=1");
    let (_, text, _) = world.run("never-ready-text", &asked);
    assert!(text.contains("left out: 1 node would never become Ready"), "{text}");
    world.eni_configs = json!([]);
    let (code, report) = world.audit("nowhere", &["--what-if", "custom-networking"]);
    assert_eq!(code, 4);
    assert_eq!(report["what_if"][0]["left_out"], json!([{"reason": "no-subnet", "nodes": 1}]));
}

#[test]
fn other_settings_save_what_fresh_nodes_would_not_hold() {
    let nodes = vec![Node::new(&[9, 9, 9], 10), Node::new(&[9, 9], 2)];
    let world = World::new(nodes, DEFAULTS);
    let asked = "warm-ip-target=2,minimum-ip-target=12";
    let (code, report) = world.audit("what-if", &["--what-if", asked, "--what-if", "max-eni=1"]);
    assert_eq!(code, 0);
    let row = &report["what_if"][0];
    // 12 addresses for pods on two ENIs each, and the ENIs' own: 14 and 14 for 30 and 20.
    assert_eq!(row["settings"], asked);
    assert_eq!(
        row["subnets"],
        json!([
            {"subnet_id": "subnet-nodes", "held": 50, "would_hold": 28, "fresh": 50, "saved": 22, "short": 0,
                "short_prefixes": 0},
        ])
    );
    assert_eq!((&row["saved"], &row["nodes_affected"]), (&json!(22), &json!(2)));
    assert_eq!((&row["nodes_left_out"], &row["pods_without_address"]), (&json!(0), &json!(0)));
    assert!(row["ec2_calls"]["now"].as_u64().unwrap() > 0);
    let parts = [&row["saved_by_fresh_nodes"], &row["saved_by_settings"]];
    assert_eq!(parts, [&json!(0), &json!(22)]);
    // One ENI holds nine of ten pods.
    assert_eq!(report["what_if"][1]["pods_without_address"], 1);
    let (_, text, _) = world.run("what-if-text", &["--what-if", asked]);
    assert!(text.contains("What if warm-ip-target=2") && text.contains("saves 22 addresses"));
    assert!(text.contains("of 22: 0 by fresh nodes under today's settings, 22 by the settings"));
    // Larger warm targets take addresses, and save none.
    // 27 on three ENIs as before, and 19 on three for 18 on two.
    let more = "warm-ip-target=17";
    let (_, report) = world.audit("what-if-more", &["--what-if", more]);
    assert_eq!(report["what_if"][0]["saved"], -2);
    let (_, text, _) = world.run("what-if-more-text", &["--what-if", more]);
    assert!(text.contains("takes 2 more addresses"), "{text}");
}

/// What a fresh node does not take is saved without other settings. Of 30 held addresses
/// two pods need one ENI, and a second one is kept warm: 20. The settings make it 12 and two ENIs' own: 14.
#[test]
fn what_fresh_nodes_alone_give_back_is_told_apart() {
    let world = World::new(vec![Node::new(&[9, 9, 9], 2)], DEFAULTS);
    let asked = ["--what-if", "warm-ip-target=2,minimum-ip-target=12"];
    let (_, report) = world.audit("fresh", &asked);
    let row = &report["what_if"][0];
    let subnet = &row["subnets"][0];
    let held = [&subnet["held"], &subnet["fresh"], &subnet["would_hold"]];
    assert_eq!(held, [&json!(30), &json!(20), &json!(14)]);
    let saved = [&row["saved"], &row["saved_by_fresh_nodes"], &row["saved_by_settings"]];
    assert_eq!(saved, [&json!(16), &json!(10), &json!(6)]);
}

#[test]
fn more_may_be_held_too() {
    let world = World::new(vec![Node::new(&[4], 2)], IP_TARGETS);
    let (_, report) = world.audit("more", &["--what-if", "minimum-ip-target=20"]);
    assert_eq!(report["what_if"][0]["saved"], 5 - (20 + 3));
}

/// The primary ENI keeps its own address, and two ENIs of nine lie in the ENIConfig's subnet.
#[test]
fn custom_networking_moves_what_is_held() {
    let mut world = World::new(vec![Node::new(&[9, 9], 2)], DEFAULTS);
    let asked = ["--what-if", "custom-networking"];
    world.eni_configs = json!([config("eu-west-1a", "subnet-pods")]);
    let (_, report) = world.audit("moves", &asked);
    assert_eq!(
        report["what_if"][0]["subnets"],
        json!([
            {"subnet_id": "subnet-nodes", "held": 20, "would_hold": 1, "fresh": 20, "saved": 19, "short": 0,
                "short_prefixes": 0},
            {"subnet_id": "subnet-pods", "held": 0, "would_hold": 20, "fresh": 0, "saved": -20, "short": 0,
                "short_prefixes": 0},
        ])
    );
    // Without an ENIConfig of the zone nobody knows where they would lie.
    world.eni_configs = json!([]);
    let (_, report) = world.audit("moves-nowhere", &asked);
    let row = &report["what_if"][0];
    assert_eq!((&row["nodes_left_out"], &row["saved"]), (&json!(1), &Value::Null));
}

#[test]
fn what_if_says_which_files_it_wants() {
    for (missing, command) in [
        ("pods", "kubectl get pods"),
        ("nodes", "kubectl get nodes"),
        ("aws-node", "kubectl -n kube-system get daemonset aws-node"),
    ] {
        let mut world = World::new(vec![Node::new(&[9], 2)], DEFAULTS);
        let without = [missing];
        world.without = match missing {
            "pods" => &["pods"],
            "nodes" => &["nodes"],
            _ => &["aws-node"],
        };
        let (code, report) = world.audit(&format!("wants-{missing}"), &["--what-if", "prefix"]);
        assert_eq!(code, 4);
        assert_eq!(report["what_if"][0]["saved"], Value::Null);
        assert_eq!(report["what_if"][0]["ec2_calls"], Value::Null);
        let row = &report["withheld"][0];
        assert_eq!(row["operation"], command);
        let file = format!("{}.json", without[0]);
        assert!(row["reason"].as_str().unwrap().contains(&file), "{row}");
    }
}

#[test]
fn nodes_that_could_not_be_seen_save_nothing_known() {
    let mut world = World::new(vec![Node::new(&[9], 2)], DEFAULTS);
    world.without = &["instances", "nodes"];
    let (code, report) =
        world.audit("no-instances", &["--what-if", "prefix", "--want-prefixes", "1"]);
    assert_eq!(code, 4);
    assert_eq!(report["what_if"][0]["saved"], Value::Null);
    let drain = &report["drains"][0];
    assert_eq!((&drain["recoverable"], &drain["lower_bound"]), (&Value::Null, &Value::Null));
}

#[test]
fn settings_and_counts_that_cannot_be() {
    let world = World::new(vec![Node::new(&[9], 2)], DEFAULTS);
    for (arguments, says) in [
        (["--what-if", "warm"], "--what-if warm: `warm` is not a known VPC CNI setting"),
        (["--what-if", "prefix=5"], "`prefix=5` must be true or false"),
        (["--want-prefixes", "0"], "--want-prefixes"),
        (["--want-prefixes", "x"], "--want-prefixes"),
    ] {
        let (code, _, errors) = world.run("refused", &arguments);
        assert_eq!(code, 2, "{errors}");
        assert!(errors.contains(says), "{errors}");
        assert!(errors.starts_with("error: ") && errors.contains("\nhint: "), "{errors}");
    }
}

#[test]
fn drains_are_shown() {
    let world = World::new(vec![Node::new(&[9, 9, 9], 10), Node::new(&[9, 9], 2)], DEFAULTS);
    let (code, report) = world.audit("drains", &["--want-prefixes", "2"]);
    assert_eq!(code, 0);
    // Node 0 holds 4 to 33 and node 1 holds 34 to 53: the first block is AWS's.
    let drain = &report["drains"][0];
    assert_eq!(drain["subnet_id"], "subnet-nodes");
    assert_eq!((&drain["recoverable"], &drain["lower_bound"]), (&json!(3), &json!(2)));
    assert_eq!(drain["sets"], json!([{"nodes": ["i-0", "i-1"], "blocks": 3}]));
    assert_eq!(drain["exact"], true);
    assert_eq!(
        drain["single"],
        json!([
            {"node": "i-0", "blocks": 1}, {"node": "i-1", "blocks": 1},
        ])
    );
    let (_, text, _) = world.run("drains-text", &["--want-prefixes", "12"]);
    assert!(text.contains("subnet-nodes: all nodes together give back 3 and not 12"), "{text}");
    // The other two have 14 free blocks each.
    let folded =
        "2 subnets with 12 free /28 blocks or more without a drain: subnet-pods, subnet-far (";
    assert!(text.contains(folded), "{text}");
    assert!(!text.contains("subnet-pods: "), "{text}");
    // kubectl takes the nodes' names; where they are not there, the instances find them.
    let mut world = world;
    let plan = ["--want-prefixes", "2", "--subnet", "subnet-nodes"];
    let (_, text, _) = world.run("drains-named", &[&plan[..], &["--nodes"]].concat());
    for said in [
        "give back 3\n  → kubectl drain ",
        " --ignore-daemonsets --delete-emptydir-data\n",
        "(i-0)",
        "\nNODE ",
        " INSTANCE ",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("--want-prefixes"), "{text}");
    world.without = &["nodes"];
    let (_, text, _) = world.run("drains-nameless", &plan);
    assert!(text.contains("subnet-nodes: i-0, i-1 give back 3\n"), "{text}");
    assert!(text.contains("nodes.json of kubectl is missing"), "{text}");
    assert!(text.contains(" | grep -F -e i-0 -e i-1\n"), "{text}");
    assert!(!text.contains("kubectl drain i-"), "{text}");
}

#[test]
fn warm_waste_is_beyond_the_targets_alone() {
    let nodes = || vec![Node::new(&[9, 9, 9], 2), Node::new(&[9, 9, 9], 2)];
    let (_, report) = World::new(nodes(), IP_TARGETS).audit("waste", &["--fail-on", "warning"]);
    assert_eq!(ids(&report), ["warm-waste"]);
    // 27 held, 4 asked for, twice.
    assert_eq!(report["findings"][0]["evidence"]["addresses"], 46);
    // One pod of each node has an address that its ENIs did not hold when they were looked at.
    let folder = World::new(nodes(), IP_TARGETS).write("moments");
    let pods = fs::read_to_string(folder.join("pods.json")).unwrap();
    let moved = pods.replace(r#""podIP":"10.0.0.6""#, r#""podIP":"10.0.9.6""#);
    assert_ne!(moved, pods);
    fs::write(folder.join("pods.json"), moved.replace("10.0.0.36", "10.0.9.36")).unwrap();
    let output =
        command(&["audit", "-o", "json", "--nodes", "--from"]).arg(&folder).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["nodes"][0]["pods_elsewhere"], 1);
    assert_eq!(ids(&report), [""; 0]);
    let calm = vec![Node::new(&[9, 9], 2), Node::new(&[9, 9], 2)];
    let (_, report) = World::new(calm, DEFAULTS).audit("no-waste", &[]);
    assert_eq!(ids(&report), [""; 0]);
}

#[test]
fn max_pods_that_strand_pods_or_waste_nodes() {
    for (allocatable, severity) in
        [("110", Some("warning")), ("29", None), ("20", None), ("12", Some("info"))]
    {
        let node = Node { allocatable, ..Node::new(&[9, 9], 2) };
        let (_, report) =
            World::new(vec![node], DEFAULTS).audit(&format!("max-pods-{allocatable}"), &[]);
        let found = report["findings"].as_array().unwrap();
        let its: Vec<_> = found.iter().filter(|f| f["id"] == "max-pods-mismatch").collect();
        assert_eq!(its.first().map(|f| f["severity"].as_str().unwrap()), severity, "{allocatable}");
        if allocatable == "110" {
            assert_eq!(its[0]["evidence"]["pods_with_addresses"], 29);
            // Nodes of one type that take other numbers are another finding.
            assert_eq!(its[0]["detail"], "110 of 29, recommended 29");
        }
    }
}

/// The hint's command recommends the number of the finding.
#[test]
fn the_hint_of_max_pods_gives_the_number() {
    let settings: [(&str, &[(&str, &str)]); 4] = [
        ("plain", DEFAULTS),
        ("prefix", &[("ENABLE_PREFIX_DELEGATION", "true"), ("WARM_PREFIX_TARGET", "1")]),
        ("max-eni", &[("MAX_ENI", "2"), ("WARM_ENI_TARGET", "1"), ("ENABLE_POD_ENI", "true")]),
        ("custom", &[("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true"), ("WARM_ENI_TARGET", "1")]),
    ];
    for (name, environment) in settings {
        let node = Node { allocatable: "5", ..Node::new(&[0, 9], 2) };
        let (_, report) = World::new(vec![node], environment).audit(&format!("hint-{name}"), &[]);
        let found = report["findings"].as_array().unwrap();
        let its = found.iter().find(|f| f["id"] == "max-pods-mismatch").unwrap();
        let advice = its["command"].as_str().unwrap().strip_suffix(" --explain").unwrap();
        let words = advice.strip_prefix("eksnet ").unwrap().split(' ').collect::<Vec<_>>();
        let output = command(&words).args(["-o", "json"]).output().unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let recommended = &its["evidence"]["recommended_max_pods"];
        let text = answer.to_string();
        assert!(text.contains(&format!("\"max_pods\":{recommended}")), "{advice}: {text}");
    }
}

const CUSTOM: &[(&str, &str)] = &[
    ("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true"),
    ("ENI_CONFIG_LABEL_DEF", "topology.kubernetes.io/zone"),
    ("WARM_ENI_TARGET", "1"),
];

fn config(name: &str, subnet: &str) -> Value {
    json!({"kind": "ENIConfig", "metadata": {"name": name}, "spec": {"subnet": subnet}})
}

#[test]
fn custom_networking_that_does_not_fit() {
    let beside = || Node { beside: "subnet-pods", allocatable: "20", ..Node::new(&[0, 9, 9], 3) };
    let cases = [
        ("fits", beside(), json!([config("eu-west-1a", "subnet-pods")]), None),
        (
            "absent",
            beside(),
            json!([config("eu-west-1a", "subnet-x")]),
            Some("subnet-x, which is not"),
        ),
        ("far", beside(), json!([config("eu-west-1a", "subnet-far")]), Some("is in eu-west-1b")),
        (
            "none",
            beside(),
            json!([config("eu-west-1b", "subnet-far")]),
            Some("ENIConfig eu-west-1a of 1 node in eu-west-1a is not there"),
        ),
        (
            "old",
            Node { enis: vec![4, 9], ..beside() },
            json!([config("eu-west-1a", "subnet-pods")]),
            Some("4 addresses for pods are still on the primary ENI of 1 node"),
        ),
    ];
    for (name, node, eni_configs, says) in cases {
        let world = World { eni_configs, ..World::new(vec![node], CUSTOM) };
        let (_, report) = world.audit(&format!("custom-{name}"), &[]);
        let found = report["findings"].as_array().unwrap();
        let its: Vec<&str> = found
            .iter()
            .filter(|f| f["id"] == "custom-networking-mismatch")
            .map(|f| f["message"].as_str().unwrap())
            .collect();
        let details: Vec<&Value> = found
            .iter()
            .filter(|f| f["id"] == "custom-networking-mismatch")
            .map(|f| &f["detail"])
            .collect();
        if name == "far" || name == "none" {
            assert_eq!(details, ["eu-west-1a@eu-west-1a"], "{name}");
        }
        match says {
            Some(says) => assert!(its.iter().any(|text| text.contains(says)), "{name}: {its:?}"),
            None => assert!(its.is_empty(), "{name}: {its:?}"),
        }
    }
}

fn mismatches(report: &Value) -> Vec<(&str, &str)> {
    let found = report["findings"].as_array().unwrap().iter();
    found
        .filter(|f| f["id"] == "custom-networking-mismatch")
        .map(|f| (f["severity"].as_str().unwrap(), f["message"].as_str().unwrap()))
        .collect()
}

#[test]
fn an_eni_config_nobody_looks_at_is_not_critical() {
    let stale = json!([config("eu-west-1a", "subnet-x")]);
    let world = World { eni_configs: stale, ..World::new(vec![Node::new(&[9], 2)], DEFAULTS) };
    let (_, report) = world.audit("stale-off", &[]);
    assert_eq!(mismatches(&report).iter().map(|f| f.0).collect::<Vec<_>>(), ["info"]);
    let unseen = World { without: &["aws-node"], ..world };
    let (_, report) = unseen.audit("stale-unseen", &[]);
    assert_eq!(mismatches(&report).iter().map(|f| f.0).collect::<Vec<_>>(), ["info"]);
    let on = World { environment: CUSTOM.to_vec(), without: &[], ..unseen };
    let (_, report) = on.audit("stale-on", &[]);
    assert!(mismatches(&report).iter().any(|f| f.0 == "critical"), "{report}");
}

#[test]
fn the_external_label_names_the_eni_config_before_all() {
    let beside = Node { beside: "subnet-pods", allocatable: "20", ..Node::new(&[0, 9, 9], 3) };
    let configs = json!([config("eu-west-1a", "subnet-far"), config("mine", "subnet-pods")]);
    let world = World { eni_configs: configs, ..World::new(vec![beside], CUSTOM) };
    let folder = world.write("external-label");
    let (_, report) = audit_folder(&folder, &[]);
    assert_eq!(mismatches(&report).len(), 1, "{report}");
    let nodes = fs::read_to_string(folder.join("nodes.json")).unwrap();
    let labels = r#""annotations":{"k8s.amazonaws.com/eniConfig":"eu-west-1a"},
        "labels":{"vpc.amazonaws.com/externalEniConfig":"mine","#;
    fs::write(folder.join("nodes.json"), nodes.replace("\"labels\":{", labels)).unwrap();
    let (_, report) = audit_folder(&folder, &[]);
    assert_eq!(mismatches(&report), [], "{report}");
}

/// What counts is the VPC of the nodes, not which subnets are audited.
#[test]
fn another_vpc_is_another_than_the_nodes() {
    let beside = Node { beside: "subnet-pods", allocatable: "20", ..Node::new(&[0, 9, 9], 3) };
    let configs = json!([config("eu-west-1a", "subnet-other")]);
    let world = World { eni_configs: configs, ..World::new(vec![beside], CUSTOM) };
    let folder = world.write("other-vpc");
    let subnets = fs::read_to_string(folder.join("subnets.json")).unwrap();
    let other = json!({"SubnetId": "subnet-other", "VpcId": "vpc-2", "CidrBlock": "10.9.0.0/24",
        "OwnerId": "111122223333", "AvailabilityZone": "eu-west-1a"});
    let both = subnets.replacen('[', &format!("[{other},"), 1);
    fs::write(folder.join("subnets.json"), both).unwrap();
    // All subnets are audited, that of the other VPC too.
    let (_, report) = audit_folder(&folder, &[]);
    let its = mismatches(&report);
    assert!(its.len() == 1 && its[0].1.contains("another VPC, vpc-2"), "{report}");
    assert_eq!(its[0].0, "critical");
}

#[test]
fn malformed_files_are_refused_by_name_and_place() {
    let world = World::new(vec![Node::new(&[9], 2)], DEFAULTS);
    let folder = world.write("malformed");
    let pods = fs::read_to_string(folder.join("pods.json")).unwrap();
    fs::write(folder.join("pods.json"), pods.replace("10.0.0.5", "10.0.0")).unwrap();
    let output = command(&["audit", "--from"]).arg(&folder).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    let says = "pods.json: pod shop/web-0-0: `10.0.0` is not an IP address at line 1 column";
    assert!(errors.starts_with("error: ") && errors.contains(says), "{errors}");
}

/// What ipamd does not keep is not held against ipamd's rules.
#[test]
fn other_pools_are_expected_nothing_of() {
    let world = World::new(vec![Node::new(&[9, 9, 9], 2)], IP_TARGETS);
    let folder = world.write("other-pools");
    let nodes = fs::read_to_string(folder.join("nodes.json")).unwrap();
    for label in [
        r#""kubernetes.io/os":"windows","#,
        r#""eks.amazonaws.com/compute-type":"auto","#,
        r#""kubernetes.io/os":"linux","#,
    ] {
        let labels = format!("\"labels\":{{{label}");
        fs::write(folder.join("nodes.json"), nodes.replace("\"labels\":{", &labels)).unwrap();
        let output = command(&["audit", "-o", "json", "--nodes", "--what-if", "prefix", "--from"])
            .arg(&folder)
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let is_linux = label.contains("linux");
        assert_eq!(report["nodes"][0]["expected_addresses"].is_null(), !is_linux, "{label}");
        assert_eq!(report["nodes"][0]["warm_addresses"], 25, "{label}");
        assert_eq!(report["what_if"][0]["nodes_left_out"], u32::from(!is_linux), "{label}");
    }
}

#[test]
fn nodes_are_rows_of_csv() {
    let mut world = World::new(vec![Node::new(&[9, 9], 2), Node::new(&[4], 4)], IP_TARGETS);
    let csv = |world: &World, name: &str| {
        let mut answers = Answers::default();
        for entry in fs::read_dir(world.write(name)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            answers.read(name, fs::read(&path).unwrap().as_slice()).unwrap();
        }
        let inventory = answers.into_inventory().unwrap();
        let selected = select(&inventory, &Selection::default()).unwrap();
        let policy = Policy::default();
        let settings = Settings::usual(&BUILTIN, &policy);
        let mut text = Vec::new();
        let places = Places::one_of(inventory, selected);
        let counted = Counted::of(&places, false).unwrap();
        let report = judge(counted, &settings, Questions::default());
        write_csv(&nodes_grid(&report), &mut text).unwrap();
        String::from_utf8(text).unwrap()
    };
    insta::assert_snapshot!(csv(&world, "csv"), @r"
    instance_id,name,instance_type,availability_zone,enis,secondary_addresses,prefixes,addresses,node_name,held_for_pods,pods,host_network_pods,branch_pods,pods_elsewhere,warm_addresses,warm_at_most,allocatable_pods,expected_addresses,difference,assigned_addresses,listed_pods,freeable_prefixes,freeable_kept
    i-0,,m5.large,eu-west-1a,2,18,0,20,node-0,18,2,2,0,0,16,16,29,4,14,,,,
    i-1,,m5.large,eu-west-1a,1,4,0,5,node-1,4,4,2,0,0,0,0,29,6,-2,,,,
    ");
    world.without = &["nodes", "pods", "eniconfigs", "aws-node"];
    insta::assert_snapshot!(csv(&world, "csv-bound"), @r"
    instance_id,name,instance_type,availability_zone,enis,secondary_addresses,prefixes,addresses,node_name,held_for_pods,pods,host_network_pods,branch_pods,pods_elsewhere,warm_addresses,warm_at_most,allocatable_pods,expected_addresses,difference,assigned_addresses,listed_pods,freeable_prefixes,freeable_kept
    i-0,,m5.large,eu-west-1a,2,18,0,20,,18,,,,,,18,,,,,,,
    i-1,,m5.large,eu-west-1a,1,4,0,5,,4,,,,,,4,,,,,,,
    ");
}

/// Two nodes of EKS Auto Mode: one with a prefix in a pod subnet and three pods on it, one in a zone without
/// a pod subnet, whose pod waits. No pod of kube-system has to be there.
#[test]
fn nodes_of_auto_mode_are_counted_with_their_pods() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/auto-mode");
    let (code, stdout, stderr) = eksnet(&["audit", "--from", folder, "--nodes", "-o", "json"]);
    assert_eq!(code, Some(1), "{stderr}");
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(answer["withheld"], json!([]));
    let ids: Vec<&str> =
        answer["findings"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["auto-mode-pod-subnet", "pods-waiting"]);
    let nodes = answer["nodes"].as_array().unwrap();
    let told = |at: usize, key: &str| nodes[at][key].clone();
    for at in [0, 1] {
        assert_eq!(told(at, "pool_keeper"), "eks-auto-mode");
        assert_eq!(told(at, "expected_addresses"), Value::Null);
    }
    assert_eq!((told(0, "held_for_pods"), told(0, "pods")), (16.into(), 3.into()));
    assert_eq!((told(0, "warm_addresses"), told(0, "pods_waiting")), (13.into(), 0.into()));
    assert_eq!((told(1, "held_for_pods"), told(1, "pods_waiting")), (0.into(), 1.into()));
    // The first /28 is the one that each node reserves: without a pod on it, it stays.
    let empty = tempfile::tempdir().unwrap();
    for file in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let mut answer: Value =
            serde_json::from_str(&fs::read_to_string(file.path()).unwrap()).unwrap();
        if file.file_name() == "pods.json" {
            answer["items"].as_array_mut().unwrap().drain(..3);
        }
        fs::write(empty.path().join(file.file_name()), answer.to_string()).unwrap();
    }
    let path = empty.path().to_str().unwrap();
    let (_, stdout, _) = eksnet(&["audit", "--from", path, "--nodes", "-o", "json"]);
    let bare: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(bare["nodes"][0]["freeable_prefixes"], json!(["10.0.16.32/28"]));
    assert_eq!(bare["nodes"][0]["freeable_kept"], 1);
    // A snapshot keeps the NodeClasses, and placeholders keep what they select.
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("s.json");
    let path = path.to_str().unwrap();
    let (code, _, stderr) =
        eksnet(&["snapshot", "--from", folder, "--redact", "--output-file", path]);
    assert_eq!(code, Some(0), "{stderr}");
    let (_, stdout, _) = eksnet(&["audit", "--from", path, "-o", "json"]);
    let again: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(again["findings"][0]["id"], "auto-mode-pod-subnet");
    assert!(!stdout.contains("pods-apart"), "{stdout}");
}
