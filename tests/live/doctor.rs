//! `eksnet doctor` against a server in AWS's place.

use std::path::Path;

use serde_json::Value;

use crate::{
    program::{command, ended},
    support::fake_ec2::{FakeEc2, Options},
};

fn doctor(refuse: &[&str]) -> (Option<i32>, Value, Vec<String>) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod");
    let refuse = refuse.iter().map(|action| (*action).to_owned()).collect();
    let server = FakeEc2::start(&example, Options { refuse, ..Options::default() });
    let (code, report) = at(&[("AWS_ENDPOINT_URL", &server.endpoint())]);
    let calls = server.calls().into_iter().map(|call| call.action).collect();
    (code, report, calls)
}

/// What it says with these endpoints, none of it a secret.
fn at(endpoints: &[(&str, &str)]) -> (Option<i32>, Value) {
    let run = command(&["doctor", "-o", "json", "--timeout", "30"])
        .envs(endpoints.iter().copied())
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "SECRETEXAMPLE")
        .env("AWS_REGION", "eu-central-1")
        .output()
        .unwrap();
    let (code, out, err) = ended(run);
    for secret in ["AKID", "SECRET", "hunter2"] {
        assert!(!format!("{out}{err}").contains(secret), "{out}{err}");
    }
    (code, serde_json::from_str(&out).unwrap())
}

fn row<'a>(report: &'a Value, subject: &str) -> &'a Value {
    let rows = report["rows"].as_array().unwrap();
    rows.iter()
        .find(|row| row["subject"] == subject)
        .unwrap_or_else(|| panic!("{subject}: {report}"))
}

/// Each permission of the policy has its row, and its call.
#[test]
fn every_permission_is_tried_once() {
    let (code, report, mut calls) = doctor(&[]);
    let (_, policy, _) = ended(command(&["iam-policy"]).output().unwrap());
    let policy: Value = serde_json::from_str(&policy).unwrap();
    for action in policy["Statement"][0]["Action"].as_array().unwrap() {
        let row = row(&report, action.as_str().unwrap());
        assert_eq!(row["status"], "ok", "{row}");
        let (_, name) = action.as_str().unwrap().split_once(':').unwrap();
        calls.retain(|call| call != name);
    }
    assert_eq!(code, Some(0), "{report}");
    assert_eq!(row(&report, "credentials")["value"], "from environment variables");
    assert_eq!(row(&report, "region")["value"], "eu-central-1");
    assert_eq!(row(&report, "account")["status"], "ok");
    assert_eq!(calls, ["GetCallerIdentity"], "and nothing else is called");
}

/// An endpoint may hold a password, and a service may have one of its own.
#[test]
fn endpoints_are_named_without_their_passwords() {
    let (code, report) = at(&[
        ("AWS_ENDPOINT_URL", "http://user:hunter2@127.0.0.1:9/"),
        ("AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:9"),
    ]);
    assert_eq!(code, Some(3), "{report}");
    let endpoint = row(&report, "endpoint")["value"].as_str().unwrap().to_owned();
    assert_eq!(endpoint, "set to http://…@127.0.0.1:9/, http://127.0.0.1:9 for EC2");
    let account = row(&report, "account");
    assert_eq!(account["status"], "failed", "{account}");
    assert!(account["reason"].as_str().unwrap().starts_with("GetCallerIdentity: "), "{account}");
}

#[test]
fn a_permission_that_is_refused_is_named_with_its_fix() {
    let (code, report, _) = doctor(&["DescribeNetworkInterfaces"]);
    assert_eq!(code, Some(4), "{report}");
    let refused = row(&report, "ec2:DescribeNetworkInterfaces");
    assert_eq!(refused["status"], "failed");
    assert!(refused["reason"].as_str().unwrap().contains("UnauthorizedOperation"), "{refused}");
    assert!(
        refused["fix"].as_str().unwrap().contains("ec2:DescribeNetworkInterfaces"),
        "{refused}"
    );
    assert_eq!(row(&report, "ec2:DescribeSubnets")["status"], "ok");
}
