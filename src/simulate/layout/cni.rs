//! What a scenario states of the CNI goes over the settings in force.

use super::names::{CheckError, Places, value};
use crate::simulate::{Cni, settings::CniSettings};

impl CniSettings {
    /// Takes over what a patch states; what it does not state stays.
    pub(super) fn apply(
        &mut self,
        patch: &Cni,
        place: &str,
        places: &Places<'_>,
    ) -> Result<(), CheckError> {
        if let Some(version) = &patch.version {
            let place = format!("{place}.version");
            self.version = version.parse().map_err(|reason: String| value(place, reason))?;
        }
        if let Some(name) = &patch.cluster_name {
            self.cluster_name = Some(name.clone());
        }
        if let Some(written) = &patch.custom_networking {
            let zones = &places.zones.list;
            let mut by_zone: Vec<Option<usize>> = zones.iter().map(|_| None).collect();
            for (zone, subnet) in written {
                let (at, subnet) = places.eni_config(place, zone, subnet)?;
                if let Some(entry) = by_zone.get_mut(at) {
                    *entry = Some(subnet);
                }
            }
            self.custom_networking = (!written.is_empty()).then_some(by_zone);
            self.stated.custom_networking = true;
        }
        let targets = [
            (&mut self.warm_eni, patch.warm_eni_target),
            (&mut self.warm_ip, patch.warm_ip_target),
            (&mut self.minimum_ip, patch.minimum_ip_target),
            (&mut self.warm_prefix, patch.warm_prefix_target),
            (&mut self.max_eni, patch.max_eni),
        ];
        for (target, written) in targets {
            *target = written.unwrap_or(*target);
        }
        self.prefix_delegation = patch.prefix_delegation.unwrap_or(self.prefix_delegation);
        self.stated.prefix_delegation |= patch.prefix_delegation.is_some();
        self.pod_eni = patch.pod_eni.unwrap_or(self.pod_eni);
        self.subnet_discovery = patch.subnet_discovery.unwrap_or(self.subnet_discovery);
        Ok(())
    }
}
