//! Who closes the pipe has read enough: every command and format ends as it would have, and quietly.

use std::process::{Command, Stdio};

fn eksnet(arguments: &[&str], stdout: Stdio) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_eksnet"))
        .args(arguments)
        .env_clear()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(stdout)
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_closed_pipe_is_no_error() {
    let example = "examples/vpc-prod";
    let scenario = "examples/scenarios/surge.yaml";
    let requirement = "examples/plans/10-ipv6.yaml";
    let trace = "tests/golden/ipamd_traces.jsonl";
    let mut runs: Vec<Vec<&str>> = vec![
        vec!["node", "--trace", trace],
        vec!["generate", "schema", "audit"],
        vec!["generate", "completions", "bash"],
        vec!["generate", "man"],
        vec!["iam-policy"],
        vec!["--help"],
        vec!["--version"],
        vec!["version"],
        vec!["version", "-o", "yaml"],
        vec!["snapshot", "--from", example],
        vec!["limits", "show", "m5.large"],
        vec!["audit", "--from", example, "--output-file", "/dev/stdout"],
        vec!["audit", "--from", example, "--output-file", "/dev/fd/1"],
        vec!["audit", "--from", example, "--all", "--save", "/dev/stdout"],
    ];
    for format in ["table", "wide", "json", "yaml", "csv", "markdown", "plain"] {
        runs.push(vec!["maxpods", "--all", "-q", "--explain", "-o", format]);
    }
    let ci = ["sarif", "junit", "github", "gitlab", "openmetrics", "emf"];
    for format in ["table", "wide", "json", "yaml", "csv", "markdown", "html"].iter().chain(&ci) {
        runs.push(vec!["audit", "--from", example, "--all", "-q", "-o", format]);
    }
    for format in ["table", "wide", "json", "yaml", "csv", "markdown", "html"] {
        runs.push(vec!["simulate", scenario, "-q", "-o", format]);
    }
    for format in ["table", "wide", "json", "yaml", "markdown", "html"] {
        runs.push(vec!["plan", requirement, "-q", "-o", format]);
    }
    for format in ["table", "wide", "json", "yaml", "csv", "markdown"] {
        runs.push(vec!["node", "m5.large", "-q", "--pods", "3", "-o", format]);
        runs.push(vec!["limits", "list", "-q", "-o", format]);
        runs.push(vec!["diff", example, example, "-q", "-o", format]);
    }
    for arguments in runs {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let closed = eksnet(&arguments, writer.into());
        let open = eksnet(&arguments, Stdio::null());
        assert_eq!(closed, open, "{arguments:?}");
        assert!(!closed.1.contains("error:"), "{arguments:?}: {}", closed.1);
    }
}
