//! What the checks need to know of the VPC CNI: its settings as far as kubectl told, and how it reads
//! the tag of subnets (amazon-vpc-cni-k8s, README under ENABLE_SUBNET_DISCOVERY and CHANGELOG).

use crate::{
    audit::node_subnets::SubnetNodes,
    inventory::{AwsNode, Inventory, Tags},
    ipam::ADDRESSES_PER_PREFIX,
};

/// The tag by which the CNI finds subnets for pods.
pub(super) const ROLE_TAG: &str = "kubernetes.io/role/cni";

const CUSTOM_NETWORKING: &str = "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG";
const DISCOVERY: &str = "ENABLE_SUBNET_DISCOVERY";
const WARM_IP_TARGET: &str = "WARM_IP_TARGET";
const MINIMUM_IP_TARGET: &str = "MINIMUM_IP_TARGET";
const WARM_PREFIX_TARGET: &str = "WARM_PREFIX_TARGET";

/// The CNI of the nodes; `None` is what could not be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cni {
    pub(super) reading: Reading,
    custom_networking: Option<bool>,
    discovery: Option<bool>,
    /// Whether a variable stands elsewhere that says if tags are looked at.
    is_hidden: bool,
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
        Self::read(inventory.kubernetes.as_ref().and_then(|told| told.aws_node.as_ref()))
    }

    fn read(seen: Option<&AwsNode>) -> Self {
        let switch = |name: &str, otherwise: bool| {
            let node = seen.filter(|node| !node.hides(name))?;
            Some(node.truth(name).unwrap_or(otherwise))
        };
        Self {
            reading: seen.and_then(version).map_or(Reading::Unknown, reading),
            custom_networking: switch(CUSTOM_NETWORKING, false),
            discovery: switch(DISCOVERY, true),
            is_hidden: seen
                .is_some_and(|node| node.hides(CUSTOM_NETWORKING) || node.hides(DISCOVERY)),
            warm_prefixes: seen.and_then(warm_prefixes),
        }
    }

    /// Prefixes a node may ask for at once: its warm target, and one at least when it grows at all.
    pub(super) fn warm_prefixes(&self) -> u32 {
        self.warm_prefixes.unwrap_or(1).max(1)
    }

    /// Whether tags of subnets decide nothing, as far as could be seen, or it cannot be told since the
    /// daemonset takes from elsewhere what decides it.
    pub(super) fn is_blind(&self) -> bool {
        self.is_hidden
            || self.reading == Reading::Blind
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

/// Prefixes a node may ask for at once by the targets; `None` where none is set, or a target that may
/// decide stands elsewhere. A target of addresses takes the place of that of prefixes, and a target of 0
/// or less counts as none (amazon-vpc-cni-k8s `pkg/ipamd`, `warmIPTargetsDefined`).
fn warm_prefixes(node: &AwsNode) -> Option<u32> {
    let targets = [WARM_IP_TARGET, MINIMUM_IP_TARGET];
    if targets.iter().any(|name| node.hides(name)) {
        return None;
    }
    let target = |name: &str| node.number(name).filter(|number| *number > 0);
    if targets.iter().any(|name| target(name).is_some()) {
        let warm = u32::try_from(target(WARM_IP_TARGET).unwrap_or(0)).unwrap_or(u32::MAX);
        return Some(warm.div_ceil(ADDRESSES_PER_PREFIX));
    }
    if node.hides(WARM_PREFIX_TARGET) {
        return None;
    }
    u32::try_from(node.number(WARM_PREFIX_TARGET)?).ok()
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

    fn cni(variables: &[(&str, &str)], hidden: &[&str], hidden_more: bool) -> Cni {
        let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let aws_node = AwsNode {
            version: Some("v1.23.1".to_owned()),
            environment: pairs.collect(),
            hidden: hidden.iter().map(|name| (*name).to_owned()).collect(),
            hidden_more,
        };
        Cni::read(Some(&aws_node))
    }

    #[test]
    fn what_stands_elsewhere_is_not_known() {
        assert!(!cni(&[], &[], false).is_blind());
        for name in [CUSTOM_NETWORKING, DISCOVERY] {
            let its = cni(&[], &[name], false);
            assert!(its.is_blind(), "{name}");
            assert!(its.custom_networking.is_none() || its.discovery.is_none(), "{name}");
        }
        assert!(cni(&[(DISCOVERY, "true")], &[], true).is_blind());
        assert!(!cni(&[(DISCOVERY, "true"), (CUSTOM_NETWORKING, "false")], &[], true).is_blind());
    }

    #[test]
    fn a_value_that_is_none_leaves_the_default() {
        for (value, discovery) in [("yes", true), ("", true), ("F", false), ("1", true)] {
            assert_eq!(
                cni(&[(DISCOVERY, value)], &[], false).discovery,
                Some(discovery),
                "{value}"
            );
        }
        let its = cni(&[(CUSTOM_NETWORKING, "yes")], &[], false);
        assert_eq!(its.custom_networking, Some(false));
    }

    #[test]
    fn targets_of_addresses_go_before_that_of_prefixes() {
        for (warm_ip, minimum_ip, expected) in [
            ("", "", 5),
            ("0", "-1", 5),
            ("1", "", 1),
            ("16", "", 1),
            ("17", "", 2),
            ("40", "3", 3),
            ("", "30", 1),
            ("99999999999", "", 268_435_456),
        ] {
            let variables = [
                (WARM_PREFIX_TARGET, "5"),
                (WARM_IP_TARGET, warm_ip),
                (MINIMUM_IP_TARGET, minimum_ip),
            ];
            let its = cni(&variables, &[], false);
            assert_eq!(its.warm_prefixes(), expected, "{warm_ip} {minimum_ip}");
        }
        assert_eq!(cni(&[(WARM_PREFIX_TARGET, "5")], &[WARM_IP_TARGET], false).warm_prefixes(), 1);
        assert_eq!(cni(&[(WARM_IP_TARGET, "40")], &[WARM_PREFIX_TARGET], false).warm_prefixes(), 3);
    }

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
