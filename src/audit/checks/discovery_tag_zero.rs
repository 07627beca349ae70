//! The tag `kubernetes.io/role/cni=0`, which versions of the VPC CNI read in opposite ways.

use std::collections::BTreeSet;

use super::{Check, Claim, Facts, hints::other};
use crate::{
    audit::count::{SubnetCount, SubnetNodes},
    cni::{Discovery, ROLE_TAG, Standing, TagReading},
    finding::{Command, Finding, Severity, Word, counted},
};

pub(super) const CHECK: Check = Check {
    id: "discovery-tag-zero",
    about: "a subnet is tagged kubernetes.io/role/cni=0, and that is not what it does",
    claim: |_| {
        Claim::of(
            "has a misleading tag kubernetes.io/role/cni=0",
            "have a misleading tag kubernetes.io/role/cni=0",
        )
    },
    severities: &[Severity::Warning, Severity::Info],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let discovery = Discovery::seen(facts.aws_node());
    if discovery.is_blind() {
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
        .filter(|subnet| discovery.standing(&subnet.tags) == Standing::Offered)
        .map(|subnet| (subnet.vpc_id.as_str(), subnet.availability_zone.as_deref()))
        .collect();
    // Tags are nothing to nodes of EKS Auto Mode.
    let auto_mode = facts.auto_mode_nodes();
    let none = SubnetNodes::default();
    let mut findings = Vec::new();
    for subnet in facts.subnets.iter().filter(|subnet| zero.contains(subnet.subnet_id.as_str())) {
        let nodes = facts.node_subnets.as_ref();
        let nodes = nodes.and_then(|all| all.get(subnet.subnet_id.as_str())).unwrap_or(&none);
        let nodes = &nodes.without(&auto_mode);
        let zone = (subnet.vpc_id.as_str(), subnet.availability_zone.as_deref());
        findings.extend(finding(subnet, nodes, discovery.reading(), offered.contains(&zone)));
    }
    findings
}

fn finding(
    subnet: &SubnetCount,
    nodes: &SubnetNodes<'_>,
    reading: TagReading,
    offered: bool,
) -> Option<Finding> {
    let serving: BTreeSet<&str> =
        nodes.secondary.iter().copied().chain(nodes.prefixes.keys().copied()).collect();
    let count = |len: usize| counted(len, "node", "nodes");
    let (severity, what) = match reading {
        TagReading::Invites => (
            Severity::Warning,
            "the VPC CNI there is older than v1.22 and takes any value of the tag, 0 too, as leave to \
             place pods' ENIs in it"
                .to_owned(),
        ),
        TagReading::Excludes if !nodes.running.is_empty() && !offered => (
            Severity::Warning,
            format!(
                "it gives no addresses to pods, though it is the own one of {}, and no other audited \
                 subnet of the zone is tagged for pods",
                count(nodes.running.len())
            ),
        ),
        TagReading::Excludes if !serving.is_empty() => (
            Severity::Warning,
            format!(
                "it gives no more addresses to pods, and pods of {} still have some: they go when the node does",
                count(serving.len())
            ),
        ),
        // Before v1.18 no tag is looked at; and later it does what it is there for.
        TagReading::Blind | TagReading::Excludes => return None,
        TagReading::Unknown => (
            Severity::Info,
            "the VPC CNI from v1.22 on keeps pods out of it, and before takes any value as leave to place \
             pods' ENIs in it; the version is not known"
                .to_owned(),
        ),
    };
    let (hint, command) = hint(&subnet.subnet_id, reading);
    Some(
        CHECK
            .finding(severity, &subnet.subnet_id)
            .message(format!("{} is tagged {ROLE_TAG}=0: {what}", subnet.label()))
            .hint(hint)
            .command(command)
            .with("tag", format!("{ROLE_TAG}=0"))
            .with("nodes_running", nodes.running.len())
            .with("nodes_with_pod_addresses", serving.len()),
    )
}

/// What to do, and the command for it.
fn hint(subnet: &str, reading: TagReading) -> (String, Option<Command>) {
    match reading {
        TagReading::Blind | TagReading::Unknown => {
            let command = "kubectl -n kube-system get daemonset aws-node \
                           -o jsonpath='{.spec.template.spec.containers[0].image}'";
            ("see the version".to_owned(), Some(Command::Other(command.to_owned())))
        }
        TagReading::Invites => ("to keep pods out, delete the tag".to_owned(), without_tag(subnet)),
        TagReading::Excludes => {
            let hint = format!(
                "tag another subnet of the zone {ROLE_TAG}=1; to let pods use this one, delete the tag"
            );
            (hint, without_tag(subnet))
        }
    }
}

/// How the tag is taken away.
fn without_tag(subnet: &str) -> Option<Command> {
    let (delete, tag) = ("aws ec2 delete-tags --resources", format!("--tags Key={ROLE_TAG}"));
    other(&[Word::Own(delete), Word::Id(subnet), Word::Own(&tag)])
}
