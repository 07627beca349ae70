//! Nodes whose kubelet accepts more pods than they have addresses for, or far fewer. How many are
//! scheduled is another matter.

use std::collections::BTreeMap;

use super::{
    Check, Claim, Facts,
    hints::{left_alone, maxpods_flags},
};
use crate::{
    audit::pools::NodeReport,
    density::{Addressing, DensitySettings, assess},
    finding::{Command, Finding, Severity, Word, command_line, counted},
    instance::Catalogue,
    ipam::PoolMode,
};

pub(super) const CHECK: Check = Check {
    id: "max-pods-mismatch",
    about: "the kubelet accepts more pods than the node's ENIs have addresses for, or far fewer",
    claim: |_| {
        Claim::of(
            "has a max pods setting that does not fit",
            "have a max pods setting that does not fit",
        )
        .about("instance type", "instance types")
    },
    severities: &[Severity::Warning, Severity::Info],
    tunables: &[],
    run,
};

/// aws-node and kube-proxy, when the pods themselves are not available.
const USUAL_HOST_NETWORK_PODS: u32 = 2;
/// Below the recommended number by this factor is far below.
const FAR: u32 = 2;

/// Nodes that are alike in all that counts: type, pods they take, pods that have addresses, pods
/// recommended, and the flags by which `eksnet maxpods` recommends as many.
type Alike<'a> = (&'a str, u32, u32, u32, String);

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let mut alike: BTreeMap<Alike<'_>, Vec<&str>> = BTreeMap::new();
    for node in facts.nodes.into_iter().flatten() {
        if let Some(key) = numbers(node, facts.settings.catalogue) {
            alike.entry(key).or_default().push(&node.instance_id);
        }
    }
    alike.into_iter().filter_map(|(key, nodes)| finding(key, &nodes)).collect()
}

fn numbers<'a>(node: &'a NodeReport, catalogue: &Catalogue) -> Option<Alike<'a>> {
    let usage = &node.usage;
    let (pool, takes) = (usage.pool.as_ref()?, usage.allocatable_pods?);
    let instance_type = node.instance_type.as_deref()?;
    let limits = catalogue.get(instance_type)?;
    let host = usage.host_network_pods.unwrap_or(USUAL_HOST_NETWORK_PODS);
    // A pod with a branch ENI counts as a pod and wants none of the pool's addresses.
    let beside = host.saturating_add(usage.branch_pods.unwrap_or(0));
    let efa_only = usage.enis.efa_only();
    let settings = DensitySettings {
        addressing: match pool.mode {
            PoolMode::SecondaryIp => Addressing::SecondaryIp,
            PoolMode::Prefix => Addressing::Prefix,
        },
        custom_networking: !pool.primary_carries(),
        max_eni: pool.max_eni.and_then(|most| u32::try_from(most).ok()).filter(|most| *most > 0),
        pod_eni: pool.pod_eni,
        host_network_pods: host,
        launch: left_alone((efa_only, pool.unmanaged.saturating_sub(efa_only)), &[limits]),
        ..DensitySettings::default()
    };
    let recommended = assess(catalogue, limits, &settings).ok()?.max_pods?;
    let reach = pool.most_addresses().saturating_add(beside);
    Some((instance_type, takes, reach, recommended, maxpods_flags(&settings)))
}

/// The command that says how the recommended number comes about.
fn recommend(instance_type: &str, flags: &str) -> Option<Command> {
    let words = [Word::Name(instance_type), Word::Own(flags.trim_start()), Word::Own("--explain")];
    let words = words.into_iter().filter(|word| !matches!(word, Word::Own("")));
    command_line(&words.collect::<Vec<_>>()).map(Command::Maxpods)
}

fn finding(
    (instance_type, takes, reach, recommended, flags): Alike<'_>,
    nodes: &[&str],
) -> Option<Finding> {
    let of_type = format!("{} of type {instance_type}", counted(nodes.len(), "node", "nodes"));
    let (severity, message) = if takes > reach {
        let stranded = takes - reach;
        let message = format!(
            "{of_type}: the kubelet accepts {takes} pods, but the ENIs of a node have addresses for \
             {reach}: up to {stranded} pods can hang in ContainerCreating"
        );
        (Severity::Warning, message)
    } else if takes.saturating_mul(FAR) <= recommended {
        let message = format!(
            "{of_type}: the kubelet accepts {takes} pods, and {recommended} would have addresses"
        );
        (Severity::Info, message)
    } else {
        return None;
    };
    Some(
        CHECK
            .finding(severity, instance_type)
            .message(message)
            .hint("set the kubelet's max pods in the node group, and replace the nodes")
            .command(recommend(instance_type, &flags))
            .detail(format!("{takes} of {reach}, recommended {recommended}"))
            .with("allocatable_pods", takes)
            .with("pods_with_addresses", reach)
            .with("recommended_max_pods", recommended)
            .with("nodes", nodes.to_vec()),
    )
}
