//! How a DescribeInstanceTypes answer compares with a catalogue.

use std::fmt::Display;

use super::{Catalogue, DescribedType, InstanceLimits};

/// One field of one type on which a catalogue and an answer differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The type.
    pub instance_type: String,
    /// The field, by its name in the catalogue; `instance_type` when the catalogue lacks the type.
    pub field: &'static str,
    /// What the catalogue says; `None` is unknown or absent.
    pub catalogue: Option<String>,
    /// What the answer says.
    pub answer: String,
}

/// Every difference between a catalogue and an answer, sorted. A type absent from the answer is
/// none, nor is a field the answer leaves out.
#[must_use]
pub fn differences(catalogue: &Catalogue, answer: &[DescribedType]) -> Vec<Difference> {
    let mut found: Vec<Difference> = answer
        .iter()
        .flat_map(|described| match catalogue.get(&described.instance_type) {
            Some(known) => row_differences(known, described),
            None => vec![Difference {
                instance_type: described.instance_type.clone(),
                field: "instance_type",
                catalogue: None,
                answer: described.instance_type.clone(),
            }],
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

fn row_differences(known: &InstanceLimits, described: &DescribedType) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut compare = |field, ours: Option<String>, theirs: Option<String>| {
        if let Some(answer) = theirs.filter(|theirs| ours.as_ref() != Some(theirs)) {
            let instance_type = described.instance_type.clone();
            found.push(Difference { instance_type, field, catalogue: ours, answer });
        }
    };
    let architectures = described.architectures.clone().map(|mut list| {
        list.sort();
        list.join(", ")
    });
    compare(
        "default_network_card",
        text(Some(known.default_network_card)),
        text(described.default_network_card),
    );
    compare(
        "enis_per_card",
        Some(join(&known.enis_per_card)),
        described.enis_per_card.as_deref().map(join),
    );
    compare("ipv4_per_eni", text(Some(known.ipv4_per_eni)), text(Some(described.ipv4_per_eni)));
    compare("ipv6_per_eni", text(known.ipv6_per_eni), text(described.ipv6_per_eni));
    compare("hypervisor", text(known.hypervisor), text(described.hypervisor));
    compare("bare_metal", text(Some(known.bare_metal)), text(described.bare_metal));
    compare("vcpus", text(known.vcpus), text(described.vcpus));
    compare("memory_mib", text(known.memory_mib), text(described.memory_mib));
    compare(
        "architectures",
        known.architectures.as_ref().map(|list| list.join(", ")),
        architectures,
    );
    compare("efa_interfaces", text(known.efa_interfaces), text(described.efa_interfaces));
    compare(
        "efa_on_default_card",
        text(known.efa_on_default_card),
        text(described.efa_on_default_card),
    );
    compare(
        "additional_flexible_enis",
        known.additional_flexible_enis.as_deref().map(join),
        described.additional_flexible_enis.as_deref().map(join),
    );
    // `current_generation` decides no number and changes by itself as types age: no difference.
    found
}

fn text<T: Display>(value: Option<T>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn join(counts: &[u32]) -> String {
    counts.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}
