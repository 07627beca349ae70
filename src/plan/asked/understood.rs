//! A requirement as it is understood.

use std::collections::BTreeSet;

use super::{group::AskedGroup, space::Space};
use crate::{
    cni::{CniVersion, ROLE_TAG},
    instance::Catalogue,
    plan::requirement::{Allowed, ExistingSubnet, GroupOs, Requirement},
    simulate::Factor,
};

/// What a plan is made for.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Asked<'a> {
    pub(in crate::plan) catalogue: &'a Catalogue,
    /// With its defaults.
    pub(in crate::plan) requirement: Requirement,
    pub(in crate::plan) allow: BTreeSet<Allowed>,
    pub(in crate::plan) groups: Vec<AskedGroup<'a>>,
    pub(in crate::plan) space: Space,
    /// Pods after the growth, as a factor of those at the peak.
    pub(in crate::plan) growth: Factor,
    pub(in crate::plan) assumed: Vec<String>,
}

impl Asked<'_> {
    pub(in crate::plan) fn may(&self, lever: Allowed) -> bool {
        self.allow.contains(&lever)
    }

    pub(in crate::plan) fn zones(&self) -> &[String] {
        &self.requirement.zones
    }

    pub(in crate::plan) fn existing(&self) -> &[ExistingSubnet] {
        &self.requirement.vpc.subnets
    }

    /// Whether today's CNI settings delegate prefixes.
    pub(in crate::plan) fn prefixes_today(&self) -> bool {
        self.requirement.cni.prefix_delegation == Some(true)
    }

    /// Whether custom networking is on today.
    pub(in crate::plan) fn custom_today(&self) -> bool {
        self.requirement.cni.custom_networking.as_ref().is_some_and(|zones| !zones.is_empty())
    }

    /// Whether the primary ENI of today's nodes gives no addresses to pods: with custom networking, and where
    /// the tags of all nodes' subnets leave them out of subnet discovery.
    pub(in crate::plan) fn beside_primary_today(&self) -> bool {
        let mut nodes =
            self.existing().iter().filter(|subnet| subnet.role.takes_nodes()).peekable();
        let is_left_out =
            |subnet: &ExistingSubnet| subnet.tags.get(ROLE_TAG).is_some_and(|value| value == "0");
        self.custom_today()
            || (self.discovers() && nodes.peek().is_some() && nodes.all(is_left_out))
    }

    /// Whether the cluster's pods have IPv6 addresses.
    pub(in crate::plan) fn ipv6_today(&self) -> bool {
        self.requirement.cni.ipv6 == Some(true)
    }

    /// Whether Windows nodes take prefixes today.
    pub(in crate::plan) fn windows_prefixes_today(&self) -> bool {
        let windows = self.requirement.cni.windows.as_ref();
        windows.and_then(|windows| windows.prefix_delegation) == Some(true)
    }

    /// Whether the VPC CNI looks for subnets by their tags.
    pub(in crate::plan) fn discovers(&self) -> bool {
        self.requirement.cni.subnet_discovery != Some(false) && self.version().discovers_subnets()
    }

    /// Whether a type of any group can take prefixes.
    pub(in crate::plan) fn any_nitro(&self) -> bool {
        let types = |group: &AskedGroup<'_>| {
            group.types.iter().chain(&group.choice).any(|limits| limits.supports_prefixes())
        };
        self.groups.iter().any(types)
    }

    /// Whether a group has Windows nodes.
    pub(in crate::plan) fn has_windows(&self) -> bool {
        self.groups.iter().any(|group| group.written.os == GroupOs::Windows)
    }

    /// Whether a group has pods with a branch ENI of their own.
    pub(in crate::plan) fn has_branch_pods(&self) -> bool {
        self.groups.iter().any(|group| group.written.branch_pods_per_node > 0)
    }

    /// Whether a subnet's tag keeps pods out of it.
    pub(in crate::plan) fn excludes_subnets(&self) -> bool {
        self.version().excludes_subnets()
    }

    /// The version of the VPC CNI; one that cannot be simulated is refused where the scenario is checked.
    fn version(&self) -> CniVersion {
        let stated = self.requirement.cni.version.as_ref();
        stated.and_then(|text| text.parse().ok()).unwrap_or(CniVersion::NEWEST)
    }
}
