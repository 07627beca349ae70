//! Nodes whose own address, or that of one of their further ENIs, the CNI gave to a pod.

use std::collections::BTreeMap;

use super::{Check, Claim, Facts, hints::other};
use crate::{
    audit::pools::{GivenAddress, NodeReport},
    finding::{Command, Finding, Severity, Word, counted, listed},
    inventory::AwsNode,
};

pub(super) const CHECK: Check = Check {
    id: "node-address-given",
    about: "the CNI gave a node's own address to a pod, so both have the same address",
    claim: |_| {
        Claim::of(
            "has nodes whose own address a pod was given",
            "have nodes whose own address a pod was given",
        )
    },
    severities: &[Severity::Critical, Severity::Warning],
    tunables: &[],
    run,
};

/// A node with such an address.
type Given<'a> = (&'a NodeReport, &'a GivenAddress);

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let label = |id: &str| {
        let subnet = facts.subnets.iter().find(|subnet| subnet.subnet_id == id);
        subnet.map(crate::audit::count::SubnetCount::label)
    };
    let mut by_subnet: BTreeMap<&str, Vec<Given<'_>>> = BTreeMap::new();
    for node in facts.nodes.into_iter().flatten() {
        for given in &node.usage.given {
            let enis = node.usage.enis.list.iter().map(|eni| eni.subnet_id.as_str());
            let mut subnets = [given.subnet_id.as_str()].into_iter().chain(enis);
            if let Some(subnet) = subnets.find(|id| label(id).is_some()) {
                by_subnet.entry(subnet).or_default().push((node, given));
            }
        }
    }
    let said = |(id, given): (&str, Vec<Given<'_>>)| {
        Some(finding(id, &label(id)?, &given, facts.aws_node()))
    };
    by_subnet.into_iter().filter_map(said).collect()
}

/// The command that shows a pod that has such an address.
fn find(given: &[Given<'_>]) -> Option<Command> {
    let address = given.iter().find(|(_, given)| given.now)?.1.address.to_string();
    let (of, what) = (Word::Own("kubectl get pods -A -o wide --field-selector"), address);
    other(&[of, Word::Name(&format!("status.podIP={what}"))])
}

fn finding(id: &str, label: &str, given: &[Given<'_>], aws_node: Option<&AwsNode>) -> Finding {
    let now = given.iter().any(|(_, given)| given.now);
    let one = |(node, given): &Given<'_>| {
        let whose = if given.of_node { "" } else { " of a further ENI" };
        let who = match (&given.pod, given.now) {
            (Some(pod), _) => format!("pod {pod}"),
            (None, true) => "a pod".to_owned(),
            (None, false) => "a pod before".to_owned(),
        };
        format!("{} {}{whose} ({who})", node.instance_id, given.address)
    };
    let all: Vec<String> = given.iter().map(one).collect();
    let nodes: Vec<&str> = given.iter().map(|(node, _)| node.instance_id.as_str()).collect();
    let addresses: Vec<String> = given.iter().map(|(_, given)| given.address.to_string()).collect();
    let pods: Vec<&str> = given.iter().filter_map(|(_, given)| given.pod.as_deref()).collect();
    let matter = if now {
        "pod and node answer to one address"
    } else {
        "no pod has one now, and the next may get it"
    };
    let severity = if now { Severity::Critical } else { Severity::Warning };
    CHECK
        .finding(severity, id)
        .message(format!(
            "{label}: aws-node took {} for addresses of pods: {}; {matter}",
            counted(given.len(), "address of a node itself", "addresses of nodes themselves"),
            listed(&all),
        ))
        .hint(
            "upgrade the VPC CNI to v1.22.4, or to v1.23.0 or later, and delete the pods that have \
             such an address",
        )
        .command(find(given))
        .with("nodes", nodes)
        .with("addresses", addresses)
        .with("pod_names", pods)
        .with("cni_version", aws_node.and_then(|node| node.version.clone()))
}
