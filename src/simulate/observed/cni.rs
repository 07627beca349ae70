//! The CNI's settings as its daemonset states them.

use crate::{
    cni::{CniSettings, CniVersion, Decides},
    inventory::Inventory,
    simulate::{settings::InForce, shown::Stated},
};

/// What the daemonset and the ENIConfigs state.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct StatedCni {
    settings: CniSettings,
    /// The subnets of the ENIConfigs; `None` when they were not looked at.
    eni_config_subnets: Option<Vec<usize>>,
}

impl StatedCni {
    /// What is stated; `None` if the daemonset was not looked at, or a variable's value stands
    /// elsewhere. `index` is a subnet's place among the played ones. A version that cannot be simulated
    /// is taken for the newest.
    pub(super) fn new(
        inventory: &Inventory,
        index: impl Fn(&str) -> Option<usize>,
    ) -> Option<Self> {
        let kubernetes = inventory.kubernetes.as_ref()?;
        let aws_node = kubernetes.aws_node.as_ref()?;
        let mut settings = CniSettings::read(aws_node, &[Decides::Pool, Decides::Subnets]).ok()?;
        let version = aws_node.version.as_ref();
        settings.version =
            version.and_then(|text| CniVersion::simulated(text).ok()).unwrap_or(CniVersion::NEWEST);
        let subnets = kubernetes.eni_configs.as_ref().map(|configs| {
            configs.iter().filter_map(|config| index(config.subnet_id.as_deref()?)).collect()
        });
        Some(Self { settings, eni_config_subnets: subnets })
    }

    /// Takes over what is stated. Where custom networking is on and no ENIConfig was looked at, the
    /// pods' subnets stay those that the nodes show.
    pub(in crate::simulate) fn apply(
        &self,
        in_force: &mut InForce,
        zone_of: impl Fn(usize) -> Option<usize>,
    ) {
        // No node's example counts against what the daemonset says.
        in_force.stated = Stated { prefix_delegation: true, custom_networking: true };
        let mut by_zone = in_force.pod_subnets().map(<[Option<usize>]>::to_vec).unwrap_or_default();
        in_force.cni = self.settings.clone();
        if !self.settings.custom_networking {
            in_force.set_pod_subnets(None);
            return;
        }
        for subnet in self.eni_config_subnets.iter().flatten() {
            let Some(zone) = zone_of(*subnet) else { continue };
            if by_zone.len() <= zone {
                by_zone.resize(zone + 1, None);
            }
            if let Some(entry) = by_zone.get_mut(zone) {
                *entry = Some(*subnet);
            }
        }
        in_force.set_pod_subnets(Some(by_zone));
    }
}
