//! The labels that Karpenter gives an instance type (karpenter-provider-aws
//! `pkg/providers/instancetype/types.go`), as far as the table of types tells them.

use crate::{instance::InstanceLimits, nearest::meant};

/// What is known of a type's label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    /// Its value; `None` where Karpenter gives the type no such label.
    Known(Option<String>),
    /// No source of the table says.
    Unknown,
}

/// A key by what it asks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// A fact of instance types.
    Type(TypeKey),
    /// Of where, when or how a node runs, or the user's own: every type may have it.
    Elsewhere,
    /// Under a name of Karpenter's or EKS's that is not known here, with the one that was meant.
    Strange(String),
}

/// What types differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypeKey {
    InstanceType,
    Arch,
    Category,
    Family,
    Generation,
    Size,
    Cpu,
    Memory,
    Hypervisor,
    CpuManufacturer,
    Flex,
    Gpu,
    /// Facts that the table does not have.
    Other,
}

impl TypeKey {
    /// Whether the table has all values that there are of it, so that another is a slip or newer.
    pub(super) fn is_of_every_name(self) -> bool {
        match self {
            Self::InstanceType
            | Self::Arch
            | Self::Category
            | Self::Family
            | Self::Generation
            | Self::Size
            | Self::Hypervisor
            | Self::Flex => true,
            Self::Cpu | Self::Memory | Self::CpuManufacturer | Self::Gpu | Self::Other => false,
        }
    }
}

/// Keys after `karpenter.k8s.aws/` and `eks.amazonaws.com/`; EKS Auto Mode's have the same meaning (EKS user
/// guide, "Create a Node Pool for EKS Auto Mode").
const NAMES: &[(&str, TypeKey)] = &[
    ("instance-category", TypeKey::Category),
    ("instance-family", TypeKey::Family),
    ("instance-generation", TypeKey::Generation),
    ("instance-size", TypeKey::Size),
    ("instance-cpu", TypeKey::Cpu),
    ("instance-memory", TypeKey::Memory),
    ("instance-hypervisor", TypeKey::Hypervisor),
    ("instance-cpu-manufacturer", TypeKey::CpuManufacturer),
    ("instance-capability-flex", TypeKey::Flex),
    ("instance-gpu-name", TypeKey::Gpu),
    ("instance-gpu-manufacturer", TypeKey::Gpu),
    ("instance-gpu-count", TypeKey::Gpu),
    ("instance-gpu-memory", TypeKey::Gpu),
    ("instance-accelerator-name", TypeKey::Other),
    ("instance-accelerator-manufacturer", TypeKey::Other),
    ("instance-accelerator-count", TypeKey::Other),
    ("instance-local-nvme", TypeKey::Other),
    ("instance-ebs-bandwidth", TypeKey::Other),
    ("instance-network-bandwidth", TypeKey::Other),
    ("instance-encryption-in-transit-supported", TypeKey::Other),
    ("instance-cpu-sustained-clock-speed-mhz", TypeKey::Other),
    ("instance-tenancy", TypeKey::Other),
];

/// Labels of these groups that say nothing of a type.
const ELSEWHERE: &[&str] = &[
    "ec2nodeclass",
    "capacity-reservation-id",
    "capacity-reservation-type",
    "capacity-reservation-interruptible",
    "placement-group-id",
    "placement-group-partition",
    "compute-type",
    "nodeclass",
    "nodegroup",
    "capacityType",
];

/// Keys of groups that are not the user's to add to, and that say nothing of a type (karpenter
/// `pkg/apis/v1/labels.go`, RestrictedLabelDomains).
const OF_GROUPS: &[(&str, &[&str])] = &[
    ("karpenter.sh/", &["capacity-type", "nodepool"]),
    ("kubernetes.io/", &["arch", "os", "hostname"]),
];

/// What a key asks of.
pub(super) fn key_of(key: &str) -> Key {
    match key {
        "node.kubernetes.io/instance-type" => return Key::Type(TypeKey::InstanceType),
        "kubernetes.io/arch" => return Key::Type(TypeKey::Arch),
        _ => {}
    }
    for (group, names) in OF_GROUPS {
        if let Some(name) = key.strip_prefix(group).filter(|name| !names.contains(name)) {
            return Key::Strange(meant(name, names.iter().copied()));
        }
    }
    let groups = ["karpenter.k8s.aws/", "eks.amazonaws.com/"];
    let Some(name) = groups.iter().find_map(|group| key.strip_prefix(group)) else {
        return Key::Elsewhere;
    };
    if let Some((_, known)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Key::Type(*known);
    }
    if ELSEWHERE.contains(&name) {
        return Key::Elsewhere;
    }
    if name == "instance-type" {
        return Key::Strange(": did you mean `node.kubernetes.io/instance-type`?".to_owned());
    }
    Key::Strange(meant(name, NAMES.iter().map(|(known, _)| *known)))
}

/// Categories of EC2's types whose instances have no GPU: all but those of accelerated computing.
const WITHOUT_GPU: &[&str] =
    &["a", "c", "d", "h", "hpc", "i", "im", "is", "m", "mac", "r", "t", "u", "x", "z"];

/// What is known of a type's label.
pub(super) fn fact(row: &InstanceLimits, key: TypeKey) -> Fact {
    let name = row.instance_type.as_ref();
    let known = |value: Option<&str>| Fact::Known(value.map(str::to_owned));
    let number = |value: Option<u64>| {
        value.map_or(Fact::Unknown, |value| Fact::Known(Some(value.to_string())))
    };
    match key {
        TypeKey::InstanceType => known(Some(name)),
        TypeKey::Arch => arch(row),
        TypeKey::Category => known(scheme(name).map(|(category, _)| category)),
        TypeKey::Generation => known(scheme(name).map(|(_, generation)| generation)),
        TypeKey::Family => known(parts(name).map(|(family, _)| family)),
        TypeKey::Size => known(parts(name).map(|(_, size)| size)),
        TypeKey::Cpu => number(row.vcpus.map(u64::from)),
        TypeKey::Memory => number(row.memory_mib),
        // Bare metal has the label, and it is empty.
        TypeKey::Hypervisor => match row.hypervisor {
            Some(hypervisor) => known(Some(&hypervisor.to_string())),
            None if row.bare_metal => known(Some("")),
            None => Fact::Unknown,
        },
        // EC2's types of this architecture are AWS's own; the others' names do not tell.
        TypeKey::CpuManufacturer => match arch(row) {
            Fact::Known(Some(arch)) if arch == "arm64" => known(Some("aws")),
            Fact::Known(_) | Fact::Unknown => Fact::Unknown,
        },
        // Every type has the label, so that only its value tells.
        TypeKey::Flex => {
            let is_flex = parts(name).is_some_and(|(family, _)| family.ends_with("-flex"));
            known(Some(if is_flex { "true" } else { "false" }))
        }
        TypeKey::Gpu => match scheme(name) {
            Some((category, _)) if WITHOUT_GPU.contains(&category) => known(None),
            Some(_) | None => Fact::Unknown,
        },
        TypeKey::Other => Fact::Unknown,
    }
}

/// The architecture as Kubernetes names it.
fn arch(row: &InstanceLimits) -> Fact {
    let Some(all) = &row.architectures else { return Fact::Unknown };
    let named = all.iter().find_map(|name| match name.as_ref() {
        "x86_64" => Some("amd64"),
        "arm64" => Some("arm64"),
        _ => None,
    });
    Fact::Known(named.map(str::to_owned))
}

/// Families of which every type is paravirtual only (EC2 user guide, "AMI virtualization types").
const PARAVIRTUAL: &[&str] = &["c1", "m1", "m2", "t1"];

/// Whether Karpenter knows a type at all: it asks EC2 for those of hardware virtualization and of the two
/// architectures (karpenter-provider-aws `pkg/providers/instancetype/instancetype.go`). So macOS hosts are none,
/// and neither is what EC2 no longer offers or never listed: of that no source has the vCPUs.
#[must_use]
pub fn is_launched(row: &InstanceLimits) -> bool {
    let family = parts(&row.instance_type).map_or("", |(family, _)| family);
    !row.retired
        && row.vcpus.is_some()
        && arch(row) != Fact::Known(None)
        && !PARAVIRTUAL.contains(&family)
}

/// The same of a NodePool of Windows nodes or of Linux nodes: Windows runs on no Arm processor.
#[must_use]
pub fn is_launched_by(row: &InstanceLimits, is_windows: bool) -> bool {
    let is_arm = || arch(row) == Fact::Known(Some("arm64".to_owned()));
    is_launched(row) && !(is_windows && is_arm())
}

/// Family and size, of a name that has exactly these.
fn parts(name: &str) -> Option<(&str, &str)> {
    name.split_once('.').filter(|(_, size)| !size.contains('.'))
}

/// Category and generation: `^([a-z]+)(-[0-9]+tb)?([0-9]+).*\.`. So `u-6tb1.metal` is u and 1, `im4gn.large`
/// is im and 4, and `mac-m4.metal` has none.
fn scheme(name: &str) -> Option<(&str, &str)> {
    let (before_dot, _) = name.rsplit_once('.')?;
    let letters = before_dot.find(|c: char| !c.is_ascii_lowercase()).filter(|at| *at > 0)?;
    let (category, rest) = before_dot.split_at(letters);
    let after_memory = rest.strip_prefix('-').and_then(|rest| {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0)?;
        rest.get(digits..)?.strip_prefix("tb")
    });
    let rest = after_memory.unwrap_or(rest);
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let generation = rest.get(..digits).filter(|digits| !digits.is_empty())?;
    Some((category, generation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_category_and_generation() {
        for (name, expected) in [
            ("m5.large", Some(("m", "5"))),
            ("c6gn.16xlarge", Some(("c", "6"))),
            ("im4gn.large", Some(("im", "4"))),
            ("u-6tb1.metal", Some(("u", "1"))),
            ("u-24tb1.112xlarge", Some(("u", "1"))),
            ("u7inh-32tb.480xlarge", Some(("u", "7"))),
            ("hpc7g.4xlarge", Some(("hpc", "7"))),
            ("mac2-m1ultra.metal", Some(("mac", "2"))),
            ("mac-m4.metal", None),
            ("m5large", None),
            ("5.large", None),
        ] {
            assert_eq!(scheme(name), expected, "{name}");
        }
    }
}
