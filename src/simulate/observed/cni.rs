//! The CNI's settings as its daemonset states them.

use std::collections::BTreeMap;

use super::{
    nodes::{Seen, SeenNode},
    parts::EniConfigSubnet,
};
use crate::{
    cni::{CniSettings, CniVersion, Decides},
    inventory::Inventory,
    simulate::{settings::InForce, shown::Stated},
};

/// What the daemonset and the ENIConfigs state.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct StatedCni {
    settings: CniSettings,
    /// The pods' subnet by the name of the zone, where ENIConfigs say it of nodes that join there.
    by_zone: BTreeMap<String, Option<usize>>,
}

impl StatedCni {
    /// What is stated; `None` if the daemonset was not looked at, or a variable's value stands
    /// elsewhere. A version that cannot be simulated is taken for the newest.
    pub(super) fn new(inventory: &Inventory, seen: &Seen<'_>, nodes: &[SeenNode]) -> Option<Self> {
        let aws_node = inventory.kubernetes.as_ref()?.aws_node.as_ref()?;
        let mut settings = CniSettings::read(aws_node, &[Decides::Pool, Decides::Subnets]).ok()?;
        let version = aws_node.version.as_ref();
        settings.version =
            version.and_then(|text| CniVersion::simulated(text).ok()).unwrap_or(CniVersion::NEWEST);
        Some(Self { settings, by_zone: by_zone(inventory, seen, nodes) })
    }

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

/// The pods' subnet of nodes that join in each zone: where those that are there have theirs, else by the
/// ENIConfigs.
fn by_zone(
    inventory: &Inventory,
    seen: &Seen<'_>,
    nodes: &[SeenNode],
) -> BTreeMap<String, Option<usize>> {
    let Some(configs) = &seen.eni_configs else { return BTreeMap::new() };
    let mut zones: BTreeMap<String, (Option<usize>, Option<Option<usize>>)> = BTreeMap::new();
    for subnet in &inventory.subnets {
        let Some(zone) = &subnet.availability_zone else { continue };
        let joins = configs.of_zone(zone, &subnet.vpc_id).and_then(|id| seen.index(id));
        let own = seen.index(&subnet.subnet_id);
        let here = nodes.iter().filter(|node| Some(node.subnet) == own);
        let entry = zones.entry(zone.clone()).or_insert((joins, None));
        for node in here {
            match node.eni_config {
                EniConfigSubnet::Unseen => {}
                EniConfigSubnet::Fits(subnet) => entry.1 = Some(Some(subnet)),
                EniConfigSubnet::Misfit => {
                    entry.1.get_or_insert(None);
                }
            }
        }
    }
    zones.into_iter().map(|(zone, (joins, shown))| (zone, shown.unwrap_or(joins))).collect()
}
