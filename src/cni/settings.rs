//! The settings of the VPC CNI, and what they make of a node.

use std::collections::BTreeSet;

use super::{
    CniVersion, Decides, hidden,
    variables::{
        CLUSTER_NAME, COOL_DOWN, CUSTOM_NETWORKING, IMDS_ONLY, MANAGE_UNTAGGED, MAX_ENI,
        MINIMUM_IP_TARGET, MULTI_NIC, NO_PROVISIONING, POD_ENI, PREFIX_DELEGATION,
        SUBNET_DISCOVERY, WARM_ENI_TARGET, WARM_IP_TARGET, WARM_PREFIX_TARGET,
    },
};
use crate::{
    density::{Addressing, DensitySettings, assess},
    instance::{Catalogue, InstanceLimits},
    inventory::AwsNode,
    ipam::{ADDRESSES_PER_PREFIX, Launched, PoolMode, PoolRules, PoolSettings},
};

/// The CNI's settings. A target that is absent, or that the CNI cannot read, is `None`: that is not the
/// default of the shipped manifest.
#[expect(clippy::struct_excessive_bools, reason = "each is a variable of its own")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CniSettings {
    /// The version; the newest where none was seen.
    pub version: CniVersion,
    /// ENABLE_PREFIX_DELEGATION.
    pub prefix_delegation: bool,
    /// AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG.
    pub custom_networking: bool,
    /// ENABLE_POD_ENI.
    pub pod_eni: bool,
    /// ENABLE_SUBNET_DISCOVERY.
    pub subnet_discovery: bool,
    /// CLUSTER_NAME.
    pub cluster_name: Option<String>,
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
    /// What keeps the pool as it is.
    pub freeze: Option<Freeze>,
    /// MANAGE_UNTAGGED_ENI: whether ENIs are the CNI's that it did not attach itself.
    pub manages_untagged: bool,
    /// ENABLE_MULTI_NIC (since v1.20.0): whether ENIs on other network cards than the default one carry pods.
    pub multi_nic: bool,
    /// IP_COOLDOWN_PERIOD: how long an address rests after its pod is gone.
    pub cool_down_seconds: u32,
}

/// Why ipamd neither attaches ENIs nor takes or returns addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freeze {
    /// DISABLE_NETWORK_RESOURCE_PROVISIONING: what the instance has is made elsewhere.
    NoProvisioning,
    /// ENABLE_IMDS_ONLY_MODE (since v1.19.6): what IMDS shows is taken as it is.
    ImdsOnly,
}

impl Freeze {
    /// What is set, as `NAME=VALUE`.
    #[must_use]
    pub fn setting(self) -> &'static str {
        match self {
            Self::NoProvisioning => "DISABLE_NETWORK_RESOURCE_PROVISIONING=true",
            Self::ImdsOnly => "ENABLE_IMDS_ONLY_MODE=true",
        }
    }
}

impl CniSettings {
    /// The shipped manifest of the newest version.
    #[must_use]
    pub fn shipped() -> Self {
        Self {
            version: CniVersion::NEWEST,
            prefix_delegation: false,
            custom_networking: false,
            pod_eni: false,
            subnet_discovery: true,
            cluster_name: None,
            warm_eni_target: Some(1),
            warm_ip_target: None,
            minimum_ip_target: None,
            warm_prefix_target: Some(1),
            max_eni: None,
            freeze: None,
            manages_untagged: true,
            multi_nic: false,
            cool_down_seconds: PoolSettings::default().cool_down_seconds,
        }
    }

    /// The settings of the daemonset, read as the CNI reads its environment (amazon-vpc-cni-k8s
    /// `pkg/ipamd` and `utils`). An image without a version is taken for a current one.
    ///
    /// # Errors
    /// With the variables that decide one of these and whose value stands elsewhere, such as in a
    /// ConfigMap.
    pub fn read(aws_node: &AwsNode, decides: &[Decides]) -> Result<Self, BTreeSet<&'static str>> {
        let hidden = hidden(aws_node, decides);
        if !hidden.is_empty() {
            return Err(hidden);
        }
        let version = aws_node
            .version
            .as_ref()
            .and_then(|text| text.parse().ok())
            .unwrap_or(CniVersion::NEWEST);
        Ok(Self {
            version,
            prefix_delegation: PREFIX_DELEGATION.is_on(aws_node),
            custom_networking: CUSTOM_NETWORKING.is_on(aws_node),
            pod_eni: POD_ENI.is_on(aws_node),
            subnet_discovery: SUBNET_DISCOVERY.is_on(aws_node),
            cluster_name: CLUSTER_NAME.text(aws_node).map(ToOwned::to_owned),
            warm_eni_target: WARM_ENI_TARGET.number(aws_node),
            warm_ip_target: WARM_IP_TARGET.number(aws_node),
            minimum_ip_target: MINIMUM_IP_TARGET.number(aws_node),
            warm_prefix_target: WARM_PREFIX_TARGET.number(aws_node),
            max_eni: MAX_ENI.number(aws_node),
            freeze: if NO_PROVISIONING.is_on(aws_node) {
                Some(Freeze::NoProvisioning)
            } else {
                let reads_imds = version.reads_imds_only() && IMDS_ONLY.is_on(aws_node);
                reads_imds.then_some(Freeze::ImdsOnly)
            },
            manages_untagged: MANAGE_UNTAGGED.is_on(aws_node),
            multi_nic: version.knows_multi_nic() && MULTI_NIC.is_on(aws_node),
            cool_down_seconds: COOL_DOWN
                .number(aws_node)
                .map_or(PoolSettings::default().cool_down_seconds, |seconds| {
                    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)
                }),
        })
    }

    /// What one slot is on a type: the CNI falls back by itself on one that cannot hold prefixes.
    #[must_use]
    pub fn mode(&self, limits: &InstanceLimits) -> PoolMode {
        if self.prefix_delegation && limits.supports_prefixes() {
            PoolMode::Prefix
        } else {
            PoolMode::SecondaryIp
        }
    }

    /// A node's pool under them. `primary_excluded` is whether tags keep pods off its primary ENI
    /// ([`super::Discovery::excludes_primary`]), which nobody looks at under custom networking.
    #[must_use]
    pub fn pool(
        &self,
        limits: &InstanceLimits,
        max_pods: u32,
        primary_excluded: bool,
    ) -> PoolSettings {
        let settings = PoolSettings {
            enis: limits.enis(),
            ipv4_per_eni: limits.ipv4_per_eni,
            mode: self.mode(limits),
            custom_networking: self.custom_networking,
            primary_excluded: primary_excluded && !self.custom_networking,
            pod_eni: self.pod_eni && limits.keeps_trunk_slot(),
            warm_eni_target: self.warm_eni_target,
            warm_ip_target: self.warm_ip_target,
            minimum_ip_target: self.minimum_ip_target,
            warm_prefix_target: self.warm_prefix_target,
            max_eni: self.max_eni,
            max_pods,
            unmanaged: 0,
            launched: Launched::default(),
            frozen: self.freeze.is_some(),
            cool_down_seconds: self.cool_down_seconds,
            subnet_discovery: self.subnet_discovery,
            rules: PoolRules::Ipamd,
        };
        if self.pod_eni && !settings.pod_eni && self.version.keeps_trunk_slot_always() {
            // The slot is kept for a trunk that never comes: one ENI less.
            // MAX_ENI stays, since nodes with their slots as before take it over.
            let enis = settings.most_enis().saturating_sub(1).max(1);
            return PoolSettings { enis, ..settings };
        }
        settings
    }

    /// What max pods are reckoned by.
    #[must_use]
    pub fn density(&self) -> DensitySettings {
        DensitySettings {
            addressing: if self.prefix_delegation {
                Addressing::Prefix
            } else {
                Addressing::SecondaryIp
            },
            custom_networking: self.custom_networking,
            max_eni: self.max_eni.and_then(|most| u32::try_from(most).ok()),
            pod_eni: self.pod_eni,
            ..DensitySettings::default()
        }
    }

    /// Max pods of a type by the formula, under its cap.
    #[must_use]
    pub fn max_pods(&self, catalogue: &Catalogue, limits: &InstanceLimits) -> u32 {
        // Only IPv6 can be refused, and an automatic cap always bounds.
        let report = assess(catalogue, limits, &self.density()).ok();
        report.and_then(|report| report.max_pods).unwrap_or(0)
    }
}

/// Prefixes a node may ask for at once by the targets that the daemonset states: one at least, when it
/// grows at all. A target of addresses takes the place of that of prefixes, and a target of 0 or less
/// counts as none (amazon-vpc-cni-k8s `pkg/ipamd`, `warmIPTargetsDefined`). What stands elsewhere counts
/// as one.
#[must_use]
pub fn warm_prefixes(aws_node: Option<&AwsNode>) -> u32 {
    aws_node.and_then(stated_warm_prefixes).unwrap_or(1).max(1)
}

fn stated_warm_prefixes(aws_node: &AwsNode) -> Option<u32> {
    let targets = [WARM_IP_TARGET, MINIMUM_IP_TARGET];
    if targets.iter().any(|target| target.is_hidden(aws_node)) {
        return None;
    }
    let target = |target: super::Variable| target.number(aws_node).filter(|number| *number > 0);
    if targets.into_iter().any(|variable| target(variable).is_some()) {
        let warm = u32::try_from(target(WARM_IP_TARGET).unwrap_or(0)).unwrap_or(u32::MAX);
        return Some(warm.div_ceil(ADDRESSES_PER_PREFIX));
    }
    if WARM_PREFIX_TARGET.is_hidden(aws_node) {
        return None;
    }
    u32::try_from(WARM_PREFIX_TARGET.number(aws_node)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(variables: &[(&str, &str)]) -> AwsNode {
        let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        AwsNode { environment: pairs.collect(), ..AwsNode::default() }
    }

    fn read(variables: &[(&str, &str)]) -> CniSettings {
        CniSettings::read(&node(variables), &[Decides::Pool, Decides::Subnets]).unwrap()
    }

    /// Nobody looks at the tags of the own subnet where pods are in another.
    #[test]
    fn tags_keep_pods_off_the_primary_eni_without_custom_networking_alone() {
        let limits = crate::instance::BUILTIN.get("m5.large").unwrap();
        for (custom, tags, is_excluded) in
            [("false", true, true), ("false", false, false), ("true", true, false)]
        {
            let settings = read(&[("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", custom)]);
            let pool = settings.pool(limits, 29, tags);
            assert_eq!(pool.primary_excluded, is_excluded, "{custom} {tags}");
        }
    }

    #[test]
    fn what_is_absent_is_not_the_manifests_default() {
        let settings = read(&[]);
        assert_eq!(settings.warm_eni_target, None);
        assert_eq!(settings.warm_prefix_target, None);
        let settings = read(&[
            ("WARM_ENI_TARGET", "many"),
            ("WARM_IP_TARGET", "-1"),
            ("ENABLE_PREFIX_DELEGATION", "True"),
            ("ENABLE_POD_ENI", "yes"),
        ]);
        assert_eq!((settings.warm_eni_target, settings.warm_ip_target), (None, Some(-1)));
        assert!(settings.prefix_delegation && !settings.pod_eni);
    }

    /// The shipped manifest, read as a daemonset would be.
    #[test]
    fn the_manifest_is_the_list_of_variables() {
        let manifest: Vec<(&str, &str)> = super::super::VARIABLES
            .iter()
            .filter_map(|row| Some((row.name, row.in_manifest?)))
            .collect();
        assert_eq!(read(&manifest), CniSettings::shipped());
    }

    #[test]
    fn what_stands_elsewhere_is_asked_for_where_it_decides() {
        let mut aws_node = node(&[]);
        aws_node.hidden.insert("CLUSTER_NAME".to_owned());
        assert!(CniSettings::read(&aws_node, &[Decides::Pool]).is_ok());
        assert_eq!(
            CniSettings::read(&aws_node, &[Decides::Subnets]),
            Err(BTreeSet::from(["CLUSTER_NAME"]))
        );
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
            let its = node(&[
                ("WARM_PREFIX_TARGET", "5"),
                ("WARM_IP_TARGET", warm_ip),
                ("MINIMUM_IP_TARGET", minimum_ip),
            ]);
            assert_eq!(warm_prefixes(Some(&its)), expected, "{warm_ip} {minimum_ip}");
        }
        let hides = |variable: (&str, &str), hidden: &str| {
            let mut its = node(&[variable]);
            its.hidden.insert(hidden.to_owned());
            warm_prefixes(Some(&its))
        };
        assert_eq!(hides(("WARM_PREFIX_TARGET", "5"), "WARM_IP_TARGET"), 1);
        assert_eq!(hides(("WARM_IP_TARGET", "40"), "WARM_PREFIX_TARGET"), 3);
        assert_eq!(warm_prefixes(None), 1);
    }
}
