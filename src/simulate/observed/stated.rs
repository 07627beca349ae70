//! What a daemonset and its ENIConfigs state, and how that comes into force.

use std::collections::BTreeMap;

use crate::{
    cni::CniSettings,
    simulate::{observed_settings::Stated, settings::InForce},
};

/// What the daemonset and the ENIConfigs state.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct StatedCni {
    pub(super) settings: CniSettings,
    /// The pods' subnet by the name of the zone, where ENIConfigs say it of nodes that join there.
    pub(super) by_zone: BTreeMap<String, Option<usize>>,
}

impl StatedCni {
    /// Takes over what is stated; `zone` is a zone's place by its name. Where custom networking is on
    /// and no ENIConfig was looked at, the pods' subnets stay those that the nodes show.
    pub(in crate::simulate) fn apply(
        &self,
        in_force: &mut InForce,
        zone: impl Fn(&str) -> Option<usize>,
    ) {
        // No node's example counts against what the daemonset says.
        in_force.stated = Stated { prefix_delegation: true, custom_networking: true };
        let mut by_zone = in_force.pod_subnets().map(<[Option<usize>]>::to_vec).unwrap_or_default();
        in_force.cni = self.settings.clone();
        if !self.settings.custom_networking {
            in_force.set_pod_subnets(None);
            return;
        }
        for (name, subnet) in &self.by_zone {
            let Some(zone) = zone(name) else { continue };
            if by_zone.len() <= zone {
                by_zone.resize(zone + 1, None);
            }
            if let Some(entry) = by_zone.get_mut(zone) {
                *entry = *subnet;
            }
        }
        in_force.set_pod_subnets(Some(by_zone));
    }
}
