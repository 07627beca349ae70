//! What EKS itself reports of free addresses.

use super::{Check, Claim, Facts, hints};
use crate::{
    finding::{Finding, Severity, listed},
    inventory::{Cluster, HealthIssue},
};

pub(super) const CHECK: Check = Check {
    id: "eks-health",
    about: "EKS reports too few free addresses for a cluster or a node group",
    claim: |_| {
        Claim::of(
            "is short of free addresses, as EKS reports",
            "are short of free addresses, as EKS reports",
        )
        .about("cluster", "clusters")
    },
    severities: &[Severity::Critical],
    tunables: &[],
    run,
};

/// The code of `health.issues` that is about addresses (EKS API reference, `ClusterIssue` and `Issue`).
const CODE: &str = "InsufficientFreeAddresses";

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let clusters = facts.inventory.clusters.iter();
    clusters.filter(|cluster| is_concerned(facts, cluster)).flat_map(of_cluster).collect()
}

/// Whether an audited subnet is one of a cluster's, or, where EKS did not say which are, in its VPC.
fn is_concerned(facts: &Facts<'_>, cluster: &Cluster) -> bool {
    let groups = cluster.node_groups.iter().flatten().chain(&cluster.fargate_profiles);
    let mut its = groups.flat_map(|group| &group.subnet_ids).chain(&cluster.subnet_ids).peekable();
    if its.peek().is_none() {
        return cluster.vpc_id.as_deref().is_none_or(|vpc| facts.is_in(vpc));
    }
    its.any(|id| facts.subnets.iter().any(|subnet| subnet.subnet_id == *id))
}

fn of_cluster(cluster: &Cluster) -> Vec<Finding> {
    let groups = cluster.node_groups.iter().flatten();
    let of_groups = groups.filter_map(|group| {
        let what = format!("node group {} of cluster {}", group.name, cluster.name);
        let detail = format!("node group {}", group.name);
        finding(cluster, &group.health, (&what, &detail))
    });
    let what = format!("cluster {}", cluster.name);
    finding(cluster, &cluster.health, (&what, "cluster")).into_iter().chain(of_groups).collect()
}

/// The issues of one code are one finding.
fn finding(
    cluster: &Cluster,
    health: &[HealthIssue],
    (what, detail): (&str, &str),
) -> Option<Finding> {
    let mut issues = health.iter().filter(|issue| issue.code == CODE).peekable();
    issues.peek()?;
    let (mut messages, mut resources) = (Vec::new(), Vec::new());
    for issue in issues {
        messages.push(issue.message.as_str());
        resources.extend(issue.resource_ids.iter().map(String::as_str));
    }
    messages.retain(|message| !message.is_empty());
    let place =
        if resources.is_empty() { String::new() } else { format!(" in {}", listed(&resources)) };
    let why =
        if messages.is_empty() { String::new() } else { format!(": {}", messages.join("; ")) };
    let said = format!("EKS reports {CODE} for {what}{place}{why}");
    Some(
        CHECK
            .finding(Severity::Critical, &cluster.name)
            .detail(detail)
            .message(said)
            .hint("free some addresses, or use other subnets of the same zones")
            .command(hints::of_cluster(&cluster.name, "--owners"))
            .with("messages", messages)
            .with("resources", resources),
    )
}
