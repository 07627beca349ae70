//! Live collection against a stand-in for EC2 and EKS on loopback: the shipped binary with its real
//! SDK, paging, retries and error handling.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Output,
};

use crate::{
    program::command,
    support::fake_ec2::{Behavior, FakeEc2, Options, Planned, When, World},
};
use serde_json::Value;

const REGION: &str = "eu-central-1";

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod")
}

fn json_file(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn vpc_id() -> String {
    let vpcs = json_file(&example().join("vpcs.json"));
    vpcs["Vpcs"][0]["VpcId"].as_str().unwrap().to_owned()
}

fn cluster_name() -> String {
    let clusters = json_file(&example().join("clusters.json"));
    clusters.as_object().unwrap().keys().next().unwrap().clone()
}

/// The program in an environment that holds nothing of the person's own.
fn eksnet(endpoint: &str, arguments: &[&str]) -> Output {
    command(arguments)
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", REGION)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", text(&output.stdout), text(&output.stderr)))
}

/// A report without the lines of its source, which is where live and offline may differ.
fn without_source(report: &str) -> String {
    let mut value: Value = serde_json::from_str(report).unwrap();
    let source = value["source"].take();
    let shown = |key: &str| source[key].as_str().map(|v| format!("    \"{key}\": \"{v}\",\n"));
    let mut left = report.to_owned();
    for key in ["kind", "region", "account"] {
        left = left.replacen(&shown(key).unwrap_or_default(), "", 1);
    }
    let captured = format!("    \"captured_at\": {}\n", source["captured_at"]);
    assert!(left.contains(&captured), "{left:.400}");
    left.replacen(&captured, "", 1)
}

/// The example without what a live audit does not ask for: what kubectl says.
fn offline(arguments: &[&str]) -> Output {
    let folder = with_node_groups(0);
    let mut all = vec!["audit", "--from", folder.path().to_str().unwrap()];
    all.extend(arguments);
    eksnet("http://127.0.0.1:1", &all)
}

/// The example without what a live audit of a VPC does not ask for: its clusters.
fn offline_without_clusters(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for entry in std::fs::read_dir(example()).unwrap().map(Result::unwrap) {
        if entry.path().is_file() && entry.file_name() != "clusters.json" {
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    let mut all = vec!["audit", "--from", folder.path().to_str().unwrap()];
    all.extend(arguments);
    eksnet("http://127.0.0.1:1", &all)
}

fn live(server: &FakeEc2, arguments: &[&str]) -> Output {
    let mut all = vec!["audit"];
    all.extend(arguments);
    eksnet(&server.endpoint(), &all)
}

fn error_of(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), text(&output.stderr))
}

#[test]
fn live_and_offline_say_the_same_bytes() {
    let server = FakeEc2::start(&example(), Options::default());
    let vpc = vpc_id();
    let said = live(&server, &["--vpc", &vpc, "--all", "-o", "json"]);
    let saved = offline_without_clusters(&["--all", "-o", "json"]);
    assert_eq!(said.status.code(), Some(1), "{}", text(&said.stderr));
    assert_eq!(without_source(&text(&said.stdout)), without_source(&text(&saved.stdout)));
    let said = json(&said);
    assert_eq!(said["source"]["kind"], "live");
    assert_eq!(said["source"]["region"], REGION);
    assert_eq!(said["source"]["account"], json(&saved)["source"]["account"]);
    for format in ["table", "wide", "csv", "markdown"] {
        let said = live(&server, &["--vpc", &vpc, "--all", "-o", format]);
        let saved = offline_without_clusters(&["--all", "-o", format]);
        let (said, saved) = (text(&said.stdout), text(&saved.stdout));
        assert_eq!(without_run(&said), without_run(&saved), "{format}");
    }
}

/// A report without when it was read and without commands, which repeat the run's own flags.
pub(crate) fn without_run(report: &str) -> Vec<String> {
    let is_command =
        |line: &str| ["→ ", "aws ", "eksnet audit "].iter().any(|it| line.contains(it));
    let lines = report.lines().filter(|line| !is_command(line));
    let undated = |line: &str| match line.find(" UTC") {
        // `2026-11-29 11:39` and what parts it from the words before.
        Some(at) => {
            let before = &line[..at - 16];
            format!("{}{}", before.trim_end_matches([' ', '·']), &line[at + 4..])
        }
        None => line.to_owned(),
    };
    lines.map(undated).collect()
}

#[test]
fn small_pages_and_throttling_change_nothing() {
    let options = Options { page_size: Some(5), throttle: 5, seed: 7, ..Options::default() };
    let server = FakeEc2::start(&example(), options);
    let said = live(&server, &["--vpc", &vpc_id(), "--all", "-o", "json"]);
    let saved = offline_without_clusters(&["--all", "-o", "json"]);
    assert_eq!(without_source(&text(&said.stdout)), without_source(&text(&saved.stdout)));
    let calls = server.calls();
    assert!(calls.iter().any(|call| call.status == 503), "nothing was throttled");
    assert!(calls.len() > 60, "{} calls", calls.len());
}

/// An instance that started between two calls has ENIs and no row: it is asked for by its id.
#[test]
fn late_instances_are_asked_for_once_more() {
    let none = |body: &str| {
        let (before, rest) = body.split_once("<reservationSet>").unwrap();
        let (_, after) = rest.rsplit_once("</reservationSet>").unwrap();
        format!("{before}<reservationSet></reservationSet>{after}")
    };
    let late = Planned {
        action: "DescribeInstances",
        when: When::First(1),
        behavior: Behavior::Edit(none),
    };
    let options = Options { faults: vec![late], ..Options::default() };
    let server = FakeEc2::start(&example(), options);
    let said = live(&server, &["--vpc", &vpc_id(), "--all", "-o", "json"]);
    let saved = offline_without_clusters(&["--all", "-o", "json"]);
    assert_eq!(without_source(&text(&said.stdout)), without_source(&text(&saved.stdout)));
    let calls = server.calls();
    let asked: Vec<_> = calls.iter().filter(|call| call.action == "DescribeInstances").collect();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].parameter("Filter.1.Name"), Some("instance-id"));
}

#[test]
fn the_calls_are_few() {
    let server = FakeEc2::start(&example(), Options::default());
    let vpc = vpc_id();
    assert_eq!(live(&server, &["--vpc", &vpc, "-o", "json"]).status.code(), Some(1));
    let calls = server.calls();
    let of = |action: &str| calls.iter().filter(|call| call.action == action).count();
    for action in
        ["DescribeVpcs", "DescribeSubnets", "DescribeNetworkInterfaces", "DescribeInstances"]
    {
        assert_eq!(of(action), 1, "{action}");
    }
    let interfaces = calls.iter().find(|call| call.action == "DescribeNetworkInterfaces").unwrap();
    assert_eq!(interfaces.parameter("MaxResults"), Some("1000"));
    assert_eq!(interfaces.parameter("Filter.1.Name"), Some("vpc-id"));
    let asked: BTreeSet<_> = calls
        .iter()
        .filter(|call| call.action == "GetSubnetCidrReservations")
        .map(|call| call.parameter("SubnetId").unwrap().to_owned())
        .collect();
    let subnets = json_file(&example().join("subnets.json"))["Subnets"].as_array().unwrap().len();
    assert_eq!((of("GetSubnetCidrReservations"), asked.len()), (subnets, subnets));
}

#[test]
fn a_cluster_is_found_as_eks_and_tags_say() {
    let server = FakeEc2::start(&example(), Options::default());
    let name = cluster_name();
    let said = live(&server, &["--cluster", &name, "-o", "json"]);
    let saved = offline(&["--cluster", &name, "-o", "json"]);
    assert_eq!(without_source(&text(&said.stdout)), without_source(&text(&saved.stdout)));
    let said = json(&said);
    let reasons: BTreeSet<&str> = said["subnets"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|subnet| subnet["selected_by"].as_array().unwrap())
        .map(|reason| reason.as_str().unwrap())
        .collect();
    for start in ["cluster", "node-group:", "fargate-profile:", "tag:", "node-eni"] {
        assert!(reasons.iter().any(|reason| reason.starts_with(start)), "{start}: {reasons:?}");
    }
    let arn = format!("arn:aws:eks:{REGION}:444455556666:cluster/{name}");
    let by_arn = live(&server, &["--cluster", &arn, "-o", "json"]);
    assert_eq!(without_source(&text(&by_arn.stdout)), without_source(&text(&saved.stdout)));
    let elsewhere = live(&server, &["--cluster", &arn, "--region", "us-east-1"]);
    assert_eq!(elsewhere.status.code(), Some(2));
}

#[test]
fn a_snapshot_says_what_the_live_run_said() {
    let server = FakeEc2::start(&example(), Options::default());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("live-snapshot.json");
    let path = file.to_str().unwrap();
    let said = live(&server, &["--vpc", &vpc_id(), "--all", "-o", "json", "--save", path]);
    let again = eksnet("http://127.0.0.1:1", &["audit", "--from", path, "--all", "-o", "json"]);
    assert_eq!(again.status.code(), Some(1), "{}", text(&again.stderr));
    assert_eq!(without_source(&text(&again.stdout)), without_source(&text(&said.stdout)));
    let (said, again) = (json(&said), json(&again));
    assert_eq!(again["source"]["kind"], "snapshot");
    for key in ["region", "account", "captured_at"] {
        assert_eq!(again["source"][key], said["source"][key]);
    }
    let other = Path::new(env!("CARGO_TARGET_TMPDIR")).join("live-snapshot-2.json");
    let arguments = ["snapshot", "--vpc", &vpc_id(), "--output-file", other.to_str().unwrap()];
    let output = eksnet(&server.endpoint(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let without_time = |path: &Path| {
        let mut value = json_file(path);
        value["inventory"]["source"]["captured_at"].take();
        value
    };
    assert_eq!(without_time(&other), without_time(&file));
}

#[test]
fn a_refused_call_is_withheld() {
    let rows: [(&str, &[&str]); 3] = [
        ("DescribeNetworkInterfaces", &["used", "free", "blocks28", "owners", "unexplained"]),
        // What the ENIs themselves show of their owners stays.
        ("DescribeInstances", &[]),
        ("GetSubnetCidrReservations", &["reserved_free", "assignable_prefixes", "unexplained"]),
    ];
    for (action, unseen) in rows {
        let options = Options { refuse: vec![action.to_owned()], ..Options::default() };
        let server = FakeEc2::start(&example(), options);
        let output = live(&server, &["--vpc", &vpc_id(), "-o", "json"]);
        assert_eq!(output.status.code(), Some(4), "{action}: {}", text(&output.stderr));
        let report = json(&output);
        assert_eq!(report["withheld"][0]["operation"], action);
        let reason = report["withheld"][0]["reason"].as_str().unwrap();
        assert!(reason.contains("UnauthorizedOperation"), "{reason}");
        for subnet in report["subnets"].as_array().unwrap() {
            assert!(subnet["total"].is_number());
            for field in unseen {
                assert!(subnet[field].is_null(), "{action}: {field} is {}", subnet[field]);
            }
        }
        let table = live(&server, &["--vpc", &vpc_id(), "--all"]);
        assert!(text(&table.stdout).contains(&format!("{action}: ")), "{action}");
    }
}

#[test]
fn refused_cluster_calls_leave_what_tags_tell() {
    for action in ["DescribeCluster", "ListNodegroups", "ListFargateProfiles", "DescribeNodegroup"]
    {
        let options = Options { refuse: vec![action.to_owned()], ..Options::default() };
        let server = FakeEc2::start(&example(), options);
        let output = live(&server, &["--cluster", &cluster_name(), "-o", "json"]);
        assert_eq!(output.status.code(), Some(4), "{action}: {}", text(&output.stderr));
        let report = json(&output);
        assert!(report["subnets"].as_array().unwrap().len() > 3, "{action}");
        let operations: Vec<&str> = report["withheld"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["operation"].as_str().unwrap())
            .collect();
        assert!(operations.contains(&action), "{action}: {operations:?}");
    }
}

/// Node groups that EKS did describe are kept when another one is refused, as offline.
#[test]
fn one_refused_description_hides_no_other() {
    let mut world = World::load(&example());
    let name = cluster_name();
    let all =
        live(&FakeEc2::start(&example(), Options::default()), &["--cluster", &name, "-o", "json"]);
    let groups = world.clusters[&name]["nodegroups"].as_object_mut().unwrap();
    let gone = groups.keys().next().unwrap().clone();
    groups.insert(gone.clone(), serde_json::json!({"nodegroupName": gone, "clusterName": name}));
    let server = FakeEc2::from_world(world, Options::default());
    let output = live(&server, &["--cluster", &name, "-o", "json"]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    let report = json(&output);
    let reasons = report["subnets"].to_string();
    assert!(!reasons.contains(&format!("node-group:{gone}")), "{reasons}");
    assert_eq!(
        reasons.matches("node-group:").count()
            + json(&all)["subnets"].to_string().matches(&format!("node-group:{gone}")).count(),
        json(&all)["subnets"].to_string().matches("node-group:").count(),
    );
    let operations: Vec<_> =
        report["withheld"].as_array().unwrap().iter().map(|row| &row["operation"]).collect();
    assert_eq!(operations, ["DescribeNodegroup"]);
}

#[test]
fn a_cluster_of_another_account_is_not_taken_for_it() {
    let server = FakeEc2::start(&example(), Options::default());
    let arn = format!("arn:aws:eks:{REGION}:999999999999:cluster/{}", cluster_name());
    let (code, stderr) = error_of(&live(&server, &["--cluster", &arn]));
    assert_eq!(code, Some(2), "{stderr}");
}

#[test]
fn without_subnets_nothing_can_be_said() {
    let options = Options { refuse: vec!["DescribeSubnets".to_owned()], ..Options::default() };
    let server = FakeEc2::start(&example(), options);
    let output = live(&server, &["--vpc", &vpc_id()]);
    let (code, stderr) = error_of(&output);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.starts_with("error: DescribeSubnets: UnauthorizedOperation"), "{stderr}");
    assert!(stderr.contains("hint: add ec2:DescribeSubnets to the IAM policy"), "{stderr}");
    assert!(output.stdout.is_empty());
}

#[test]
fn what_is_not_there_is_bad_input() {
    let server = FakeEc2::start(&example(), Options::default());
    let rows: [(&[&str], &str); 3] = [
        (&["--vpc", "vpc-0000"], "error: no VPC `vpc-0000` found"),
        (&["--subnet", "subnet-0000"], "error: no subnet `subnet-0000` found"),
        (&["--cluster", "nobody"], "error: DescribeCluster: ResourceNotFoundException"),
    ];
    for (arguments, message) in rows {
        let (code, stderr) = error_of(&live(&server, arguments));
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.starts_with(message), "{stderr}");
        assert!(stderr.contains("\nhint: "), "{stderr}");
    }
}

#[test]
fn an_answer_that_was_cut_off_is_no_shorter_answer() {
    let server = FakeEc2::start(&example(), Options { broken_xml: true, ..Options::default() });
    let (code, stderr) = error_of(&live(&server, &["--vpc", &vpc_id(), "-o", "json"]));
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.starts_with("error: DescribeSubnets: "), "{stderr}");
    // Connections cut in the middle of a body, once the subnets and the account were told.
    let server = FakeEc2::start(&example(), Options { fail_after: Some(2), ..Options::default() });
    let output = live(&server, &["--vpc", &vpc_id(), "-o", "json"]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    let report = json(&output);
    assert!(report["subnets"][0]["used"].is_null());
}

#[test]
fn an_endpoint_that_cannot_be_reached_is_given_up_soon() {
    let output = eksnet("http://127.0.0.1:1", &["audit", "--vpc", "vpc-0abc"]);
    let (code, stderr) = error_of(&output);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.starts_with("error: DescribeSubnets: "), "{stderr}");
    assert!(stderr.contains("hint: check the network"), "{stderr}");
}

#[test]
fn without_region_or_credentials_it_says_so() {
    let server = FakeEc2::start(&example(), Options::default());
    let run = |keep: &[(&str, &str)]| {
        command(&["audit", "--vpc", "vpc-0abc"])
            .env("AWS_ENDPOINT_URL", server.endpoint())
            .envs(keep.iter().copied())
            .output()
            .unwrap()
    };
    let (code, stderr) =
        error_of(&run(&[("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")]));
    assert_eq!(
        (code, stderr.as_str()),
        (Some(3), "error: no region is set\nhint: pass --region or set AWS_REGION\n")
    );
    let (code, stderr) = error_of(&run(&[("AWS_REGION", REGION)]));
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("hint: check --profile"), "{stderr}");
    let (code, stderr) = error_of(&run(&[("AWS_REGION", REGION), ("AWS_PROFILE", "nobody")]));
    assert_eq!(code, Some(3), "{stderr}");
}

/// A type the built-in table does not have.
fn new_type() -> Value {
    serde_json::json!({
        "InstanceType": "z9.large", "Hypervisor": "nitro", "BareMetal": false,
        "CurrentGeneration": true, "VCpuInfo": {"DefaultVCpus": 2},
        "MemoryInfo": {"SizeInMiB": 4096},
        "ProcessorInfo": {"SupportedArchitectures": ["arm64"]},
        "NetworkInfo": {"MaximumNetworkInterfaces": 5, "DefaultNetworkCardIndex": 0,
            "NetworkCards": [{"NetworkCardIndex": 0, "MaximumNetworkInterfaces": 5}],
            "Ipv4AddressesPerInterface": 20, "Ipv6AddressesPerInterface": 20}
    })
}

#[test]
fn unknown_types_are_looked_up_when_asked() {
    let mut world = World::load(&example());
    world.instance_types = serde_json::json!({"InstanceTypes": [new_type()]});
    let server = FakeEc2::from_world(world, Options::default());
    let output = eksnet(&server.endpoint(), &["maxpods", "z9.large", "-o", "plain"]);
    assert_eq!(output.status.code(), Some(2));
    let output =
        eksnet(&server.endpoint(), &["maxpods", "z9.large", "m5.large", "--live", "-o", "plain"]);
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(0), "z9.large\t97\nm5.large\t29\n"),
        "{}",
        text(&output.stderr)
    );
    let output =
        eksnet(&server.endpoint(), &["limits", "show", "z9.large", "--live", "-o", "json"]);
    assert_eq!(json(&output)["rows"][0]["enis"], 5);
    assert!(json(&output)["rows"][0]["trunking"].is_null());
    let output = eksnet(&server.endpoint(), &["maxpods", "z8.large", "--live"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    let output = eksnet(&server.endpoint(), &["limits", "verify", "-o", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(json(&output)["differences"][0]["instance_type"], "z9.large");
}

#[test]
fn the_policy_names_the_calls_that_are_made_and_no_others() {
    let mut world = World::load(&example());
    world.instance_types = serde_json::json!({"InstanceTypes": [new_type()]});
    let server = FakeEc2::from_world(world, Options::default());
    for arguments in [
        vec!["audit", "--cluster", &cluster_name()],
        vec!["audit", "--vpc", &vpc_id()],
        vec!["audit", "--all-vpcs"],
        vec!["audit", "--all-vpcs", "--region", "all"],
        vec!["snapshot", "--vpc", &vpc_id()],
        vec!["limits", "verify"],
    ] {
        eksnet(&server.endpoint(), &arguments);
    }
    // GetCallerIdentity needs no permission.
    let needs_permission = |action: &String| action != "GetCallerIdentity";
    let made = server.calls().into_iter().map(|call| call.action).filter(needs_permission);
    let made: BTreeSet<String> = made.collect();
    let policy = json(&eksnet("http://127.0.0.1:1", &["iam-policy"]));
    let allowed: BTreeSet<String> = policy["Statement"][0]["Action"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| action.as_str().unwrap().split_once(':').unwrap().1.to_owned())
        .collect();
    assert_eq!(made, allowed);
}

/// Node groups are asked about side by side, and come in the order of their names all the same.
#[test]
fn node_groups_come_in_order_however_many() {
    let folder = with_node_groups(40);
    let server = FakeEc2::start(folder.path(), Options::default());
    let arguments = ["audit", "--cluster", &cluster_name(), "-o", "json"];
    let first = live(&server, &arguments[1..]);
    let described = server.calls().iter().filter(|call| call.action == "DescribeNodegroup").count();
    assert!(described >= 40, "{described}");
    let again = live(&server, &arguments[1..]);
    let captured = |output: &Output| {
        let mut report = json(output);
        report["source"]["captured_at"].take();
        report
    };
    assert_eq!(captured(&first), captured(&again));
    let refused = Options { refuse: vec!["DescribeNodegroup".to_owned()], ..Options::default() };
    let server = FakeEc2::start(folder.path(), refused);
    let said = live(&server, &arguments[1..]);
    assert_eq!(said.status.code(), Some(4));
    let withheld = json(&said)["withheld"].as_array().unwrap().len();
    assert_eq!(withheld, described);
}

/// The example with so many node groups beside its own.
fn with_node_groups(count: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for entry in std::fs::read_dir(example()).unwrap().map(Result::unwrap) {
        if entry.path().is_file() {
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    let path = folder.path().join("clusters.json");
    let mut clusters = json_file(&path);
    let cluster = clusters.as_object_mut().unwrap().values_mut().next().unwrap();
    let groups = cluster["nodegroups"].as_object_mut().unwrap();
    let first = groups.values().next().unwrap().clone();
    for number in 0..count {
        let (name, mut group) = (format!("more-{number:03}"), first.clone());
        group["nodegroupName"] = name.clone().into();
        groups.insert(name, group);
    }
    std::fs::write(&path, clusters.to_string()).unwrap();
    folder
}
