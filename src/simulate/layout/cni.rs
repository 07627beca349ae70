//! What a scenario states of the CNI goes over the settings in force.

use super::names::{CheckError, PlaceNames, value};
use crate::{
    cni::{CniVersion, Freeze},
    simulate::{
        Cni, Target, WindowsCni,
        settings::{InForce, WindowsConfig},
    },
};

/// The longest cool-down, in seconds: what has not changed for ipamd's longest timer is at rest.
const MOST_COOL_DOWN: u32 = 120;

impl WindowsConfig {
    /// Takes over what is stated; what is not stays.
    fn apply(&mut self, patch: Option<&WindowsCni>) {
        let Some(patch) = patch else { return };
        self.prefix_delegation = patch.prefix_delegation.unwrap_or(self.prefix_delegation);
        let targets = &mut self.targets;
        for (target, written) in [
            (&mut targets.warm_ip_target, patch.warm_ip_target),
            (&mut targets.minimum_ip_target, patch.minimum_ip_target),
            (&mut targets.warm_prefix_target, patch.warm_prefix_target),
        ] {
            *target = written.map_or(*target, Target::value);
        }
    }
}

impl InForce {
    /// Takes over what a patch states; what it does not state stays.
    pub(super) fn apply(
        &mut self,
        patch: &Cni,
        place: &str,
        places: &PlaceNames<'_>,
    ) -> Result<(), CheckError> {
        if let Some(version) = &patch.version {
            let place = format!("{place}.version");
            self.cni.version =
                CniVersion::simulated(version).map_err(|reason| value(place, reason))?;
        }
        if let Some(name) = &patch.cluster_name {
            self.cni.cluster_name = Some(name.clone());
        }
        if let Some(written) = &patch.custom_networking {
            // A zone that is not named keeps its ENIConfig.
            let known = self.pod_subnets().unwrap_or_default();
            let of_zone = |at| known.get(at).copied().flatten();
            let mut by_zone: Vec<Option<usize>> =
                (0..places.zones.list.len()).map(of_zone).collect();
            let place = format!("{place}.custom_networking");
            for (zone, subnet) in written {
                let (at, subnet) = places.eni_config(&place, zone, subnet)?;
                if let Some(entry) = by_zone.get_mut(at) {
                    *entry = Some(subnet);
                }
            }
            self.set_pod_subnets((!written.is_empty()).then_some(by_zone));
            self.stated.custom_networking = true;
        }
        let cni = &mut self.cni;
        let targets = [
            (&mut cni.warm_eni_target, patch.warm_eni_target),
            (&mut cni.warm_ip_target, patch.warm_ip_target),
            (&mut cni.minimum_ip_target, patch.minimum_ip_target),
            (&mut cni.warm_prefix_target, patch.warm_prefix_target),
            (&mut cni.max_eni, patch.max_eni),
        ];
        for (target, written) in targets {
            *target = written.map_or(*target, Target::value);
        }
        cni.prefix_delegation = patch.prefix_delegation.unwrap_or(cni.prefix_delegation);
        self.stated.prefix_delegation |= patch.prefix_delegation.is_some();
        cni.pod_eni = patch.pod_eni.unwrap_or(cni.pod_eni);
        cni.subnet_discovery = patch.subnet_discovery.unwrap_or(cni.subnet_discovery);
        if let Some(seconds) = patch.cooldown_seconds.filter(|seconds| *seconds > MOST_COOL_DOWN) {
            let place = format!("{place}.cooldown_seconds");
            let reason = format!("{seconds} s: at most {MOST_COOL_DOWN} s can be simulated");
            return Err(value(place, reason));
        }
        cni.cool_down_seconds = patch.cooldown_seconds.unwrap_or(cni.cool_down_seconds);
        self.windows.apply(patch.windows.as_ref());
        self.ipv6 = patch.ipv6.unwrap_or(self.ipv6);
        if self.ipv6 && self.cni.custom_networking {
            let place = format!("{place}.custom_networking");
            return Err(value(place, "IPv6 clusters have no custom networking"));
        }
        let cni = &mut self.cni;
        cni.freeze = match (patch.disable_network_provisioning, cni.freeze) {
            (Some(true), _) => Some(Freeze::NoProvisioning),
            (Some(false), Some(Freeze::NoProvisioning)) => None,
            (Some(false) | None, freeze) => freeze,
        };
        Ok(())
    }
}
