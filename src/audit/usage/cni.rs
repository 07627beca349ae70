//! The VPC CNI's settings as the daemonset's variables give them, and what they make of a node.

use std::collections::BTreeSet;

use crate::{
    instance::InstanceLimits,
    inventory::AwsNode,
    ipam::{PoolMode, PoolSettings},
};

const WARM_ENI_TARGET: &str = "WARM_ENI_TARGET";
const WARM_IP_TARGET: &str = "WARM_IP_TARGET";
const MINIMUM_IP_TARGET: &str = "MINIMUM_IP_TARGET";
const WARM_PREFIX_TARGET: &str = "WARM_PREFIX_TARGET";
const MAX_ENI: &str = "MAX_ENI";
const PREFIX_DELEGATION: &str = "ENABLE_PREFIX_DELEGATION";
const CUSTOM_NETWORKING: &str = "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG";
const POD_ENI: &str = "ENABLE_POD_ENI";
/// Every variable that is read.
const READ: [&str; 8] = [
    WARM_ENI_TARGET,
    WARM_IP_TARGET,
    MINIMUM_IP_TARGET,
    WARM_PREFIX_TARGET,
    MAX_ENI,
    PREFIX_DELEGATION,
    CUSTOM_NETWORKING,
    POD_ENI,
];
/// The first version that keeps pods off a primary ENI whose subnet is tagged
/// `kubernetes.io/role/cni=0` (amazon-vpc-cni-k8s, CHANGELOG).
const EXCLUDES_PRIMARY_SINCE: (u32, u32) = (1, 22);

/// The CNI's settings. A variable that is absent, or that the CNI cannot read, is `None`: that is not
/// the default of the shipped manifest.
#[expect(clippy::struct_excessive_bools, reason = "each is a variable of its own")]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CniSettings {
    /// ENABLE_PREFIX_DELEGATION.
    pub prefix_delegation: bool,
    /// AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG.
    pub custom_networking: bool,
    /// ENABLE_POD_ENI.
    pub pod_eni: bool,
    /// WARM_ENI_TARGET, in ENIs.
    pub warm_eni_target: Option<i64>,
    /// WARM_IP_TARGET, in addresses.
    pub warm_ip_target: Option<i64>,
    /// MINIMUM_IP_TARGET, in addresses.
    pub minimum_ip_target: Option<i64>,
    /// WARM_PREFIX_TARGET, in prefixes.
    pub warm_prefix_target: Option<i64>,
    /// MAX_ENI, in ENIs.
    pub max_eni: Option<i64>,
    /// The kubelet's max pods where a change says so; else each node's own.
    pub max_pods: Option<u32>,
    /// Whether the version keeps pods off a primary ENI whose subnet is tagged out of use.
    pub excludes_primary: bool,
}

/// One setting that is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CniChange {
    /// WARM_ENI_TARGET; `None` is unset.
    WarmEniTarget(Option<u32>),
    /// WARM_IP_TARGET; `None` is unset.
    WarmIpTarget(Option<u32>),
    /// MINIMUM_IP_TARGET; `None` is unset.
    MinimumIpTarget(Option<u32>),
    /// WARM_PREFIX_TARGET; `None` is unset.
    WarmPrefixTarget(Option<u32>),
    /// MAX_ENI; 0 counts as unset.
    MaxEni(u32),
    /// The kubelet's max pods.
    MaxPods(u32),
    /// ENABLE_PREFIX_DELEGATION.
    Prefix(bool),
    /// AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG.
    CustomNetworking(bool),
    /// ENABLE_POD_ENI.
    PodEni(bool),
}

impl CniSettings {
    /// The settings of the daemonset, read as the CNI reads its environment (amazon-vpc-cni-k8s
    /// `pkg/ipamd` and `utils`).
    ///
    /// # Errors
    /// With the variables that are read and whose value stands elsewhere, such as in a ConfigMap.
    pub fn read(aws_node: &AwsNode) -> Result<Self, BTreeSet<String>> {
        let hidden: BTreeSet<String> = READ
            .iter()
            .filter(|name| aws_node.hides(name))
            .map(|name| (*name).to_owned())
            .collect();
        if !hidden.is_empty() {
            return Err(hidden);
        }
        let number = |name: &str| aws_node.number(name);
        let truth = |name: &str| aws_node.truth(name).unwrap_or(false);
        Ok(Self {
            prefix_delegation: truth(PREFIX_DELEGATION),
            custom_networking: truth(CUSTOM_NETWORKING),
            pod_eni: truth(POD_ENI),
            warm_eni_target: number(WARM_ENI_TARGET),
            warm_ip_target: number(WARM_IP_TARGET),
            minimum_ip_target: number(MINIMUM_IP_TARGET),
            warm_prefix_target: number(WARM_PREFIX_TARGET),
            max_eni: number(MAX_ENI),
            max_pods: None,
            // An image without a version is taken for a current one.
            excludes_primary: aws_node
                .version
                .as_deref()
                .and_then(minor)
                .is_none_or(|version| version >= EXCLUDES_PRIMARY_SINCE),
        })
    }

    /// The same with changes, the later ones over the earlier.
    #[must_use]
    pub fn changed(mut self, changes: &[CniChange]) -> Self {
        let target = |value: Option<u32>| value.map(i64::from);
        for change in changes {
            match *change {
                CniChange::WarmEniTarget(value) => self.warm_eni_target = target(value),
                CniChange::WarmIpTarget(value) => self.warm_ip_target = target(value),
                CniChange::MinimumIpTarget(value) => self.minimum_ip_target = target(value),
                CniChange::WarmPrefixTarget(value) => self.warm_prefix_target = target(value),
                CniChange::MaxEni(value) => self.max_eni = Some(i64::from(value)),
                CniChange::MaxPods(value) => self.max_pods = Some(value),
                CniChange::Prefix(is_on) => self.prefix_delegation = is_on,
                CniChange::CustomNetworking(is_on) => self.custom_networking = is_on,
                CniChange::PodEni(is_on) => self.pod_eni = is_on,
            }
        }
        self
    }

    /// A node's pool under them. `tagged_out` is whether its primary subnet is tagged
    /// `kubernetes.io/role/cni=0`.
    #[must_use]
    pub fn pool(&self, limits: &InstanceLimits, max_pods: u32, tagged_out: bool) -> PoolSettings {
        PoolSettings {
            enis: limits.enis(),
            ipv4_per_eni: limits.ipv4_per_eni,
            mode: if self.prefix_delegation && limits.supports_prefixes() {
                PoolMode::Prefix
            } else {
                PoolMode::SecondaryIp
            },
            custom_networking: self.custom_networking,
            primary_excluded: tagged_out && self.excludes_primary && !self.custom_networking,
            pod_eni: self.pod_eni && limits.keeps_trunk_slot(),
            warm_eni_target: self.warm_eni_target,
            warm_ip_target: self.warm_ip_target,
            minimum_ip_target: self.minimum_ip_target,
            warm_prefix_target: self.warm_prefix_target,
            max_eni: self.max_eni,
            max_pods: self.max_pods.unwrap_or(max_pods),
        }
    }
}

/// Major and minor number of `v1.23.1-eksbuild.1`.
fn minor(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.strip_prefix('v').unwrap_or(version).split('.');
    let major = parts.next()?.parse().ok()?;
    let digits = parts.next()?.split(|letter: char| !letter.is_ascii_digit()).next()?;
    Some((major, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(variables: &[(&str, &str)]) -> AwsNode {
        let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        AwsNode { environment: pairs.collect(), ..AwsNode::default() }
    }

    #[test]
    fn what_is_absent_is_not_the_manifests_default() {
        let settings = CniSettings::read(&node(&[])).unwrap();
        assert_eq!(settings.warm_eni_target, None);
        assert_eq!(settings.warm_prefix_target, None);
        let settings = CniSettings::read(&node(&[
            (WARM_ENI_TARGET, "many"),
            (WARM_IP_TARGET, "-1"),
            (PREFIX_DELEGATION, "True"),
            (POD_ENI, "yes"),
        ]))
        .unwrap();
        assert_eq!((settings.warm_eni_target, settings.warm_ip_target), (None, Some(-1)));
        assert!(settings.prefix_delegation && !settings.pod_eni);
    }

    #[test]
    fn what_stands_elsewhere_is_not_guessed() {
        let mut aws_node = node(&[(WARM_IP_TARGET, "2")]);
        aws_node.hidden.insert("MY_NODE_NAME".to_owned());
        assert!(CniSettings::read(&aws_node).is_ok());
        aws_node.hidden.insert(MAX_ENI.to_owned());
        assert_eq!(CniSettings::read(&aws_node), Err(BTreeSet::from([MAX_ENI.to_owned()])));
        aws_node.hidden_more = true;
        let hidden = CniSettings::read(&aws_node).unwrap_err();
        assert!(hidden.contains(WARM_ENI_TARGET) && !hidden.contains(WARM_IP_TARGET));
    }

    #[test]
    fn versions_tell_what_they_can() {
        for (version, excludes) in
            [("v1.23.1-eksbuild.1", true), ("v1.22.0", true), ("1.21.9", false), ("latest", true)]
        {
            let aws_node = AwsNode { version: Some(version.to_owned()), ..node(&[]) };
            assert_eq!(
                CniSettings::read(&aws_node).unwrap().excludes_primary,
                excludes,
                "{version}"
            );
        }
    }
}
