//! ENIConfigs and nodes that do not fit: under custom networking each node takes its pods' addresses from
//! the subnet of one ENIConfig, which has to be of its own zone and VPC.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Facts, words::counted_nodes};
use crate::{
    audit::{CniSettings, Finding, NodeReport, Severity},
    inventory::{EniConfig, Kubernetes, KubernetesNode, Operation},
};

pub(super) const CHECK: Check = Check {
    id: "custom-networking-mismatch",
    about: "an ENIConfig names a wrong subnet, a node has none, or pods still use the node's subnet",
    severities: &[Severity::Critical, Severity::Warning],
    tunables: &[],
    run,
};

/// What chooses a node's ENIConfig by default (amazon-vpc-cni-k8s `pkg/eniconfig`): the annotation, then
/// the label, then the config called so.
const CHOOSES: &str = "k8s.amazonaws.com/eniConfig";
const ANNOTATION_VARIABLE: &str = "ENI_CONFIG_ANNOTATION_DEF";
const LABEL_VARIABLE: &str = "ENI_CONFIG_LABEL_DEF";
const DEFAULT: &str = "default";

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(kubernetes) = &facts.inventory.kubernetes else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(configs) = &kubernetes.eni_configs {
        // With pages of subnets missing, one that is not there may be on them.
        let cut = Operation::DescribeSubnets.name();
        if !facts.inventory.withheld.iter().any(|row| row.operation == cut) {
            found.extend(configs.iter().filter_map(absent));
        }
    }
    let is_on = kubernetes
        .aws_node
        .as_ref()
        .and_then(|aws_node| CniSettings::read(aws_node).ok())
        .is_some_and(|cni| cni.custom_networking);
    if is_on {
        if let Some(configs) = &kubernetes.eni_configs {
            found.extend(unfit(facts, kubernetes, configs));
        }
        found.extend(still_beside(facts));
    }
    found
}

fn finding(severity: Severity, resource: &str, message: String, hint: &str) -> Finding {
    Finding {
        id: CHECK.id,
        detail: None,
        severity,
        resource: resource.to_owned(),
        message,
        hint: hint.to_owned(),
        evidence: BTreeMap::new(),
    }
}

/// An ENIConfig whose subnet is not among those that were read.
fn absent(config: &EniConfig) -> Option<Finding> {
    let message = match &config.subnet_id {
        None => format!("ENIConfig {} names no subnet", config.name),
        Some(subnet) if config.vpc_id.is_none() => format!(
            "ENIConfig {} names {subnet}, which is not among the subnets that were read",
            config.name
        ),
        Some(_) => return None,
    };
    let hint = "aws ec2 describe-subnets --subnet-ids shows whether it is there, and in which VPC; \
                nodes that use the ENIConfig do not become Ready";
    let mut finding = finding(Severity::Critical, &config.name, message, hint);
    finding.detail = Some(config.subnet_id.clone().unwrap_or_else(|| "no subnet".to_owned()));
    finding.evidence.insert("subnet_id", config.subnet_id.clone().into());
    Some(finding)
}

/// Nodes whose ENIConfig is not there, or is of another zone or VPC: a finding for each config and zone.
fn unfit(facts: &Facts<'_>, kubernetes: &Kubernetes, configs: &[EniConfig]) -> Vec<Finding> {
    let named: BTreeMap<&str, &EniConfig> =
        configs.iter().map(|config| (config.name.as_str(), config)).collect();
    let mut nodes: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    let of_instance: BTreeMap<&str, &KubernetesNode> = kubernetes
        .nodes
        .iter()
        .flatten()
        .filter_map(|node| Some((node.instance_id.as_deref()?, node)))
        .collect();
    for node in pool_nodes(facts) {
        let listed = of_instance.get(node.instance_id.as_str());
        let choice = listed.and_then(|listed| choice(kubernetes, listed));
        if let (Some(choice), Some(zone)) = (choice, node.availability_zone.as_deref()) {
            nodes.entry((choice, zone)).or_default().insert(&node.instance_id);
        }
    }
    let mut found = Vec::new();
    for ((config, zone), nodes) in nodes {
        let here = format!("{} in {zone}", counted_nodes(nodes.len()));
        let message = match named.get(config) {
            None => {
                format!("the ENIConfig {config} of {here} is not there")
            }
            Some(config) => match (&config.availability_zone, &config.subnet_id) {
                (Some(its), Some(subnet)) if its != zone => format!(
                    "the ENIConfig {} of {here} names {subnet}, which is in {its}",
                    config.name
                ),
                _ => match other_vpc(facts, config) {
                    Some(message) => message,
                    None => continue,
                },
            },
        };
        let hint = "a node's ENIConfig is named by its annotation or label \
                    k8s.amazonaws.com/eniConfig, or by the label in ENI_CONFIG_LABEL_DEF; one that \
                    does not fit leaves a new node NotReady";
        let mut finding = finding(Severity::Critical, config, message, hint);
        finding.detail = Some(format!("{config}@{zone}"));
        finding.evidence.insert("availability_zone", zone.into());
        finding.evidence.insert("nodes", nodes.into_iter().collect::<Vec<_>>().into());
        found.push(finding);
    }
    found
}

/// What is wrong with a config whose subnet is of a VPC that none of the audited ones is.
fn other_vpc(facts: &Facts<'_>, config: &EniConfig) -> Option<String> {
    let (subnet, vpc) = (config.subnet_id.as_ref()?, config.vpc_id.as_ref()?);
    let is_audited = facts.subnets.iter().any(|subnet| subnet.vpc_id == *vpc);
    (!is_audited).then(|| format!("ENIConfig {} names {subnet} of another VPC, {vpc}", config.name))
}

/// The name of the ENIConfig that a node uses; `None` if another annotation than those that are known
/// may name it.
fn choice<'a>(kubernetes: &'a Kubernetes, node: &'a KubernetesNode) -> Option<&'a str> {
    let aws_node = kubernetes.aws_node.as_ref()?;
    let named = |variable| aws_node.environment.get(variable).map_or(CHOOSES, String::as_str);
    if aws_node.hidden_more || aws_node.hidden.contains(LABEL_VARIABLE) {
        return None;
    }
    let annotation = named(ANNOTATION_VARIABLE);
    if aws_node.hidden.contains(ANNOTATION_VARIABLE) || annotation != CHOOSES {
        return None;
    }
    let chosen =
        node.annotations.get(annotation).or_else(|| node.labels.get(named(LABEL_VARIABLE)));
    Some(chosen.map_or(DEFAULT, String::as_str))
}

/// Nodes whose pool ipamd keeps.
fn pool_nodes<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a NodeReport> {
    facts.nodes.into_iter().flatten().filter(|node| node.usage.pool.is_some())
}

/// Nodes whose primary ENI still holds addresses for pods, a finding a subnet.
fn still_beside(facts: &Facts<'_>) -> Vec<Finding> {
    let mut nodes: BTreeMap<&str, (BTreeSet<&str>, u32)> = BTreeMap::new();
    for node in pool_nodes(facts) {
        for eni in node.usage.enis.list.iter().filter(|eni| eni.is_primary && eni.for_pods() > 0) {
            let (of_subnet, addresses) = nodes.entry(&eni.subnet_id).or_default();
            of_subnet.insert(&node.instance_id);
            *addresses += eni.for_pods();
        }
    }
    let audited = facts.subnets.iter();
    audited
        .filter_map(|subnet| {
            let (nodes, addresses) = nodes.get(subnet.subnet_id.as_str())?;
            let message = format!(
                "{}: {addresses} addresses for pods are still on the primary ENI of {}, while custom \
                 networking is on",
                subnet.label(),
                counted_nodes(nodes.len())
            );
            let hint = "a node that was there before the setting keeps its addresses: replace it";
            let mut finding = finding(Severity::Warning, &subnet.subnet_id, message, hint);
            finding.evidence.insert("addresses", (*addresses).into());
            finding.evidence.insert("nodes", nodes.iter().copied().collect::<Vec<_>>().into());
            Some(finding)
        })
        .collect()
}
