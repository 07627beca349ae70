//! The files of a plan: which there are, what is in them, and what others read out of them.

mod made;
mod max_pods;
pub(crate) mod readers;
mod runbook;
#[path = "../../support/venv.rs"]
pub(crate) mod venv;

use std::collections::{BTreeMap, BTreeSet};

use clap::Parser as _;
use eksnet::{
    render::{files::files, json::plan::PlanJson, plan::PlanAnswer},
    simulate::parse,
};

/// The files of a plan's only candidate by path.
fn written(answer: &PlanAnswer) -> BTreeMap<String, String> {
    let all = files(answer, &answer.plan.candidates[0]).unwrap();
    assert!(all.is_sorted_by(|one, other| one.path < other.path));
    all.into_iter().map(|file| (file.path, file.text)).collect()
}

#[test]
fn a_kind_has_the_files_that_apply() {
    let always = ["RUNBOOK.md", "cloudformation.yaml", "plan.json", "scenario.yaml"];
    let cluster = ["eksctl.yaml", "set-env.sh", "vpc-cni-addon.json", "vpc-cni-values.yaml"];
    let node = ["bottlerocket.toml", "nodeadm.yaml", "user-data.mime"];
    let terraform = ["terraform/eks.tf", "terraform/network.tf"];
    for (name, answer) in made::plans() {
        let mut expected: Vec<String> =
            [always.as_slice(), &terraform].concat().into_iter().map(str::to_owned).collect();
        let more: &[&str] = match name {
            "custom-networking" | "new-vpc" | "clusters" => &["eniconfigs.yaml"],
            "scalers" => &["karpenter.yaml"],
            _ => &[],
        };
        let folders = if name == "clusters" {
            vec!["cluster-1/", "cluster-2/", "cluster-3/"]
        } else {
            vec![""]
        };
        for folder in folders {
            let of_nodes: Vec<String> = if name == "scalers" {
                let groups = ["batch", "mixed"];
                let one = |group| {
                    ["bottlerocket-X.toml", "nodeadm-X.yaml", "user-data-X.mime"]
                        .map(|file| file.replace('X', group))
                };
                groups.into_iter().flat_map(one).collect()
            } else {
                node.map(str::to_owned).to_vec()
            };
            let all = cluster.iter().chain(more).map(ToString::to_string).chain(of_nodes);
            expected.extend(all.map(|file| format!("{folder}{file}")));
        }
        expected.sort();
        assert_eq!(written(&answer).into_keys().collect::<Vec<_>>(), expected, "{name}");
    }
}

#[test]
fn the_scenario_is_the_one_that_was_simulated() {
    for (name, answer) in made::plans() {
        let files = written(&answer);
        let scenario = parse(&files["scenario.yaml"]).unwrap();
        assert_eq!(scenario, answer.plan.candidates[0].scenario, "{name}");
        assert_eq!(written(&answer), files, "{name}: the same plan, other bytes");
    }
}

/// Names of placeholders of the form `${NAME}`.
fn placeholders(text: &str) -> BTreeSet<String> {
    let is_name =
        |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    text.split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .filter(|name| {
            name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(is_name)
        })
        .collect()
}

#[test]
fn the_runbook_has_a_command_for_every_placeholder() {
    for (name, answer) in made::plans() {
        let files = written(&answer);
        let runbook = &files["RUNBOOK.md"];
        let list = runbook.lines().find(|line| line.starts_with("export PLACEHOLDERS=")).unwrap();
        for (path, text) in files.iter().filter(|(path, _)| !path.starts_with("terraform/")) {
            for placeholder in placeholders(text) {
                assert!(
                    runbook.contains(&format!("\nexport {placeholder}=")),
                    "{name} {path}: {placeholder}"
                );
                assert!(
                    list.contains(&format!("${{{placeholder}}}")),
                    "{name} {path}: {placeholder}"
                );
            }
        }
        for line in files["terraform/network.tf"].lines().chain(files["terraform/eks.tf"].lines()) {
            let variable =
                line.strip_prefix("variable \"").and_then(|line| line.strip_suffix("\" {"));
            let Some(variable) = variable.filter(|variable| *variable != "route_table_ids") else {
                continue;
            };
            let is_set = runbook.contains(&format!("export TF_VAR_{variable}=\"$"));
            // A subnet that goes by its id is the variable's default.
            assert!(is_set || variable.starts_with("subnet_id_subnet_"), "{name}: {variable}");
        }
    }
}

#[test]
fn the_runbook_has_the_steps_in_order_and_says_what_a_group_needs() {
    let answers: BTreeMap<&str, PlanAnswer> = made::plans().into_iter().collect();
    let runbook = |name: &str| written(&answers[name]).remove("RUNBOOK.md").unwrap();
    let steps: Vec<String> = runbook("custom-networking")
        .lines()
        .filter(|line| {
            line.starts_with("## ") && line[3..].starts_with(|c: char| c.is_ascii_digit())
        })
        .map(str::to_owned)
        .collect();
    assert_eq!(
        steps,
        [
            "## 1. Add 100.64.0.0/16",
            "## 2. Create 6 subnets",
            "## 3. Create the ENIConfigs",
            "## 4. Switch custom networking on",
            "## 5. Move the control plane",
            "## 6. Create the node group",
            "## 7. Replace the nodes",
        ]
    );
    // A managed node group with custom networking has 44 by itself: nothing to set.
    assert!(!runbook("custom-networking").contains("Give it a custom AMI"));
    // 58 is what it sets; 50 is not.
    assert!(
        runbook("hostile")
            .contains("to have 50 max pods; without a custom AMI a managed node group sets 58")
    );
    assert!(
        runbook("prefixes")
            .contains("create-subnet-cidr-reservation --subnet-id \"$SUBNET_ID_NODES_A\" --cidr")
    );
    // Tags keep pods off the primary ENI, as ENIConfigs do.
    assert!(runbook("discovery").contains("eksnet maxpods m6i.2xlarge --custom-networking"));
    assert!(runbook("clusters").contains("Each of the 3 clusters has a directory of its own"));
}

/// Every command of eksnet in a runbook is one that the program takes.
#[test]
fn the_commands_of_a_runbook_are_the_programs_own() {
    for (name, answer) in made::plans() {
        let files = written(&answer);
        let mut taken = 0;
        for line in files["RUNBOOK.md"].lines() {
            let commands = line.split("&& ").chain(line.split('`').skip(1).step_by(2));
            for command in commands.filter(|command| command.starts_with("eksnet ")) {
                let words =
                    command.replace("\"$VPC_ID\"", "vpc-0abc").replace("\"$CLUSTER_NAME\"", "prod");
                let words = if cfg!(feature = "aws") || words.contains("--from") {
                    words
                } else if words.starts_with("eksnet audit") {
                    format!("{words} --from .")
                } else if words.starts_with("eksnet snapshot") {
                    continue;
                } else {
                    words
                };
                let parsed = eksnet::cli::Cli::try_parse_from(words.split_whitespace());
                // The command that made the files is named without its arguments.
                if command != "eksnet plan" {
                    assert!(parsed.is_ok(), "{name}: {command}: {:?}", parsed.err());
                    taken += 1;
                }
            }
        }
        assert!(taken > 2, "{name}");
    }
}

#[test]
fn the_plan_is_the_document_of_its_schema() {
    let schema = serde_json::to_value(schemars::schema_for!(PlanJson<'_>)).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (name, answer) in made::plans() {
        let plan = serde_json::from_str(&written(&answer)["plan.json"]).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&plan).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}
