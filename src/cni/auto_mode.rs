//! How a NodeClass of EKS Auto Mode sets its nodes' network, and the pool that follows.

use crate::{
    declared::{AutoNodeClass, Ipv4PrefixSize},
    density::{Addressing, DensitySettings, assess},
    instance::{Catalogue, InstanceLimits},
    ipam::{PoolMode, PoolRules, PoolSettings},
};

/// What a NodeClass says of the addresses of pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AutoModeNetwork {
    /// Prefixes where there is a /28 (`advancedNetworking.ipv4PrefixSize: Auto`), else single addresses
    /// alone (`"32"`).
    pub prefixes: bool,
    /// Pods have subnets of their own (`podSubnetSelectorTerms`), so that the primary ENI carries none.
    pub pod_subnets: bool,
}

impl Default for AutoModeNetwork {
    /// The built-in NodeClass.
    fn default() -> Self {
        Self { prefixes: true, pod_subnets: false }
    }
}

impl From<&AutoNodeClass> for AutoModeNetwork {
    fn from(class: &AutoNodeClass) -> Self {
        Self {
            prefixes: class.ipv4_prefix_size == Ipv4PrefixSize::Auto,
            pod_subnets: !class.pod_subnets.is_empty(),
        }
    }
}

impl AutoModeNetwork {
    /// What max pods are reckoned by.
    #[must_use]
    pub fn density(self) -> DensitySettings {
        DensitySettings {
            auto_mode: true,
            addressing: if self.prefixes { Addressing::Prefix } else { Addressing::SecondaryIp },
            custom_networking: self.pod_subnets,
            ..DensitySettings::default()
        }
    }

    /// Max pods of a type's node, with so many pods on the host network.
    #[must_use]
    pub fn max_pods(
        self,
        catalogue: &Catalogue,
        limits: &InstanceLimits,
        host_network_pods: u32,
    ) -> Option<u32> {
        let settings = DensitySettings { host_network_pods, ..self.density() };
        assess(catalogue, limits, &settings).ok()?.max_pods
    }

    /// The pool of a type's node.
    #[must_use]
    pub fn pool(self, limits: &InstanceLimits, max_pods: u32) -> PoolSettings {
        PoolSettings {
            enis: limits.enis(),
            ipv4_per_eni: limits.ipv4_per_eni,
            mode: if self.prefixes && limits.supports_prefixes() {
                PoolMode::Prefix
            } else {
                PoolMode::SecondaryIp
            },
            custom_networking: self.pod_subnets,
            max_pods,
            rules: PoolRules::AutoMode,
            ..PoolSettings::default()
        }
    }
}
