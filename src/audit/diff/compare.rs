//! Two counts compared: what grew, what came and went, and when the straight line between them
//! reaches the end.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{
    rate::Elapsed,
    rows::{self, Change, NodesDiff, OwnerDiff, SubnetDiff, ZoneDiff},
};
use crate::{
    audit::count::{Counted, SubnetCount},
    inventory::{OwnerKind, Source, Withheld},
};

/// One of the two sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// Where its numbers come from.
    pub source: Source,
    /// When they were captured.
    pub at: Option<Timestamp>,
}

/// What changed from one count to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    /// The earlier side.
    pub old: Side,
    /// The later side.
    pub new: Side,
    /// The time between them.
    pub elapsed: Elapsed,
    /// Subnets of either side, by VPC, zone, network and id.
    pub subnets: Vec<SubnetDiff>,
    /// Zones of either side, by name; subnets whose zone is not known come first.
    pub zones: Vec<ZoneDiff>,
    /// Owner kinds of either side, in their order.
    pub owners: Vec<OwnerDiff>,
    /// Nodes; `None` when those of a side are not available.
    pub nodes: Option<NodesDiff>,
    /// What is not available on either side, sorted.
    pub withheld: Vec<Withheld>,
    /// What was passed over.
    pub notes: Vec<String>,
    /// That snapshots are dated by their names, if any are: whoever read them knows.
    pub dated: Option<String>,
}

/// Compares two counts, each with the moment of its numbers. The caller has put them in order.
#[must_use]
pub fn diff(
    (old, old_at): (&Counted<'_>, Option<Timestamp>),
    (new, new_at): (&Counted<'_>, Option<Timestamp>),
) -> Diff {
    let elapsed = Elapsed::between(old_at, new_at);
    let subnets = subnets(old, new, elapsed);
    let mut withheld = withheld(old, "old");
    withheld.extend(withheld_of_time(elapsed, old_at, new_at));
    withheld.extend(self::withheld(new, "new"));
    withheld.sort();
    Diff {
        old: Side { source: old.source.clone(), at: old_at },
        new: Side { source: new.source.clone(), at: new_at },
        elapsed,
        zones: rows::zones(old, new, elapsed),
        owners: owners(old, new),
        nodes: nodes(old, new),
        subnets,
        withheld,
        notes: old.notes.iter().chain(&new.notes).cloned().collect(),
        dated: None,
    }
}

fn withheld(counted: &Counted<'_>, side: &str) -> Vec<Withheld> {
    let of_side =
        |row: &Withheld| Withheld { reason: format!("{side}: {}", row.reason), ..row.clone() };
    counted.withheld().iter().map(of_side).collect()
}

/// Without its time a side says nothing of rates.
fn withheld_of_time(
    elapsed: Elapsed,
    old_at: Option<Timestamp>,
    new_at: Option<Timestamp>,
) -> Vec<Withheld> {
    if elapsed != Elapsed::Unknown {
        return Vec::new();
    }
    let missing = [("old", old_at), ("new", new_at)].into_iter().filter(|(_, at)| at.is_none());
    let row = |(side, _): (&str, Option<Timestamp>)| Withheld {
        operation: "captured_at".to_owned(),
        reason: format!("{side}: the capture time is unknown: pass --{side}-at"),
        subnet_id: None,
        place: None,
    };
    missing.map(row).collect()
}

fn subnets(old: &Counted<'_>, new: &Counted<'_>, elapsed: Elapsed) -> Vec<SubnetDiff> {
    let (before, after) = (by_id(old), by_id(new));
    let ids: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    let mut rows: Vec<SubnetDiff> = ids
        .into_iter()
        .filter_map(|id| SubnetDiff::new((before.get(id), after.get(id)), elapsed))
        .collect();
    rows.sort_by(|a, b| a.order().cmp(&b.order()));
    rows
}

fn by_id<'a>(counted: &'a Counted<'_>) -> BTreeMap<&'a str, &'a SubnetCount> {
    counted.subnets().map(|subnet| (subnet.subnet_id.as_str(), subnet)).collect()
}

fn owners(old: &Counted<'_>, new: &Counted<'_>) -> Vec<OwnerDiff> {
    let held = |counted: &Counted<'_>, kind: OwnerKind| {
        let ipv4 = counted.subnets().filter(|subnet| subnet.cidr.is_some());
        let count = |subnet: &SubnetCount| {
            let owners = subnet.all_owners()?;
            Some(owners.get(&kind).map_or(0, |count| u64::from(count.addresses)))
        };
        ipv4.map(count).sum::<Option<u64>>()
    };
    let of_kind = |kind: &OwnerKind| OwnerDiff {
        kind: *kind,
        addresses: Change { old: held(old, *kind), new: held(new, *kind) },
    };
    let there = |counted: &Counted<'_>, kind: OwnerKind| {
        counted.subnets().flat_map(|s| s.owners.iter().flatten()).any(|(its, _)| *its == kind)
    };
    let kinds = OwnerKind::ALL.iter().filter(|kind| there(old, **kind) || there(new, **kind));
    kinds.map(of_kind).collect()
}

fn nodes(old: &Counted<'_>, new: &Counted<'_>) -> Option<NodesDiff> {
    let ids = |counted: &Counted<'_>| -> Option<BTreeSet<String>> {
        Some(counted.nodes()?.into_keys().map(ToOwned::to_owned).collect())
    };
    let (before, after) = (ids(old)?, ids(new)?);
    Some(NodesDiff {
        came: after.difference(&before).cloned().collect(),
        went: before.difference(&after).cloned().collect(),
        stayed: before.intersection(&after).count(),
    })
}
