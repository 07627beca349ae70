//! The CNI's settings as they are in force, with the pods' subnets resolved, and the pool settings of a
//! group's types made of them.

use super::{
    MaxPods,
    observed_settings::{ObservedSettings, Stated},
};
use crate::{
    cni::{AutoModeNetwork, CniSettings},
    density::{Addressing, DensitySettings, LaunchSettings, Os, assess},
    instance::{Catalogue, InstanceLimits},
    ipam::{PoolMode, PoolRules, PoolSettings, windows::WindowsSettings},
};

/// What is a group's own of how its nodes and their pods get addresses.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroupNetwork<'a> {
    pub(super) shown: &'a ObservedSettings,
    /// The pods' subnet of each zone, where the group has ENIConfigs of its own.
    pub(super) pod_subnets: &'a [Option<usize>],
    pub(super) launch: LaunchSettings,
    pub(super) os: Os,
    /// For nodes of EKS Auto Mode.
    pub(super) auto_mode: Option<AutoModeNetwork>,
    pub(super) host_network_pods: u32,
}

/// The ConfigMap `amazon-vpc-cni`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct WindowsConfig {
    pub(super) prefix_delegation: bool,
    pub(super) targets: WindowsSettings,
}

/// By whose rules nodes get their pods' addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum OwnRules {
    #[default]
    Linux,
    /// With so many pods beside those with an address, which the limit of addresses does not count.
    Windows { host_network_pods: u32 },
    /// Those of EKS Auto Mode, with so many pods beside those with an address.
    AutoMode { network: AutoModeNetwork, host_network_pods: u32 },
}

/// Subnets that are named are others from now on.
pub(super) fn move_named(by_zone: &mut [Option<usize>], from: usize, to: usize) {
    let named = by_zone.iter_mut().filter(|subnet| **subnet == Some(from));
    named.for_each(|subnet| *subnet = Some(to));
}

/// Settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InForce {
    pub(super) cni: CniSettings,
    /// The pods' subnet of each zone, looked at under custom networking alone.
    by_zone: Vec<Option<usize>>,
    pub(super) stated: Stated,
    /// Whether the cluster's pods have IPv6 addresses.
    pub(super) ipv6: bool,
    pub(super) windows: WindowsConfig,
    /// Those of one group, where they are its own.
    own_rules: OwnRules,
    /// What a group's instances are launched with.
    launch: LaunchSettings,
}

impl Default for InForce {
    /// The shipped manifest.
    fn default() -> Self {
        Self {
            cni: CniSettings::shipped(),
            by_zone: Vec::new(),
            stated: Stated::default(),
            ipv6: false,
            windows: WindowsConfig::default(),
            own_rules: OwnRules::default(),
            launch: LaunchSettings::default(),
        }
    }
}

impl InForce {
    /// The pods' subnet of each zone; `None`: custom networking is off.
    pub(super) fn pod_subnets(&self) -> Option<&[Option<usize>]> {
        self.cni.custom_networking.then_some(self.by_zone.as_slice())
    }

    /// Whether ipamd gives pods their addresses, by ENIs.
    pub(super) fn by_ipamd(&self) -> bool {
        match self.own_rules {
            OwnRules::Linux => !self.ipv6,
            OwnRules::Windows { .. } | OwnRules::AutoMode { .. } => false,
        }
    }

    /// Whether they are those of nodes of EKS Auto Mode.
    pub(super) fn is_auto_mode(&self) -> bool {
        match self.own_rules {
            OwnRules::AutoMode { .. } => true,
            OwnRules::Linux | OwnRules::Windows { .. } => false,
        }
    }

    /// Whether nodes look for subnets for their pods by tags.
    pub(super) fn discovers(&self) -> bool {
        self.by_ipamd() && self.cni.subnet_discovery && !self.cni.custom_networking
    }

    /// The same with other pods' subnets; `None` turns custom networking off.
    pub(super) fn set_pod_subnets(&mut self, by_zone: Option<Vec<Option<usize>>>) {
        self.cni.custom_networking = by_zone.is_some();
        self.by_zone = by_zone.unwrap_or_default();
    }

    /// ENIConfigs that name a subnet name another one.
    pub(super) fn move_pods(&mut self, from: usize, to: usize) {
        move_named(&mut self.by_zone, from, to);
    }

    /// The settings of a group's new nodes: what is not stated is as all its own nodes show it, and
    /// under custom networking its own ENIConfigs go before those of all.
    pub(super) fn of_group(&self, group: GroupNetwork<'_>) -> Self {
        let GroupNetwork { shown, pod_subnets, launch, os, auto_mode, host_network_pods } = group;
        let mut own = Self { launch, ..self.clone() };
        if let Some(network) = auto_mode {
            own.set_pod_subnets(network.pod_subnets.then(|| pod_subnets.to_vec()));
            own.own_rules = OwnRules::AutoMode { network, host_network_pods };
            return own;
        }
        match os {
            Os::Linux => {}
            Os::Windows => {
                own.set_pod_subnets(None);
                own.own_rules = OwnRules::Windows { host_network_pods };
                return own;
            }
        }
        if let Some(on) = shown.prefix_delegation.all().filter(|_| !self.stated.prefix_delegation) {
            own.cni.prefix_delegation = on;
        }
        let states = self.stated.custom_networking || !pod_subnets.is_empty();
        if let Some(on) = shown.custom_networking.all().filter(|_| !states) {
            own.set_pod_subnets(on.then(|| self.pod_subnets_under(&shown.by_zone)));
        }
        if own.cni.custom_networking && !pod_subnets.is_empty() {
            own.set_pod_subnets(Some(own.pod_subnets_under(pod_subnets)));
        }
        own
    }

    /// A group's pods' subnets, and those of all where it has none for a zone.
    fn pod_subnets_under(&self, own: &[Option<usize>]) -> Vec<Option<usize>> {
        let all = self.pod_subnets().into_iter().flatten().copied();
        let all = all.chain(std::iter::repeat(None));
        own.iter().zip(all).map(|(own, all)| own.or(all)).collect()
    }

    /// The pool settings of each of a group's types, in their order. Without a number that was written, a
    /// type's new nodes have the max pods that all its nodes show; else the formula says it.
    pub(super) fn pools(
        &self,
        catalogue: &Catalogue,
        (types, shown): (&[(&InstanceLimits, u32)], &ObservedSettings),
        max_pods: MaxPods,
    ) -> Vec<PoolSettings> {
        // A node group takes the lowest of its types.
        let auto = types.iter().map(|(limits, _)| self.max_pods(catalogue, limits)).min();
        let pool = |limits: &InstanceLimits| {
            let max_pods = match max_pods {
                MaxPods::Auto => shown.max_pods(limits).or(auto).unwrap_or(0),
                MaxPods::Pods(pods) => pods,
            };
            self.pool(limits, max_pods)
        };
        types.iter().map(|(limits, _)| pool(limits)).collect()
    }

    /// The pool settings of one type by itself.
    pub(super) fn own_pool(
        &self,
        catalogue: &Catalogue,
        limits: &InstanceLimits,
        max_pods: MaxPods,
    ) -> PoolSettings {
        let max_pods = match max_pods {
            MaxPods::Auto => self.max_pods(catalogue, limits),
            MaxPods::Pods(pods) => pods,
        };
        self.pool(limits, max_pods)
    }

    /// The pool of a node that the kubelet says so many max pods of.
    fn pool(&self, limits: &InstanceLimits, max_pods: u32) -> PoolSettings {
        match self.own_rules {
            OwnRules::Linux if self.ipv6 => {
                let pool = PoolSettings {
                    enis: limits.enis(),
                    // No slots for IPv4 beside the ENI's own address.
                    ipv4_per_eni: 1,
                    pod_eni: self.cni.pod_eni && limits.keeps_trunk_slot(),
                    max_pods,
                    rules: PoolRules::Ipv6,
                    ..PoolSettings::default()
                };
                self.launch.applied(limits, pool)
            }
            OwnRules::Linux => self.launch.applied(limits, self.cni.pool(limits, max_pods, false)),
            OwnRules::AutoMode { network, .. } => network.pool(limits, max_pods),
            OwnRules::Windows { host_network_pods } => {
                let mode = if self.windows.prefix_delegation && limits.supports_prefixes() {
                    PoolMode::Prefix
                } else {
                    PoolMode::SecondaryIp
                };
                let pool = PoolSettings {
                    enis: 1,
                    ipv4_per_eni: limits.ipv4_per_eni,
                    mode,
                    max_pods,
                    rules: PoolRules::Windows(self.windows.targets.targets(mode)),
                    ..PoolSettings::default()
                };
                // The addresses are a resource of the node that the scheduler counts.
                let most = pool.most_addresses().saturating_add(host_network_pods);
                PoolSettings { max_pods: max_pods.min(most), ..pool }
            }
        }
    }

    /// Max pods of a type by the formula, under its cap. For Windows it is the cap: that the addresses are
    /// fewer, the pool says.
    pub(super) fn max_pods(&self, catalogue: &Catalogue, limits: &InstanceLimits) -> u32 {
        // A type that cannot run IPv6 was refused, and an automatic cap always bounds.
        let report = assess(catalogue, limits, &self.density()).ok();
        let bound = report.and_then(|report| match self.own_rules {
            OwnRules::Linux | OwnRules::AutoMode { .. } => report.max_pods,
            OwnRules::Windows { .. } => report.cap,
        });
        bound.unwrap_or(0)
    }

    /// What max pods are reckoned by.
    pub(super) fn density(&self) -> DensitySettings {
        match self.own_rules {
            OwnRules::Linux if self.ipv6 => DensitySettings {
                addressing: Addressing::Ipv6,
                pod_eni: self.cni.pod_eni,
                ..DensitySettings::default()
            },
            OwnRules::Linux => DensitySettings { launch: self.launch, ..self.cni.density() },
            OwnRules::AutoMode { network, host_network_pods } => {
                DensitySettings { host_network_pods, ..network.density() }
            }
            OwnRules::Windows { .. } => DensitySettings {
                os: Os::Windows,
                addressing: if self.windows.prefix_delegation {
                    Addressing::Prefix
                } else {
                    Addressing::SecondaryIp
                },
                ..DensitySettings::default()
            },
        }
    }
}
