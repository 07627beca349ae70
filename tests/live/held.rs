//! Answers are held against what was asked: one that is about something else is no answer.

use std::path::Path;

use serde_json::{Value, json};

use crate::{
    program::command,
    support::fake_ec2::{Behavior, FakeEc2, Options, Planned, When, World},
};

const REGION: &str = "eu-central-1";

/// What is done to a body.
type Edit = fn(&str) -> String;

fn world() -> World {
    World::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod"))
}

fn cluster(world: &World) -> String {
    world.clusters.as_object().unwrap().keys().next().unwrap().clone()
}

/// A run against a stand-in: its exit code, what it printed and its stderr.
fn run(server: &FakeEc2, arguments: &[&str]) -> (Option<i32>, Value, String) {
    let output = command(arguments)
        .env("AWS_ENDPOINT_URL", server.endpoint())
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", REGION)
        .output()
        .unwrap();
    let printed = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code(), printed, String::from_utf8(output.stderr).unwrap())
}

/// The rows of what is withheld of a cluster, each the call and the reason.
fn withheld(server: &FakeEc2, name: &str) -> Vec<(String, String)> {
    let (code, report, stderr) = run(server, &["audit", "--cluster", name, "-o", "json"]);
    assert_eq!(code, Some(4), "{stderr}");
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = report["withheld"].as_array().unwrap();
    rows.iter().map(|row| (text(row, "operation"), text(row, "reason"))).collect()
}

/// A row of the call says so, and no other call is at fault.
fn says(rows: &[(String, String)], action: &str, what: &str) {
    assert!(rows.iter().all(|(operation, _)| operation == action), "{action}: {rows:?}");
    assert!(rows.iter().any(|(_, reason)| reason.contains(what)), "{what}: {rows:?}");
}

fn edited(action: &'static str, edit: Edit) -> FakeEc2 {
    let fault = Planned { action, when: When::Always, behavior: Behavior::Edit(edit) };
    FakeEc2::from_world(world(), Options { faults: vec![fault], ..Options::default() })
}

/// EKS's answer with a field of its object set anew, or taken away.
fn with_field(body: &str, object: &str, field: &str, value: Option<&str>) -> String {
    let mut json: Value = serde_json::from_str(body).unwrap();
    let fields = json[object].as_object_mut().unwrap();
    match value {
        Some(value) => fields.insert(field.to_owned(), value.into()),
        None => fields.remove(field),
    };
    json.to_string()
}

#[test]
fn a_description_of_something_else_is_withheld() {
    let name = cluster(&world());
    let rows: [(&str, Edit, &str); 7] = [
        (
            "DescribeCluster",
            |body| with_field(body, "cluster", "name", Some("other")),
            "is about other",
        ),
        (
            "DescribeCluster",
            |body| with_field(body, "cluster", "name", None),
            "does not state its name",
        ),
        (
            "DescribeCluster",
            |body| {
                let arn = "arn:aws:eks:us-east-1:444455556666:cluster/prod";
                with_field(body, "cluster", "arn", Some(arn))
            },
            "in eu-central-1 is about arn:aws:eks:us-east-1:",
        ),
        (
            "DescribeNodegroup",
            |body| with_field(body, "nodegroup", "clusterName", Some("other")),
            "is about other",
        ),
        (
            "DescribeNodegroup",
            |body| with_field(body, "nodegroup", "nodegroupName", Some("other")),
            "is about other",
        ),
        (
            "DescribeNodegroup",
            |body| with_field(body, "nodegroup", "nodegroupName", None),
            "does not state its name",
        ),
        (
            "DescribeFargateProfile",
            |body| with_field(body, "fargateProfile", "clusterName", Some("other")),
            "is about other",
        ),
    ];
    for (action, edit, what) in rows {
        says(&withheld(&edited(action, edit), &name), action, what);
    }
}

#[test]
fn a_listing_of_names_that_cannot_be_is_withheld() {
    fn names(body: &str, change: fn(&mut Vec<Value>)) -> String {
        let mut json: Value = serde_json::from_str(body).unwrap();
        change(json["nodegroups"].as_array_mut().unwrap());
        json.to_string()
    }
    let name = cluster(&world());
    let rows: [(Edit, &str); 4] = [
        (|body| names(body, |list| list.push(list[0].clone())), "is listed twice"),
        (|body| names(body, |list| list.push("../x".into())), "`../x` is not a valid EKS name"),
        (
            |body| names(body, |list| list.push("a".repeat(70_000).into())),
            "is not a valid EKS name",
        ),
        (|body| names(body, Vec::clear), "instances belong to node groups that are not listed: "),
    ];
    for (edit, what) in rows {
        says(&withheld(&edited("ListNodegroups", edit), &name), "ListNodegroups", what);
    }
}

#[test]
fn a_token_longer_than_any_is_not_used() {
    for action in ["DescribeInstances", "ListNodegroups", "ListFargateProfiles"] {
        let rows = withheld(&edited(action, long), &cluster(&world()));
        says(&rows, action, "the token for the next page is longer than 8 KiB");
    }
}

/// An answer with the token of a next page that is longer than any.
fn long(body: &str) -> String {
    let token = "t".repeat(70_000);
    if let Ok(mut json) = serde_json::from_str::<Value>(body) {
        json["nextToken"] = token.into();
        return json.to_string();
    }
    let end = body.rfind("</").unwrap();
    format!("{}<nextToken>{token}</nextToken>{}", &body[..end], &body[end..])
}

/// What EC2 says of a type that the table lacks.
fn described(name: &str, network: &Value) -> Value {
    json!({"InstanceType": name, "Hypervisor": "nitro", "BareMetal": false,
        "VCpuInfo": {"DefaultVCpus": 4}, "MemoryInfo": {"SizeInMiB": 8192},
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]}, "NetworkInfo": network})
}

fn network(enis: i32, card: i32, ipv4: i32) -> Value {
    json!({"MaximumNetworkInterfaces": enis, "DefaultNetworkCardIndex": card,
        "NetworkCards": [{"NetworkCardIndex": 0, "MaximumNetworkInterfaces": enis}],
        "Ipv4AddressesPerInterface": ipv4, "Ipv6AddressesPerInterface": ipv4})
}

#[test]
fn a_type_that_cannot_be_gives_no_number() {
    let good = || described("z9.large", &network(3, 0, 10));
    let of = |types: &[Value]| {
        let world = World { instance_types: json!({"InstanceTypes": types}), ..world() };
        run(
            &FakeEc2::from_world(world, Options::default()),
            &["maxpods", "z9.large", "--live", "-o", "json"],
        )
    };
    let (code, report, stderr) = of(&[good()]);
    assert_eq!((code, &report["rows"][0]["max_pods"]), (Some(0), &json!(29)), "{stderr}");
    let mut twice = network(3, 0, 10);
    twice["NetworkCards"] = json!([{"NetworkCardIndex": 0, "MaximumNetworkInterfaces": 3},
        {"NetworkCardIndex": 0, "MaximumNetworkInterfaces": 3}]);
    let mut more = network(3, 0, 10);
    more["MaximumNetworkInterfaces"] = json!(30);
    for (network, says) in [
        (network(0, 0, 10), "has 0 ENIs"),
        (network(-1, 0, 10), "cannot be -1"),
        (network(3, 0, 0), "has 0 IPv4 addresses per ENI"),
        (network(3, 0, -10), "cannot be -10"),
        (network(3, 2, 10), "has no network card 2"),
        (network(3, -1, 10), "cannot be -1"),
        (twice, "lists network card 0 twice"),
        (more, "has 30 ENIs in MaximumNetworkInterfaces, but its network cards have 3"),
        (json!({"Ipv4AddressesPerInterface": 10}), "has neither NetworkCards nor"),
        (json!({"MaximumNetworkInterfaces": 3}), "lacks IPv4 addresses per ENI"),
    ] {
        let (code, report, stderr) = of(&[described("z9.large", &network)]);
        assert_eq!((code, &report), (Some(3), &Value::Null), "{says}: {stderr}");
        assert!(
            stderr.starts_with("error: DescribeInstanceTypes: ") && stderr.contains(says),
            "{stderr}"
        );
    }
    let (code, _, stderr) = of(&[good(), described("z9.large", &network(4, 0, 10))]);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("z9.large is listed twice with different content"), "{stderr}");
    let mut without = good();
    without.as_object_mut().unwrap().remove("NetworkInfo");
    let (code, _, stderr) = of(&[without]);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("lacks a type's network limits"), "{stderr}");
}

#[test]
fn a_type_that_was_not_asked_for_gives_no_number() {
    let types = json!({"InstanceTypes": [described("z9.large", &network(3, 0, 10))]});
    let edit = |body: &str| body.replace("z9.large", "z9.huge");
    let fault = Planned {
        action: "DescribeInstanceTypes",
        when: When::Always,
        behavior: Behavior::Edit(edit),
    };
    let world = World { instance_types: types, ..world() };
    let server = FakeEc2::from_world(world, Options { faults: vec![fault], ..Options::default() });
    let (code, _, stderr) = run(&server, &["maxpods", "z9.large", "--live"]);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("the response has z9.huge, which was not requested"), "{stderr}");
}
