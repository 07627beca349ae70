//! What `-v` tells, and what it does not.

use std::{fs, path::Path};

use crate::{
    program::command,
    support::fake_ec2::{FakeEc2, Options},
};

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN";
const EXTERNAL: &str = "external-id-of-ours";

/// What a run that assumes a role logs. The key is used at most as the log is detailed.
fn logged(flag: &str, refuse: &[&str]) -> String {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod");
    let refuse = refuse.iter().map(|action| (*action).to_owned()).collect();
    let server = FakeEc2::start(&example, Options { refuse, ..Options::default() });
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (config, keys) = (folder.path().join("config"), folder.path().join("credentials"));
    let role = "arn:aws:iam::444455556666:role/audit";
    let profile = format!(
        "[profile audit]\nrole_arn = {role}\nsource_profile = base\nexternal_id = {EXTERNAL}\n"
    );
    fs::write(&config, profile).unwrap();
    let base = format!(
        "[base]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\naws_session_token = \
         {TOKEN}\n"
    );
    fs::write(&keys, base).unwrap();
    let output = command(&["audit", "--all-vpcs", "--profile", "audit", flag])
        .env("AWS_ENDPOINT_URL", server.endpoint())
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_CONFIG_FILE", &config)
        .env("AWS_SHARED_CREDENTIALS_FILE", &keys)
        .output()
        .unwrap();
    assert!(matches!(output.status.code(), Some(1 | 4)), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn every_call_has_a_line() {
    let log = logged("-v", &[]);
    for call in [
        "DescribeSubnets in eu-central-1: pages=1 rows=",
        "DescribeNetworkInterfaces in eu-central-1: pages=1 rows=",
        "GetCallerIdentity in eu-central-1: pages=1 ",
        "GetSubnetCidrReservations subnet-",
        " retries=0 ",
        "eu-central-1: account 444455556666, ",
    ] {
        assert!(log.contains(call), "{call}: {log}");
    }
    let log = logged("-v", &["DescribeInstances"]);
    assert!(
        log.contains("withheld in eu-central-1: DescribeInstances: UnauthorizedOperation"),
        "{log}"
    );
    assert!(logged("-vv", &[]).contains("DescribeSubnets attempt 1: HTTP 200, bytes="));
}

#[test]
fn the_log_shows_no_secrets() {
    for flag in ["-v", "-vv", "-vvv", "-vvvv"] {
        let log = logged(flag, &["DescribeVpcs"]);
        for secret in
            [KEY, SECRET, TOKEN, EXTERNAL, "Credential=", "Signature", "X-Amz", "KEY4444", "x-amz"]
        {
            assert!(!log.contains(secret), "{flag}: {secret}: {log}");
        }
    }
}
