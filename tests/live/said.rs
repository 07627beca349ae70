//! What is said of settings that cannot be and of endpoints that do not answer as AWS does.

use std::path::Path;

use crate::{
    program::{Ended, command, ended},
    support::fake_ec2::{Behavior, FakeEc2, Options, Planned, When},
};

fn run(endpoint: &str, environment: &[(&str, &str)], arguments: &[&str]) -> Ended {
    let mut all = vec!["audit", "--timeout", "9s"];
    all.extend(arguments);
    let output = command(&all)
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", "eu-central-1")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    ended(output)
}

fn server(faults: Vec<Planned>) -> FakeEc2 {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod");
    FakeEc2::start(&example, Options { faults, ..Options::default() })
}

fn refuses(action: &'static str, behavior: Behavior) -> Planned {
    Planned { action, when: When::Always, behavior }
}

#[test]
fn regions_and_clusters_that_cannot_be_are_bad_usage() {
    for (flag, value) in [
        ("--region", ""),
        ("--region", "a/b"),
        ("--region", "EU-West-1"),
        ("--cluster", "../x"),
        ("--cluster", "a b"),
        ("--cluster", "arn:aws:eks:a/b:111122223333:cluster/prod"),
        ("--cluster", "arn:aws:eks:eu-central-1:111122223333:cluster/../x"),
    ] {
        let mut arguments = vec![flag, value];
        arguments.extend((flag == "--region").then_some("--all-vpcs"));
        let (code, stdout, stderr) = run("http://127.0.0.1:1", &[], &arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{value}: {stderr}");
        assert!(stderr.contains(&format!("`{value}`")), "{stderr}");
        assert!(stderr.contains("\nhint: "), "{stderr}");
    }
}

#[test]
fn settings_that_cannot_be_are_named() {
    for (variable, value, says) in [
        ("AWS_REGION", "", "error: the configured region is empty\nhint: "),
        ("AWS_REGION", "a/b", "error: `a/b` is not the name of a region\nhint: "),
        (
            "AWS_ENDPOINT_URL",
            "localhost:4566",
            "error: DescribeSubnets: `localhost:4566` is not a valid endpoint URL\nhint: \
             AWS_ENDPOINT_URL",
        ),
    ] {
        let (code, _, stderr) = run("http://127.0.0.1:1", &[(variable, value)], &["--all-vpcs"]);
        assert_eq!(code, Some(3), "{stderr}");
        assert!(stderr.starts_with(says), "{stderr}");
        assert_eq!(stderr.lines().count(), 2, "{stderr}");
    }
}

#[test]
fn a_clock_that_is_off_gets_a_hint() {
    for (action, code) in [
        ("DescribeSubnets", "SignatureDoesNotMatch"),
        ("DescribeSubnets", "RequestExpired"),
        ("DescribeCluster", "InvalidSignatureException"),
        ("AssumeRole", "RequestTimeTooSkewed"),
    ] {
        let server = server(vec![refuses(action, Behavior::Error(403, code))]);
        let arguments: &[&str] = match action {
            "DescribeCluster" => &["--cluster", "prod"],
            "AssumeRole" => &["--all-vpcs", "--assume-role", "arn:aws:iam::111122223333:role/a"],
            _ => &["--all-vpcs"],
        };
        let (exit, _, stderr) = run(&server.endpoint(), &[], arguments);
        assert_eq!(exit, Some(3), "{stderr}");
        assert!(
            stderr.contains(code) && stderr.contains("\nhint: check this machine's clock"),
            "{stderr}"
        );
    }
}

#[test]
fn an_endpoint_out_of_reach_names_the_proxy() {
    let arguments = ["--all-vpcs"];
    let proxy = [("HTTPS_PROXY", "http://127.0.0.1:1"), ("AWS_CA_BUNDLE", "/ca.pem")];
    let (code, _, stderr) = run("https://127.0.0.1:1", &proxy, &arguments);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("requests use the proxy in HTTPS_PROXY"), "{stderr}");
    assert!(stderr.contains("AWS_CA_BUNDLE is not supported: set SSL_CERT_FILE"), "{stderr}");
    let (_, _, stderr) = run("http://127.0.0.1:1", &[], &arguments);
    assert!(!stderr.contains("proxy"), "{stderr}");
}
