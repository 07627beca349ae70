//! Pods on a node that need an address and have none.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Claim, Facts, hints::other};
use crate::{
    audit::{count::SubnetCount, pools::NodeReport},
    cni::{Discovery, eni_config_of},
    finding::{Command, Finding, Severity, Word, counted, listed},
    inventory::{AwsNode, KubernetesNode},
};

pub(super) const CHECK: Check = Check {
    id: "pods-waiting",
    about: "pods are on a node, need an address and have none",
    claim: |_| Claim::of("has pods without an address", "have pods without an address"),
    severities: &[Severity::Critical],
    tunables: &[],
    run,
};

/// The nodes with such pods, by the audited subnet whose addresses they lack.
fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let subnets: BTreeMap<&str, &SubnetCount> =
        facts.subnets.iter().map(|subnet| (subnet.subnet_id.as_str(), subnet)).collect();
    let places = Places::of(facts);
    let mut by_subnet: BTreeMap<&str, Vec<&NodeReport>> = BTreeMap::new();
    for node in facts.nodes.into_iter().flatten().filter(|node| !node.usage.waiting.is_empty()) {
        let subnet = places.for_pods(node).filter(|id| subnets.contains_key(id));
        let enis = node.usage.enis.list.iter().map(|eni| eni.subnet_id.as_str());
        let subnet = subnet.or_else(|| enis.into_iter().find(|id| subnets.contains_key(id)));
        if let Some(subnet) = subnet {
            by_subnet.entry(subnet).or_default().push(node);
        }
    }
    let label = |id: &str| subnets.get(id).map_or_else(|| id.to_owned(), |subnet| subnet.label());
    let said = |(id, nodes): (&str, Vec<&NodeReport>)| {
        let homes: BTreeSet<&str> = nodes.iter().filter_map(|node| home(node)).collect();
        let homes: Vec<String> = homes.into_iter().filter(|home| *home != id).map(label).collect();
        finding(id, (&label(id), &homes), &nodes)
    };
    by_subnet.into_iter().map(said).collect()
}

/// The subnet that a node runs in.
fn home(node: &NodeReport) -> Option<&str> {
    let primary = node.usage.enis.list.iter().find(|eni| eni.is_primary())?;
    Some(primary.subnet_id.as_str())
}

/// Where nodes take addresses for pods from.
struct Places<'a> {
    /// Whether custom networking is on.
    is_custom: bool,
    aws_node: Option<&'a AwsNode>,
    /// The nodes of Kubernetes by instance.
    listed: BTreeMap<&'a str, &'a KubernetesNode>,
    /// The subnets of ENIConfigs by name.
    configs: BTreeMap<&'a str, &'a str>,
}

impl<'a> Places<'a> {
    fn of(facts: &Facts<'a>) -> Self {
        let aws_node = facts.aws_node();
        let kubernetes = facts.inventory.kubernetes.iter();
        let listed = kubernetes.clone().flat_map(|told| told.nodes.iter().flatten());
        let configs = kubernetes.flat_map(|told| told.eni_configs.iter().flatten());
        Self {
            is_custom: Discovery::seen(aws_node).custom_networking() == Some(true),
            aws_node,
            listed: listed.filter_map(|node| Some((node.instance_id.as_deref()?, node))).collect(),
            configs: configs
                .filter_map(|config| Some((config.name.as_str(), config.subnet_id.as_deref()?)))
                .collect(),
        }
    }

    /// The subnet in which a node's pods get addresses: under custom networking that of its ENIConfig, or
    /// where it has ENIs besides its primary one; otherwise its own.
    fn for_pods(&self, node: &'a NodeReport) -> Option<&'a str> {
        let enis = node.usage.enis.list.iter();
        let further = || enis.clone().find(|eni| !eni.is_primary() && eni.for_pods() > 0);
        if node.usage.is_auto_mode() {
            // With pod subnets the primary ENI carries none.
            return further().map(|eni| eni.subnet_id.as_str()).or_else(|| home(node));
        }
        if !self.is_custom {
            return home(node);
        }
        let listed = self.listed.get(node.instance_id.as_str()).copied();
        let config = listed.zip(self.aws_node).and_then(|(listed, set)| eni_config_of(set, listed));
        config
            .and_then(|name| self.configs.get(name).copied())
            .or_else(|| further().map(|eni| eni.subnet_id.as_str()))
    }
}

/// To see what a pod waits for.
fn describe(pod: &str) -> Option<Command> {
    let (namespace, name) = pod.split_once('/')?;
    let (of, what) = (Word::Own("kubectl -n"), Word::Own("describe pod"));
    other(&[of, Word::Name(namespace), what, Word::Name(name)])
}

/// `homes`: the other subnets that the nodes run in.
fn finding(subnet_id: &str, (label, homes): (&str, &[String]), nodes: &[&NodeReport]) -> Finding {
    let pods: Vec<&str> = nodes.iter().flat_map(|node| &node.usage.waiting).map(|p| &**p).collect();
    let ids: Vec<&str> = nodes.iter().map(|node| node.instance_id.as_str()).collect();
    // A pod gets its address within seconds where its node has one to spare.
    let spare = nodes.iter().filter(|node| node.usage.warm_addresses.is_some_and(|warm| warm > 0));
    let spare = match spare.count() {
        0 => String::new(),
        all if all == nodes.len() => {
            "; the nodes hold warm addresses, so the pods may only just have been scheduled"
                .to_owned()
        }
        some => format!(
            "; {} of the nodes {} warm addresses, so their pods may only just have been scheduled",
            some,
            if some == 1 { "holds" } else { "hold" }
        ),
    };
    let homes = match homes {
        [] => String::new(),
        some => format!("; the nodes run in {}", listed(some)),
    };
    CHECK
        .finding(Severity::Critical, subnet_id)
        .message(format!(
            "{label}: {} on {} {} no address: {} on {}{homes}{spare}",
            counted(pods.len(), "pod", "pods"),
            counted(nodes.len(), "node", "nodes"),
            if pods.len() == 1 { "has" } else { "have" },
            listed(&pods),
            listed(&ids),
        ))
        .hint("the pod's events show what it waits for")
        .command(pods.first().and_then(|pod| describe(pod)))
        .with("pods", pods.len())
        .with("pod_names", pods)
        .with("nodes", ids)
}
