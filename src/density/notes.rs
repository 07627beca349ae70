//! What a person should know beside the numbers. Notes never change a number.

use super::{Addressing, Cap, DensityReport, DensitySettings, Mode, Os, auto_mode};
use crate::instance::{Catalogue, InstanceLimits};

/// kube-reserved above this part of a node's memory, as 1/n, is worth a word.
const RESERVED_PART: u64 = 4;

pub(super) fn notes(
    catalogue: &Catalogue,
    limits: &InstanceLimits,
    settings: &DensitySettings,
    report: &DensityReport,
) -> Vec<String> {
    let mut notes = Vec::new();
    if limits.retired {
        notes.push("retired: EC2 no longer offers this type".to_owned());
    }
    fallback(limits, settings, report, &mut notes);
    cards(limits, settings, &mut notes);
    notes.extend(settings.launch.notes(limits));
    launched(settings, report, &mut notes);
    unknown(limits, settings, &mut notes);
    for row in catalogue.disagreements(&limits.instance_type) {
        notes.push(format!(
            "{} states {} ENIs of {} addresses; these results use {} of {}",
            row.source,
            row.enis,
            row.ipv4_per_eni,
            limits.enis(),
            limits.ipv4_per_eni
        ));
    }
    carriers(report, &mut notes);
    notes.extend(memory_note(limits, report));
    windows(limits, settings, &mut notes);
    if settings.auto_mode {
        notes.extend(auto_mode::notes(limits, settings, report.pod_enis));
    }
    notes
}

fn fallback(
    limits: &InstanceLimits,
    settings: &DensitySettings,
    report: &DensityReport,
    notes: &mut Vec<String>,
) {
    if settings.addressing == Addressing::Prefix && report.mode.addresses_per_slot() == Some(1) {
        let why = match limits.hypervisor {
            Some(hypervisor) => format!("runs on {hypervisor}"),
            None => "is not known to run on Nitro".to_owned(),
        };
        let does = if settings.auto_mode {
            "inferred: Auto Mode uses single addresses"
        } else {
            "the VPC CNI falls back to secondary-IP mode"
        };
        notes.push(format!(
            "prefix delegation requires Nitro or bare metal, and this type {why}: {does}"
        ));
    }
}

fn cards(limits: &InstanceLimits, settings: &DensitySettings, notes: &mut Vec<String>) {
    let cards = limits.enis_per_card.len();
    if cards > 1 {
        let all: u32 = limits.enis_per_card.iter().sum();
        let who = if settings.auto_mode {
            "inferred: Auto Mode, like the VPC CNI,"
        } else {
            "the VPC CNI"
        };
        notes.push(format!(
            "{cards} network cards with {all} ENIs in total; {who} uses only the {} of card {} for pods",
            limits.enis(),
            limits.default_network_card
        ));
    }
}

/// Slots of the primary ENI that the mode in effect has no use for.
fn launched(settings: &DensitySettings, report: &DensityReport, notes: &mut Vec<String>) {
    let launch = &settings.launch;
    let lost = match report.mode {
        Mode::SecondaryIp => (launch.ipv4_prefix_count, "prefixes", "without prefix delegation"),
        Mode::Prefix => (launch.ipv4_address_count, "addresses", "with prefix delegation"),
        Mode::Ipv6Prefix
        | Mode::WindowsSecondaryIp
        | Mode::WindowsPrefix
        | Mode::AutoModeSecondaryIp
        | Mode::AutoModePrefix => return,
    };
    if let (1.., what, when) = lost {
        notes.push(format!(
            "{when} no pod gets the {what} that the primary ENI is launched with, and they take \
             slots of it"
        ));
    }
}

fn unknown(limits: &InstanceLimits, settings: &DensitySettings, notes: &mut Vec<String>) {
    if limits.vcpus.is_none() && settings.cap == Cap::Auto && !settings.auto_mode {
        notes.push(
            "the number of vCPUs is unknown: the cap of small types, 110, is used".to_owned(),
        );
    }
    if settings.pod_eni {
        match limits.trunking {
            None => notes.push(
                "no source states whether this type supports a trunk ENI; ipamd reserves the slot, \
                 so one ENI fewer carries pods"
                    .to_owned(),
            ),
            Some(false) => notes.push(
                "this type does not support a trunk ENI: pods with their own security groups \
                 cannot run on it"
                    .to_owned(),
            ),
            Some(true) => {}
        }
        if settings.eni_slots(limits).trunk_has_no_slot() {
            notes.push(
                "the network card has no slot for a trunk ENI: pods with their own security groups \
                 cannot run on this node"
                    .to_owned(),
            );
        }
    }
}

/// Without custom networking the primary ENI always carries pods.
fn carriers(report: &DensityReport, notes: &mut Vec<String>) {
    if report.pod_enis == 0 {
        let outcome = if report.mode.is_auto_mode() {
            "no pod gets an address"
        } else {
            "with custom networking the node never becomes Ready"
        };
        notes.push(format!("no ENI is left to carry pods: {outcome}"));
    }
}

/// That a large part of the memory is reserved at the report's max pods.
#[must_use]
pub fn memory_note(limits: &InstanceLimits, report: &DensityReport) -> Option<String> {
    let (reserved, memory) = report.kube_reserved_memory_mib.zip(limits.memory_mib)?;
    let pods = report.max_pods.unwrap_or(0);
    (u64::from(reserved) * RESERVED_PART > memory).then(|| {
        format!("at {pods} pods the kubelet reserves {reserved} MiB of the node's {memory} MiB")
    })
}

fn windows(limits: &InstanceLimits, settings: &DensitySettings, notes: &mut Vec<String>) {
    let known = limits.architectures.as_deref().unwrap_or_default();
    if settings.os == Os::Windows && !known.is_empty() && !known.iter().any(|a| a == "x86_64") {
        notes.push("EKS has no Windows AMI for the architecture of this type".to_owned());
    }
}
