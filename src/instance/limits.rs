//! The networking limits of one instance type.

use std::{borrow::Cow, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The virtualization of an instance type. Prefix delegation and IPv6 require Nitro or bare metal
/// (EKS user guide, "Assign more IP addresses with prefixes").
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Hypervisor {
    /// AWS Nitro.
    Nitro,
    /// Xen, the generation before Nitro.
    Xen,
}

impl fmt::Display for Hypervisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nitro => "nitro",
            Self::Xen => "xen",
        })
    }
}

/// What one instance type can attach and hold, as EC2's DescribeInstanceTypes and the tables of
/// the VPC CNI and the VPC resource controller state it. `None` is "no source says", never zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "UncheckedLimits")]
pub struct InstanceLimits {
    /// The type's name, such as `m5.large`.
    pub instance_type: Cow<'static, str>,
    /// Index of the network card that the primary ENI and the VPC CNI use.
    pub default_network_card: usize,
    /// Most ENIs on each network card, by card index.
    pub enis_per_card: Cow<'static, [u32]>,
    /// IPv4 addresses an ENI can hold, its own primary address included.
    pub ipv4_per_eni: u32,
    /// IPv6 addresses an ENI can hold.
    pub ipv6_per_eni: Option<u32>,
    /// Virtualisation; bare-metal types have none.
    pub hypervisor: Option<Hypervisor>,
    /// Whether the type is bare metal.
    pub bare_metal: bool,
    /// Default vCPU count.
    pub vcpus: Option<u32>,
    /// Memory in MiB.
    pub memory_mib: Option<u64>,
    /// Processor architectures, such as `x86_64` and `arm64`.
    pub architectures: Option<Cow<'static, [Cow<'static, str>]>>,
    /// Whether AWS sells it as current generation.
    pub current_generation: Option<bool>,
    /// Whether it can carry a trunk ENI (security groups for pods).
    pub trunking: Option<bool>,
    /// The maximum number of branch ENIs on its trunk ENI.
    pub branch_enis: Option<u32>,
    /// The maximum number of EFA interfaces, `efa` and `efa-only` together; 0 on a type without EFA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub efa_interfaces: Option<u32>,
    /// Whether its default network card takes an EFA interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub efa_on_default_card: Option<bool>,
    /// `AdditionalFlexibleNetworkInterfaces` by card index: ENIs that EC2 attaches beyond
    /// `enis_per_card` when ENA queues are flexible. The CNI, nodeadm and Karpenter count without them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_flexible_enis: Option<Cow<'static, [u32]>>,
    /// Which sources of the catalogue's header the row was made of.
    pub sources: Cow<'static, [Cow<'static, str>]>,
    /// Whether EC2 no longer offers the type: answered when it is named, and left out of lists.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}

impl InstanceLimits {
    /// ENIs on the default network card, the only ones the VPC CNI counts on
    /// (amazon-vpc-cni-k8s `scripts/gen_vpc_ip_limits.go`).
    #[must_use]
    pub fn enis(&self) -> u32 {
        self.enis_per_card.get(self.default_network_card).copied().unwrap_or(0)
    }

    /// IPv4 addresses an ENI has for pods: all but its own primary address.
    #[must_use]
    pub fn slots_per_eni(&self) -> u32 {
        self.ipv4_per_eni.saturating_sub(1)
    }

    /// Whether the VPC CNI can delegate prefixes to it: Nitro or bare metal.
    #[must_use]
    pub fn supports_prefixes(&self) -> bool {
        self.bare_metal || self.hypervisor == Some(Hypervisor::Nitro)
    }

    /// ENIs of all cards together that EC2 attaches beyond their limits when ENA queues are flexible;
    /// `None` where there are none or no source says.
    #[must_use]
    pub fn flexible_enis(&self) -> Option<u32> {
        let cards = self.additional_flexible_enis.as_deref()?;
        Some(cards.iter().sum()).filter(|more| *more > 0)
    }

    /// Whether ipamd keeps an ENI slot for a trunk when security groups for pods are on: types no
    /// source speaks of are treated as able to (amazon-vpc-cni-k8s `pkg/ipamd`, since v1.20.4).
    #[must_use]
    pub fn keeps_trunk_slot(&self) -> bool {
        self.trunking.unwrap_or(true)
    }
}

/// Far above any instance's counts, and small enough that products of two counts and 16 stay exact.
pub(super) const MOST: u32 = 10_000;

/// Why a row of a catalogue cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitsError {
    /// The default card is not among the cards.
    #[error("`{instance_type}` has no network card {card}")]
    NoDefaultCard {
        /// The type.
        instance_type: String,
        /// The card it names.
        card: usize,
    },
    /// A count is beyond what any instance can have, so it is a slip.
    #[error("`{instance_type}` has {count} {what}: no instance type has that many")]
    TooMany {
        /// The type.
        instance_type: String,
        /// Which count.
        what: &'static str,
        /// The count.
        count: u32,
    },
    /// A count that is at least 1 on any instance is 0.
    #[error("`{instance_type}` has 0 {what}")]
    Zero {
        /// The type.
        instance_type: String,
        /// Which count.
        what: &'static str,
    },
}

/// A row of a catalogue file. `null` means that no source states the value.
#[derive(Deserialize, JsonSchema)]
#[schemars(title = "InstanceType")]
#[serde(deny_unknown_fields)]
pub(super) struct UncheckedLimits {
    /// The type's name.
    instance_type: Cow<'static, str>,
    /// Index of the card that the primary ENI uses.
    #[serde(default)]
    default_network_card: usize,
    /// The maximum number of ENIs on each network card, by index.
    enis_per_card: Vec<u32>,
    /// IPv4 addresses per ENI.
    ipv4_per_eni: u32,
    /// IPv6 addresses per ENI.
    ipv6_per_eni: Option<u32>,
    /// `nitro` or `xen`.
    hypervisor: Option<Hypervisor>,
    /// Whether the type is bare metal.
    bare_metal: bool,
    /// Default vCPU count.
    vcpus: Option<u32>,
    /// Memory in MiB.
    memory_mib: Option<u64>,
    /// Processor architectures.
    architectures: Option<Vec<Cow<'static, str>>>,
    /// Whether AWS sells it as current generation.
    current_generation: Option<bool>,
    /// Whether it can carry a trunk ENI.
    trunking: Option<bool>,
    /// The maximum number of branch ENIs on its trunk ENI.
    branch_enis: Option<u32>,
    /// The maximum number of EFA interfaces; 0 on a type without EFA.
    efa_interfaces: Option<u32>,
    /// Whether its default network card takes an EFA interface.
    efa_on_default_card: Option<bool>,
    /// ENIs beyond `enis_per_card` with flexible ENA queues, by card index.
    additional_flexible_enis: Option<Vec<u32>>,
    /// Short names of the sources.
    #[serde(default)]
    sources: Vec<Cow<'static, str>>,
    /// Whether EC2 no longer offers the type.
    #[serde(default)]
    retired: bool,
}

impl TryFrom<UncheckedLimits> for InstanceLimits {
    type Error = LimitsError;

    fn try_from(row: UncheckedLimits) -> Result<Self, LimitsError> {
        let limits = Self {
            instance_type: row.instance_type,
            default_network_card: row.default_network_card,
            enis_per_card: row.enis_per_card.into(),
            ipv4_per_eni: row.ipv4_per_eni,
            ipv6_per_eni: row.ipv6_per_eni,
            hypervisor: row.hypervisor,
            bare_metal: row.bare_metal,
            vcpus: row.vcpus,
            memory_mib: row.memory_mib,
            architectures: row.architectures.map(Cow::Owned),
            current_generation: row.current_generation,
            trunking: row.trunking,
            branch_enis: row.branch_enis,
            efa_interfaces: row.efa_interfaces,
            efa_on_default_card: row.efa_on_default_card,
            additional_flexible_enis: row.additional_flexible_enis.map(Cow::Owned),
            sources: row.sources.into(),
            retired: row.retired,
        };
        limits.checked()
    }
}

impl InstanceLimits {
    /// The row itself if its counts can be those of an instance.
    ///
    /// # Errors
    /// When the default card is missing, or a card or an ENI holds nothing.
    pub fn checked(self) -> Result<Self, LimitsError> {
        let instance_type = self.instance_type.to_string();
        if self.default_network_card >= self.enis_per_card.len() {
            return Err(LimitsError::NoDefaultCard {
                instance_type,
                card: self.default_network_card,
            });
        }
        let cards = self.enis_per_card.iter().map(|enis| ("ENIs on a card", *enis));
        let efa = self.efa_interfaces.map(|efa| ("EFA interfaces", efa));
        let flexible = self.additional_flexible_enis.iter().flat_map(|cards| cards.iter());
        let flexible = flexible.map(|enis| ("additional flexible ENIs on a card", *enis));
        let mut counts =
            cards.chain([("IPv4 addresses per ENI", self.ipv4_per_eni)]).chain(efa).chain(flexible);
        if let Some((what, count)) = counts.find(|(_, count)| *count > MOST) {
            return Err(LimitsError::TooMany { instance_type, what, count });
        }
        if self.enis() == 0 {
            return Err(LimitsError::Zero { instance_type, what: "ENIs on its default card" });
        }
        if self.ipv4_per_eni == 0 {
            return Err(LimitsError::Zero { instance_type, what: "IPv4 addresses per ENI" });
        }
        Ok(self)
    }
}
