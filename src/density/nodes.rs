//! Which max pods a node really gets, by who starts it.

use super::{
    Addressing, DensitySettings, Os, auto_mode,
    settings::{STANDARD_HOST_NETWORK_PODS, auto_cap},
};
use crate::instance::{Catalogue, InstanceLimits};

/// What the Windows bootstrap script sets.
const WINDOWS: u32 = 110;
/// The source whose table AL2023's nodeadm (and Bottlerocket's, made of the same upstream file)
/// carries.
const NODEADM: &str = "nodeadm";

/// Max pods by who starts the node; `None` where that kind of node does not exist for the
/// operating system asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeValues {
    /// Managed node group without a custom AMI: the mode's formula under the 110/250 cap (EKS user
    /// guide, "Choose an optimal instance type").
    pub managed_node_group: Option<u32>,
    /// AL2023 with nothing set: nodeadm's own table, no cap and no mode.
    pub al2023_nodeadm: Option<u32>,
    /// Bottlerocket with nothing set.
    pub bottlerocket: Option<u32>,
    /// Karpenter with nothing set (karpenter-provider-aws `ENILimitedPods`).
    pub karpenter: Option<u32>,
    /// EKS Auto Mode.
    pub auto_mode: Option<u32>,
    /// The Windows bootstrap script; the extended resource PrivateIPv4Address is the real limit.
    pub windows: Option<u32>,
}

/// The sum that knows nothing of the CNI's modes.
#[must_use]
pub fn standard_pods(enis: u32, ipv4_per_eni: u32) -> u32 {
    enis * ipv4_per_eni.saturating_sub(1) + STANDARD_HOST_NETWORK_PODS
}

/// Max pods of a node of Karpenter with nothing set (karpenter-provider-aws `ENILimitedPods`).
#[must_use]
pub fn karpenter_pods(limits: &InstanceLimits, reserved_enis: u32) -> u32 {
    match limits.enis().saturating_sub(reserved_enis) {
        0 => 0,
        left => standard_pods(left, limits.ipv4_per_eni),
    }
}

/// ENIs, and IPv4 addresses of each, in the table that AL2023's nodeadm carries: for some types another than
/// EC2's response.
#[must_use]
pub fn nodeadm_limits(catalogue: &Catalogue, limits: &InstanceLimits) -> (u32, u32) {
    catalogue
        .disagreements(&limits.instance_type)
        .find(|row| row.source == NODEADM)
        .map_or((limits.enis(), limits.ipv4_per_eni), |row| (row.enis, row.ipv4_per_eni))
}

pub(super) fn node_values(
    catalogue: &Catalogue,
    limits: &InstanceLimits,
    settings: &DensitySettings,
    pod_addresses: Option<u32>,
) -> NodeValues {
    let cap = auto_cap(limits);
    let host_pods = match settings.os {
        Os::Linux => STANDARD_HOST_NETWORK_PODS,
        Os::Windows => 0,
    };
    let managed = pod_addresses.map_or(cap, |addresses| cap.min(addresses + host_pods));
    if settings.os == Os::Windows {
        return NodeValues {
            managed_node_group: Some(managed),
            al2023_nodeadm: None,
            bottlerocket: None,
            karpenter: None,
            auto_mode: None,
            windows: Some(WINDOWS),
        };
    }
    let (enis, ipv4) = nodeadm_limits(catalogue, limits);
    let nodeadm = standard_pods(enis, ipv4);
    let karpenter = karpenter_pods(limits, settings.karpenter_taken_enis(limits));
    let auto_mode_pods = if settings.auto_mode {
        let pod_enis = settings.eni_slots(limits).carriers();
        auto_mode::max_pods(limits, pod_enis, settings.host_network_pods)
    } else {
        auto_mode::max_pods(limits, limits.enis(), STANDARD_HOST_NETWORK_PODS)
    };
    // An IPv6 node's addresses never bind, but none of these tables knows of IPv6.
    debug_assert!(
        settings.auto_mode || settings.addressing != Addressing::Ipv6 || pod_addresses.is_none()
    );
    NodeValues {
        managed_node_group: Some(managed),
        al2023_nodeadm: Some(nodeadm),
        bottlerocket: Some(nodeadm),
        karpenter: Some(karpenter),
        auto_mode: Some(auto_mode_pods),
        windows: Some(WINDOWS),
    }
}
