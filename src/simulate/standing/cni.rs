//! The CNI's settings in force, as a scenario would set them.

use std::collections::BTreeMap;

use crate::{
    cni::{CniSettings, Freeze},
    simulate::{Cni, Layout, Target, WindowsCni, settings::WindowsConfig},
};

/// What differs from the shipped manifest.
pub(super) fn written(layout: &Layout<'_>) -> Cni {
    let shipped = CniSettings::shipped();
    let in_force = &layout.cni.cni;
    let target = |own: Option<i64>, shipped: Option<i64>| {
        (own != shipped).then(|| own.map_or(Target::Unset, Target::Value))
    };
    let flag = |own: bool, shipped: bool| (own != shipped).then_some(own);
    Cni {
        version: (in_force.version != shipped.version).then(|| in_force.version.to_string()),
        prefix_delegation: flag(in_force.prefix_delegation, shipped.prefix_delegation),
        custom_networking: layout.cni.pod_subnets().map(|by_zone| named(layout, by_zone)),
        warm_eni_target: target(in_force.warm_eni_target, shipped.warm_eni_target),
        warm_ip_target: target(in_force.warm_ip_target, shipped.warm_ip_target),
        minimum_ip_target: target(in_force.minimum_ip_target, shipped.minimum_ip_target),
        warm_prefix_target: target(in_force.warm_prefix_target, shipped.warm_prefix_target),
        max_eni: target(in_force.max_eni, shipped.max_eni),
        pod_eni: flag(in_force.pod_eni, shipped.pod_eni),
        subnet_discovery: flag(in_force.subnet_discovery, shipped.subnet_discovery),
        cooldown_seconds: (in_force.cool_down_seconds != shipped.cool_down_seconds)
            .then_some(in_force.cool_down_seconds),
        disable_network_provisioning: (in_force.freeze == Some(Freeze::NoProvisioning))
            .then_some(true),
        ipv6: layout.cni.ipv6.then_some(true),
        windows: windows(layout.cni.windows),
        cluster_name: in_force.cluster_name.clone(),
    }
}

/// What the ConfigMap of Windows nodes states.
fn windows(config: WindowsConfig) -> Option<WindowsCni> {
    let target = |own: Option<i64>| own.map(Target::Value);
    let stated = WindowsCni {
        prefix_delegation: config.prefix_delegation.then_some(true),
        warm_ip_target: target(config.targets.warm_ip_target),
        minimum_ip_target: target(config.targets.minimum_ip_target),
        warm_prefix_target: target(config.targets.warm_prefix_target),
    };
    (stated != WindowsCni::default()).then_some(stated)
}

/// The pods' subnet of each zone that has one.
fn named(layout: &Layout<'_>, by_zone: &[Option<usize>]) -> BTreeMap<String, String> {
    let subnet = |at: usize| layout.subnets.get(at).map(|subnet| subnet.name.to_string());
    let zones = layout.zones.iter().zip(by_zone);
    zones.filter_map(|(zone, at)| Some((zone.clone(), subnet((*at)?)?))).collect()
}
