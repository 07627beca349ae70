//! Every live run ends: within `--timeout` and a little, whichever call is never answered, and it says
//! which call that was.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Output,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    program::{command, with_signals},
    slow::{
        Answer::{self, Drips, Endless, Never},
        Slow,
    },
    support::fake_ec2::{FakeEc2, Options, World},
};

const REGION: &str = "eu-central-1";
/// What starting the program and reading what was answered may take beside the timeout, on a machine that
/// has more to do.
const SLACK: Duration = Duration::from_secs(4);

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod")
}

/// The one cluster of the example.
fn cluster() -> String {
    let clusters: Value =
        serde_json::from_slice(&fs::read(example().join("clusters.json")).unwrap()).unwrap();
    clusters.as_object().unwrap().keys().next().unwrap().clone()
}

/// Runs the program, and takes care that it ends in time.
fn run(endpoint: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let seconds = arguments.iter().skip_while(|word| **word != "--timeout").nth(1).unwrap();
    let timeout = Duration::from_secs(seconds.parse().unwrap());
    let began = Instant::now();
    let output = command(arguments)
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_REGION", REGION)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let took = began.elapsed();
    assert!(took < timeout + SLACK, "{arguments:?} took {took:?}: {}", text(&output.stderr));
    output
}

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The calls that the report says it lacks.
fn withheld(output: &Output) -> BTreeSet<String> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = report["withheld"].as_array().unwrap();
    rows.iter().map(|row| row["operation"].as_str().unwrap().to_owned()).collect()
}

/// The calls of an audit of a cluster, each with what tells its request from the others.
const CALLS: [(&str, &str); 11] = [
    ("GetCallerIdentity", "Action=GetCallerIdentity&"),
    ("DescribeVpcs", "Action=DescribeVpcs&"),
    ("DescribeNetworkInterfaces", "Action=DescribeNetworkInterfaces&"),
    ("DescribeInstances", "Action=DescribeInstances&"),
    ("GetSubnetCidrReservations", "Action=GetSubnetCidrReservations&"),
    ("DescribeSubnets", "Action=DescribeSubnets&"),
    ("DescribeNodegroup", "/node-groups/"),
    ("ListNodegroups", "/node-groups"),
    ("DescribeFargateProfile", "/fargate-profiles/"),
    ("ListFargateProfiles", "/fargate-profiles"),
    ("DescribeCluster", "GET /clusters/"),
];

/// What becomes of each call when one is answered so.
fn each_call(answer: Answer) {
    let server = FakeEc2::start(&example(), Options::default());
    let name = cluster();
    // Not all at once: a busy machine is slow too.
    for calls in CALLS.chunks(3) {
        std::thread::scope(|scope| {
            for call in calls {
                scope.spawn(|| one_call(&server, &name, *call, answer));
            }
        });
    }
}

fn one_call(server: &FakeEc2, name: &str, (operation, request): (&str, &str), answer: Answer) {
    // What is listed is under the cluster's own path, and described under the list's.
    let through = Answer::After(0);
    let mut rules = match operation {
        "ListNodegroups" => vec![("/node-groups/", through)],
        "ListFargateProfiles" => vec![("/fargate-profiles/", through)],
        "DescribeCluster" => vec![("/node-groups", through), ("/fargate-profiles", through)],
        _ => Vec::new(),
    };
    rules.push((request, answer));
    let link = Slow::link(&server.endpoint(), &rules);
    let arguments = ["audit", "--cluster", name, "-o", "json", "--timeout", "9"];
    let output = run(&link.endpoint(), &arguments, &KEYS);
    let stderr = text(&output.stderr);
    if operation == "DescribeSubnets" {
        assert_eq!(output.status.code(), Some(3), "{stderr}");
        assert!(stderr.starts_with("error: DescribeSubnets: "), "{stderr}");
        assert!(stderr.contains("\nhint: "), "{stderr}");
        return;
    }
    assert_eq!(output.status.code(), Some(4), "{operation}: {stderr}");
    assert_eq!(withheld(&output), BTreeSet::from([operation.to_owned()]), "{operation}");
}

#[test]
fn a_call_that_is_never_answered_is_named() {
    each_call(Never);
}

#[test]
fn a_call_whose_answer_drips_is_named() {
    each_call(Drips);
}

#[test]
fn an_answer_without_an_end_is_not_kept() {
    each_call(Endless);
}

#[test]
fn an_answer_that_is_too_large_is_called_so() {
    let server = FakeEc2::start(&example(), Options::default());
    let link = Slow::link(&server.endpoint(), &[("Action=DescribeVpcs&", Endless)]);
    let arguments = ["audit", "--all-vpcs", "-o", "json", "--timeout", "60"];
    let output = run(&link.endpoint(), &arguments, &KEYS);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["withheld"][0]["reason"], "the response is larger than 64 MiB");
}

#[test]
fn the_error_names_the_timeout() {
    let server = FakeEc2::start(&example(), Options::default());
    let link = Slow::link(&server.endpoint(), &[("Action=", Never)]);
    let output = run(&link.endpoint(), &["audit", "--all-vpcs", "--timeout", "1"], &KEYS);
    assert_eq!(output.status.code(), Some(3));
    let expected = "error: DescribeSubnets: no response within 0.3s, a third of --timeout 1s\nhint: \
                    raise --timeout, ";
    let stderr = text(&output.stderr);
    assert!(stderr.starts_with(expected), "{stderr}");
    for arguments in [["limits", "verify"], ["snapshot", "--all-vpcs"]] {
        let arguments = [&arguments[..], &["--timeout", "1"]].concat();
        let output = run(&link.endpoint(), &arguments, &KEYS);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {}", text(&output.stderr));
    }
}

/// Credentials that hang hold up the run no longer than a call does, and leave nothing to wait for.
#[test]
fn credentials_that_do_not_come_are_given_up() {
    let server = FakeEc2::start(&example(), Options::default());
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let config = folder.path().join("config");
    let profiles = "[profile slow]\ncredential_process = sleep 60\n\
                    [profile good]\ncredential_process = echo '{\"Version\": 1, \"AccessKeyId\": \"k\", \
                    \"SecretAccessKey\": \"s\"}'\n";
    fs::write(&config, profiles).unwrap();
    let environment = [("AWS_CONFIG_FILE", config.to_str().unwrap()), ("PATH", "/usr/bin:/bin")];
    let arguments = ["audit", "--all-vpcs", "--profile", "slow", "--timeout", "2"];
    let output = run(&server.endpoint(), &arguments, &environment);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    let expected = "error: DescribeSubnets: no AWS credentials were received within 0.7s, a third \
                    of --timeout 2s\n";
    assert!(stderr.starts_with(expected), "{stderr}");
    // Of two profiles, the one that has credentials is audited.
    let arguments = [
        "audit",
        "--all-vpcs",
        "--profile",
        "slow",
        "--profile",
        "good",
        "-o",
        "json",
        "--timeout",
        "9",
    ];
    let output = run(&server.endpoint(), &arguments, &environment);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    assert_eq!(withheld(&output), BTreeSet::from(["DescribeSubnets".to_owned()]));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let reason = report["withheld"][0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("profile slow: no AWS credentials were received"), "{reason}");
}

#[test]
fn a_region_that_is_not_answered_hides_no_other() {
    let mut world = World::load(&example());
    world.regions = json!({"Regions": [{"RegionName": REGION}, {"RegionName": "eu-west-1"}]});
    let server = FakeEc2::from_world(world, Options::default());
    let link = Slow::link(&server.endpoint(), &[("/eu-west-1/ec2/", Never)]);
    let arguments = ["audit", "--all-vpcs", "--region", "all", "-o", "json", "--timeout", "6"];
    let output = run(&link.endpoint(), &arguments, &KEYS);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["withheld"].as_array().unwrap().len(), 1, "{}", report["withheld"]);
    assert_eq!(report["withheld"][0]["region"], "eu-west-1");
    assert!(report["subnets"].as_array().unwrap().len() > 3);
}

#[test]
fn a_timeout_that_cannot_be_is_bad_usage() {
    for (given, says) in [("0", "the shortest is 1s"), ("soon", "a time is"), ("2d", "a time is")] {
        let output = command(&["audit", "--all-vpcs", "--timeout", given]).output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(says) && stderr.contains("\nhint: "), "{stderr}");
    }
}

/// Ctrl-C ends a run at once, whatever it waits for.
#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_run_at_once() {
    use std::os::unix::process::ExitStatusExt as _;

    let server = FakeEc2::start(&example(), Options::default());
    let link = Slow::link(&server.endpoint(), &[("Action=", Never)]);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = folder.path().join("out.json");
    let mut child =
        with_signals(&["snapshot", "--all-vpcs", "--output-file", file.to_str().unwrap()])
            .env("AWS_ENDPOINT_URL", link.endpoint())
            .env("AWS_REGION", REGION)
            .envs(KEYS)
            .spawn()
            .unwrap();
    std::thread::sleep(Duration::from_secs(1));
    let began = Instant::now();
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let status = child.wait().unwrap();
    assert!(began.elapsed() < SLACK);
    assert!(status.code() == Some(130) || status.signal() == Some(2), "{status:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
