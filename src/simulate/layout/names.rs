//! Names are found, numbers are bounded, and what is wrong is said with its place.

use std::{collections::HashSet, fmt::Display};

use super::resolved::{Group, MOST_NODES};
use crate::{density::CannotLaunch, simulate::MaxPods};

/// What is wrong with a scenario that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// A name that nothing has.
    #[error("{place}: unknown {what} `{value}` (known: {})", list(known))]
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
    /// Instances that EC2 does not launch.
    #[error("{place}: {error}")]
    Launch {
        /// Where, as a path of keys.
        place: String,
        /// What is wrong.
        error: CannotLaunch,
    },
}

fn list(known: &[String]) -> String {
    if known.is_empty() { "none".to_owned() } else { known.join(", ") }
}

pub(super) fn value(place: impl Into<String>, reason: impl Display) -> CheckError {
    CheckError::Value { place: place.into(), reason: reason.to_string() }
}

/// Names of one kind, by index.
pub(super) struct Names {
    pub(super) what: &'static str,
    pub(super) list: Vec<String>,
    /// Other names of some of them.
    pub(super) aliases: Vec<(String, usize)>,
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

    pub(super) fn find_all(&self, place: &str, names: &[String]) -> Result<Vec<usize>, CheckError> {
        if names.is_empty() {
            return Err(value(place, format!("at least one {} is required", self.what)));
        }
        names.iter().map(|name| self.find(place, name)).collect()
    }

    /// Names that are each there once.
    pub(super) fn new(
        what: &'static str,
        place: &str,
        names: Vec<String>,
    ) -> Result<Self, CheckError> {
        let mut seen = HashSet::new();
        if let Some(name) = names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(value(place, format!("{what} `{name}` is defined twice")));
        }
        Ok(Self { what, list: names, aliases: Vec::new() })
    }
}

/// The names of where things are.
#[derive(Clone, Copy)]
pub(super) struct PlaceNames<'a> {
    pub(super) zones: &'a Names,
    pub(super) subnets: &'a Names,
    /// The zone of each subnet.
    pub(super) zone_of: &'a [usize],
}

impl PlaceNames<'_> {
    /// A zone with its ENIConfig's subnet, as the key at `place` names them. An instance takes no ENI from
    /// another zone (EC2 user guide, "Elastic network interfaces"), so the subnet has to be in the zone.
    pub(super) fn eni_config(
        &self,
        place: &str,
        zone: &str,
        subnet: &str,
    ) -> Result<(usize, usize), CheckError> {
        let at = self.zones.find(place, zone)?;
        let place = format!("{place}.{zone}");
        let found = self.subnets.find(&place, subnet)?;
        match self.zone_of.get(found) {
            Some(own) if *own != at => {
                let own = self.zones.list.get(*own).map_or("", String::as_str);
                let reason = format!(
                    "subnet `{subnet}` is in zone {own}: the pods' subnet must be in the zone of \
                     their nodes"
                );
                Err(value(place, reason))
            }
            Some(_) | None => Ok((at, found)),
        }
    }
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
            let reason = format!("host_network_pods {host} exceeds max_pods {most}");
            Err(value(place, reason))
        }
        MaxPods::Pods(_) | MaxPods::Auto => Ok(()),
    }
}

/// A number of nodes within the bound.
pub(super) fn nodes(place: &str, nodes: u64) -> Result<u32, CheckError> {
    u32::try_from(nodes).ok().filter(|nodes| *nodes <= MOST_NODES).ok_or_else(|| {
        value(place, format!("{nodes} nodes: at most {MOST_NODES} can be simulated"))
    })
}
