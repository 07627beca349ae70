//! More room in the subnets that are short: as few addresses as do, or the smallest larger subnet.

use std::collections::BTreeMap;

use super::{
    change::Remedy,
    search::{Outcome, Search},
};
use crate::{
    network::Cidr,
    simulate::{Layout, LayoutFailure, Reason, layout::PlacedSubnet},
};

/// Addresses in a /28, which prefixes come in.
const BLOCK: u32 = 16;
/// The most addresses that are tried: those of a /12.
const MOST_ADDRESSES: u32 = 1 << 20;
/// The shortest prefix that is offered: an ordinary account has none shorter (VPC user guide).
const LARGEST: u8 = 16;

/// A layout with changed subnets, by index.
struct Changed<T> {
    by_subnet: BTreeMap<usize, T>,
}

impl<T: Copy> Changed<T> {
    fn layout<'a>(
        &self,
        layout: &Layout<'a>,
        change: impl Fn(&PlacedSubnet, T) -> Option<PlacedSubnet>,
    ) -> Option<Layout<'a>> {
        let mut changed = layout.clone();
        for (at, by) in &self.by_subnet {
            let subnet = changed.subnets.get_mut(*at)?;
            *subnet = change(subnet, *by)?;
        }
        Some(changed)
    }

    fn named(&self, layout: &Layout<'_>) -> Vec<(String, T)> {
        let name =
            |at: usize| layout.subnets.get(at).map_or_else(String::new, |s| s.name.to_string());
        self.by_subnet.iter().map(|(at, by)| (name(*at), *by)).collect()
    }
}

/// What addresses are short by: single ones, or prefixes; `None` where more of them do not help.
pub(super) fn unit(reason: Reason) -> Option<u32> {
    match reason {
        Reason::InsufficientFreeAddresses => Some(1),
        Reason::InsufficientCidrBlocks => Some(BLOCK),
        // Prefixes come from the reservation, which a larger subnet does not widen.
        Reason::PrefixReservationFull
        | Reason::NoEniConfig
        | Reason::NoPodSubnet
        | Reason::NoCarrier
        | Reason::NoSubnet
        | Reason::MaxPods
        | Reason::PoolLimit
        | Reason::BranchLimit
        | Reason::ControlPlaneNeedsFive
        | Reason::VpcBlockRefused
        | Reason::AddressUnitsExceeded => None,
    }
}

/// The subnet that a failure is about, if more room could help it.
fn short(layout: &Layout<'_>, failure: &LayoutFailure) -> Option<usize> {
    let name = failure.subnet.as_ref().filter(|_| unit(failure.reason).is_some())?;
    layout.subnets.iter().position(|subnet| *subnet.name == **name)
}

/// Subnet by subnet as they come short: the fewest more addresses with which it is short no more.
pub(super) fn more_addresses<'a>(
    search: &mut Search<'_>,
    layout: &Layout<'a>,
) -> Option<(Remedy, Layout<'a>)> {
    let mut found = Changed { by_subnet: BTreeMap::new() };
    let mut failure = search.failure();
    loop {
        let at = short(layout, &failure)?;
        let unit = unit(failure.reason)?;
        let had: u32 = found.by_subnet.get(&at).copied().unwrap_or(0);
        let had = had.next_multiple_of(unit);
        let mut trial = |units: u32| {
            found.by_subnet.insert(at, had + units * unit);
            let changed = found.layout(layout, more_room)?;
            Some(search.play(&changed))
        };
        // Doubled until it is enough, then halved towards the fewest.
        let (mut too_few, mut enough) = (0, 1);
        let mut next = loop {
            match trial(enough)? {
                Outcome::Fails(next) if short(layout, &next) == Some(at) => too_few = enough,
                Outcome::Fails(next) => break Some(next),
                Outcome::Fits => break None,
                Outcome::Spent => return None,
            }
            enough = enough.checked_mul(2).filter(|enough| enough * unit <= MOST_ADDRESSES)?;
        };
        while enough - too_few > 1 {
            let middle = too_few + (enough - too_few) / 2;
            match trial(middle)? {
                Outcome::Fails(again) if short(layout, &again) == Some(at) => too_few = middle,
                Outcome::Fails(again) => (enough, next) = (middle, Some(again)),
                Outcome::Fits => (enough, next) = (middle, None),
                Outcome::Spent => return None,
            }
        }
        found.by_subnet.insert(at, had + enough * unit);
        match next {
            None => {
                let changed = found.layout(layout, more_room)?;
                return Some((Remedy::Addresses { subnets: found.named(layout) }, changed));
            }
            Some(next) => failure = next,
        }
    }
}

fn more_room(subnet: &PlacedSubnet, more: u32) -> Option<PlacedSubnet> {
    let space = subnet.space.with_more(more)?;
    Some(PlacedSubnet { cidr: space.cidr(), space, ..subnet.clone() })
}

/// Subnet by subnet as they come short: one bit larger until all fits.
pub(super) fn larger_subnets<'a>(
    search: &mut Search<'_>,
    layout: &Layout<'a>,
) -> Option<(Remedy, Layout<'a>)> {
    let mut found: Changed<u8> = Changed { by_subnet: BTreeMap::new() };
    let mut failure = search.failure();
    loop {
        let at = short(layout, &failure)?;
        let now = layout.subnets.get(at)?.cidr.prefix_len();
        let len = found.by_subnet.get(&at).copied().unwrap_or(now).checked_sub(1)?;
        if len < LARGEST {
            return None;
        }
        found.by_subnet.insert(at, len);
        let changed = found.layout(layout, |subnet, len| {
            let larger = Cidr::containing(subnet.cidr.first(), len)?;
            let space = subnet.space.widened(larger).ok()?;
            Some(PlacedSubnet { cidr: larger, space, ..subnet.clone() })
        })?;
        match search.play(&changed) {
            Outcome::Fits => {
                return Some((Remedy::LargerSubnet { subnets: found.named(layout) }, changed));
            }
            Outcome::Fails(next) => failure = next,
            Outcome::Spent => return None,
        }
    }
}
