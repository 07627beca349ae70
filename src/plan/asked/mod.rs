//! A requirement as it is understood: checked, its defaults filled, its types found.

mod check;
mod group;
mod node_pods;
mod space;

pub(super) use check::understand;
pub(super) use group::{AskedGroup, other_types};
pub(super) use node_pods::{Mode, NodePods, node_pods};
pub(super) use space::Space;

use std::collections::BTreeSet;

use super::requirement::{Allowed, ExistingSubnet, Requirement};
use crate::{instance::Catalogue, simulate::Factor};

/// What a plan is made for.
#[derive(Debug, Clone)]
pub(super) struct Asked<'a> {
    pub(super) catalogue: &'a Catalogue,
    /// With its defaults.
    pub(super) requirement: Requirement,
    pub(super) allow: BTreeSet<Allowed>,
    pub(super) groups: Vec<AskedGroup<'a>>,
    pub(super) space: Space,
    /// Pods after the growth, as a factor of those at the peak.
    pub(super) growth: Factor,
    pub(super) assumed: Vec<String>,
}

impl Asked<'_> {
    pub(super) fn may(&self, lever: Allowed) -> bool {
        self.allow.contains(&lever)
    }

    pub(super) fn zones(&self) -> &[String] {
        &self.requirement.zones
    }

    pub(super) fn existing(&self) -> &[ExistingSubnet] {
        &self.requirement.vpc.subnets
    }

    /// Whether today's CNI settings delegate prefixes.
    pub(super) fn prefixes_today(&self) -> bool {
        self.requirement.cni.prefix_delegation == Some(true)
    }

    /// Whether custom networking is on today.
    pub(super) fn custom_today(&self) -> bool {
        self.requirement.cni.custom_networking.as_ref().is_some_and(|zones| !zones.is_empty())
    }

    /// Whether the cluster's pods have IPv6 addresses.
    pub(super) fn ipv6_today(&self) -> bool {
        self.requirement.cni.ipv6 == Some(true)
    }

    /// Whether Windows nodes take prefixes today.
    pub(super) fn windows_prefixes_today(&self) -> bool {
        let windows = self.requirement.cni.windows.as_ref();
        windows.and_then(|windows| windows.prefix_delegation) == Some(true)
    }

    /// Whether the VPC CNI looks for subnets by their tags.
    pub(super) fn discovers(&self) -> bool {
        self.requirement.cni.subnet_discovery != Some(false)
    }

    /// Whether a type of any group can take prefixes.
    pub(super) fn any_nitro(&self) -> bool {
        let types = |group: &AskedGroup<'_>| {
            group.types.iter().chain(&group.choice).any(|limits| limits.supports_prefixes())
        };
        self.groups.iter().any(types)
    }

    /// Whether a group has Windows nodes.
    pub(super) fn has_windows(&self) -> bool {
        self.groups.iter().any(|group| group.written.os == super::requirement::GroupOs::Windows)
    }

    /// Whether a group has pods with a branch ENI of their own.
    pub(super) fn has_branch_pods(&self) -> bool {
        self.groups.iter().any(|group| group.written.branch_pods_per_node > 0)
    }
}
