//! The CNI's settings as they are in force, with the pods' subnets resolved, and the pool settings of a
//! group's types made of them.

use super::{MaxPods, layout::Group, shown::Stated};
use crate::{
    cni::CniSettings,
    instance::{Catalogue, InstanceLimits},
    ipam::PoolSettings,
};

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
        let named = self.by_zone.iter_mut().filter(|subnet| **subnet == Some(from));
        named.for_each(|subnet| *subnet = Some(to));
    }

    /// The pool settings of each of a group's types, in their order.
    pub(super) fn pools(&self, catalogue: &Catalogue, group: &Group<'_>) -> Vec<PoolSettings> {
        let auto = group.types.iter().map(|(limits, _)| self.cni.max_pods(catalogue, limits)).min();
        let max_pods = match group.max_pods {
            // A node group takes the lowest of its types.
            MaxPods::Auto => auto.unwrap_or(0),
            MaxPods::Pods(pods) => pods,
        };
        group.types.iter().map(|(limits, _)| self.cni.pool(limits, max_pods, false)).collect()
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
