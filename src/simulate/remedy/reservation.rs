//! A part of a subnet reserved for prefixes, so that single addresses leave its blocks whole.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    change::Remedy,
    search::{Search, TrialOutcome},
};
use crate::{
    network::{Cidr, ReservationKind, SubnetAddresses},
    simulate::{Layout, LayoutFailure, Reason, layout::PlacedSubnet},
};

/// How many times shorter than its subnet a reservation is tried, in bits: a half, a quarter, an eighth.
const BITS: std::ops::RangeInclusive<u8> = 1..=3;

/// Subnet by subnet as they come short of prefixes: the largest part that still leaves room for what needs
/// single addresses.
pub(super) fn prefix_reservations<'a>(
    search: &mut Search<'_>,
    layout: &Layout<'a>,
) -> Option<(Remedy, Layout<'a>)> {
    let mut found: BTreeMap<usize, Cidr> = BTreeMap::new();
    let mut failure = search.failure();
    loop {
        let at = short(layout, &failure).filter(|at| !found.contains_key(at))?;
        let mut next = None;
        for part in parts(layout.subnets.get(at)?) {
            found.insert(at, part);
            let changed = reserved(layout, &found)?;
            match search.play(&changed) {
                TrialOutcome::Fits => return Some((told(layout, &found), changed)),
                TrialOutcome::Fails(again) if is_about(layout, &again, at) => {}
                TrialOutcome::Fails(other) => {
                    next = Some(other);
                    break;
                }
                TrialOutcome::Spent => return None,
            }
        }
        failure = next?;
    }
}

fn short(layout: &Layout<'_>, failure: &LayoutFailure) -> Option<usize> {
    let prefixes =
        matches!(failure.reason, Reason::InsufficientCidrBlocks | Reason::PrefixReservationFull);
    (0..layout.subnets.len()).find(|at| prefixes && is_about(layout, failure, *at))
}

fn is_about(layout: &Layout<'_>, failure: &LayoutFailure, at: usize) -> bool {
    let name = layout.subnets.get(at).map(|subnet| &*subnet.name);
    failure.subnet.as_deref() == name
}

/// Parts of a subnet to reserve, of each size the one with most assignable blocks. Where addresses are known
/// by their count alone, a reservation would seem to move them out of its way: there are none.
fn parts(subnet: &PlacedSubnet) -> Vec<Cidr> {
    let space = subnet.start.space();
    if subnet.scattered.0 > 0 {
        return Vec::new();
    }
    let blocks = |part: &Cidr| {
        let mut tried = space.clone();
        let before = tried.assignable_prefixes_in_reservation();
        let reserved = tried.reserve(*part, ReservationKind::Prefix);
        reserved.map_or(0, |()| tried.assignable_prefixes_in_reservation().saturating_sub(before))
    };
    let is_apart =
        |part: &Cidr| !space.reservations().iter().any(|(reserved, _)| reserved.overlaps(*part));
    let of_size = |bits: u8| {
        let parts = subnet.cidr.parts(subnet.cidr.prefix_len().saturating_add(bits));
        parts.filter(is_apart).max_by_key(blocks).filter(|part| blocks(part) > 0)
    };
    BITS.filter_map(of_size).collect()
}

fn reserved<'a>(layout: &Layout<'a>, found: &BTreeMap<usize, Cidr>) -> Option<Layout<'a>> {
    let mut changed = layout.clone();
    for (at, part) in found {
        let subnet = changed.subnets.get_mut(*at)?;
        let mut space = subnet.start.space().clone();
        space.reserve(*part, ReservationKind::Prefix).ok()?;
        subnet.start = Arc::new(SubnetAddresses::new(space));
        subnet.prefix_reserved = true;
    }
    Some(changed)
}

fn told(layout: &Layout<'_>, found: &BTreeMap<usize, Cidr>) -> Remedy {
    let name = |at: &usize| layout.subnets.get(*at).map(|subnet| subnet.name.to_string());
    let reservations = found.iter().filter_map(|(at, part)| Some((name(at)?, *part)));
    Remedy::PrefixReservations { reservations: reservations.collect() }
}
