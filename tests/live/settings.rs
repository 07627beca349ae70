//! The files and variables that access to AWS is configured with: whatever they are, the run ends in time
//! and says what is wrong with them.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    program::{Ended, command, ended},
    support::fake_ec2::{FakeEc2, Options},
};

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];
const PROFILES: &str = "[default]\nregion = eu-central-1\n\n[profile own]\nregion = eu-central-1\n\
                        aws_access_key_id = own\naws_secret_access_key = secret\n";

fn example() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/vpc-prod")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// A snapshot of everything, in three seconds and a little.
fn run(environment: &[(&str, &str)], arguments: &[&str]) -> Ended {
    let server = FakeEc2::start(&example(), Options::default());
    let began = Instant::now();
    let mut all = vec!["snapshot", "--all-vpcs", "--timeout", "3s", "--output-file", "/dev/null"];
    all.extend(arguments);
    let output = command(&all)
        .env("AWS_ENDPOINT_URL", server.endpoint())
        .env("AWS_REGION", "eu-central-1")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let took = began.elapsed();
    assert!(took < Duration::from_secs(7), "{environment:?} took {took:?}");
    ended(output)
}

/// The same with keys in the environment.
fn with_keys(variable: &str, value: &str) -> Ended {
    run(&[KEYS[0], KEYS[1], (variable, value)], &[])
}

#[cfg(unix)]
fn pipe(folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    path.to_str().unwrap().to_owned()
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_writes_to_does_not_hold_up_the_run() {
    let folder = folder();
    let path = pipe(folder.path(), "pipe");
    for variable in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        let (code, _, stderr) = with_keys(variable, &path);
        assert_eq!(code, Some(3), "{stderr}");
        let expected = format!(
            "error: AWS: {path} of {variable} was not read within 1s, a third of --timeout 3s\n"
        );
        assert!(stderr.starts_with(&expected), "{stderr}");
    }
    for variable in
        ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "SSL_CERT_FILE"]
    {
        let (code, _, stderr) = with_keys(variable, &path);
        let expected = format!("error: {variable}: cannot read {path}: not a regular file\n");
        assert_eq!(code, Some(3), "{stderr}");
        assert!(stderr.starts_with(&expected), "{stderr}");
    }
    let config = folder.path().join("config");
    let profile = format!(
        "[profile web]\nsource_profile = base\nrole_arn = arn:aws:iam::111122223333:role/a\n\
         [profile base]\nrole_arn = arn:aws:iam::111122223333:role/b\n\
         web_identity_token_file = {path}\n"
    );
    fs::write(&config, profile).unwrap();
    let environment = [("AWS_CONFIG_FILE", config.to_str().unwrap())];
    let (code, _, stderr) = run(&environment, &["--profile", "web"]);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.starts_with("error: web_identity_token_file: cannot read "), "{stderr}");
}

/// As `<(...)` of a shell gives it: what it holds is read once, and is enough for all.
#[cfg(unix)]
#[test]
fn a_pipe_that_is_written_to_once_is_a_configuration() {
    let folder = folder();
    let path = pipe(folder.path(), "pipe");
    for arguments in [&[][..], &["--profile", "own"], &["--profile", "own", "--profile", "default"]]
    {
        let written = path.clone();
        let writer = std::thread::spawn(move || fs::write(written, PROFILES));
        let (code, _, stderr) = run(&[KEYS[0], KEYS[1], ("AWS_CONFIG_FILE", &path)], arguments);
        let whole = if arguments.len() < 4 { 0 } else { 4 };
        assert_eq!(code, Some(whole), "{arguments:?}: {stderr}");
        writer.join().unwrap().unwrap();
    }
}

#[cfg(unix)]
#[test]
fn files_that_are_no_configuration_are_said() {
    let folder = folder();
    let odd = folder.path().join("odd");
    fs::write(&odd, b"[default]\nregion = eu-central-1\n# \xe9\n").unwrap();
    let broken = folder.path().join("broken");
    fs::write(&broken, "[default\n").unwrap();
    for (path, says) in [
        (
            "/dev/zero",
            "error: AWS_CONFIG_FILE: cannot read /dev/zero: the file is larger than 16 \
                       MiB\n",
        ),
        (folder.path().to_str().unwrap(), ": Is a directory"),
        (odd.to_str().unwrap(), "odd: the file is not UTF-8\n"),
        (broken.to_str().unwrap(), "error: AWS: cannot read the shared AWS configuration: "),
    ] {
        let (code, _, stderr) = with_keys("AWS_CONFIG_FILE", path);
        assert_eq!(code, Some(3), "{path}: {stderr}");
        assert!(stderr.contains(says) && stderr.contains("\nhint: "), "{path}: {stderr}");
    }
    assert_eq!(with_keys("AWS_CONFIG_FILE", "/dev/null").0, Some(0));
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_said() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = folder();
    let path = folder.path().join("config");
    fs::write(&path, PROFILES).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // Nothing is hidden from root.
    if fs::read(&path).is_err() {
        let (code, _, stderr) = with_keys("AWS_CONFIG_FILE", path.to_str().unwrap());
        assert_eq!(code, Some(3), "{stderr}");
        assert!(stderr.contains("Permission denied"), "{stderr}");
    }
}

/// As the AWS CLI has it: a profile of the environment has to be there, whatever keys are beside it.
#[test]
fn a_profile_of_the_environment_has_to_be_there() {
    let folder = folder();
    let config = folder.path().join("config");
    fs::write(&config, PROFILES).unwrap();
    let file = ("AWS_CONFIG_FILE", config.to_str().unwrap());
    let (code, _, stderr) = run(&[KEYS[0], KEYS[1], file, ("AWS_PROFILE", "nobody")], &[]);
    assert_eq!(code, Some(3), "{stderr}");
    let says = "error: AWS: no profile `nobody` in the shared AWS configuration\n";
    assert!(stderr.starts_with(says), "{stderr}");
    assert_eq!(run(&[file, ("AWS_PROFILE", "own")], &[]).0, Some(0));
    assert_eq!(run(&[KEYS[0], KEYS[1], file, ("AWS_PROFILE", "")], &[]).0, Some(0));
}

#[test]
fn keys_that_no_request_can_hold_are_said() {
    let environment = [("AWS_ACCESS_KEY_ID", "AKIA\n"), ("AWS_SECRET_ACCESS_KEY", "hidden")];
    let (code, _, stderr) = run(&environment, &[]);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("the access key id contains a space, a newline"), "{stderr}");
    assert!(!stderr.contains("hidden") && !stderr.contains("AKIA"), "{stderr}");
}
