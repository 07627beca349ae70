//! On a terminal of any width no table has a line that is longer, and what had no room is named.

use std::process::Command;

use unicode_width::UnicodeWidthStr as _;

use crate::program::command;

const RUNS: &[&[&str]] = &[
    &["maxpods", "m5.large"],
    &["maxpods", "m5.*", "--explain"],
    &["maxpods", "--all", "-q"],
    &["node", "m5.large", "--pods", "12", "--compare", "prefix", "--nodes", "20"],
    &["node", "m5.large", "--sweep", "0..20"],
    &["simulate", "examples/scenarios/surge.yaml"],
    &["plan", "examples/plans/10-ipv6.yaml"],
    &["plan", "examples/plans/06-too-few-nodes.yaml"],
    &[
        "diff",
        "examples/vpc-prod",
        "examples/vpc-prod",
        "--old-at",
        "2026-11-01",
        "--new-at",
        "2026-11-08",
    ],
    &["limits", "list", "m5.*"],
    &["limits", "show", "m5.large"],
    &["limits", "verify", "--from", "examples/instance-types.json"],
    &["version"],
];

/// What a terminal of a width is shown; `None` where `script` cannot make one.
fn shown(arguments: &[&str], width: usize) -> Option<String> {
    let program = command::<&str>(&[]);
    let line = format!("'{}' '{}'", program.get_program().to_str()?, arguments.join("' '"));
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    script.env("COLUMNS", width.to_string()).env("LC_ALL", "C.UTF-8").env("TERM", "xterm");
    script.env("NO_COLOR", "1");
    let output = script.output().ok()?;
    Some(String::from_utf8(output.stdout).unwrap().replace('\r', ""))
}

#[test]
fn no_line_is_longer_than_the_terminal() {
    if shown(&["version"], 80).is_none() {
        assert!(std::env::var_os("CI").is_none(), "CI has script(1)");
        crate::browser::tools::say("skipped: script(1) is missing, so there is no terminal");
        return;
    }
    for arguments in RUNS {
        for width in [60, 80, 100, 120, 200] {
            let text = shown(arguments, width).unwrap();
            assert!(text.lines().count() > 1, "{arguments:?}: {text}");
            for line in text.lines() {
                assert!(line.width() <= width, "{arguments:?} at {width}: {line}");
            }
        }
    }
    let narrow = shown(&["limits", "list", "m5.*"], 40).unwrap();
    assert!(narrow.contains("hidden: ") && narrow.contains("-o"), "{narrow}");
}

/// The numbers that a table is asked for stay on the narrowest terminal, and with them what tells its rows
/// apart.
#[test]
fn narrow_tables_keep_their_numbers() {
    let vpc = ["audit", "--from", "examples/vpc-prod"];
    let (folder, last) = crate::history::two_months("narrow");
    let (folder, last) = (folder.to_str().unwrap(), last.to_str().unwrap());
    for (arguments, titles) in [
        ([&vpc[..], &["--owners"]].concat(), &["OWNER", "ADDRESSES"][..]),
        ([&vpc[..], &["--nodes"]].concat(), &["NODE", "ADDRESSES", "PODS", "WARM"]),
        (
            vec!["audit", "--from", last, "--history", folder],
            &["SUBNET", "THRESHOLD", "DAYS", "DATE"],
        ),
    ] {
        let Some(text) = shown(&arguments, 60) else { return };
        let has = |line: &str| titles.iter().all(|title| line.contains(title));
        assert!(text.lines().any(has), "{arguments:?}: {text}");
    }
}
