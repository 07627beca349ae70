//! Defaults of flags: `EKSNET_*` and `defaults:` of `.eksnet.yaml`.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::run::{Ended, command, eksnet, ended, example, scratch};

/// A folder with this `.eksnet.yaml`.
fn folder(name: &str, defaults: &str) -> PathBuf {
    let folder = scratch(name);
    fs::write(folder.join(".eksnet.yaml"), format!("version: 1\n{defaults}")).unwrap();
    folder
}

fn run_in(folder: &PathBuf, arguments: &[&str], set: &[(&str, &str)]) -> Ended {
    ended(command(arguments).current_dir(folder).envs(set.iter().copied()).output().unwrap())
}

#[test]
fn what_is_typed_wins_over_the_environment_and_that_over_the_file() {
    let folder = folder("all", "defaults:\n  output: csv\n");
    let first = |arguments: &[&str], set: &[(&str, &str)]| {
        let (code, out, err) =
            run_in(&folder, &[&["maxpods", "m5.large"], arguments].concat(), set);
        assert_eq!((code, err.as_str()), (Some(0), ""));
        out.chars().next().unwrap()
    };
    let csv = first(&[], &[]);
    assert_eq!(csv, 'i', "instance_type,…");
    assert_eq!(first(&[], &[("EKSNET_OUTPUT", "json")]), '{');
    assert_eq!(first(&["-o", "plain"], &[("EKSNET_OUTPUT", "json")]), '2');
    assert_eq!(first(&["-o", "plain"], &[]), '2');
    assert_eq!(first(&[], &[("EKSNET_OUTPUT", "")]), csv, "an empty variable is unset");
    let table = first(&["--no-defaults"], &[("EKSNET_OUTPUT", "json")]);
    assert!(!['i', '{'].contains(&table), "{table}");
}

#[test]
fn they_are_found_upwards_and_a_command_has_its_own() {
    let folder = folder(
        "own",
        "defaults:\n  output: csv\n  maxpods: {output: plain, prefix: true}\n  limits: {list: {output: json}}\n",
    );
    let below = folder.join("a/b");
    fs::create_dir_all(&below).unwrap();
    assert_eq!(run_in(&below, &["maxpods", "m5.large"], &[]).1, "110\n");
    assert!(run_in(&below, &["limits", "list", "m5.large"], &[]).1.starts_with('{'));
    assert!(run_in(&below, &["limits", "show", "m5.large"], &[]).1.contains(','));
    // A repository's root ends the search.
    fs::create_dir_all(below.join(".git")).unwrap();
    assert!(!run_in(&below, &["maxpods", "m5.large", "-o", "plain"], &[]).1.contains("110"));
}

/// `wide` is no format of `diff`, and `owners` no flag of `maxpods`.
#[test]
fn a_default_for_all_is_passed_over_where_it_means_nothing() {
    let folder = folder("other", "defaults: {output: wide, owners: true}\n");
    let (code, out, err) = run_in(&folder, &["limits", "list", "m5.large"], &[]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    let (code, _, err) = run_in(&folder, &["maxpods", "m5.large"], &[("EKSNET_OUTPUT", "sarif")]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
}

#[test]
fn what_is_no_default_is_refused_with_its_place() {
    for (name, text, says) in [
        (
            "flag",
            "defaults:\n  regoin: [eu-central-1]\n  output: json\n",
            "line 3, column 3: `eksnet` has no flag `regoin`",
        ),
        (
            "near",
            "defaults:\n  outptu: json\n",
            "line 3, column 3: `eksnet` has no flag `outptu`: did you mean `output`?",
        ),
        (
            "command",
            "defaults:\n  maxpods:\n    owners: true\n",
            "line 4, column 5: `maxpods` has no flag `owners`",
        ),
        (
            "value",
            "defaults:\n  maxpods: {os: linus}\n",
            "line 3, column 17: `linus` is not a value of `os`: linux, windows",
        ),
        (
            "truth",
            "defaults:\n  owners: sometimes\n",
            "line 3, column 11: `sometimes` is not a value of `owners`: true or false",
        ),
        ("several", "defaults:\n  cluster: [a, b]\n", "`cluster` takes one value, not 2"),
        ("nothing", "defaults:\n  cluster:\n", "`cluster` has no value"),
        ("below", "defaults:\n  cluster: {name: x}\n", "`cluster` is a flag and takes values"),
        ("self", "defaults:\n  no-defaults: true\n", "has no flag `no-defaults`"),
        ("broken", "defaults: [\n", "line "),
    ] {
        let folder = folder(name, text);
        let (code, out, err) = run_in(&folder, &["maxpods", "m5.large"], &[]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{name}: {err}");
        assert!(err.contains(says) && err.contains(".eksnet.yaml: "), "{name}: {err}");
        assert!(err.ends_with("--no-defaults ignores it\n"), "{err}");
        let (code, _, err) = run_in(&folder, &["maxpods", "m5.large", "--no-defaults"], &[]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{name}");
    }
    let (code, _, err) = {
        let run = command(&["maxpods", "m5.large"]).env("EKSNET_OS", "linus").output();
        ended(run.unwrap())
    };
    assert_eq!(code, Some(2));
    assert!(err.starts_with("error: EKSNET_OS: `linus` is not a value of `os`: linux, windows\n"));
}

/// A policy that is wrong is for the audit to say.
#[test]
fn a_policy_without_defaults_does_not_concern_other_commands() {
    let folder = folder("policy", "checks: {no-such: {}}\n");
    assert_eq!(run_in(&folder, &["maxpods", "m5.large"], &[]).0, Some(0));
    let saved = example();
    assert_eq!(run_in(&folder, &["audit", "--from", saved.to_str().unwrap()], &[]).0, Some(2));
}

#[test]
fn a_selection_that_is_typed_replaces_the_default_one() {
    let saved = example();
    let saved = saved.to_str().unwrap();
    let folder = folder(
        "selection",
        &format!(
            "defaults:\n  all-vpcs: true\n  from: [{saved:?}]\n  audit: {{fail-on: [never], output: json}}\n"
        ),
    );
    let subnets = |arguments: &[&str], set: &[(&str, &str)]| {
        let (code, out, err) = run_in(&folder, &[&["audit"], arguments].concat(), set);
        assert_eq!(code, Some(0), "{err}");
        let report: Value = serde_json::from_str(&out).unwrap();
        report["subnets"].as_array().unwrap().len()
    };
    let all = subnets(&["--from", saved], &[]);
    assert_eq!(subnets(&["--from", saved, "--subnet", "subnet-0d0246ccae9901243"], &[]), 1);
    assert!(all > 1);
    // The variable replaces the file's selection; what is typed replaces both.
    assert_eq!(subnets(&[], &[("EKSNET_FROM", saved)]), all);
    assert_eq!(subnets(&["--from", saved], &[("EKSNET_SUBNET", "subnet-0d0246ccae9901243")]), all);
}

/// What is typed to select is looked for where the data is by default, and not in an account.
#[test]
fn a_selection_that_is_typed_leaves_the_default_source() {
    let saved = example();
    let folder =
        folder("source", &format!("defaults: {{from: [{:?}]}}\n", saved.to_str().unwrap()));
    let one = ["audit", "--subnet", "subnet-0e63a78f03a60c12c", "-o", "json"];
    let (code, out, err) = run_in(&folder, &one, &[]);
    assert_eq!(code, Some(0), "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["source"]["kind"], "aws-cli");
    assert_eq!(report["subnets"].as_array().unwrap().len(), 1);
}

#[test]
fn a_broken_file_does_not_keep_the_program_from_saying_what_it_is() {
    let folder = folder("broken", "defaults: {no-such-flag: 1}\n");
    assert_eq!(run_in(&folder, &["maxpods", "m5.large"], &[]).0, Some(2));
    for arguments in [&["version"][..], &["explain", "no-room"], &["generate", "man"]] {
        let (code, _, err) = run_in(&folder, arguments, &[]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn what_a_command_needs_may_be_a_default() {
    let saved = example();
    let saved = saved.to_str().unwrap();
    let folder =
        folder("needed", &format!("defaults: {{audit: {{from: {saved:?}, fail-on: never}}}}\n"));
    assert_eq!(run_in(&folder, &["audit", "-o", "json"], &[]).0, Some(0));
    let (code, _, err) = run_in(&folder, &["audit", "-v", "-o", "json"], &[]);
    assert_eq!(code, Some(0));
    let file = folder.join(".eksnet.yaml");
    let says = format!("default --fail-on=never from {}", file.display());
    assert!(err.lines().any(|line| line.ends_with(&says)), "{err}");
    let all = command(&["maxpods", "-o", "plain"]).env("EKSNET_ALL", "true").output().unwrap();
    assert!(ended(all).1.lines().count() > 1000);
    let one = command(&["maxpods", "m5.large", "-o", "plain"]).env("EKSNET_ALL", "1").output();
    assert_eq!(ended(one.unwrap()).1, "29\n");
}

#[test]
fn an_error_about_a_default_says_where_it_is_from() {
    let saved = example();
    let arguments = ["audit", "--from", saved.to_str().unwrap()];
    let run = command(&arguments).env("EKSNET_FAIL_ON", "critical,no-such").output().unwrap();
    let (code, _, err) = ended(run);
    assert_eq!(code, Some(2));
    assert!(err.ends_with("; --fail-on is a default from EKSNET_FAIL_ON\n"), "{err}");
}

#[test]
fn the_schema_has_the_defaults() {
    let (_, out, _) = eksnet(&["generate", "schema", "policy"]);
    let schema: Value = serde_json::from_str(&out).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let policy = |defaults: Value| serde_json::json!({"version": 1, "defaults": defaults});
    for fits in [
        serde_json::json!({"output": "wide", "audit": {"fail-on": ["warning"]}}),
        serde_json::json!({"limits": "types.json"}),
        serde_json::json!({"limits": {"list": {"output": "json"}}}),
    ] {
        assert!(schema.is_valid(&policy(fits.clone())), "{fits}");
    }
    for other in
        [serde_json::json!({"outptu": "wide"}), serde_json::json!({"maxpods": {"owners": true}})]
    {
        assert!(!schema.is_valid(&policy(other.clone())), "{other}");
    }
}

#[test]
fn a_variable_that_no_flag_has_gives_a_note() {
    let folder = scratch("unknown-variable");
    let run = |arguments: &[&str], name: &str| {
        run_in(
            &folder,
            &[&["maxpods", "m5.large", "-o", "plain"], arguments].concat(),
            &[(name, "true")],
        )
    };
    let note = "note: EKSNET_PREFX is set, and no flag reads it: did you mean EKSNET_PREFIX?\n";
    let said = |text: &str| (Some(0), "29\n".to_owned(), text.to_owned());
    assert_eq!(run(&[], "EKSNET_PREFX"), said(note));
    assert_eq!(run(&["-q"], "EKSNET_PREFX"), said(""));
    assert_eq!(run(&["--no-defaults"], "EKSNET_PREFX"), said(""));
    assert_eq!(run(&[], "EKSNET_MATRIX"), said(""), "the tests read it");
    assert_eq!(run(&[], "EKSNET_OWNERS"), said(""), "another command has it");
}
