//! What is answered for one instance type.

use super::NodeValues;

/// The addressing in effect, after any fallback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Secondary IPv4 addresses.
    SecondaryIp,
    /// Delegated /28 prefixes.
    Prefix,
    /// One IPv6 /80.
    Ipv6Prefix,
    /// Secondary IPv4 addresses of a Windows node's primary ENI.
    WindowsSecondaryIp,
    /// Delegated /28 prefixes of a Windows node's primary ENI.
    WindowsPrefix,
    /// EKS Auto Mode with secondary IPv4 addresses.
    AutoModeSecondaryIp,
    /// EKS Auto Mode with delegated /28 prefixes, and secondary addresses where no /28 is left.
    AutoModePrefix,
}

impl Mode {
    /// The mode's name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SecondaryIp => "secondary-ip",
            Self::Prefix => "prefix",
            Self::Ipv6Prefix => "ipv6-prefix",
            Self::WindowsSecondaryIp => "windows-secondary-ip",
            Self::WindowsPrefix => "windows-prefix",
            Self::AutoModeSecondaryIp => "auto-mode-secondary-ip",
            Self::AutoModePrefix => "auto-mode-prefix",
        }
    }

    /// Whether it is one of EKS Auto Mode.
    #[must_use]
    pub fn is_auto_mode(self) -> bool {
        match self {
            Self::AutoModeSecondaryIp | Self::AutoModePrefix => true,
            Self::SecondaryIp
            | Self::Prefix
            | Self::Ipv6Prefix
            | Self::WindowsSecondaryIp
            | Self::WindowsPrefix => false,
        }
    }

    /// Pod addresses that one slot of an ENI gives; `None` where they never bind.
    #[must_use]
    pub fn addresses_per_slot(self) -> Option<u32> {
        match self {
            Self::SecondaryIp | Self::WindowsSecondaryIp | Self::AutoModeSecondaryIp => Some(1),
            Self::Prefix | Self::WindowsPrefix | Self::AutoModePrefix => Some(16),
            Self::Ipv6Prefix => None,
        }
    }
}

/// Which bound decided max pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The addresses that the ENIs give; also when both bounds are equal.
    Addresses,
    /// The cap.
    Cap,
}

impl Bound {
    /// The bound's name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Addresses => "addresses",
            Self::Cap => "cap",
        }
    }
}

/// One step of the sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What the number is.
    pub what: String,
    /// How it comes about.
    pub sum: String,
    /// The number; `None` is no limit.
    pub value: Option<u32>,
}

/// Max pods of one instance type under given settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DensityReport {
    /// The addressing in effect.
    pub mode: Mode,
    /// ENIs that can carry pod addresses.
    pub pod_enis: u32,
    /// Addresses for pods; `None` under IPv6, where they never bind.
    pub pod_addresses: Option<u32>,
    /// The addresses that max pods counts: in Auto Mode single ones, whatever prefixes would hold.
    pub counted_addresses: Option<u32>,
    /// Pods that the addresses allow, host-network pods included; `None` under IPv6.
    pub eni_max_pods: Option<u32>,
    /// The cap; `None` is none.
    pub cap: Option<u32>,
    /// The answer; `None` when nothing bounds it.
    pub max_pods: Option<u32>,
    /// Which bound gave it.
    pub limited_by: Option<Bound>,
    /// Branch ENIs the type can hold, reported apart; `None` is unknown.
    pub branch_enis: Option<u32>,
    /// Memory that EKS AMIs reserve for the kubelet at this max pods, in MiB.
    pub kube_reserved_memory_mib: Option<u32>,
    /// What a person should know; notes never change a number.
    pub notes: Vec<String>,
    /// What each kind of node really gets.
    pub node_values: NodeValues,
    /// The sum, step by step.
    pub steps: Vec<Step>,
}
