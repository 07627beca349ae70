//! The files of a plan: which there are, what is in them, and what others read out of them.

mod made;

use std::collections::BTreeMap;

use eksnet::{
    render::{files::files, plan::PlanAnswer},
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
