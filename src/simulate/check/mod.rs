//! From what was written to what it means: names are resolved, numbers are bounded.

use std::{collections::HashSet, fmt::Display};

use super::{
    Cni, MaxPods, Observed, Scenario,
    layout::{Group, Interfaces, Layout, MOST_NODES},
    settings::CniSettings,
};
use crate::instance::Catalogue;

mod actions;
mod groups;
mod live;
mod subnets;

/// What is wrong with a scenario that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// A name that nothing has.
    #[error("{place}: {what} `{value}` is not known: known {}", list(known))]
    Unknown {
        /// Where, as a path of keys.
        place: String,
        /// What the name is to be.
        what: &'static str,
        /// The name.
        value: String,
        /// Names that are known, or near ones.
        known: Vec<String>,
    },
    /// A value that cannot be.
    #[error("{place}: {reason}")]
    Value {
        /// Where, as a path of keys.
        place: String,
        /// What is wrong, with the value.
        reason: String,
    },
}

fn list(known: &[String]) -> String {
    if known.is_empty() { "is none".to_owned() } else { format!("are {}", known.join(", ")) }
}

pub(super) fn value(place: impl Into<String>, reason: impl Display) -> CheckError {
    CheckError::Value { place: place.into(), reason: reason.to_string() }
}

/// Names of one kind, by index.
pub(super) struct Names {
    what: &'static str,
    list: Vec<String>,
    /// Other names of some of them.
    aliases: Vec<(String, usize)>,
}

impl Names {
    pub(super) fn find(&self, place: &str, name: &str) -> Result<usize, CheckError> {
        let own = self.list.iter().position(|known| known == name);
        let mut aliases = self.aliases.iter().filter(|(alias, _)| alias == name);
        let alias = match (aliases.next(), aliases.next()) {
            (Some((_, at)), None) => Some(*at),
            _ => None,
        };
        own.or(alias).ok_or_else(|| CheckError::Unknown {
            place: place.to_owned(),
            what: self.what,
            value: name.to_owned(),
            known: self.list.clone(),
        })
    }

    fn find_all(&self, place: &str, names: &[String]) -> Result<Vec<usize>, CheckError> {
        if names.is_empty() {
            return Err(value(place, format!("at least one {} is wanted", self.what)));
        }
        names.iter().map(|name| self.find(place, name)).collect()
    }

    /// Names that are each there once.
    fn new(what: &'static str, place: &str, names: Vec<String>) -> Result<Self, CheckError> {
        let mut seen = HashSet::new();
        if let Some(name) = names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(value(place, format!("{what} `{name}` is there twice")));
        }
        Ok(Self { what, list: names, aliases: Vec::new() })
    }
}

/// The names of where things are.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    pub(super) zones: &'a Names,
    pub(super) subnets: &'a Names,
    /// The zone of each subnet.
    pub(super) zone_of: &'a [usize],
}

impl Places<'_> {
    /// A zone with its ENIConfig's subnet. An instance takes no ENI from another zone (EC2 user guide,
    /// "Elastic network interfaces"), so the subnet has to be in the zone.
    fn eni_config(
        &self,
        place: &str,
        zone: &str,
        subnet: &str,
    ) -> Result<(usize, usize), CheckError> {
        let at = self.zones.find(&format!("{place}.custom_networking"), zone)?;
        let place = format!("{place}.custom_networking.{zone}");
        let found = self.subnets.find(&place, subnet)?;
        match self.zone_of.get(found) {
            Some(own) if *own != at => {
                let own = self.zones.list.get(*own).map_or("", String::as_str);
                let reason = format!(
                    "subnet `{subnet}` is in zone {own}: the pods' subnet is in the zone of their nodes"
                );
                Err(value(place, reason))
            }
            Some(_) | None => Ok((at, found)),
        }
    }
}

/// What a scenario means. Subnets larger than /16 are refused unless `allow_large` is set.
///
/// # Errors
/// When a name is unknown or given twice, or a number, block or list cannot be.
pub fn check<'a>(
    scenario: &Scenario,
    catalogue: &'a Catalogue,
    allow_large: bool,
) -> Result<Layout<'a>, CheckError> {
    layout(scenario, None, catalogue, allow_large)
}

/// What a scenario means that starts from what was observed.
///
/// # Errors
/// As [`check`].
pub fn check_from<'a>(
    scenario: &Scenario,
    start: &Observed,
    catalogue: &'a Catalogue,
    allow_large: bool,
) -> Result<Layout<'a>, CheckError> {
    layout(scenario, Some(start), catalogue, allow_large)
}

fn layout<'a>(
    scenario: &Scenario,
    start: Option<&Observed>,
    catalogue: &'a Catalogue,
    allow_large: bool,
) -> Result<Layout<'a>, CheckError> {
    let (zones, subnets) = subnets::subnets(scenario, start, allow_large)?;
    let names = subnets.iter().map(|subnet| subnet.name.to_string()).collect();
    let mut names = Names::new("subnet", "subnets", names)?;
    let observed = start.iter().flat_map(|start| &start.subnets).enumerate();
    names.aliases = observed.filter_map(|(at, s)| Some((s.name.clone()?, at))).collect();
    let zones = Names { what: "zone", list: zones, aliases: Vec::new() };
    let mut cni = start.map_or_else(CniSettings::default, |start| start.cni(&subnets));
    let zone_of: Vec<usize> = subnets.iter().map(|subnet| subnet.zone).collect();
    let places = Places { zones: &zones, subnets: &names, zone_of: &zone_of };
    cni.apply(&scenario.cni, "cni", &places)?;
    let mut groups = groups::groups(scenario, start, catalogue, &names)?;
    let live = start.map_or_else(Vec::new, |start| {
        live::show(start, &subnets, &mut groups);
        live::nodes(&live::Seen { start, cni: &cni, subnets: &subnets, catalogue }, &mut groups)
    });
    let group_names = groups.iter().map(|group| group.name.to_string()).collect();
    let group_names = Names::new("group", "node_groups", group_names)?;
    let control_plane = control_plane(scenario, start, &names)?;
    let mut others = Vec::new();
    for (at, other) in scenario.others.iter().enumerate() {
        let place = format!("others[{at}].subnet");
        others.push((names.find(&place, &other.subnet)?, other.addresses));
    }
    let known = actions::Known { places, groups: &group_names };
    let steps = actions::actions(&scenario.steps, &known, &groups, &cni)?;
    Ok(Layout {
        catalogue,
        zones: zones.list,
        subnets,
        cni,
        groups,
        control_plane,
        control_plane_held: start.map_or_else(Vec::new, |start| start.control_plane.clone()),
        live,
        cni_told: start.is_some_and(|start| start.cni.is_some()),
        others,
        steps,
    })
}

/// What was written of the control plane, else what was observed of it.
fn control_plane(
    scenario: &Scenario,
    start: Option<&Observed>,
    subnets: &Names,
) -> Result<Option<Interfaces>, CheckError> {
    if let Some(written) = &scenario.control_plane {
        let subnets = subnets.find_all("control_plane.subnets", &written.subnets)?;
        if !(1..=16).contains(&written.interfaces) {
            let reason = format!("{} is not from 1 to 16", written.interfaces);
            return Err(value("control_plane.interfaces", reason));
        }
        return Ok(Some(Interfaces { subnets, count: written.interfaces }));
    }
    Ok(start.filter(|start| !start.control_plane.is_empty()).map(|start| Interfaces {
        subnets: start.control_plane_subnets.iter().copied().collect(),
        count: u32::try_from(start.control_plane.len()).unwrap_or(u32::MAX),
    }))
}

/// Whether a group may have so many nodes, by its own bounds.
pub(super) fn bounded(place: &str, group: &Group<'_>, nodes: u32) -> Result<(), CheckError> {
    let (min, max) = (group.min.unwrap_or(0), group.max.unwrap_or(u32::MAX));
    if min > max {
        return Err(value(place, format!("min {min} is above max {max}")));
    }
    if nodes < min {
        return Err(value(place, format!("{nodes} nodes are below the group's min {min}")));
    }
    if nodes > max {
        return Err(value(place, format!("{nodes} nodes are above the group's max {max}")));
    }
    Ok(())
}

/// Whether a group's host-network pods fit on a node, by a max pods that is written. What `auto` is
/// may change with the CNI's settings, so it is held against the pods when they come.
pub(super) fn hosted(place: &str, group: &Group<'_>) -> Result<(), CheckError> {
    let host = group.host_network_pods;
    match group.max_pods {
        MaxPods::Pods(most) if host > most => {
            let reason = format!("host_network_pods {host} are more than max_pods {most}");
            Err(value(place, reason))
        }
        MaxPods::Pods(_) | MaxPods::Auto => Ok(()),
    }
}

/// A number of nodes within the bound.
pub(super) fn nodes(place: &str, nodes: u64) -> Result<u32, CheckError> {
    u32::try_from(nodes).ok().filter(|nodes| *nodes <= MOST_NODES).ok_or_else(|| {
        value(place, format!("{nodes} nodes are more than the {MOST_NODES} that can be played"))
    })
}

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
