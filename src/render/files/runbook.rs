//! `RUNBOOK.md`: what must be true before, the steps in order, the way back.

use std::{collections::BTreeMap, io};

use askama::Template as _;

use super::{
    cni_version,
    file::EmittedFile,
    placeholders::{Placeholder, Source, placeholders, terraform_variables},
    site::Site,
    step_commands::Commands,
    steps::commands,
};
use crate::{
    plan::{WorkKind, WorkStep},
    render::escape,
    simulate::Scaler,
};

/// A step as it is shown.
struct Step {
    number: usize,
    what: String,
    new_nodes: bool,
    max_pods_change: bool,
    risk: String,
    check: String,
    back: String,
    /// The step that has the commands of this one as well.
    same_as: Option<usize>,
    commands: Commands,
}

#[derive(askama::Template)]
#[template(path = "runbook.md", escape = "none")]
struct Runbook<'a> {
    id: &'a str,
    summary: String,
    files: Vec<(&'a str, &'static str)>,
    names: Vec<String>,
    values: Vec<Values>,
    terraform: Vec<(String, String)>,
    steps: Vec<Step>,
    clusters: usize,
    notes: Vec<String>,
    night: Vec<&'static str>,
    makes_vpc: bool,
    creates_cluster: bool,
    version: Option<String>,
    tight: Vec<String>,
    /// What deletes what nobody needs any more.
    last: Vec<String>,
}

/// Placeholders that get their values at one time.
struct Values {
    about: &'static str,
    /// Those that a person chooses or can know, what they are, and the value so far.
    chosen: Vec<(String, String, String)>,
    /// Lines of a shell that set the others.
    lines: Vec<String>,
}

/// The runbook for files.
pub(super) fn runbook(site: &Site<'_>, files: &[EmittedFile]) -> io::Result<String> {
    let mut paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    paths.sort_unstable();
    let candidate = site.candidate;
    let placeholders = placeholders(site, files);
    let steps = steps(site);
    let runbook = Runbook {
        id: &candidate.id,
        summary: sentence(&candidate.summary),
        files: paths.into_iter().map(|path| (path, purpose(path))).collect(),
        terraform: terraform(site, &placeholders, files),
        names: placeholders.iter().map(|placeholder| placeholder.name.clone()).collect(),
        values: values(&placeholders),
        last: steps.iter().flat_map(|step| step.commands.last.clone()).collect(),
        steps,
        clusters: site.clusters.len(),
        notes: notes(site),
        night: night(site),
        makes_vpc: site.primary().is_some(),
        creates_cluster: site.creates_cluster,
        version: cni_version::requirement(site),
        tight: candidate.tight.iter().map(|tight| line(&tight.text)).collect(),
    };
    let mut text = runbook.render().map_err(io::Error::other)?;
    text.truncate(text.trim_end().len());
    text.push('\n');
    Ok(text)
}

/// What sets the placeholders: what is there already, then what the steps make.
fn values(placeholders: &[Placeholder]) -> Vec<Values> {
    let abouts = [
        (false, "Choose these yourself, and write each into its line. No command chooses for you:"),
        (
            true,
            "These have a value when what they name is created: run the lines after the step that creates it, and the \
             lines of Terraform below again.",
        ),
    ];
    let values = abouts.into_iter().map(|(is_made, about)| {
        let (mut chosen, mut lines) = (Vec::new(), Vec::new());
        let empty = || "''".to_owned();
        for placeholder in placeholders.iter().filter(|one| one.is_made == is_made) {
            let Placeholder { name, about, source, .. } = placeholder;
            match source {
                Source::Command(command) => {
                    lines.push(format!("# {about}\nexport {name}=\"$({command})\""));
                }
                Source::Known(value) => chosen.push((name.clone(), about.clone(), value.clone())),
                Source::Chosen(None) => chosen.push((name.clone(), about.clone(), empty())),
                Source::Chosen(Some(list)) => {
                    let about = format!("{about}; `{list}` lists what there is");
                    chosen.push((name.clone(), about, empty()));
                }
            }
        }
        Values { about, chosen, lines }
    });
    values.filter(|values| !values.chosen.is_empty() || !values.lines.is_empty()).collect()
}

/// Terraform's variables and their values, as they stand between double quotes.
fn terraform(
    site: &Site<'_>,
    placeholders: &[Placeholder],
    files: &[EmittedFile],
) -> Vec<(String, String)> {
    let variables = terraform_variables(files).into_iter();
    let tables = site.new_subnets().map(|subnet| {
        let table = site.route_table_variable(&subnet.zone);
        format!("\\\"{}\\\": \\\"${table}\\\"", site.ident(&subnet.name).snake())
    });
    let tables: Vec<String> = tables.collect();
    let tables = (!tables.is_empty())
        .then(|| ("route_table_ids".to_owned(), format!("{{{}}}", tables.join(", "))));
    variables
        .filter_map(|variable| {
            let same = |known: &&Placeholder| known.name.eq_ignore_ascii_case(&variable);
            let name = placeholders.iter().find(same)?.name.clone();
            Some((variable, format!("${name}")))
        })
        .chain(tables)
        .collect()
}

/// Text from outside in a line of Markdown: commands between backticks stay what they are.
fn line(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return escape::markdown(text);
    }
    let pieces = pieces.iter().enumerate().map(|(at, piece)| match at % 2 {
        0 => escape::markdown(piece),
        _ => format!("`{}`", escape::terminal(piece)),
    });
    pieces.collect()
}

/// The same as a heading or a sentence.
fn sentence(text: &str) -> String {
    let text = line(text);
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

fn steps(site: &Site<'_>) -> Vec<Step> {
    let mut first: BTreeMap<WorkKind, usize> = BTreeMap::new();
    let step = |(at, work): (usize, &WorkStep)| {
        let number = at + 1;
        let same_as = first.get(&work.kind).copied();
        if work.kind != WorkKind::Other {
            first.entry(work.kind).or_insert(number);
        }
        Step {
            number,
            what: sentence(&work.what),
            new_nodes: work.new_nodes,
            max_pods_change: work.max_pods_change,
            risk: line(&work.risk),
            check: line(&work.check),
            back: line(&work.back),
            commands: if same_as.is_some() {
                Commands::default()
            } else {
                commands(site, work.kind)
            },
            same_as,
        }
    };
    site.candidate.work.iter().enumerate().map(step).collect()
}

/// What a file is for.
fn purpose(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "network.tf" => "Terraform: VPC blocks, subnets, tags, reservations",
        "eks.tf" => "Terraform: the add-on vpc-cni and node groups",
        "cloudformation.yaml" => {
            "CloudFormation: the same, without reservations and tags of existing subnets"
        }
        "eksctl.yaml" => "eksctl: VPC, add-on and node groups of a ClusterConfig",
        "eniconfigs.yaml" => "kubectl: ENIConfigs, where the add-on does not make them",
        "vpc-cni-addon.json" => "configuration of the EKS add-on vpc-cni",
        "vpc-cni-values.yaml" => "Helm values of the chart aws-vpc-cni",
        "set-env.sh" => "kubectl: settings of a daemonset that is no add-on",
        "karpenter.yaml" => "kubectl: EC2NodeClasses and NodePools",
        "scenario.yaml" => "eksnet: the layout as it was simulated",
        "plan.json" => "eksnet: the whole plan",
        name if name.starts_with("nodeadm") => "NodeConfig of Amazon Linux 2023",
        name if name.starts_with("bottlerocket") => "settings of Bottlerocket",
        name if name.starts_with("user-data") => "user data of a launch template",
        _ => "",
    }
}

/// What holds for some groups only.
fn notes(site: &Site<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for group in site.clusters.iter().flat_map(|cluster| &cluster.groups) {
        let name = line(&group.planned.name);
        if group.needs_custom_ami() {
            let given = group.given.map_or_else(
                || "a number that is not known for its types".to_owned(),
                |given| given.to_string(),
            );
            notes.push(format!(
                "Node group {name} is to have {} max pods; without a custom AMI a managed node group sets {given} and \
                 ignores user data. Give it a custom AMI.",
                group.planned.max_pods
            ));
        }
        let is_managed = group.planned.scaler == Scaler::ManagedNodeGroup;
        if is_managed && group.planned.warm_pool > 0 {
            notes.push(format!(
                "Node group {name} has a warm pool of {}: these files do not set it. Use `aws autoscaling \
                 put-warm-pool` on its Auto Scaling group.",
                group.planned.warm_pool
            ));
        }
        for cluster in &site.clusters {
            let is_here = cluster.groups.iter().any(|other| std::ptr::eq(other, group));
            let zones: Vec<&str> =
                cluster.own_pod_subnets(group).into_iter().map(|(zone, _)| zone).collect();
            if is_here && !zones.is_empty() {
                notes.push(format!(
                    "The pods of node group {name} are in subnets of their own in {}: label each of its nodes \
                     `vpc.amazonaws.com/externalEniConfig={}-ZONE` with its zone, when it joins.",
                    line(&zones.join(", ")),
                    group.ident.kebab()
                ));
            }
        }
    }
    notes
}

/// What not to do at night.
fn night(site: &Site<'_>) -> Vec<&'static str> {
    let has = |kind: WorkKind| site.candidate.work.iter().any(|step| step.kind == kind);
    let mut night =
        vec!["Do not delete the old subnets, blocks or node groups: they are the way back."];
    if has(WorkKind::CniSettings) {
        night.push(
            "Do not change settings of the VPC CNI while a roll-out or a scale-out is under way.",
        );
    }
    if has(WorkKind::ReplaceNodes) {
        night.push(
            "Do not replace more than one node before its pods have addresses and the check of that step is clean.",
        );
    }
    if has(WorkKind::EniConfigs) {
        night.push(
            "Do not switch custom networking on before every zone has its ENIConfig: new nodes of a zone without one \
             give their pods no address.",
        );
    }
    if has(WorkKind::ControlPlane) && !site.creates_cluster {
        night.push(
            "Do not move the control plane's ENIs and upgrade the cluster in the same window.",
        );
    }
    night
}
