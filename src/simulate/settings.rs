//! The CNI's settings as they are in force, with the pods' subnets resolved, and the pool settings of a
//! group's types made of them.

use super::{
    MaxPods,
    observed_settings::{ObservedSettings, Stated},
};
use crate::{
    cni::CniSettings,
    instance::{Catalogue, InstanceLimits},
    ipam::PoolSettings,
};

/// What is a group's own of how its nodes and their pods get addresses.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroupNetwork<'a> {
    pub(super) shown: &'a ObservedSettings,
    /// The pods' subnet of each zone, where the group has ENIConfigs of its own.
    pub(super) pod_subnets: &'a [Option<usize>],
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
}

impl Default for InForce {
    /// The shipped manifest.
    fn default() -> Self {
        Self { cni: CniSettings::shipped(), by_zone: Vec::new(), stated: Stated::default() }
    }
}

impl InForce {
    /// The pods' subnet of each zone; `None`: custom networking is off.
    pub(super) fn pod_subnets(&self) -> Option<&[Option<usize>]> {
        self.cni.custom_networking.then_some(self.by_zone.as_slice())
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
        let GroupNetwork { shown, pod_subnets } = group;
        let mut own = self.clone();
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
        let auto = types.iter().map(|(limits, _)| self.cni.max_pods(catalogue, limits)).min();
        let pool = |limits: &InstanceLimits| {
            let max_pods = match max_pods {
                MaxPods::Auto => shown.max_pods(limits).or(auto).unwrap_or(0),
                MaxPods::Pods(pods) => pods,
            };
            self.cni.pool(limits, max_pods, false)
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
            MaxPods::Auto => self.cni.max_pods(catalogue, limits),
            MaxPods::Pods(pods) => pods,
        };
        self.cni.pool(limits, max_pods, false)
    }
}
