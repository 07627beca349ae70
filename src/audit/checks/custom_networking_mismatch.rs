//! ENIConfigs and nodes that do not fit: under custom networking each node takes its pods' addresses from
//! the subnet of one ENIConfig, which has to be of its own zone and VPC.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Check, Claim, Facts,
    hints::{look_at, other},
};
use crate::{
    audit::pools::NodeReport,
    cni::{Discovery, EniConfigMisfit, eni_config_of, eni_config_subnet},
    finding::{Command, Finding, Severity, Word, counted},
    inventory::{EniConfig, Kubernetes, KubernetesNode, Withheld},
};

pub(super) const CHECK: Check = Check {
    id: "custom-networking-mismatch",
    about: "an ENIConfig names a wrong subnet, a node has none, or pods still use the node's subnet",
    claim: |_| {
        Claim::of("does not match custom networking", "do not match custom networking")
            .about("ENIConfig", "ENIConfigs")
    },
    severities: &[Severity::Critical, Severity::Warning, Severity::Info],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(kubernetes) = &facts.inventory.kubernetes else { return Vec::new() };
    let is_on = Discovery::seen(kubernetes.aws_node.as_ref()).custom_networking();
    let mut found = Vec::new();
    if let Some(configs) = &kubernetes.eni_configs {
        // With pages of subnets missing, one that is not there may be on them.
        if !facts.inventory.withheld.iter().any(Withheld::is_of_all_subnets) {
            found.extend(configs.iter().filter_map(|config| absent(config, is_on)));
        }
    }
    if is_on == Some(true) {
        if let Some(configs) = &kubernetes.eni_configs {
            found.extend(unfit(facts, kubernetes, configs));
        }
        found.extend(still_beside(facts));
    }
    found
}

/// An ENIConfig whose subnet is not among those that were read. Nodes look at it under custom networking
/// alone.
fn absent(config: &EniConfig, is_on: Option<bool>) -> Option<Finding> {
    let message = match &config.subnet_id {
        None => format!("ENIConfig {} names no subnet", config.name),
        Some(subnet) if config.vpc_id.is_none() => format!(
            "ENIConfig {} names {subnet}, which is not among the subnets that were read",
            config.name
        ),
        Some(_) => return None,
    };
    let (severity, hint) = match is_on {
        Some(true) => (
            Severity::Critical,
            "nodes that use the ENIConfig do not become Ready: name a subnet of their zone and VPC",
        ),
        Some(false) => (
            Severity::Info,
            "custom networking is off, and no node looks at it: fix or delete it before \
             AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG is turned on",
        ),
        None => (
            Severity::Info,
            "whether custom networking is on is not known; under it, nodes that use the ENIConfig \
             do not become Ready",
        ),
    };
    let subnet = config.subnet_id.as_deref();
    Some(
        CHECK
            .finding(severity, &config.name)
            .message(message)
            .hint(hint)
            .command(show(&config.name))
            .detail(subnet.unwrap_or("no subnet"))
            .with("subnet_id", subnet),
    )
}

/// Nodes whose ENIConfig is not there, or is of another zone or VPC: a finding for each config, zone
/// and VPC.
fn unfit(facts: &Facts<'_>, kubernetes: &Kubernetes, configs: &[EniConfig]) -> Vec<Finding> {
    let named: BTreeMap<&str, &EniConfig> =
        configs.iter().map(|config| (config.name.as_str(), config)).collect();
    let vpcs: BTreeMap<&str, &str> = facts
        .inventory
        .subnets
        .iter()
        .map(|subnet| (subnet.subnet_id.as_str(), subnet.vpc_id.as_str()))
        .collect();
    let mut nodes: BTreeMap<(&str, &str, Option<&str>), BTreeSet<&str>> = BTreeMap::new();
    let of_instance: BTreeMap<&str, &KubernetesNode> = kubernetes
        .nodes
        .iter()
        .flatten()
        .filter_map(|node| Some((node.instance_id.as_deref()?, node)))
        .collect();
    for node in pool_nodes(facts) {
        let listed = of_instance.get(node.instance_id.as_str());
        let choice = listed.and_then(|listed| eni_config_of(kubernetes.aws_node.as_ref()?, listed));
        if let (Some(choice), Some(zone)) = (choice, node.availability_zone.as_deref()) {
            let primary = node.usage.enis.list.iter().find(|eni| eni.is_primary());
            let vpc = primary.and_then(|eni| vpcs.get(eni.subnet_id.as_str()).copied());
            nodes.entry((choice, zone, vpc)).or_default().insert(&node.instance_id);
        }
    }
    let mut found = Vec::new();
    for ((config, zone, vpc), nodes) in nodes {
        let here = format!("{} in {zone}", counted(nodes.len(), "node", "nodes"));
        let message = match eni_config_subnet(named.get(config).copied(), zone, vpc) {
            Err(EniConfigMisfit::Absent) => {
                format!("the ENIConfig {config} of {here} is not there")
            }
            Err(EniConfigMisfit::OtherZone { subnet, zone }) => {
                format!("the ENIConfig {config} of {here} names {subnet}, which is in {zone}")
            }
            Err(EniConfigMisfit::OtherVpc { subnet, vpc: its }) => format!(
                "ENIConfig {config} names {subnet} of another VPC, {its}, than its nodes are in, {}",
                vpc.unwrap_or_default()
            ),
            // The config is found by itself.
            Err(EniConfigMisfit::NoSubnet | EniConfigMisfit::Unread(_)) | Ok(_) => continue,
        };
        let hint = "a node's ENIConfig is named by its label vpc.amazonaws.com/externalEniConfig, else \
                    by its annotation or label k8s.amazonaws.com/eniConfig, or by the label in \
                    ENI_CONFIG_LABEL_DEF; one that does not fit leaves a new node NotReady";
        found.push(
            CHECK
                .finding(Severity::Critical, config)
                .message(message)
                .hint(hint)
                .command(show(config))
                .detail(format!("{config}@{zone}"))
                .with("availability_zone", zone)
                .with("nodes", nodes.into_iter().collect::<Vec<_>>()),
        );
    }
    found
}

/// To see an ENIConfig.
fn show(config: &str) -> Option<Command> {
    other(&[Word::Own("kubectl get eniconfig"), Word::Name(config), Word::Own("-o yaml")])
}

/// Nodes whose pool ipamd keeps.
fn pool_nodes<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a NodeReport> {
    facts.nodes.into_iter().flatten().filter(|node| node.usage.pool.is_some())
}

/// Nodes whose primary ENI still holds addresses for pods, a finding a subnet.
fn still_beside(facts: &Facts<'_>) -> Vec<Finding> {
    let mut nodes: BTreeMap<&str, (BTreeSet<&str>, u32)> = BTreeMap::new();
    for node in pool_nodes(facts) {
        for eni in node.usage.enis.list.iter().filter(|eni| eni.is_primary() && eni.for_pods() > 0)
        {
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
                counted(nodes.len(), "node", "nodes")
            );
            let hint = "replace the nodes: one that joined before the setting keeps its addresses";
            Some(
                CHECK
                    .finding(Severity::Warning, &subnet.subnet_id)
                    .message(message)
                    .hint(hint)
                    .command(look_at(&subnet.subnet_id, "--nodes"))
                    .with("addresses", *addresses)
                    .with("nodes", nodes.iter().copied().collect::<Vec<_>>()),
            )
        })
        .collect()
}
