//! The CNI's settings as they are in force, and a node's pool settings made of them.

use super::{MaxPods, Target, layout::Group, shown::Stated, version::CniVersion};
use crate::{
    density::{Addressing, Cap, DensitySettings, assess},
    instance::{Catalogue, InstanceLimits},
    ipam::{PoolMode, PoolSettings},
};

/// Settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CniSettings {
    pub(super) version: CniVersion,
    pub(super) prefix_delegation: bool,
    /// The pods' subnet of each zone; `None` as a whole is custom networking off.
    pub(super) custom_networking: Option<Vec<Option<usize>>>,
    pub(super) warm_eni: Target,
    pub(super) warm_ip: Target,
    pub(super) minimum_ip: Target,
    pub(super) warm_prefix: Target,
    pub(super) max_eni: Target,
    pub(super) pod_eni: bool,
    pub(super) subnet_discovery: bool,
    /// CLUSTER_NAME.
    pub(super) cluster_name: Option<String>,
    pub(super) stated: Stated,
}

impl Default for CniSettings {
    /// The shipped manifest of amazon-vpc-cni-k8s v1.23.
    fn default() -> Self {
        Self {
            version: CniVersion::NEWEST,
            prefix_delegation: false,
            custom_networking: None,
            warm_eni: Target::Value(1),
            warm_ip: Target::Unset,
            minimum_ip: Target::Unset,
            warm_prefix: Target::Value(1),
            max_eni: Target::Unset,
            pod_eni: false,
            subnet_discovery: true,
            cluster_name: None,
            stated: Stated::default(),
        }
    }
}

impl CniSettings {
    /// The pool settings of each of a group's types, in their order.
    pub(super) fn pools(&self, catalogue: &Catalogue, group: &Group<'_>) -> Vec<PoolSettings> {
        let auto =
            group.types.iter().map(|(limits, _)| self.auto_max_pods(catalogue, limits)).min();
        let max_pods = match group.max_pods {
            // A node group takes the lowest of its types.
            MaxPods::Auto => auto.unwrap_or(0),
            MaxPods::Pods(pods) => pods,
        };
        group.types.iter().map(|(limits, _)| self.pool(limits, max_pods)).collect()
    }

    /// The pool settings of one type by itself.
    pub(super) fn own_pool(
        &self,
        catalogue: &Catalogue,
        limits: &InstanceLimits,
        max_pods: MaxPods,
    ) -> PoolSettings {
        let max_pods = match max_pods {
            MaxPods::Auto => self.auto_max_pods(catalogue, limits),
            MaxPods::Pods(pods) => pods,
        };
        self.pool(limits, max_pods)
    }

    fn auto_max_pods(&self, catalogue: &Catalogue, limits: &InstanceLimits) -> u32 {
        let settings = DensitySettings {
            addressing: if self.prefix_delegation {
                Addressing::Prefix
            } else {
                Addressing::SecondaryIp
            },
            custom_networking: self.custom_networking.is_some(),
            max_eni: self.max_eni.value().and_then(|most| u32::try_from(most).ok()),
            pod_eni: self.pod_eni,
            cap: Cap::Auto,
            ..DensitySettings::default()
        };
        // Only IPv6 can be refused, and an automatic cap always bounds.
        assess(catalogue, limits, &settings).ok().and_then(|report| report.max_pods).unwrap_or(0)
    }

    fn pool(&self, limits: &InstanceLimits, max_pods: u32) -> PoolSettings {
        let settings = PoolSettings {
            enis: limits.enis(),
            ipv4_per_eni: limits.ipv4_per_eni,
            // The CNI falls back by itself on a type that cannot hold prefixes.
            mode: if self.prefix_delegation && limits.supports_prefixes() {
                PoolMode::Prefix
            } else {
                PoolMode::SecondaryIp
            },
            custom_networking: self.custom_networking.is_some(),
            primary_excluded: false,
            pod_eni: self.pod_eni && limits.keeps_trunk_slot(),
            warm_eni_target: self.warm_eni.value(),
            warm_ip_target: self.warm_ip.value(),
            minimum_ip_target: self.minimum_ip.value(),
            warm_prefix_target: self.warm_prefix.value(),
            max_eni: self.max_eni.value(),
            max_pods,
        };
        if self.pod_eni && !settings.pod_eni && self.version.keeps_trunk_slot_always() {
            // The slot is kept for a trunk that never comes: one ENI less.
            // MAX_ENI stays, since nodes with their slots as before take it over.
            let enis = settings.most_enis().saturating_sub(1).max(1);
            return PoolSettings { enis, ..settings };
        }
        settings
    }
}
