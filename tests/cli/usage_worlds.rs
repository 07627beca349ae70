//! What nodes use, against worlds whose pods were counted while they were placed.

use crate::run::{command, made_world};
use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// A made world with the files of kubectl beside the others.
fn world(seed: u32, nodes: u32) -> PathBuf {
    let folder = made_world(seed, nodes);
    for entry in fs::read_dir(folder.join("kubernetes")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    folder
}

fn audit(from: &Path, more: &[&str]) -> (Option<i32>, Value) {
    let asked = ["audit", "-o", "json", "--nodes", "--from", from.to_str().unwrap()];
    let output = command(&[&asked, more].concat()).output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn nodes_use_what_was_counted() {
    for (seed, nodes) in [(1, 40), (7, 12), (23, 90)] {
        let folder = world(seed, nodes);
        let truth: Value =
            serde_json::from_slice(&fs::read(folder.join("expected/kubernetes.json")).unwrap())
                .unwrap();
        let (_, report) = audit(&folder, &[]);
        let rows = report["nodes"].as_array().unwrap();
        assert_eq!(rows.len(), truth.as_object().unwrap().len());
        for row in rows {
            let id = row["instance_id"].as_str().unwrap();
            for (field, value) in truth[id].as_object().unwrap() {
                assert_eq!(&row[field], value, "seed {seed}, {id}, {field}");
            }
        }
        assert_eq!(report["withheld"], Value::Array(Vec::new()));
    }
}

/// The example's files are those that the script makes, and a snapshot carries what they say.
#[test]
fn a_snapshot_carries_what_kubectl_told() {
    let folder = world(1, 40);
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod/kubernetes");
    for entry in fs::read_dir(example).unwrap() {
        let entry = entry.unwrap();
        let made = fs::read(folder.join("kubernetes").join(entry.file_name())).unwrap();
        assert_eq!(fs::read(entry.path()).unwrap(), made, "{}", entry.path().display());
    }
    let snapshot = folder.join("snapshot");
    let questions = ["--want-prefixes", "20", "--what-if", "warm-ip-target=2,minimum-ip-target=16"];
    let saved = [questions.as_slice(), &["--save", snapshot.to_str().unwrap()]].concat();
    let (code, direct) = audit(&folder, &saved);
    let (again, carried) = audit(&snapshot, &questions);
    assert_eq!(code, again);
    for part in ["nodes", "what_if", "drains", "findings"] {
        assert_eq!(direct[part], carried[part], "{part}");
    }
}

/// Sums that hold whatever the settings: each subnet's part adds up, and asking for today's settings
/// takes as many calls as now.
#[test]
fn what_if_adds_up() {
    let folder = world(7, 12);
    let (_, report) = audit(&folder, &["--what-if", "warm-prefix-target=1"]);
    let row = &report["what_if"][0];
    let subnets = row["subnets"].as_array().unwrap();
    let sum: i64 = subnets.iter().map(|subnet| subnet["saved"].as_i64().unwrap()).sum();
    assert_eq!(row["saved"].as_i64(), Some(sum));
    assert_eq!(row["ec2_calls"]["now"], row["ec2_calls"]["then"]);
    let nodes = row["nodes"].as_u64().unwrap() + row["nodes_left_out"].as_u64().unwrap();
    assert_eq!(nodes, 12);
}
