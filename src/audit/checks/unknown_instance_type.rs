//! Nodes of types whose limits are not known: nothing can be said of what they may still take.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Claim, Facts};
use crate::finding::{Command, Finding, Severity, counted};

pub(super) const CHECK: Check = Check {
    id: "unknown-instance-type",
    about: "nodes are of a type whose limits are not in the catalogue",
    claim: |_| {
        Claim::of("has unknown limits", "have unknown limits")
            .about("instance type", "instance types")
    },
    severities: &[Severity::Info],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let catalogue = facts.settings.catalogue;
    let mut unknown: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for node in facts.nodes.unwrap_or_default() {
        if let Some(name) =
            node.instance_type.as_deref().filter(|name| catalogue.get(name).is_none())
        {
            unknown.entry(name).or_default().insert(&node.instance_id);
        }
    }
    unknown.into_iter().map(|(name, nodes)| finding(name, &nodes)).collect()
}

fn finding(name: &str, nodes: &BTreeSet<&str>) -> Finding {
    let are = if nodes.len() == 1 { "is" } else { "are" };
    CHECK
        .finding(Severity::Info, name)
        .message(format!(
            "{} {are} of type {name}, whose ENI and address limits are not in the \
             catalogue: it is taken to support prefix delegation",
            counted(nodes.len(), "node", "nodes")
        ))
        .hint("read the limits from EC2, and pass the file with --limits limits.json")
        .command(Command::Other("eksnet limits update --output-file limits.json".to_owned()))
        .with("instance_type", name)
        .with("nodes", nodes.iter().copied().collect::<Vec<_>>())
}
