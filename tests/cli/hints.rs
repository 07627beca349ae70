//! Hints for what other tools call things: each names what to type here.

use crate::run::{command, eksnet, ended, scratch};

#[track_caller]
fn hints(line: &str, hint: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    let (code, out, err) = eksnet(&words);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{line}: {err}");
    let said = err.lines().find_map(|line| line.strip_prefix("hint: ")).unwrap_or_default();
    assert_eq!(said, hint, "{line}: {err}");
    assert_eq!(err.lines().count(), 2, "{line}: {err}");
}

#[test]
fn flags_of_other_tools() {
    for (line, hint) in [
        (
            "maxpods --instance-type m5.large",
            "the instance type needs no flag: `eksnet maxpods m5.large`",
        ),
        (
            "audit --instance-type=m5.large --from .",
            "the instance type needs no flag: `eksnet maxpods m5.large`",
        ),
        ("maxpods m5.large --graviton", "use --arch arm64"),
        ("maxpods m5.large --json", "use -o json"),
        ("maxpods m5.large --format json", "use -o json"),
        ("maxpods m5.large --csv", "use -o csv"),
        ("maxpods m5.large --sarif", "-o sarif is a flag of `eksnet audit`"),
        ("audit --from . --vpc-id vpc-0abc", "use --vpc vpc-0abc"),
        ("audit --from . --subnet-id subnet-0abc", "use --subnet subnet-0abc"),
        ("audit --from . --cluster-name prod", "use --cluster prod"),
        ("audit --from . --cluster-name", "use --cluster NAME|ARN"),
        (
            "audit --from . --namespace kube-system",
            "leave it out: addresses belong to nodes and subnets, whatever the namespace",
        ),
    ] {
        hints(line, hint);
    }
}

/// max-pods-calculator.sh of amazon-eks-ami, flag by flag.
#[test]
fn flags_of_aws_script() {
    for (line, hint) in [
        ("maxpods m5.large --cni-custom-networking-enabled", "use --custom-networking"),
        ("maxpods m5.large --cni-prefix-delegation-enabled", "use --prefix"),
        ("maxpods m5.large --cni-max-eni 2", "use --max-eni 2"),
        ("maxpods m5.large --show-max-allowed", "use --cap none"),
        (
            "maxpods m5.large --cni-version 1.18.0",
            "leave it out: the number does not depend on the version where --prefix is supported",
        ),
    ] {
        hints(line, hint);
    }
    let (code, _, err) = eksnet(&["maxpods", "--instance-type-from-imds"]);
    assert!(
        code == Some(2) && err.contains("hint: eksnet does not read instance metadata"),
        "{err}"
    );
}

#[cfg(feature = "aws")]
#[test]
fn flags_of_the_aws_cli() {
    hints("audit --aws-profile prod", "use --profile prod");
    hints("audit --aws-region eu-west-1", "use --region eu-west-1");
    hints("audit --all-regions", "use --region all");
}

#[test]
fn commands_of_other_tools() {
    for (line, hint) in [
        ("m5.large", "for its max pods: `eksnet maxpods m5.large`"),
        ("M5.Large", "for its max pods: `eksnet maxpods M5.Large`"),
        ("m7g.*", "for its max pods: `eksnet maxpods m7g.*`"),
        ("subnets", "the command is `eksnet audit`"),
        ("nodes", "the command is `eksnet node TYPE`"),
        ("completion bash", "the command is `eksnet generate completions SHELL`"),
        (
            "layout.yaml",
            "to simulate it: `eksnet simulate layout.yaml`; to audit saved data: \
             `eksnet audit --from layout.yaml`",
        ),
        ("some.json", "to audit saved data: `eksnet audit --from some.json`"),
        ("audt --from x", "a similar subcommand exists: 'audit'"),
    ] {
        hints(line, hint);
    }
}

#[test]
fn files_without_their_flag() {
    hints("audit some.json", "to read saved data: `eksnet audit --from some.json`");
    hints("audit --from x some.json", "to read saved data: `eksnet audit --from some.json`");
    hints(
        "limits verify types.json",
        "to read saved data: `eksnet limits verify --from types.json`",
    );
    hints("simulate -f layout.yaml", "the file needs no flag: `eksnet simulate layout.yaml`");
    hints("audit -f saved.json", "use --from saved.json");
    let folder = scratch("saved");
    let run = command(&["audit", "prod"]).current_dir(folder.parent().unwrap()).output().unwrap();
    assert!(!ended(run).2.contains("--from prod"));
    let name = folder.file_name().unwrap().to_str().unwrap();
    let run = command(&["audit", name]).current_dir(folder.parent().unwrap()).output().unwrap();
    assert!(ended(run).2.contains(&format!("`eksnet audit --from {name}`")));
}

#[test]
fn what_a_command_is_about_is_missing() {
    for (line, hint) in [
        (
            "simulate",
            "name a scenario: `eksnet simulate layout.yaml`, or start from saved data with --from; \
             `eksnet generate schema scenario` lists its keys",
        ),
        (
            "maxpods",
            "name an instance type: `eksnet maxpods m5.large`, a glob: `eksnet maxpods 'm5.*'`, or --all",
        ),
        ("diff one.json", "name two snapshots: `eksnet diff monday.json friday.json`"),
    ] {
        hints(line, hint);
    }
}

#[test]
fn ranges_and_thresholds_by_other_names() {
    for (line, hint) in [
        ("maxpods --all --min-pods 50", "use --pods 50.."),
        ("maxpods --all --max-pods=110", "use --pods ..110"),
        ("maxpods --all --min-pods", "use --pods N.."),
        ("maxpods --all --min-vcpus 4", "use --vcpus 4.."),
        ("maxpods --all --max-vcpus 8", "use --vcpus ..8"),
        ("audit --from . --threshold 80", "use --warn-at 80 or --critical-at 80"),
        ("audit --from . --warn 70", "use --warn-at 70"),
        ("audit --from . --critical 95", "use --critical-at 95"),
    ] {
        hints(line, hint);
    }
}

#[test]
fn a_range_shows_its_forms_and_a_number_alone_is_exact() {
    for text in [">=50", "50-110", "many"] {
        let (code, _, err) = eksnet(&["maxpods", "--all", "--pods", text]);
        assert_eq!(code, Some(2));
        let forms = "is not a whole number: a range is 50.., ..110, 50..110, or 50 for exactly 50";
        assert!(err.contains(forms), "{err}");
    }
    let (code, _, err) = eksnet(&["maxpods", "--all", "--pods", "50"]);
    assert_eq!(code, Some(0));
    let says = "note: no instance type matches the filters; --pods 50 is exactly 50: for 50 or more, \
                --pods 50..\n";
    assert_eq!(err, says);
    let (_, _, err) = eksnet(&["maxpods", "--all", "--pods", "50..50"]);
    assert!(err.starts_with("note: no instance type matches the filters"), "{err}");
}

/// Krew installs the program as `kubectl-eksnet`.
#[cfg(unix)]
#[test]
fn a_plugin_of_kubectl_shows_how_it_is_called() {
    use std::{os::unix::process::CommandExt as _, process::Command};
    let run = |words: &[&str]| {
        let mut plugin = Command::new(env!("CARGO_BIN_EXE_eksnet"));
        ended(plugin.arg0("/home/a/.krew/bin/kubectl-eksnet").args(words).output().unwrap())
    };
    let (code, out, _) = run(&["maxpods", "--help"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("Usage: kubectl eksnet maxpods "), "{out}");
    let (_, _, err) = run(&["audit", "--nonsense"]);
    assert!(err.ends_with("hint: see `kubectl eksnet audit --help`\n"), "{err}");
    let (_, out, _) = eksnet(&["maxpods", "--help"]);
    assert!(out.contains("Usage: eksnet maxpods "), "{out}");
}
