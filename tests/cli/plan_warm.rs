//! `eksnet plan --warm-targets`: for the nodes of saved output, and for those of a requirement.

use std::fs;

use serde_json::Value;

use crate::run::{command, root};

const FLAGS: [&str; 8] =
    ["plan", "--warm-targets", "--pods", "2500", "--type", "m5.xlarge", "--pods-per-node", "10"];

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = command(arguments).current_dir(root()).output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn json(arguments: &[&str]) -> Value {
    let all: Vec<&str> = arguments.iter().copied().chain(["-o", "json"]).collect();
    serde_json::from_str(&run(&all).1).unwrap()
}

#[test]
fn nodes_of_a_requirement_have_their_targets() {
    let (code, table, stderr) = run(&FLAGS);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(
        table.starts_with(
            "✔ Set WARM_IP_TARGET=2 and MINIMUM_IP_TARGET=12: nodes hold 3,250 addresses instead of 7,500\n"
        ),
        "{table}"
    );
    let answer = json(&FLAGS);
    assert_eq!((&answer["nodes"], &answer["pods"]), (&250.into(), &2500.into()));
    assert_eq!(answer["held_now"], Value::Null);
    // Targets that are in force already are not changed.
    let folder = tempfile("in-force");
    let file = folder.join("requirement.yaml");
    fs::write(
        &file,
        "version: 1\ncni: {warm_ip_target: 2, minimum_ip_target: 12}\ngroups: [{name: g, pods: {peak: 2500}, \
         instance_types: [m5.xlarge], pods_per_node: 10}]\n",
    )
    .unwrap();
    let answer = json(&["plan", "--warm-targets", file.to_str().unwrap()]);
    assert_eq!((&answer["verdict"], &answer["commands"]), (&"keep".into(), &Value::Array(vec![])));
}

fn tempfile(name: &str) -> std::path::PathBuf {
    let folder =
        std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("plan-warm-{name}"));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The example: every node that runs counts with its own pods, and group by group they are all nodes.
#[test]
fn running_nodes_have_their_targets() {
    let from = ["plan", "--warm-targets", "--from", "examples/vpc-prod"];
    let (code, table, _) = run(&from);
    assert_eq!(code, Some(0), "{table}");
    let answer = json(&from);
    let sum = |key: &str| -> u64 {
        let groups = answer["groups"].as_array().unwrap();
        groups.iter().map(|group| group[key].as_u64().unwrap()).sum()
    };
    assert_eq!(
        (answer["nodes"].as_u64(), answer["pods"].as_u64()),
        (Some(sum("nodes")), Some(sum("pods")))
    );
    let figures = |of: &str| answer[of]["figures"].clone();
    let (now, best) = (figures("in_force"), figures("best"));
    let saved =
        now["addresses_usual"].as_i64().unwrap() - best["addresses_usual"].as_i64().unwrap();
    assert_eq!(answer["saves"]["addresses_usual"], saved);
    assert!(saved > 0 && best["wait_s"].as_u64() <= now["wait_s"].as_u64());
    // A longer wait saves more.
    let more = json(&[&from[..], &["--pod-wait", "300", "--ec2-calls", "100000"]].concat());
    assert!(more["saves"]["addresses_usual"].as_i64() > Some(saved));
    // Pods that are asked for are not those that run.
    let twice = json(&[&from[..], &["--pods-times", "2"]].concat());
    assert!(twice["pods"].as_u64() > answer["pods"].as_u64());
    assert_eq!(twice["held_now"], Value::Null);
}

#[test]
fn without_pods_there_is_no_answer() {
    let folder = tempfile("no-pods");
    for file in fs::read_dir(root().join("examples/vpc-prod")).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    let (code, table, _) = run(&["plan", "--warm-targets", "--from", folder.to_str().unwrap()]);
    assert_eq!(code, Some(4), "{table}");
    assert!(table.contains("kubectl get pods: the pods of "), "{table}");
}

#[test]
fn what_does_not_go_together_is_refused() {
    let (code, _, stderr) = run(&[&FLAGS[..], &["-o", "html"]].concat());
    assert_eq!(code, Some(2));
    assert!(stderr.starts_with("error: --warm-targets has no HTML page"), "{stderr}");
    let (code, ..) = run(&[&FLAGS[..], &["--scenario"]].concat());
    assert_eq!(code, Some(2));
    // 14 addresses at once are the most that a new m5.xlarge has.
    let impossible =
        ["plan", "--warm-targets", "--pods", "2500", "--type", "m5.xlarge", "--pod-wait", "0"];
    let (code, table, _) = run(&impossible);
    assert_eq!(code, Some(1), "{table}");
}
