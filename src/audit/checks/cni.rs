//! What the checks need to know of the VPC CNI: its settings as far as kubectl told, and how it reads
//! the tag of subnets (amazon-vpc-cni-k8s, README under ENABLE_SUBNET_DISCOVERY and CHANGELOG).

use crate::{
    audit::node_subnets::SubnetNodes,
    inventory::{AwsNode, Inventory, Tags},
};

/// The tag by which the CNI finds subnets for pods.
pub(super) const ROLE_TAG: &str = "kubernetes.io/role/cni";

/// The CNI of the nodes; `None` is what could not be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cni {
    pub(super) reading: Reading,
    custom_networking: Option<bool>,
    discovery: Option<bool>,
    warm_prefixes: Option<u32>,
}

/// How the CNI's version reads the tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Not at all: before v1.18.
    Blind,
    /// Any value opts a subnet in, 0 too: before v1.22.
    Invites,
    /// 0 keeps pods out, and an empty value says nothing: v1.22 and later.
    Excludes,
    /// The version could not be seen.
    Unknown,
}

/// What a subnet's tag says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tagged {
    /// Nothing.
    No,
    /// Pods are welcome.
    Offered,
    /// No pods.
    Refused,
    /// One or the other, by a version that could not be seen.
    Unclear,
}

impl Cni {
    pub(super) fn of(inventory: &Inventory) -> Self {
        let seen = inventory.kubernetes.as_ref().and_then(|told| told.aws_node.as_ref());
        let variable = |name: &str| seen.and_then(|node| node.environment.get(name));
        let switch = |name: &str, otherwise: bool| {
            seen.map(|_| variable(name).map_or(otherwise, |value| is_true(value)))
        };
        Self {
            reading: seen.and_then(version).map_or(Reading::Unknown, reading),
            custom_networking: switch("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", false),
            discovery: switch("ENABLE_SUBNET_DISCOVERY", true),
            warm_prefixes: variable("WARM_PREFIX_TARGET").and_then(|value| value.parse().ok()),
        }
    }

    /// Prefixes a node may ask for at once: its warm target, and one at least when it grows at all.
    pub(super) fn warm_prefixes(&self) -> u32 {
        self.warm_prefixes.unwrap_or(1).max(1)
    }

    /// Whether tags of subnets decide nothing, as far as could be seen.
    pub(super) fn is_blind(&self) -> bool {
        self.reading == Reading::Blind
            || self.discovery == Some(false)
            || self.custom_networking == Some(true)
    }

    /// How many of the nodes that run in a subnet go by tags: all of them, or where the settings could
    /// not be seen those that do without custom networking for sure.
    pub(super) fn discovering(&self, nodes: &SubnetNodes<'_>) -> usize {
        match self.custom_networking {
            Some(true) => 0,
            Some(false) => nodes.running.len(),
            None => nodes.serving.len(),
        }
    }

    pub(super) fn tagged(&self, tags: &Tags) -> Tagged {
        match (self.reading, tags.get(ROLE_TAG).map(String::as_str)) {
            (Reading::Blind, _) | (_, None) | (Reading::Excludes, Some("")) => Tagged::No,
            (Reading::Excludes, Some("0")) => Tagged::Refused,
            (Reading::Unknown, Some("" | "0")) => Tagged::Unclear,
            (Reading::Invites | Reading::Excludes | Reading::Unknown, Some(_)) => Tagged::Offered,
        }
    }
}

/// As Go's ParseBool reads the variable.
fn is_true(value: &str) -> bool {
    matches!(value, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

/// Major and minor of `v1.23.1-eksbuild.1`.
fn version(node: &AwsNode) -> Option<(u32, u32)> {
    let version = node.version.as_deref()?;
    let mut parts = version.strip_prefix('v').unwrap_or(version).split(['.', '-']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn reading(version: (u32, u32)) -> Reading {
    if version < (1, 18) {
        Reading::Blind
    } else if version < (1, 22) {
        Reading::Invites
    } else {
        Reading::Excludes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_read_the_tag_in_their_way() {
        for (text, expected) in [
            ("v1.17.1", Some(Reading::Blind)),
            ("v1.18.0-eksbuild.1", Some(Reading::Invites)),
            ("1.21.9", Some(Reading::Invites)),
            ("v1.22.0", Some(Reading::Excludes)),
            ("v2.0", Some(Reading::Excludes)),
            ("latest", None),
            ("", None),
        ] {
            let node = AwsNode { version: Some(text.to_owned()), ..AwsNode::default() };
            assert_eq!(version(&node).map(reading), expected, "{text}");
        }
    }
}
