//! The sum itself.

use std::fmt::Write as _;

use super::{
    Addressing, Bound, Cap, DensityReport, DensitySettings, Mode, Os, Step, auto_mode,
    nodes::node_values, notes, settings::auto_cap,
};
use crate::{
    instance::{Catalogue, InstanceLimits},
    ipam::PoolMode,
};

/// Memory that EKS AMIs reserve per pod, in MiB (amazon-eks-ami, kubelet configuration).
const RESERVED_MIB_PER_POD: u32 = 11;
/// Memory that EKS AMIs reserve in any case, in MiB.
const RESERVED_MIB_BASE: u32 = 255;

/// A type that cannot run the addressing asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{instance_type}` cannot run IPv6 pods: the type is neither Nitro nor bare metal{known}")]
pub struct CannotRun {
    /// The type.
    pub instance_type: String,
    /// What is known of its hypervisor, as a clause.
    pub known: &'static str,
}

/// Memory that EKS AMIs reserve for the kubelet at so many max pods, in MiB.
#[must_use]
pub fn kube_reserved_memory_mib(max_pods: u32) -> u32 {
    max_pods.saturating_mul(RESERVED_MIB_PER_POD).saturating_add(RESERVED_MIB_BASE)
}

/// Memory of a node that must not be smaller for half of it to stay free, before its pods, in MiB.
pub(crate) const TWICE_RESERVED_BASE_MIB: u32 = 2 * RESERVED_MIB_BASE + 1;
/// The same for each pod.
pub(crate) const TWICE_RESERVED_POD_MIB: u32 = 2 * RESERVED_MIB_PER_POD;

/// Whether half of a node's memory, or more, is reserved: such a node has little left for its pods.
#[must_use]
pub fn reserves_half(reserved_mib: u64, memory_mib: u64) -> bool {
    reserved_mib.saturating_mul(2) >= memory_mib
}

/// Most pods with which the kubelet reserves less than half of a node's memory; 0 where it reserves half with any.
#[must_use]
pub fn pods_below_half(memory_mib: u64) -> u32 {
    let pods = memory_mib.saturating_sub(TWICE_RESERVED_BASE_MIB.into())
        / u64::from(TWICE_RESERVED_POD_MIB);
    u32::try_from(pods).unwrap_or(u32::MAX)
}

/// Max pods of a type, with every step.
///
/// # Errors
/// When the type cannot run IPv6.
pub fn assess(
    catalogue: &Catalogue,
    limits: &InstanceLimits,
    settings: &DensitySettings,
) -> Result<DensityReport, CannotRun> {
    let mode = mode_in_effect(limits, settings)?;
    let mut steps = Vec::new();
    let pod_enis = pod_enis(limits, settings, &mut steps);
    let pod_addresses = mode.addresses_per_slot().map(|unit| {
        let lost = lost_slots(limits, settings, mode);
        let slots = (pod_enis * limits.slots_per_eni()).saturating_sub(lost);
        let value = slots * unit;
        let sum = format!("{pod_enis} × ({} − 1)", limits.ipv4_per_eni);
        let sum = match (lost, unit) {
            (0, 1) => sum,
            (0, _) => format!("{sum} × {unit}"),
            (_, 1) => format!("{sum} − {lost} that it is launched with"),
            (..) => format!("({sum} − {lost} that it is launched with) × {unit}"),
        };
        steps.push(Step { what: "pod addresses".into(), sum, value: Some(value) });
        value
    });
    let host = match settings.os {
        Os::Linux => settings.host_network_pods,
        // The Windows limit is the extended resource PrivateIPv4Address, with no pods beside it.
        Os::Windows => 0,
    };
    // Auto Mode's kubelet is told what single addresses allow, since the node falls back to them.
    let counted = if mode == Mode::AutoModePrefix {
        let value = auto_mode::single_addresses(limits, pod_enis);
        steps.push(Step {
            what: "pod addresses without a /28".into(),
            sum: format!("{pod_enis} × ({} − 1)", limits.ipv4_per_eni),
            value: Some(value),
        });
        Some(value)
    } else {
        pod_addresses
    };
    let eni_max_pods = counted.map(|addresses| addresses.saturating_add(host));
    if let Some(addresses) = counted {
        steps.push(Step {
            what: "pods the addresses allow".into(),
            sum: format!("{addresses} + {host} host-network"),
            value: eni_max_pods,
        });
    } else {
        steps.push(Step {
            what: "pods the addresses allow".into(),
            sum: "one IPv6 /80 per node".into(),
            value: None,
        });
    }
    let cap = cap(limits, settings, &mut steps);
    let (max_pods, limited_by) = bound(eni_max_pods, cap);
    steps.push(Step {
        what: "max pods".into(),
        sum: match limited_by {
            Some(Bound::Addresses) => "the addresses are the limit".into(),
            Some(Bound::Cap) => "the cap is the limit".into(),
            None => "no limit applies".into(),
        },
        value: max_pods,
    });
    let reserved = max_pods.map(kube_reserved_memory_mib);
    let mut report = DensityReport {
        mode,
        pod_enis,
        pod_addresses,
        counted_addresses: counted,
        eni_max_pods,
        cap,
        max_pods,
        limited_by,
        branch_enis: branch_enis(limits, settings),
        kube_reserved_memory_mib: reserved,
        notes: Vec::new(),
        node_values: node_values(catalogue, limits, settings, pod_addresses),
        steps,
    };
    report.notes = notes::notes(catalogue, limits, settings, &report);
    Ok(report)
}

/// Branch ENIs of a type, and none on a node without its trunk.
fn branch_enis(limits: &InstanceLimits, settings: &DensitySettings) -> Option<u32> {
    let has_none = limits.trunking == Some(false)
        || (settings.pod_eni && settings.eni_slots(limits).trunk_has_no_slot());
    if has_none { Some(0) } else { limits.branch_enis }
}

fn mode_in_effect(limits: &InstanceLimits, settings: &DensitySettings) -> Result<Mode, CannotRun> {
    let able = limits.supports_prefixes();
    if settings.auto_mode {
        return Ok(match settings.addressing {
            Addressing::Prefix if able => Mode::AutoModePrefix,
            Addressing::Prefix | Addressing::SecondaryIp | Addressing::Ipv6 => {
                Mode::AutoModeSecondaryIp
            }
        });
    }
    Ok(match (settings.os, settings.addressing) {
        (Os::Windows, Addressing::Prefix) if able => Mode::WindowsPrefix,
        (Os::Windows, _) => Mode::WindowsSecondaryIp,
        (Os::Linux, Addressing::Ipv6) if able => Mode::Ipv6Prefix,
        (Os::Linux, Addressing::Ipv6) => {
            return Err(CannotRun {
                instance_type: limits.instance_type.to_string(),
                known: if limits.hypervisor.is_some() { " (xen)" } else { " as far as is known" },
            });
        }
        // The VPC CNI falls back by itself on a type that cannot hold prefixes.
        (Os::Linux, Addressing::Prefix) if able => Mode::Prefix,
        (Os::Linux, Addressing::Prefix | Addressing::SecondaryIp) => Mode::SecondaryIp,
    })
}

/// ENIs that carry pod addresses, each deduction a step.
fn pod_enis(limits: &InstanceLimits, settings: &DensitySettings, steps: &mut Vec<Step>) -> u32 {
    let enis = limits.enis();
    steps.push(Step {
        what: "ENIs".into(),
        sum: format!("network card {}", limits.default_network_card),
        value: Some(enis),
    });
    if settings.os == Os::Windows || settings.addressing == Addressing::Ipv6 {
        steps.push(Step {
            what: "ENIs for pods".into(),
            sum: "the primary ENI only".into(),
            value: Some(1),
        });
        return 1;
    }
    let slots = settings.eni_slots(limits);
    let mut sum = match slots.most() {
        most if most < enis => format!("MAX_ENI {most}"),
        most => most.to_string(),
    };
    if settings.custom_networking {
        sum.push_str(if settings.auto_mode {
            " − 1 primary (podSubnetSelectorTerms)"
        } else {
            " − 1 primary (custom networking)"
        });
    }
    let efa_only = settings.launch.efa_only_on_card(limits);
    for (count, what) in [(efa_only, "EFA-only"), (slots.unmanaged - efa_only, "unmanaged")] {
        if count > 0 {
            let _ = write!(sum, " − {count} {what}");
        }
    }
    if slots.trunk_takes_a_carrier() {
        sum.push_str(" − 1 trunk");
    } else if slots.trunk && !settings.custom_networking {
        sum.push_str(", the primary ENI always carries pods");
    }
    let carriers = slots.carriers();
    steps.push(Step { what: "ENIs for pods".into(), sum, value: Some(carriers) });
    carriers
}

/// Slots of the primary ENI that the instance is launched with and pods do not get (`PoolSettings::lost_slots`).
fn lost_slots(limits: &InstanceLimits, settings: &DensitySettings, mode: Mode) -> u32 {
    let mode = match mode {
        Mode::SecondaryIp => PoolMode::SecondaryIp,
        Mode::Prefix => PoolMode::Prefix,
        Mode::WindowsSecondaryIp
        | Mode::WindowsPrefix
        | Mode::Ipv6Prefix
        | Mode::AutoModePrefix
        | Mode::AutoModeSecondaryIp => return 0,
    };
    if !settings.launch.lowers_max_pods || settings.custom_networking {
        return 0;
    }
    let (_, lost) = settings.launch.launched(limits).on_primary(mode);
    lost.min(limits.slots_per_eni())
}

fn cap(limits: &InstanceLimits, settings: &DensitySettings, steps: &mut Vec<Step>) -> Option<u32> {
    let (sum, value) = match settings.cap {
        Cap::None => ("no cap requested".to_owned(), None),
        Cap::Pods(pods) => ("as requested".to_owned(), Some(pods)),
        Cap::Auto => {
            let sum = match limits.vcpus {
                _ if settings.auto_mode => "EKS Auto Mode".to_owned(),
                Some(vcpus) => format!("{vcpus} vCPU"),
                None => "vCPUs unknown".to_owned(),
            };
            (sum, Some(if settings.auto_mode { auto_mode::CAP } else { auto_cap(limits) }))
        }
    };
    steps.push(Step { what: "cap".into(), sum, value });
    value
}

fn bound(eni_max_pods: Option<u32>, cap: Option<u32>) -> (Option<u32>, Option<Bound>) {
    match (eni_max_pods, cap) {
        (Some(pods), Some(cap)) if cap < pods => (Some(cap), Some(Bound::Cap)),
        (Some(pods), _) => (Some(pods), Some(Bound::Addresses)),
        (None, Some(cap)) => (Some(cap), Some(Bound::Cap)),
        (None, None) => (None, None),
    }
}
