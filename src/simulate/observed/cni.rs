//! The CNI's settings as its daemonset states them.

use std::collections::BTreeMap;

use super::{
    eni_configs::EniConfigSubnet,
    nodes::{InventoryReader, SeenNode},
    stated::StatedCni,
};
use crate::{
    cni::{CniSettings, CniVersion, Decides, elsewhere},
    inventory::Inventory,
};

/// What is stated; `None` if the daemonset was not looked at, or a variable's value stands elsewhere, which
/// is withheld. A version that cannot be simulated is taken for the newest, and said.
pub(super) fn stated(
    inventory: &Inventory,
    seen: &mut InventoryReader<'_>,
    nodes: &[SeenNode],
) -> Option<StatedCni> {
    let aws_node = inventory.kubernetes.as_ref()?.aws_node.as_ref()?;
    let read = CniSettings::read(aws_node, &[Decides::Pool, Decides::Subnets]);
    let mut settings = read.map_err(|hidden| seen.withheld.insert(elsewhere(&hidden))).ok()?;
    let version = aws_node.version.as_deref().map_or(Ok(CniVersion::NEWEST), |text| {
        CniVersion::simulated(text).map_err(|reason| format!("aws-node's version {reason}"))
    });
    settings.version = version.unwrap_or_else(|reason| {
        seen.notes.push(format!("{reason}; simulated as the newest supported version"));
        CniVersion::NEWEST
    });
    Some(StatedCni { settings, by_zone: by_zone(inventory, seen, nodes) })
}

/// The pods' subnet of nodes that join in each zone: where those that are there have theirs, else by the
/// ENIConfigs.
fn by_zone(
    inventory: &Inventory,
    seen: &InventoryReader<'_>,
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
