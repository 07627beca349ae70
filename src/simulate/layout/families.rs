//! What Windows nodes, nodes of EKS Auto Mode and IPv6 clusters do not have, refused where it is written, and told where it is
//! written for nothing.

use super::{
    names::{CheckError, value},
    resolved::Group,
};
use crate::{
    density::{Os, assess},
    instance::{Catalogue, InstanceLimits},
    simulate::{Cni, NodeGroup, Observed, PrefixSize, Scaler, Scenario, Step, settings::InForce},
};

/// Whether a group may have its operating system.
pub(super) fn may_run(
    place: &str,
    written: &NodeGroup,
    types: &[(&InstanceLimits, u32)],
) -> Result<(), CheckError> {
    may_be_auto_mode(place, written)?;
    match written.os {
        Os::Linux => return Ok(()),
        Os::Windows => {}
    }
    if written.branch_pods_per_node.is_some_and(|pods| pods > 0) {
        let reason = "Windows nodes have no security groups for pods";
        return Err(value(format!("{place}.branch_pods_per_node"), reason));
    }
    if !written.pod_subnets.is_empty() {
        let reason =
            "Windows nodes take pod addresses from their own subnet: they have no ENIConfig";
        return Err(value(format!("{place}.pod_subnets"), reason));
    }
    for (limits, _) in types {
        let known = limits.architectures.as_deref().unwrap_or_default();
        if !known.is_empty() && !known.iter().any(|name| name == "x86_64") {
            let reason =
                format!("EKS has no Windows AMI for the architecture of {}", limits.instance_type);
            return Err(value(format!("{place}.os"), reason));
        }
    }
    Ok(())
}

/// Whether a group may be of EKS Auto Mode with what is written of it.
fn may_be_auto_mode(place: &str, written: &NodeGroup) -> Result<(), CheckError> {
    if !written.auto_mode {
        if written.ipv4_prefix_size != PrefixSize::default() {
            let reason = "only for nodes of EKS Auto Mode: set auto_mode: true";
            return Err(value(format!("{place}.ipv4_prefix_size"), reason));
        }
        return Ok(());
    }
    let refused = [
        ("os", written.os == Os::Windows, "EKS Auto Mode runs Linux nodes only"),
        (
            "branch_pods_per_node",
            written.branch_pods_per_node.is_some_and(|pods| pods > 0),
            "EKS Auto Mode has no security groups for pods",
        ),
        ("warm_pool", written.warm_pool > 0, "EKS Auto Mode has no warm pools"),
        (
            "scaler",
            matches!(written.scaler, Some(Scaler::Asg | Scaler::None)),
            "EKS Auto Mode starts nodes as Karpenter does",
        ),
    ];
    match refused.into_iter().find(|(_, is_written, _)| *is_written) {
        Some((key, _, reason)) => Err(value(format!("{place}.{key}"), reason)),
        None => Ok(()),
    }
}

/// Whether an IPv6 cluster can run the groups.
pub(super) fn may_be_ipv6(
    cni: &InForce,
    start: Option<&Observed>,
    catalogue: &Catalogue,
    groups: &[Group<'_>],
) -> Result<(), CheckError> {
    if !cni.ipv6 {
        return Ok(());
    }
    if start.is_some_and(|start| !start.nodes.is_empty()) {
        let reason = "the pods of the snapshot's nodes have IPv4 addresses, and the IP family of a \
                      cluster cannot be changed";
        return Err(value("cni.ipv6", reason));
    }
    for group in groups {
        let place = format!("node_groups.{}", group.name);
        if group.os == Os::Windows {
            let reason = "Windows nodes cannot run in an IPv6 cluster";
            return Err(value(format!("{place}.os"), reason));
        }
        if group.auto_mode.is_some() {
            let reason = "AWS does not state max pods of EKS Auto Mode nodes in an IPv6 cluster";
            return Err(value(format!("{place}.auto_mode"), reason));
        }
        if group.launch.efa_prefix_count > 0 {
            let reason =
                "in an IPv6 cluster Karpenter counts IPv6 prefixes, which take no IPv4 address";
            return Err(value(format!("{place}.ip_prefix_count"), reason));
        }
        if !group.pod_subnets.is_empty() {
            let reason = "IPv6 clusters have no custom networking";
            return Err(value(format!("{place}.pod_subnets"), reason));
        }
        let density = cni.of_group(group.network()).density();
        for (limits, _) in &group.types {
            assess(catalogue, limits, &density).map_err(|error| value(place.clone(), error))?;
        }
    }
    Ok(())
}

/// A key of the CNI's settings, and whether a patch states it.
type StatedKey = (&'static str, fn(&Cni) -> bool);

/// What an IPv6 cluster does not look at.
const FOR_IPV4: &[StatedKey] = &[
    ("prefix_delegation", |patch| patch.prefix_delegation.is_some()),
    ("warm_eni_target", |patch| patch.warm_eni_target.is_some()),
    ("warm_ip_target", |patch| patch.warm_ip_target.is_some()),
    ("minimum_ip_target", |patch| patch.minimum_ip_target.is_some()),
    ("warm_prefix_target", |patch| patch.warm_prefix_target.is_some()),
    ("max_eni", |patch| patch.max_eni.is_some()),
    ("subnet_discovery", |patch| patch.subnet_discovery.is_some()),
];

/// Settings that are written and that nothing looks at.
pub(super) fn vain_notes(scenario: &Scenario, cni: &InForce, groups: &[Group<'_>]) -> Vec<String> {
    let stepped = scenario.steps.iter().filter_map(|step| match step {
        Step::SetCni(patch) => Some(patch),
        Step::Scale { .. }
        | Step::Pods { .. }
        | Step::Burst { .. }
        | Step::Rollout { .. }
        | Step::LoseZone(_)
        | Step::RestoreZone(_)
        | Step::UpgradeControlPlane {}
        | Step::Grow { .. }
        | Step::Churn { .. } => None,
    });
    let patches: Vec<&Cni> = std::iter::once(&scenario.cni).chain(stepped).collect();
    let mut notes = Vec::new();
    let is_written = |key: fn(&Cni) -> bool| patches.iter().any(|patch| key(patch));
    if cni.ipv6 {
        let keys: Vec<&str> =
            FOR_IPV4.iter().filter(|(_, key)| is_written(*key)).map(|(name, _)| *name).collect();
        if !keys.is_empty() {
            notes.push(format!(
                "cni.{}: no effect in an IPv6 cluster, where each node has one IPv6 prefix for all its pods",
                keys.join(", cni.")
            ));
        }
    }
    let all_auto_mode = groups.iter().all(|group| group.auto_mode.is_some());
    if all_auto_mode && !groups.is_empty() && is_written(|patch| *patch != Cni::default()) {
        notes.push("cni: no effect, because every node group is of EKS Auto Mode".to_owned());
    }
    if is_written(|patch| patch.windows.is_some())
        && !groups.iter().any(|group| group.os == Os::Windows)
    {
        notes.push("cni.windows: no effect, because no node group has os: windows".to_owned());
    }
    notes
}
