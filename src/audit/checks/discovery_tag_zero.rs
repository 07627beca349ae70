//! The tag `kubernetes.io/role/cni=0`, which versions of the VPC CNI read in opposite ways.

use std::collections::BTreeSet;

use super::{
    Check, Facts,
    cni::{Cni, ROLE_TAG, Reading, Tagged},
};
use crate::{
    audit::{SubnetReport, node_subnets::SubnetNodes},
    finding::{Finding, Severity, counted},
};

pub(super) const CHECK: Check = Check {
    id: "discovery-tag-zero",
    about: "a subnet is tagged kubernetes.io/role/cni=0, and that is not what it does",
    severities: &[Severity::Warning, Severity::Info],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let cni = Cni::of(facts.inventory);
    if cni.is_blind() {
        return Vec::new();
    }
    let zero: BTreeSet<&str> = facts
        .inventory
        .subnets
        .iter()
        .filter(|subnet| subnet.tags.get(ROLE_TAG).is_some_and(|value| value == "0"))
        .map(|subnet| subnet.subnet_id.as_str())
        .collect();
    let offered: BTreeSet<(&str, Option<&str>)> = facts
        .inventory
        .subnets
        .iter()
        .filter(|subnet| cni.tagged(&subnet.tags) == Tagged::Offered)
        .map(|subnet| (subnet.vpc_id.as_str(), subnet.availability_zone.as_deref()))
        .collect();
    let none = SubnetNodes::default();
    let mut findings = Vec::new();
    for subnet in facts.subnets.iter().filter(|subnet| zero.contains(subnet.subnet_id.as_str())) {
        let nodes = facts.node_subnets.as_ref();
        let nodes = nodes.and_then(|all| all.get(subnet.subnet_id.as_str())).unwrap_or(&none);
        let zone = (subnet.vpc_id.as_str(), subnet.availability_zone.as_deref());
        findings.extend(finding(subnet, nodes, cni.reading, offered.contains(&zone)));
    }
    findings
}

fn finding(
    subnet: &SubnetReport,
    nodes: &SubnetNodes<'_>,
    reading: Reading,
    offered: bool,
) -> Option<Finding> {
    let serving: BTreeSet<&str> =
        nodes.secondary.iter().copied().chain(nodes.prefixes.keys().copied()).collect();
    let count = |len: usize| counted(len, "node", "nodes");
    let (severity, what) = match reading {
        Reading::Invites => (
            Severity::Warning,
            "the VPC CNI there is older than v1.22 and takes any value of the tag, 0 too, as leave to \
             place pods' ENIs in it"
                .to_owned(),
        ),
        Reading::Excludes if !nodes.running.is_empty() && !offered => (
            Severity::Warning,
            format!(
                "it gives no addresses to pods, though it is the own one of {}, and no other audited \
                 subnet of the zone is tagged for pods",
                count(nodes.running.len())
            ),
        ),
        Reading::Excludes if !serving.is_empty() => (
            Severity::Warning,
            format!(
                "it gives no more addresses to pods, and pods of {} still have some: they go when the node does",
                count(serving.len())
            ),
        ),
        // Before v1.18 no tag is looked at; and later it does what it is there for.
        Reading::Blind | Reading::Excludes => return None,
        Reading::Unknown => (
            Severity::Info,
            "the VPC CNI from v1.22 on keeps pods out of it, and before takes any value as leave to place \
             pods' ENIs in it; the version could not be seen"
                .to_owned(),
        ),
    };
    Some(
        CHECK
            .finding(severity, &subnet.subnet_id)
            .message(format!("{} is tagged {ROLE_TAG}=0: {what}", subnet.label()))
            .hint(hint(&subnet.subnet_id, reading))
            .with("tag", format!("{ROLE_TAG}=0"))
            .with("nodes_running", nodes.running.len())
            .with("nodes_with_pod_addresses", serving.len()),
    )
}

fn hint(subnet: &str, reading: Reading) -> String {
    match reading {
        Reading::Blind | Reading::Unknown => {
            "see the version: kubectl -n kube-system get daemonset \
             aws-node -o jsonpath='{.spec.template.spec.containers[0].image}'"
                .to_owned()
        }
        Reading::Invites => {
            format!(
                "to keep pods out: aws ec2 delete-tags --resources {subnet} --tags Key={ROLE_TAG}"
            )
        }
        Reading::Excludes => format!(
            "tag another subnet of the zone {ROLE_TAG}=1, or take pods in: aws ec2 delete-tags \
             --resources {subnet} --tags Key={ROLE_TAG}"
        ),
    }
}
