//! What each subnet and zone was and is.

use std::collections::{BTreeMap, BTreeSet};

use super::rate::{Elapsed, Rate, UsedOnBothSides};
use crate::{
    audit::{
        count::{Counted, SubnetCount},
        standards::{Status, Thresholds},
    },
    inventory::OwnerKind,
    network::Cidr,
};

/// A number on both sides. One that is not available, or that is not there, is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    /// What it was.
    pub old: Option<u64>,
    /// What it is.
    pub new: Option<u64>,
}

impl Change {
    /// By how much it grew; `None` unless both are known.
    #[must_use]
    pub fn growth(self) -> Option<i64> {
        let signed = |number: u64| i64::try_from(number).ok();
        signed(self.new?)?.checked_sub(signed(self.old?)?)
    }
}

/// On which sides a subnet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// On both.
    Stayed,
    /// On the later one alone.
    Came,
    /// On the earlier one alone.
    Went,
}

impl Presence {
    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stayed => "stayed",
            Self::Came => "came",
            Self::Went => "went",
        }
    }
}

/// A subnet that was and is.
#[derive(Debug, Clone, PartialEq)]
pub struct SubnetDiff {
    /// Its id.
    pub subnet_id: String,
    /// Its Name tag, the later one.
    pub name: Option<String>,
    /// Its VPC.
    pub vpc_id: String,
    /// Its zone.
    pub availability_zone: Option<String>,
    /// Its network.
    pub cidr: Option<Cidr>,
    /// On which sides it is.
    pub presence: Presence,
    /// Addresses held by ENIs.
    pub used: Change,
    /// Usable addresses nobody holds.
    pub free: Change,
    /// /28 prefixes that can be delegated.
    pub assignable_prefixes: Change,
    /// How it stood.
    pub old_status: Option<Status>,
    /// How it stands.
    pub new_status: Option<Status>,
    /// Where it goes.
    pub rate: Rate,
}

impl SubnetDiff {
    /// `None` when it is on neither side.
    pub(super) fn new(
        (old, new): (Option<&&SubnetCount>, Option<&&SubnetCount>),
        elapsed: Elapsed,
    ) -> Option<Self> {
        let (presence, shown) = match (old, new) {
            (Some(_), Some(new)) => (Presence::Stayed, new),
            (None, Some(new)) => (Presence::Came, new),
            (Some(old), None) => (Presence::Went, old),
            (None, None) => return None,
        };
        let bars = Thresholds::default();
        let change = |of: fn(&SubnetCount) -> Option<u32>| Change {
            old: old.and_then(|subnet| of(subnet)).map(u64::from),
            new: new.and_then(|subnet| of(subnet)).map(u64::from),
        };
        // In a shared subnet the ENIs show too little: what is held goes by EC2's count as well.
        let held = change(|subnet| subnet.held);
        let left = new.and_then(|subnet| subnet.room()).map(|room| u64::from(room.addresses));
        Some(Self {
            subnet_id: shown.subnet_id.clone(),
            name: shown.name.clone(),
            vpc_id: shown.vpc_id.clone(),
            availability_zone: shown.availability_zone.clone(),
            cidr: shown.cidr,
            presence,
            used: change(|subnet| subnet.used),
            free: change(|subnet| subnet.free),
            assignable_prefixes: change(|subnet| subnet.assignable_prefixes),
            old_status: old.map(|subnet| bars.status(subnet)),
            new_status: new.map(|subnet| bars.status(subnet)),
            rate: if presence == Presence::Stayed {
                Rate::new(UsedOnBothSides { old: held.old, new: held.new, left }, elapsed)
            } else {
                Rate::APART
            },
        })
    }

    /// The order of rows: that of an audit.
    pub(super) fn order(&self) -> (bool, &str, Option<&str>, Option<Cidr>, &str) {
        let zone = self.availability_zone.as_deref();
        (self.cidr.is_none(), &self.vpc_id, zone, self.cidr, &self.subnet_id)
    }
}

/// What an owner kind held and holds in all subnets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerDiff {
    /// The kind.
    pub kind: OwnerKind,
    /// Its addresses.
    pub addresses: Change,
}

/// Kubernetes nodes by instance id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodesDiff {
    /// On the later side alone, sorted.
    pub came: Vec<String>,
    /// On the earlier side alone, sorted.
    pub went: Vec<String>,
    /// How many are on both.
    pub stayed: usize,
}

/// A zone's IPv4 subnets together.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneDiff {
    /// The zone; `None` for subnets that do not say.
    pub availability_zone: Option<String>,
    /// Its subnets.
    pub subnets: Change,
    /// Addresses held by ENIs.
    pub used: Change,
    /// Usable addresses nobody holds.
    pub free: Change,
    /// /28 prefixes that can be delegated.
    pub assignable_prefixes: Change,
    /// Where it goes.
    pub rate: Rate,
}

type ByZone<'a> = BTreeMap<Option<&'a str>, Vec<&'a SubnetCount>>;

pub(super) fn zones(old: &Counted<'_>, new: &Counted<'_>, elapsed: Elapsed) -> Vec<ZoneDiff> {
    let (before, after) = (by_zone(old), by_zone(new));
    let names: BTreeSet<Option<&str>> = before.keys().chain(after.keys()).copied().collect();
    names
        .into_iter()
        .map(|name| zone(name, (subnets(&before, name), subnets(&after, name)), elapsed))
        .collect()
}

fn subnets<'a, 'b>(zones: &'b ByZone<'a>, name: Option<&'a str>) -> &'b [&'a SubnetCount] {
    zones.get(&name).map(Vec::as_slice).unwrap_or_default()
}

fn by_zone<'a>(counted: &'a Counted<'_>) -> ByZone<'a> {
    let mut zones = ByZone::new();
    for subnet in counted.subnets().filter(|subnet| subnet.cidr.is_some()) {
        zones.entry(subnet.availability_zone.as_deref()).or_default().push(subnet);
    }
    zones
}

fn zone(
    name: Option<&str>,
    (old, new): (&[&SubnetCount], &[&SubnetCount]),
    elapsed: Elapsed,
) -> ZoneDiff {
    let sum = |subnets: &[&SubnetCount], of: fn(&SubnetCount) -> Option<u32>| {
        subnets.iter().map(|subnet| of(subnet).map(u64::from)).sum::<Option<u64>>()
    };
    let change = |of| Change { old: sum(old, of), new: sum(new, of) };
    let count = |subnets: &[&SubnetCount]| u64::try_from(subnets.len()).ok();
    let ids = |subnets: &[&SubnetCount]| -> BTreeSet<String> {
        subnets.iter().map(|subnet| subnet.subnet_id.clone()).collect()
    };
    let held = change(|subnet| subnet.held);
    let left = sum(new, |subnet| Some(subnet.room()?.addresses));
    ZoneDiff {
        availability_zone: name.map(ToOwned::to_owned),
        subnets: Change { old: count(old), new: count(new) },
        used: change(|subnet| subnet.used),
        free: change(|subnet| subnet.free),
        assignable_prefixes: change(|subnet| subnet.assignable_prefixes),
        rate: if ids(old) == ids(new) {
            Rate::new(UsedOnBothSides { old: held.old, new: held.new, left }, elapsed)
        } else {
            Rate::APART
        },
    }
}
