//! ENIConfigs of a group's own, and whether custom networking is on for them: the switch is the
//! cluster's (AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG), and no group's.

use std::collections::BTreeSet;

use super::{
    names::{CheckError, PlaceNames, value},
    resolved::{Action, Group},
};
use crate::simulate::{NodeGroup, Scenario, settings::InForce};

/// The pods' subnet of each zone by a group's own ENIConfigs; empty where it has none.
pub(super) fn pod_subnets(
    place: &str,
    written: &NodeGroup,
    subnets: &[usize],
    places: &PlaceNames<'_>,
) -> Result<Vec<Option<usize>>, CheckError> {
    if written.pod_subnets.is_empty() {
        return Ok(Vec::new());
    }
    let place = format!("{place}.pod_subnets");
    let own: BTreeSet<usize> =
        subnets.iter().filter_map(|subnet| places.zone_of.get(*subnet)).copied().collect();
    let mut by_zone = vec![None; places.zones.list.len()];
    for (zone, subnet) in &written.pod_subnets {
        let (at, subnet) = places.eni_config(&place, zone, subnet)?;
        if !own.contains(&at) {
            return Err(value(&place, format!("the group has no subnet in zone {zone}")));
        }
        if let Some(entry) = by_zone.get_mut(at) {
            *entry = Some(subnet);
        }
    }
    Ok(by_zone)
}

/// Turns custom networking on where nothing says otherwise and every group has ENIConfigs of its own
/// for all its zones.
pub(super) fn turn_on(
    cni: &mut InForce,
    scenario: &Scenario,
    groups: &[Group<'_>],
    places: &PlaceNames<'_>,
) {
    // Pod subnets of EKS Auto Mode are no ENIConfigs.
    let groups: Vec<&Group<'_>> = groups.iter().filter(|group| group.auto_mode.is_none()).collect();
    let covers = |group: &&Group<'_>| {
        let mut zones = group.subnets.iter().filter_map(|subnet| places.zone_of.get(*subnet));
        zones.all(|zone| group.pod_subnets.get(*zone).copied().flatten().is_some())
    };
    let is_open = scenario.cni.custom_networking.is_none() && cni.pod_subnets().is_none();
    if is_open && !groups.is_empty() && groups.iter().all(covers) {
        cni.set_pod_subnets(Some(vec![None; places.zones.list.len()]));
        cni.stated.custom_networking = true;
    }
}

/// Whether custom networking is on at some time for each group with ENIConfigs of its own.
pub(super) fn are_read(
    groups: &[Group<'_>],
    cni: &InForce,
    steps: &[(&'static str, Action)],
) -> Result<(), CheckError> {
    let stepped = steps.iter().filter_map(|(_, action)| action.cni_set());
    let settings: Vec<&InForce> = std::iter::once(cni).chain(stepped).collect();
    let with_own = |group: &&Group<'_>| group.auto_mode.is_none() && !group.pod_subnets.is_empty();
    for group in groups.iter().filter(with_own) {
        if !settings.iter().any(|cni| cni.of_group(group.network()).cni.custom_networking) {
            let reason = "custom networking is off, and it is on or off for all node groups: list \
                          the zones in cni.custom_networking, or set pod_subnets for each zone of \
                          every group";
            return Err(value(format!("node_groups.{}.pod_subnets", group.name), reason));
        }
    }
    Ok(())
}
