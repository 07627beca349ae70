//! Pods on a node that need an address and have none.

use std::collections::BTreeMap;

use super::{Check, Claim, Facts, hints::other};
use crate::{
    audit::pools::NodeReport,
    finding::{Command, Finding, Severity, Word, counted, listed},
};

pub(super) const CHECK: Check = Check {
    id: "pods-waiting",
    about: "pods are on a node, need an address and have none",
    claim: |_| Claim::of("has pods without an address", "have pods without an address"),
    severities: &[Severity::Critical],
    tunables: &[],
    run,
};

/// The nodes with such pods, by the audited subnet in which they run, or else by the first in which they
/// have an ENI.
fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let mut by_subnet: BTreeMap<&str, Vec<&NodeReport>> = BTreeMap::new();
    for node in facts.nodes.into_iter().flatten().filter(|node| !node.usage.waiting.is_empty()) {
        let enis = node.usage.enis.list.iter().map(|eni| eni.subnet_id.as_str());
        let subnet =
            enis.into_iter().find(|id| facts.subnets.iter().any(|subnet| subnet.subnet_id == *id));
        if let Some(subnet) = subnet {
            by_subnet.entry(subnet).or_default().push(node);
        }
    }
    let of = |id: &str| facts.subnets.iter().find(|subnet| subnet.subnet_id == id);
    by_subnet
        .into_iter()
        .filter_map(|(id, nodes)| Some(finding(id, &of(id)?.label(), &nodes)))
        .collect()
}

/// To see what a pod waits for.
fn describe(pod: &str) -> Option<Command> {
    let (namespace, name) = pod.split_once('/')?;
    let (of, what) = (Word::Own("kubectl -n"), Word::Own("describe pod"));
    other(&[of, Word::Name(namespace), what, Word::Name(name)])
}

fn finding(subnet_id: &str, label: &str, nodes: &[&NodeReport]) -> Finding {
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
    CHECK
        .finding(Severity::Critical, subnet_id)
        .message(format!(
            "{label}: {} on {} {} no address: {} on {}{spare}",
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
