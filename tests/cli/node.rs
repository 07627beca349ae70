//! `eksnet node` as it is used.

use crate::run::{command, eksnet, fed};
use std::path::Path;

use serde_json::Value;

fn node(arguments: &[&str]) -> (Option<i32>, Value) {
    let (code, stdout, stderr) = eksnet(&[&["node", "-o", "json"], arguments].concat());
    assert!(!stdout.is_empty(), "{stderr}");
    (code, serde_json::from_str(&stdout).unwrap())
}

/// Every recorded trace through the program, as lines.
#[test]
fn traces_come_back_with_the_recorded_fields() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ipamd_traces.jsonl");
    let (code, stdout, _) = eksnet(&["node", "--trace", golden.to_str().unwrap()]);
    assert_eq!(code, Some(0));
    let recorded = std::fs::read_to_string(&golden).unwrap();
    let mut lines = 0;
    for (ours, theirs) in stdout.lines().zip(recorded.lines()) {
        let (ours, theirs): (Value, Value) =
            (serde_json::from_str(ours).unwrap(), serde_json::from_str(theirs).unwrap());
        assert_eq!(ours["case"], theirs["case"]);
        assert_eq!(ours["states"], theirs["output"]["states"], "{}", theirs["case"]);
        assert_eq!(ours["init_error"].is_null(), theirs["output"]["init_error"].is_null());
        assert!(ours.as_object().unwrap().contains_key("init_error"));
        lines += 1;
    }
    assert_eq!((lines, stdout.lines().count()), (200, 200));
}

#[test]
fn a_bad_line_stops_a_trace_with_its_number() {
    let good = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ipamd_traces.jsonl"),
    )
    .unwrap();
    let good = good.lines().next().unwrap().to_owned();
    for (bad, says) in [
        ("{", "line 2: EOF while parsing"),
        ("[]", "line 2: invalid type: sequence, expected an object"),
        (r#"{"case": "x"}"#, "line 2: missing field `input`"),
        (r#"{"case": "x", "input": {"colour": 1}}"#, "line 2: unknown field `colour`"),
    ] {
        let lines = format!("{good}\n{bad}\n{good}\n");
        let (code, stdout, stderr) = fed(command(&["node", "--trace", "-"]), lines.as_bytes());
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.starts_with("error: -: ") && stderr.contains(says), "{stderr}");
        assert_eq!(stdout.lines().count(), 1);
    }
}

#[test]
fn known_nodes() {
    // arguments, ENIs, slots per ENI, addresses from the node's and the pods' subnet, wait
    type Row<'a> = (&'a [&'a str], u64, &'a [u64], u64, u64, Option<u64>);
    let rows: &[Row] = &[
        (&["m5.large", "--pods", "12"], 3, &[9, 9, 9], 30, 0, Some(5)),
        (
            &["m5.large", "--pods", "12", "--warm-ip-target", "2", "--minimum-ip-target", "12"],
            2,
            &[9, 5],
            16,
            0,
            Some(0),
        ),
        (&["m5.large", "--pods", "12", "--prefix"], 1, &[2], 33, 0, Some(0)),
        (&["m5.large", "--custom-networking"], 2, &[0, 9], 1, 10, Some(0)),
        (
            &["m5.xlarge", "--pods", "30", "--warm-ip-target", "1"],
            3,
            &[14, 14, 3],
            34,
            0,
            Some(145),
        ),
        // A type without Nitro falls back from prefixes.
        (&["m4.large", "--prefix"], 1, &[9], 10, 0, Some(0)),
    ];
    for (arguments, enis, per_eni, node_subnet, pod_subnet, wait) in rows {
        let (code, answer) = node(arguments);
        assert_eq!(code, Some(0), "{arguments:?}");
        let last = answer["states"].as_array().unwrap().last().unwrap();
        assert_eq!(last["enis"], *enis, "{arguments:?}");
        assert_eq!(last["per_eni"], serde_json::json!(per_eni), "{arguments:?}");
        assert_eq!(last["node_subnet_used"], *node_subnet, "{arguments:?}");
        assert_eq!(last["pod_subnet_used"], *pod_subnet, "{arguments:?}");
        assert_eq!(answer["pods_wait_s"].as_u64(), *wait, "{arguments:?}");
    }
}

#[test]
fn stranded_pods_are_a_failure() {
    let (code, answer) = node(&["m5.large", "--pods", "28"]);
    assert_eq!((code, &answer["group"]["pods_placed"]), (Some(1), &Value::from(27)));
    assert!(answer["pods_wait_s"].is_null());
    let (code, answer) = node(&["m5.large", "--pods", "5", "--subnet-free", "6", "--nodes", "2"]);
    assert_eq!(code, Some(1));
    assert!(answer["group"]["node_subnet_used"].as_u64().unwrap() <= 6);
    let (code, answer) = node(&["m5.large", "--custom-networking", "--max-eni", "1"]);
    assert_eq!(code, Some(1));
    assert!(!answer["init_error"].is_null());
    let (code, answer) = node(&["m5.large", "--nodes", "0", "--pods", "5"]);
    assert_eq!((code, &answer["group"]["pods_wanted"]), (Some(0), &Value::from(0)));
}

/// A p5.48xlarge with 32 EFA interfaces and 20 pods holds 131 addresses: 3 × 131 are 393, and the subnet has room
/// for 243 of them once each node has its first 81.
#[test]
fn a_group_without_its_warm_pools_says_so() {
    let arguments =
        ["p5.48xlarge", "--efa", "32", "--pods", "20", "--nodes", "3", "--subnet-free", "251"];
    let (code, answer) = node(&arguments);
    assert_eq!((code, &answer["group"]["short_of"]), (Some(0), &Value::from(150)));
    let (_, table, _) = eksnet(&[&["node"][..], &arguments].concat());
    assert!(table.contains("the subnets lack 150 addresses"), "{table}");
    assert!(!table.contains("on each"), "{table}");
    let (_, answer) = node(&["m5.large", "--pods", "5", "--nodes", "4"]);
    assert_eq!(answer["group"]["short_of"], 0);
}

#[test]
fn unset_is_not_the_manifests_default() {
    let (_, manifest) = node(&["m5.large", "--prefix"]);
    let (_, unset) = node(&["m5.large", "--prefix", "--warm-prefix-target", "unset"]);
    assert_ne!(manifest["states"], unset["states"]);
    let ids: Vec<&Value> = unset["lints"].as_array().unwrap().iter().map(|l| &l["id"]).collect();
    assert!(ids.contains(&&Value::from("warm-prefix-zero")), "{ids:?}");
}

#[test]
fn sweeps_and_comparisons_are_rows() {
    let (_, answer) = node(&["m5.large", "--sweep", "0..27"]);
    let rows = answer["sweep"].as_array().unwrap();
    assert_eq!(rows.len(), 28);
    for row in rows {
        let (_, alone) = node(&["m5.large", "--pods", &row["pods"].to_string()]);
        assert_eq!(row["states"], alone["states"]);
    }
    let (_, answer) =
        node(&["m5.large", "--pods", "3", "--compare", "WARM_IP_TARGET=2,max-pods=8"]);
    let (_, alone) = node(&["m5.large", "--pods", "3", "--warm-ip-target", "2", "--max-pods", "8"]);
    assert_eq!(answer["compare"][0]["states"], alone["states"]);
}

#[test]
fn windows_and_ipv6_have_their_own_rules() {
    let (_, answer) = node(&["m5.large", "--os", "windows", "--pods", "5"]);
    let last = &answer["states"][1];
    assert_eq!((&last["addresses"], &last["node_subnet_used"]), (&Value::from(8), &Value::from(9)));
    let (code, answer) = node(&["m5.large", "--os", "windows", "--pods", "10"]);
    assert_eq!((code, &answer["group"]["pods_placed"]), (Some(1), &Value::from(9)));
    let (code, answer) = node(&["m5.large", "--ipv6", "--pods", "100"]);
    assert_eq!((code, &answer["states"][1]["addresses"]), (Some(0), &Value::Null));
    assert_eq!(answer["states"][1]["node_subnet_used"], 1);
}

#[test]
fn bad_input() {
    for (arguments, says) in [
        (&["m5.larg"][..], "no instance type `m5.larg`"),
        (&[], "<TYPE>"),
        (&["m5.large", "--warm-ip-target", "few"], "a whole number or `unset`"),
        (&["m5.large", "--warm-ip-target", "-1"], "-1"),
        (&["m5.large", "--compare", "warm=1"], "`warm=1` is not a known VPC CNI setting"),
        (&["m5.large", "--compare", "warm-ip-target"], "requires a value"),
        (&["m5.large", "--compare", "prefix=maybe"], "must be true or false"),
        (&["m5.large", "--compare", ""], "is not a known"),
        (&["m5.large", "--sweep", "0.."], "--sweep has no upper bound"),
        (&["m5.large", "--sweep", "0..99999999"], "more than 10000 rows"),
        (&["m5.large", "--nodes", "4000000000"], "4000000000"),
        (&["m5.large", "--sweep", "0..9999", "--nodes", "100000"], "simulates 1000000000 nodes"),
        (&["m4.large", "--ipv6"], "cannot run IPv6 pods"),
        (&["m5.large", "--os", "windows", "--pod-eni"], "--pod-eni cannot be used with"),
        (&["m5.large", "--pod-subnet-free", "5"], "--custom-networking"),
    ] {
        let (code, stdout, stderr) = eksnet(&[&["node"], arguments].concat());
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(says), "{arguments:?}: {stderr}");
    }
}

#[test]
fn host_network_pods_are_told_from_pods_with_an_address() {
    for (more, line) in [
        (
            &["--pods", "30"][..],
            "max pods 29 (2 host-network pods, so 27 with an address) leaves no place for 3 of 30 pods on a node",
        ),
        (
            &["--os", "windows", "--prefix", "--pods", "200"],
            "max pods 110 leaves no place for 90 of 200 pods on a node",
        ),
    ] {
        let (_, stdout, stderr) = eksnet(&[&["node", "m5.large"], more].concat());
        assert!(stdout.contains(line), "{stdout}{stderr}");
    }
    // A note names the command that has the flag.
    let (_, stdout, _) = eksnet(&["node", "m5.large", "--auto-mode", "--pods", "5"]);
    let stdout = stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(stdout.contains("(maxpods --host-network-pods 0)"), "{stdout}");
}

/// The kubelet accepts max pods with those on the host network, whatever addresses the node has.
#[test]
fn no_more_pods_run_than_the_kubelet_accepts() {
    for (arguments, placed, refused) in [
        (&["m5.large", "--pods", "27"][..], 27, 0),
        (&["m5.large", "--pods", "40"], 27, 13),
        (&["m5.large", "--prefix", "--pods", "300"], 108, 192),
        (&["m5.large", "--max-pods", "20", "--pods", "25"], 18, 7),
        (&["m5.large", "--max-pods", "1", "--pods", "3"], 0, 3),
        (&["m5.large", "--ipv6", "--pods", "200"], 108, 92),
        (&["m5.large", "--os", "windows", "--prefix", "--pods", "200"], 110, 90),
        (&["m5.large", "--pods", "40", "--nodes", "3"], 81, 13),
    ] {
        let (code, json) = node(arguments);
        assert_eq!(json["group"]["pods_placed"], placed, "{arguments:?}");
        assert_eq!(json["pods_over_max_pods"], refused, "{arguments:?}");
        let nodes = json["nodes"].as_u64().unwrap();
        let wanted = json["pods"].as_u64().unwrap() * nodes;
        assert_eq!(json["group"]["pods_wanted"], wanted, "{arguments:?}");
        assert_eq!(code, Some(i32::from(refused > 0)), "{arguments:?}");
        assert_eq!(
            json["pods_wait_s"].is_null(),
            refused > 0 || json["group"]["ec2_total"].is_null()
        );
    }
}

#[test]
fn a_sweep_ends_at_what_the_kubelet_accepts() {
    let (code, json) = node(&["m5.large", "--sweep", "26..29"]);
    assert_eq!(code, Some(1));
    let placed: Vec<_> =
        json["sweep"].as_array().unwrap().iter().map(|row| &row["group"]["pods_placed"]).collect();
    assert_eq!(placed, [26, 27, 27, 27]);
}

/// One /28 is left: 16 addresses, then four for pods and a free one singly.
#[test]
fn a_node_of_auto_mode_falls_back_to_single_addresses() {
    let ask =
        ["node", "m5.large", "--auto-mode", "--pods", "20", "--free-blocks", "1", "-o", "json"];
    let (code, stdout, stderr) = eksnet(&ask);
    assert_eq!(code, Some(0), "{stderr}");
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    let last = answer["states"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["prefixes"], &last["single_addresses"]), (&1.into(), &5.into()));
    assert_eq!((&last["node_subnet_used"], &last["pods"]), (&22.into(), &20.into()));
    assert_eq!((&answer["pods_wait_s"], &answer["group"]["ec2_total"]), (&().into(), &().into()));
    // The pod subnet has an address for the ENI and nine for pods.
    let ask = ["node", "m5.large", "--auto-mode", "--pods", "12", "--pod-subnets"];
    let (code, stdout, _) = eksnet(&[&ask[..], &["--pod-subnet-free", "10"]].concat());
    assert_eq!(code, Some(1));
    assert!(stdout.contains("3 of 12 pods have no address"), "{stdout}");
    for refused in ["--warm-ip-target", "--warm-eni-target", "--max-eni"] {
        let (code, _, stderr) = eksnet(&["node", "m5.large", "--auto-mode", refused, "1"]);
        assert!(code == Some(2) && stderr.contains(refused), "{stderr}");
    }
    let (code, _, stderr) = eksnet(&["node", "m5.large", "--pod-subnet-free", "10"]);
    assert!(code == Some(2) && stderr.contains("--pod-subnet-free"), "{stderr}");
}

/// 32 addresses of the instance itself, of which one is the primary ENI's, and none but that one.
#[test]
fn efa_interfaces_take_addresses_and_efa_only_ones_an_eni() {
    let taken = |arguments: &[&str]| {
        let (code, json) = node(&[&["p5.48xlarge"], arguments].concat());
        assert_eq!(code, Some(0));
        let used = json["states"][0]["node_subnet_used"].as_u64().unwrap();
        (used, json["launch"]["addresses"].as_u64(), json["max_pods"].as_u64().unwrap())
    };
    // 49 addresses of the warm ENI are the pods'.
    assert_eq!(taken(&[]), (1 + 49, None, 100));
    assert_eq!(taken(&["--efa", "32"]), (32 + 49, Some(31), 100));
    assert_eq!(taken(&["--efa-only", "32"]), (1 + 49, Some(0), 51));
    // Each with a prefix, which leaves the primary ENI 48 slots; in prefix mode it is the warm one.
    let karpenter = ["--efa", "32", "--ip-prefix-count", "1"];
    assert_eq!(taken(&karpenter), (32 * 17 + 48, Some(32 * 17 - 1), 100));
    let prefix = taken(&[&karpenter[..], &["--prefix"]].concat());
    assert_eq!((prefix.0, prefix.1), (32 * 17, Some(32 * 17 - 1)));
    // Those of the primary ENI alone.
    let primary = taken(&["--efa", "32", "--prefix", "--ipv4-prefix-count", "1"]);
    assert_eq!(primary.0, 32 + 16);
    let (_, stdout, _) = eksnet(&["maxpods", "p5.48xlarge", "--efa-only", "32", "-o", "plain"]);
    assert_eq!(stdout, "51\n");
    for (arguments, message) in [
        (&["p5.48xlarge", "--efa", "33"][..], "takes at most 32 EFA interfaces, not 33"),
        (&["m5.large", "--efa-only", "1"], "has no EFA interface"),
        (&["m5.large", "--unmanaged-enis", "3"], "3 beside the primary ENI do not fit"),
        (&["m5.large", "--ipv4-prefix-count", "10"], "holds 9 addresses or prefixes"),
        (&["m5.large", "--os", "windows", "--ipv4-prefix-count", "1"], "--os windows"),
        (&["m5.large", "--os", "windows", "--ip-prefix-count", "1"], "--ip-prefix-count"),
        (&["m5.large", "--auto-mode", "--ip-prefix-count", "1"], "--ip-prefix-count"),
        (&["m5.large", "--ip-prefix-count", "1", "--ipv4-prefix-count", "1"], "cannot be used"),
        (&["m5.large", "--ip-prefix-count", "1", "--ipv6"], "cannot be used"),
    ] {
        let (code, stdout, stderr) = eksnet(&[&["node"], arguments].concat());
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(stderr.contains(message), "{stderr}");
    }
}
