//! The schemas are true: what eksnet reads and prints is what they say, and slips are none of it.

use crate::run::{command, ended, root};
use std::{fs, path::Path};

use jsonschema::Validator;
use serde_json::Value;

const GOOD: &str = "version: 1
vpc: {cidrs: [10.0.0.0/16]}
subnets:
  - {name: a, zone: z, cidr: 10.0.0.0/24, used: 3}
cni: {warm_ip_target: 2}
node_groups:
  - {name: g, instance_type: m5.large, subnets: [a], nodes: 3}
steps:
  - rollout: {group: g, max_surge: 33%}
";

fn eksnet(arguments: &[&str]) -> Value {
    let (_, stdout, stderr) = ended(command(arguments).current_dir(root()).output().unwrap());
    assert_eq!(stderr, "", "{arguments:?}");
    serde_json::from_str(&stdout).unwrap()
}

fn schema(name: &str) -> Validator {
    let schema = eksnet(&["generate", "schema", name]);
    assert!(jsonschema::meta::is_valid(&schema), "{name}");
    jsonschema::validator_for(&schema).unwrap()
}

/// What a text is as data, before any type of eksnet's own.
fn data(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

#[track_caller]
fn holds(schema: &Validator, value: &Value, of: &str) {
    let errors: Vec<String> =
        schema.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{of}: {errors:#?}");
}

/// The scenarios in examples/, sorted.
fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/scenarios");
    let mut files: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    files
}

#[test]
fn the_examples_are_scenarios() {
    let schema = schema("scenario");
    for file in examples() {
        holds(&schema, &data(&fs::read_to_string(&file).unwrap()), &file);
    }
}

/// Both the schema and the program take each of these, or both refuse it.
#[test]
fn the_scenario_schema_and_the_reader_agree() {
    let schema = schema("scenario");
    let rows = [
        ("", "", true),
        ("used: 3", "used: [10.0.0.9, 10.0.0.16/28]", true),
        ("used: 3", "used: {count: 3, seed: 1}", true),
        ("used: 3", "used: {count: 3}", false),
        ("used: 3", "used: {count: 3, sed: 1}", false),
        ("used: 3", "used: -3", false),
        ("used: 3", "used: lots", false),
        ("used: 3", "usd: 3", false),
        ("zone: z", "zone: z, tags: {a: b}", true),
        ("zone: z", "zone: z, reservations: [{cidr: 10.0.0.64/26, type: prefix}]", true),
        ("zone: z", "zone: z, reservations: [{cidr: 10.0.0.64/26, type: prefixes}]", false),
        ("zone: z, ", "", false),
        ("warm_ip_target: 2", "warm_ip_target: unset, warm_eni_target: 0, pod_eni: false", true),
        ("warm_ip_target: 2", "warm_ip_target: -1", true),
        ("warm_ip_target: 2", "warm_ip_target: few", false),
        ("warm_ip_target: 2", "warm_ip_target: 2.5", false),
        (
            "warm_ip_target: 2",
            "custom_networking: {z: a}, version: \"1.23\", cluster_name: prod",
            true,
        ),
        ("warm_ip_target: 2", "warm_ip: 2", false),
        ("nodes: 3", "nodes: 3, max_pods: auto, pods_per_node: fill", true),
        ("nodes: 3", "nodes: 3, max_pods: 17, pods_per_node: 4", true),
        ("nodes: 3", "nodes: 3, max_pods: fill", false),
        ("nodes: 3", "nodes: 3, pods_per_node: auto", false),
        ("nodes: 3", "nodes: 3, pods_per_node: -1", false),
        ("nodes: 3", "nodes: 3, min: 1, max: 9, branch_pods_per_node: 1", true),
        ("nodes: 3", "nodes: 3, max: many", false),
        ("nodes: 3", "nodes: -1", false),
        ("nodes: 3", "nodes: three", false),
        ("instance_type: m5.large", "instance_types: [{type: m5.large, weight: 3}]", true),
        ("instance_type: m5.large", "instance_types: [m5.large]", false),
        ("max_surge: 33%", "max_surge: 2, max_unavailable: 0", true),
        ("max_surge: 33%", "max_surge: third", false),
        ("max_surge: 33%", "max_surge: -1", false),
        ("rollout: {group: g, max_surge: 33%}", "upgrade_control_plane: {}", true),
        ("rollout: {group: g, max_surge: 33%}", "upgrade_control_plane: {now: true}", false),
        ("rollout: {group: g, max_surge: 33%}", "lose_zone: z", true),
        ("rollout: {group: g, max_surge: 33%}", "grow: {group: g, factor: 1.5}", true),
        ("rollout: {group: g, max_surge: 33%}", "grow: {group: g}", false),
        ("rollout: {group: g, max_surge: 33%}", "set_cni: {warm_prefix_target: 2}", true),
        ("rollout: {group: g, max_surge: 33%}", "rollot: {group: g}", false),
        ("version: 1", "version: 2", false),
        ("used: 3", "used: null", false),
        ("zone: z", "zone: z, tags: null", false),
        ("warm_ip_target: 2", "warm_ip_target: null", false),
        ("warm_ip_target: 2", "version: null", false),
        ("warm_ip_target: 2", "pod_eni: null", false),
        ("warm_ip_target: 2", "custom_networking: null", false),
        ("cni: {warm_ip_target: 2}", "cni: null", false),
        ("cni: {warm_ip_target: 2}", "control_plane: null", false),
        ("cni: {warm_ip_target: 2}", "others: null", false),
        ("vpc: {cidrs: [10.0.0.0/16]}", "vpc: null", false),
        ("nodes: 3", "nodes: null", false),
        ("nodes: 3", "nodes: 3, max: null", false),
        ("nodes: 3", "nodes: 3, max_pods: null", false),
        ("nodes: 3", "nodes: 3, pods_per_node: null", false),
        ("nodes: 3", "nodes: 3, branch_pods_per_node: null", false),
        ("max_surge: 33%", "max_surge: null", false),
        ("max_surge: 33%", "like: null", false),
        ("version: 1\n", "", false),
    ];
    for (from, to, good) in rows {
        assert!(GOOD.contains(from), "{from}");
        let text = GOOD.replacen(from, to, 1);
        assert_eq!(eksnet::simulate::parse(&text).is_ok(), good, "the reader on {to}");
        assert_eq!(schema.is_valid(&data(&text)), good, "the schema on {to}");
    }
}

#[test]
fn simulations_are_as_their_schema_says() {
    let schema = schema("simulate");
    for file in examples() {
        for runs in [&[][..], &["--runs", "3"]] {
            let arguments = [&["simulate", &file, "-o", "json"], runs].concat();
            holds(&schema, &eksnet(&arguments), &file);
        }
    }
    let from = ["--from", "examples/vpc-prod", "--margin", "50", "-o", "json"];
    let answer = eksnet(&[&["simulate", "examples/move-pods.yaml"][..], &from].concat());
    assert_eq!(answer["tight"]["is"], true);
    holds(&schema, &answer, "a start that was observed");
    let mut answer = eksnet(&["simulate", "examples/scenarios/surge.yaml", "-o", "json"]);
    assert_eq!(answer["remedies"][2]["kind"], "further-subnets");
    answer["first_failure"]["reason"] = "bad-luck".into();
    assert!(!schema.is_valid(&answer));
}

#[test]
fn audits_are_as_their_schema_says() {
    let audit = eksnet(&["audit", "--from", "examples/vpc-prod", "--all", "-o", "json"]);
    holds(&schema("audit"), &audit, "audit");
}
