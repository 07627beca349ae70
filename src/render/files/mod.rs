//! The files that make a layout: a plan's candidate as Terraform, CloudFormation, eksctl, manifests, settings,
//! user data, and the runbook that says in which order. A pure function: the same candidate, the same bytes.

mod cloudformation;
mod cloudformation_eks;
mod cloudformation_template;
mod cluster;
mod cni_version;
mod config;
mod config_value;
mod control_plane;
mod density_words;
mod eksctl;
mod file;
mod hcl;
mod karpenter;
mod kubernetes;
mod max_pods;
mod names;
mod node_files;
mod node_steps;
mod placeholders;
mod runbook;
mod site;
mod step_commands;
mod steps;
mod terraform_eks;
mod terraform_network;
mod text;
mod windows;

use std::io;

pub use file::EmittedFile;
pub use max_pods::{MaxPodsFile, MaxPodsForm};

use self::{cluster::Cluster, site::Site, text::comment};
use crate::{
    plan::Candidate,
    render::{json::plan::PlanJson, plan::PlanAnswer},
};

/// The files of a candidate, sorted by path: those that apply.
///
/// # Errors
/// When a library cannot write a value in its form.
pub fn files(answer: &PlanAnswer, candidate: &Candidate) -> io::Result<Vec<EmittedFile>> {
    let site = Site::new(&answer.plan, candidate);
    let mut files = Vec::new();
    let mut add = |path: String, text: Option<String>| {
        files.extend(text.map(|text| EmittedFile { path, text }));
    };
    let makes_network = cloudformation::applies(&site)
        || site.new_reservations().next().is_some()
        || site.existing_subnets().any(|subnet| !site.tags_to_add(subnet).is_empty());
    if makes_network {
        add("terraform/network.tf".into(), Some(terraform_network::network(&site)?));
        add("terraform/eks.tf".into(), terraform_eks::eks(&site)?);
    }
    if cloudformation::applies(&site) {
        add("cloudformation.yaml".into(), Some(cloudformation::cloudformation(&site)?));
    }
    add("scenario.yaml".into(), Some(scenario(&site)?));
    add("plan.json".into(), Some(text::json(&PlanJson::new(answer))?));
    for cluster in &site.clusters {
        files.extend(of_cluster(&site, cluster)?);
    }
    let runbook = runbook::runbook(&site, &files)?;
    files.push(EmittedFile { path: "RUNBOOK.md".into(), text: runbook });
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

/// The files of one cluster, in a directory of its own where there are several.
fn of_cluster(site: &Site<'_>, cluster: &Cluster<'_>) -> io::Result<Vec<EmittedFile>> {
    let all = [
        ("eksctl.yaml", Some(eksctl::eksctl(site, cluster)?)),
        ("eniconfigs.yaml", kubernetes::eni_configs(site, cluster)?),
        ("vpc-cni-addon.json", kubernetes::addon(site, cluster)?),
        ("vpc-cni-values.yaml", kubernetes::values(site, cluster)?),
        ("set-env.sh", kubernetes::set_env_script(site, cluster)),
        ("karpenter.yaml", karpenter::karpenter(site, cluster)?),
    ];
    let present = all.into_iter().filter_map(|(name, text)| {
        Some(EmittedFile { path: format!("{}{name}", cluster.folder()), text: text? })
    });
    Ok(present.chain(node_files::files(site, cluster)?).collect())
}

fn scenario(site: &Site<'_>) -> io::Result<String> {
    let about =
        site.about("The layout as it was simulated: eksnet simulate scenario.yaml --runs 20.");
    let written = serde_saphyr::to_string(&site.candidate.scenario).map_err(io::Error::other)?;
    Ok(format!("{}{written}", comment(&about)))
}
