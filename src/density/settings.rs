//! What is asked: the CNI's settings and the kubelet's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::LaunchSettings;
use crate::{instance::InstanceLimits, ipam::EniSlots};

/// vCPUs up to which the lower cap holds (AWS's since deleted max-pods-calculator.sh).
const LOW_CAP_VCPUS: u32 = 30;
/// The cap for small types, and for types whose vCPUs no source states.
const LOW_CAP: u32 = 110;
/// The cap for large types.
const HIGH_CAP: u32 = 250;

/// The node's operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Os {
    /// Linux: pods on every ENI of the default card.
    #[default]
    Linux,
    /// Windows: pods on the primary ENI only.
    Windows,
}

/// How pods get their addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressing {
    /// Secondary IPv4 addresses, one a slot.
    SecondaryIp,
    /// Delegated /28 prefixes, 16 addresses a slot.
    Prefix,
    /// One IPv6 /80 a node.
    Ipv6,
}

/// The most pods a kubelet is told, whatever the addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cap {
    /// 110 up to 30 vCPU, else 250.
    Auto,
    /// No cap.
    None,
    /// This many.
    Pods(u32),
}

/// The settings of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DensitySettings {
    /// Operating system.
    pub os: Os,
    /// How pods get addresses.
    pub addressing: Addressing,
    /// A node of EKS Auto Mode: by its rules, and those of the VPC CNI have no effect.
    pub auto_mode: bool,
    /// Custom networking (ENIConfig), or in Auto Mode `podSubnetSelectorTerms`: the primary ENI gives no
    /// pod address.
    pub custom_networking: bool,
    /// MAX_ENI; `None` is unset.
    pub max_eni: Option<u32>,
    /// Security groups for pods (ENABLE_POD_ENI): a trunk takes an ENI slot.
    pub pod_eni: bool,
    /// Karpenter's RESERVED_ENIS.
    pub reserved_enis: u32,
    /// Pods on the node that use the host network and so need no address.
    pub host_network_pods: u32,
    /// The cap.
    pub cap: Cap,
    /// What the instance is launched with.
    pub launch: LaunchSettings,
}

/// aws-node and kube-proxy, which every EKS Linux node runs on the host network.
pub const STANDARD_HOST_NETWORK_PODS: u32 = 2;

impl Default for DensitySettings {
    fn default() -> Self {
        Self {
            os: Os::Linux,
            addressing: Addressing::SecondaryIp,
            auto_mode: false,
            custom_networking: false,
            max_eni: None,
            pod_eni: false,
            reserved_enis: 0,
            host_network_pods: STANDARD_HOST_NETWORK_PODS,
            cap: Cap::Auto,
            launch: LaunchSettings::default(),
        }
    }
}

impl DensitySettings {
    /// ENIs of a type that Karpenter's default leaves out.
    #[must_use]
    pub fn karpenter_taken_enis(&self, limits: &InstanceLimits) -> u32 {
        self.reserved_enis.saturating_add(self.launch.efa_only_on_card(limits))
    }

    /// What decides which ENIs carry pods, as `ipam` has it for a node's pool.
    pub(super) fn eni_slots(&self, limits: &InstanceLimits) -> EniSlots {
        EniSlots {
            unmanaged: self.launch.unmanaged(limits),
            enis: limits.enis(),
            max_eni: self.max_eni.map(i64::from),
            primary_carries: !self.custom_networking,
            trunk: self.pod_eni && limits.keeps_trunk_slot(),
        }
    }
}

/// 110 up to 30 vCPU or where they are unknown, else 250.
pub(super) fn auto_cap(limits: &InstanceLimits) -> u32 {
    if limits.vcpus.is_some_and(|vcpus| vcpus > LOW_CAP_VCPUS) { HIGH_CAP } else { LOW_CAP }
}
