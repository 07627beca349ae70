//! How many pods a node runs, and what bounds them.

use super::group::AskedGroup;
use crate::{
    density::{Addressing, Bound, Cap, DensitySettings, Os, assess},
    instance::{Catalogue, InstanceLimits},
    plan::{
        answer::LimitedBy,
        requirement::{GroupOs, PodRequest},
    },
    simulate::{Cni, Target},
};

/// Memory that the kubelet keeps free, in MiB: its hard eviction threshold on EKS AMIs.
const EVICTION_MIB: u64 = 100;
/// What daemonsets request on a node unless the requirement states it.
const DAEMONSET_MILLICORES: u64 = 250;
const DAEMONSET_MIB: u64 = 512;

/// How the nodes' pods have their addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) struct Mode {
    pub(in crate::plan) addressing: Addressing,
    /// Whether the primary ENI gives no pod address.
    pub(in crate::plan) beside_primary: bool,
}

/// The pods of one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) struct NodePods {
    pub(in crate::plan) max_pods: u32,
    /// Those with an address of the pool.
    pub(in crate::plan) pods: u32,
    pub(in crate::plan) limited_by: LimitedBy,
}

/// The pods of a node of a group: of several types the fewest, since pods may land on any of them.
///
/// # Errors
/// In words, when nodes of a type can run none of them.
pub(in crate::plan) fn node_pods(
    catalogue: &Catalogue,
    (group, types): (&AskedGroup<'_>, &[&InstanceLimits]),
    cni: &Cni,
    mode: Mode,
) -> Result<NodePods, String> {
    let mut fewest: Option<NodePods> = None;
    let mut max_pods = u32::MAX;
    for limits in types {
        let pods = of_type(catalogue, (group, limits), cni, mode)?;
        max_pods = max_pods.min(pods.max_pods);
        if fewest.is_none_or(|fewest| pods.pods < fewest.pods) {
            fewest = Some(pods);
        }
    }
    // A node group has one max pods: the lowest of its types.
    fewest.map(|pods| NodePods { max_pods, ..pods }).ok_or_else(|| "no instance type".to_owned())
}

fn of_type(
    catalogue: &Catalogue,
    (group, limits): (&AskedGroup<'_>, &InstanceLimits),
    cni: &Cni,
    mode: Mode,
) -> Result<NodePods, String> {
    let written = &group.written;
    let name = &limits.instance_type;
    let branches = written.branch_pods_per_node;
    let settings = DensitySettings {
        os: match written.os {
            GroupOs::Linux => Os::Linux,
            GroupOs::Windows => Os::Windows,
        },
        addressing: mode.addressing,
        custom_networking: mode.beside_primary,
        max_eni: cni.max_eni.and_then(Target::value).and_then(|enis| u32::try_from(enis).ok()),
        pod_eni: cni.pod_eni == Some(true) || branches > 0,
        host_network_pods: written.host_network_pods,
        cap: Cap::Auto,
        ..DensitySettings::default()
    };
    let report = assess(catalogue, limits, &settings).map_err(|error| error.to_string())?;
    let max_pods = report.max_pods.ok_or_else(|| format!("{name} has no max pods"))?;
    if branches > 0 {
        match report.branch_enis {
            Some(most) if most >= branches => {}
            Some(most) => {
                return Err(format!(
                    "{name} has {most} branch ENIs, and the group asks for {branches} pods with one"
                ));
            }
            None => return Err(format!("no source says how many branch ENIs {name} has")),
        }
    }
    let host = match written.os {
        GroupOs::Linux => written.host_network_pods,
        GroupOs::Windows => 0,
    };
    let room = max_pods.saturating_sub(host).saturating_sub(branches);
    let mut fewest = (
        room,
        match report.limited_by {
            Some(Bound::Addresses) => LimitedBy::Addresses,
            Some(Bound::Cap) | None => LimitedBy::Cap,
        },
    );
    let mut bound = |pods: u32, by: LimitedBy| {
        if pods < fewest.0 {
            fewest = (pods, by);
        }
    };
    if let Some(pods) = written.pods_per_node {
        bound(pods, LimitedBy::PodsPerNode);
    }
    if let Some(pod) = &written.pod {
        let (cpu, memory) = by_requests(limits, pod, written.daemonsets, max_pods)?;
        if let Some(pods) = cpu {
            bound(pods, LimitedBy::Cpu);
        }
        if let Some(pods) = memory {
            bound(pods, LimitedBy::Memory);
        }
    }
    let (pods, limited_by) = fewest;
    if pods == 0 {
        return Err(format!("a {name} node has no room for a pod of group {}", written.name));
    }
    Ok(NodePods { max_pods, pods, limited_by })
}

/// Pods that a node's CPU and its memory allow.
fn by_requests(
    limits: &InstanceLimits,
    pod: &PodRequest,
    daemonsets: Option<PodRequest>,
    max_pods: u32,
) -> Result<(Option<u32>, Option<u32>), String> {
    let name = &limits.instance_type;
    let daemonsets = daemonsets.unwrap_or_default();
    let cpu = match pod.cpu.filter(|cpu| cpu.millicores > 0) {
        None => None,
        Some(cpu) => {
            let vcpus =
                limits.vcpus.ok_or_else(|| format!("no source says how many vCPUs {name} has"))?;
            let taken = kube_reserved_millicores(vcpus)
                + daemonsets.cpu.map_or(DAEMONSET_MILLICORES, |cpu| cpu.millicores);
            let left = (u64::from(vcpus) * 1000).saturating_sub(taken);
            Some(u32::try_from(left / cpu.millicores).unwrap_or(u32::MAX))
        }
    };
    let memory = match pod.memory.filter(|memory| memory.bytes > 0) {
        None => None,
        Some(memory) => {
            const MIB: u64 = 1 << 20;
            let all = limits
                .memory_mib
                .ok_or_else(|| format!("no source says how much memory {name} has"))?;
            let reserved = u64::from(crate::density::kube_reserved_memory_mib(max_pods));
            let daemonsets = daemonsets.memory.map_or(DAEMONSET_MIB * MIB, |memory| memory.bytes);
            let left =
                (all.saturating_sub(reserved + EVICTION_MIB) * MIB).saturating_sub(daemonsets);
            Some(u32::try_from(left / memory.bytes).unwrap_or(u32::MAX))
        }
    };
    Ok((cpu, memory))
}

/// CPU that EKS AMIs reserve for the kubelet, in thousandths of a core: 6 % of the first core, 1 % of the
/// second, 0.5 % of the next two and 0.25 % of the others (amazon-eks-ami, kubelet configuration).
fn kube_reserved_millicores(vcpus: u32) -> u64 {
    let ranges = [(1_u64, 600_u64), (1, 100), (2, 50), (u64::MAX, 25)];
    let mut left = u64::from(vcpus);
    let mut tenths = 0;
    for (cores, per_core) in ranges {
        let here = left.min(cores);
        tenths += here * per_core;
        left -= here;
    }
    tenths / 10
}

#[cfg(test)]
mod tests {
    use super::*;

    /// amazon-eks-ami's table: 2 cores 70m, 4 cores 80m, 8 cores 90m, 96 cores 310m.
    #[test]
    fn reserved_cpu_is_that_of_the_eks_amis() {
        for (vcpus, expected) in [(1, 60), (2, 70), (4, 80), (8, 90), (96, 310)] {
            assert_eq!(kube_reserved_millicores(vcpus), expected, "{vcpus}");
        }
    }
}
