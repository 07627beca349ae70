//! EKS Auto Mode: the max pods of its nodes, and which types it launches.
//!
//! AWS states (EKS user guide, "Create a Node Class"): at most 110 pods, "applied after the existing max
//! pods calculation"; and for its workshops, that this is by "the number of ENIs and IPs supported per
//! instance type (assuming the worst case of fragmentation)". So prefixes do not raise the number.

use super::DensitySettings;
use crate::instance::InstanceLimits;

/// The most pods of a node (EKS user guide, "Create a Node Class").
pub const CAP: u32 = 110;

/// Families that Auto Mode launches (EKS user guide, "Learn about Amazon EKS Auto Mode Managed instances",
/// as of 2026).
const FAMILIES: &[&str] = &[
    "c4", "c5", "c5a", "c5ad", "c5d", "c5n", "c6a", "c6g", "c6gd", "c6gn", "c6i", "c6id", "c6in",
    "c7a", "c7g", "c7gd", "c7gn", "c7i", "c7i-flex", "c8a", "c8g", "c8gb", "c8gd", "c8gn", "c8i",
    "c8i-flex", "c8id", "d3", "d3en", "g4ad", "g4dn", "g5", "g5g", "g6", "g6e", "g7e", "gr6",
    "hpc8a", "i3", "i3en", "i4g", "i4i", "i7i", "i7ie", "i8g", "i8ge", "im4gn", "inf1", "inf2",
    "is4gen", "m4", "m5", "m5a", "m5ad", "m5d", "m5dn", "m5n", "m5zn", "m6a", "m6g", "m6gd", "m6i",
    "m6id", "m6idn", "m6in", "m7a", "m7g", "m7gd", "m7i", "m7i-flex", "m8a", "m8azn", "m8g",
    "m8gb", "m8gd", "m8gn", "m8i", "m8i-flex", "m8id", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en",
    "p6-b200", "p6-b300", "r4", "r5", "r5a", "r5ad", "r5b", "r5d", "r5dn", "r5n", "r6a", "r6g",
    "r6gd", "r6i", "r6id", "r6idn", "r6in", "r7a", "r7g", "r7gd", "r7i", "r7iz", "r8a", "r8g",
    "r8gb", "r8gd", "r8gn", "r8i", "r8i-flex", "r8id", "t2", "t3", "t3a", "t4g", "trn1", "trn1n",
    "trn2", "x2gd", "x2idn", "x2iedn", "x2iezn", "x8aedz", "x8g", "x8i", "z1d",
];
/// Sizes that it does not launch, of whatever family.
const SMALL_SIZES: &[&str] = &["nano", "micro", "small"];

/// Pods that a node's kubelet accepts where so many ENIs carry pods.
pub(super) fn max_pods(limits: &InstanceLimits, pod_enis: u32, host_network_pods: u32) -> u32 {
    CAP.min(single_addresses(limits, pod_enis).saturating_add(host_network_pods))
}

/// Addresses for pods where no /28 is left.
pub(super) fn single_addresses(limits: &InstanceLimits, pod_enis: u32) -> u32 {
    pod_enis.saturating_mul(limits.slots_per_eni())
}

/// Why Auto Mode does not launch a type, as far as AWS's list says; `None` where it does.
#[must_use]
pub fn not_launched(limits: &InstanceLimits) -> Option<String> {
    let (family, size) = limits.instance_type.split_once('.')?;
    if limits.vcpus == Some(1) {
        Some("it launches types with more than 1 vCPU".to_owned())
    } else if SMALL_SIZES.contains(&size) {
        Some(format!("it launches no {size} size"))
    } else if FAMILIES.binary_search(&family).is_err() {
        Some(format!("the family {family} is not in AWS's list of 2026"))
    } else {
        None
    }
}

/// What a person should know of Auto Mode, what AWS states and what is inferred told apart.
pub(super) fn notes(
    limits: &InstanceLimits,
    settings: &DensitySettings,
    pod_enis: u32,
) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(why) = not_launched(limits) {
        notes.push(format!("EKS Auto Mode does not launch this type: {why}"));
    }
    let capped = single_addresses(limits, pod_enis) >= CAP;
    if settings.host_network_pods > 0 && !capped {
        notes.push(format!(
            "inferred: {} host-network pods are included, as in AWS's formula; a c6a.large node in the \
             field reports 27, its addresses alone (maxpods --host-network-pods 0)",
            settings.host_network_pods
        ));
    }
    if settings.custom_networking {
        notes.push(
            "inferred: max pods leaves out the primary ENI; AWS states only that fewer pods run on a node \
             whose pods have subnets of their own"
                .to_owned(),
        );
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_families_are_in_order() {
        assert!(FAMILIES.is_sorted());
    }
}
