//! Subnets: blocks, what is held in them, and how they lie to each other.

use std::sync::Arc;

use super::{
    names::{CheckError, value},
    resolved::{MOST_ADDRESSES, MOST_SUBNETS, PlacedSubnet},
};
use crate::{
    ipam::ADDRESSES_PER_PREFIX,
    network::{AddressSpace, Cidr, ReservationKind, SubnetAddresses, VPC_BLOCK_LENGTHS},
    simulate::{HeldRange, Observed, ReservationType, Scenario, Subnet, Used},
};

/// The zones in the order they come, and the subnets: those observed, then those written.
pub(super) fn subnets(
    scenario: &Scenario,
    start: Option<&Observed>,
    allow_large: bool,
) -> Result<(Vec<String>, Vec<PlacedSubnet>), CheckError> {
    let observed = start.map_or(&[][..], |start| &start.subnets);
    let count = observed.len() + scenario.subnets.len();
    if count == 0 || count > MOST_SUBNETS {
        return Err(value(
            "subnets",
            format!("{count} subnets: 1 to {MOST_SUBNETS} can be simulated"),
        ));
    }
    let written = scenario.subnets.iter().map(|subnet| subnet.cidr.size());
    let seen = observed.iter().map(|subnet| subnet.space.cidr().size());
    let addresses: u64 = written.chain(seen).sum();
    if addresses > MOST_ADDRESSES {
        let reason =
            format!("{addresses} addresses in all: at most {MOST_ADDRESSES} can be simulated");
        return Err(value("subnets", reason));
    }
    let mut zones: Vec<String> = Vec::new();
    let mut zone_of = |name: &String| {
        zones.iter().position(|zone| zone == name).unwrap_or_else(|| {
            zones.push(name.clone());
            zones.len() - 1
        })
    };
    let mut placed = Vec::new();
    for subnet in observed {
        placed.push(PlacedSubnet {
            name: subnet.id.as_str().into(),
            zone: zone_of(&subnet.zone),
            cidr: subnet.space.cidr(),
            start: Arc::new(SubnetAddresses::new(subnet.space.clone())),
            scattered: (subnet.invisible, None),
            tags: subnet.tags.clone(),
            prefix_reserved: subnet.prefix_reserved,
        });
    }
    let blocks = blocks(scenario, start)?;
    larger(scenario, allow_large)?;
    for subnet in &scenario.subnets {
        let zone = zone_of(&subnet.zone);
        placed.push(place(subnet, zone, blocks.as_deref(), allow_large)?);
    }
    disjoint("subnets", placed.iter().map(|subnet| (subnet.cidr, &*subnet.name)).collect())?;
    Ok((zones, placed))
}

/// Refuses blocks that only some accounts can have.
fn larger(scenario: &Scenario, allow_large: bool) -> Result<(), CheckError> {
    let cidrs = scenario.vpc.iter().flat_map(|vpc| &vpc.cidrs);
    let largest = *VPC_BLOCK_LENGTHS.start();
    let larger = cidrs.copied().find(|cidr| cidr.prefix_len() < largest);
    match larger.filter(|_| !allow_large) {
        Some(cidr) => Err(value("vpc.cidrs", format!("{cidr} is larger than a /{largest}"))),
        None => Ok(()),
    }
}

/// The VPC's blocks: those observed and those written; `None` where those observed are not known.
pub(super) fn blocks(
    scenario: &Scenario,
    start: Option<&Observed>,
) -> Result<Option<Vec<Cidr>>, CheckError> {
    let written = scenario.vpc.iter().flat_map(|vpc| &vpc.cidrs).copied();
    match start {
        None if scenario.vpc.is_none() => Err(value(
            "vpc",
            "cidrs is required, because the scenario does not start from a \
                              snapshot",
        )),
        None => Ok(Some(written.collect())),
        Some(start) => {
            let cidrs = start.cidrs.as_ref();
            Ok(cidrs.map(|cidrs| cidrs.iter().copied().chain(written).collect()))
        }
    }
}

fn place(
    subnet: &Subnet,
    zone: usize,
    blocks: Option<&[Cidr]>,
    allow_large: bool,
) -> Result<PlacedSubnet, CheckError> {
    let place = format!("subnets.{}", subnet.name);
    if let Some(blocks) = blocks
        && !blocks.iter().any(|block| block.covers(subnet.cidr))
    {
        let blocks: Vec<String> = blocks.iter().map(ToString::to_string).collect();
        let reason = format!(
            "{} is not inside a CIDR block of the VPC ({})",
            subnet.cidr,
            blocks.join(", ")
        );
        return Err(value(place, reason));
    }
    let space = if allow_large {
        AddressSpace::new_large(subnet.cidr)
    } else {
        AddressSpace::new(subnet.cidr)
    };
    let mut space = space.map_err(|error| value(place.clone(), error))?;
    for reservation in &subnet.reservations {
        let kind = match reservation.kind {
            ReservationType::Prefix => ReservationKind::Prefix,
            ReservationType::Explicit => ReservationKind::Explicit,
        };
        space.reserve(reservation.cidr, kind).map_err(|error| value(place.clone(), error))?;
    }
    let reserved = subnet.reservations.iter().map(|r| (r.cidr, "reservation")).collect();
    disjoint(&place, reserved)?;
    let scattered = match &subnet.used {
        Used::Count(count) => (*count, None),
        Used::Fragments(fragments) => (fragments.count, Some(fragments.seed)),
        Used::List(list) => {
            for held in list {
                let (taken, size) = match held {
                    HeldRange::Address(address) => (space.take(*address).map(u32::from), 1),
                    HeldRange::Prefix(prefix) => (space.take_prefix(*prefix), ADDRESSES_PER_PREFIX),
                };
                if taken.map_err(|error| value(place.clone(), error))? < size {
                    let reason = format!("used: {held} overlaps an entry that is already listed");
                    return Err(value(place, reason));
                }
            }
            (0, None)
        }
    };
    // EC2 puts nothing into a reservation by itself.
    let open = space.free() - space.reserved_free();
    if scattered.0 > open {
        let reason = format!(
            "{} addresses used: the subnet has only {open} free outside reservations",
            scattered.0
        );
        return Err(value(place, reason));
    }
    Ok(PlacedSubnet {
        name: subnet.name.as_str().into(),
        zone,
        cidr: subnet.cidr,
        start: Arc::new(SubnetAddresses::new(space)),
        scattered,
        tags: subnet.tags.clone(),
        prefix_reserved: subnet
            .reservations
            .iter()
            .any(|reservation| reservation.kind == ReservationType::Prefix),
    })
}

/// Blocks that share no address.
fn disjoint(place: &str, mut blocks: Vec<(Cidr, &str)>) -> Result<(), CheckError> {
    blocks.sort_unstable();
    for pair in blocks.windows(2) {
        if let [(a, first), (b, second)] = pair
            && a.overlaps(*b)
        {
            return Err(value(place, format!("{a} ({first}) and {b} ({second}) overlap")));
        }
    }
    Ok(())
}
