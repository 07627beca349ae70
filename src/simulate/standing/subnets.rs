//! The subnets with what others hold of them, and what each is for.

use std::collections::BTreeSet;

use super::form::StandingSubnet;
use crate::{
    cni::{Discovery, Standing as TagStanding},
    network::{Cidr, Random, ReservationKind, SubnetAddresses},
    simulate::{
        HeldRange, Layout, Observed, Reservation, ReservationType, Subnet, Used,
        observed::ObservedSubnet,
    },
};

/// Where addresses are scattered that only EC2 counts: the same places in every plan.
const SEED: u64 = 1;

pub(super) fn subnets(start: &Observed, layout: &Layout<'_>) -> Vec<StandingSubnet> {
    let nodes: BTreeSet<usize> =
        start.groups.iter().flat_map(|group| group.subnets.iter().copied()).collect();
    let pods = pod_subnets(start, layout);
    let subnets = start.subnets.iter().enumerate();
    subnets
        .map(|(at, seen)| StandingSubnet {
            subnet: written(seen),
            others: seen.others.clone(),
            invisible: seen.invisible,
            has_nodes: nodes.contains(&at),
            has_pods: pods.contains(&at),
            has_control_plane: start.control_plane_subnets.contains(&at),
        })
        .collect()
}

/// The subnets whose addresses pods have: those that ENIConfigs name, or those that the tags open and those
/// of the nodes whose primary ENI carries pods.
fn pod_subnets(start: &Observed, layout: &Layout<'_>) -> BTreeSet<usize> {
    if let Some(by_zone) = layout.cni.pod_subnets() {
        return by_zone.iter().copied().flatten().collect();
    }
    let discovery = Discovery::new(&layout.cni.cni);
    let of_nodes = start.groups.iter().flat_map(|group| group.subnets.iter().copied());
    let of_nodes: BTreeSet<usize> = of_nodes.collect();
    let takes = |(at, subnet): (usize, &ObservedSubnet)| {
        let standing = discovery.standing(&subnet.tags);
        let own = of_nodes.contains(&at);
        let open = standing == TagStanding::Offered || own;
        (open && discovery.takes(standing, own)).then_some(at)
    };
    start.subnets.iter().enumerate().filter_map(takes).collect()
}

fn written(seen: &ObservedSubnet) -> Subnet {
    let mut held = SubnetAddresses::new(seen.space.clone());
    let mut random = Random::new(SEED);
    for _ in 0..seen.invisible {
        // There is room: the number is of free addresses.
        let _ = held.assign(&mut random);
    }
    let range = |cidr: Cidr| match cidr.prefix_len() {
        32 => HeldRange::Address(cidr.first()),
        _ => HeldRange::Prefix(cidr),
    };
    let reservation = |(cidr, kind): &(Cidr, ReservationKind)| Reservation {
        cidr: *cidr,
        kind: match kind {
            ReservationKind::Prefix => ReservationType::Prefix,
            ReservationKind::Explicit => ReservationType::Explicit,
        },
    };
    let list: Vec<HeldRange> = held.space().held().into_iter().map(range).collect();
    Subnet {
        name: seen.id.clone(),
        zone: seen.zone.clone(),
        cidr: seen.space.cidr(),
        used: if list.is_empty() { Used::default() } else { Used::List(list) },
        tags: seen.tags.clone(),
        reservations: seen.space.reservations().iter().map(reservation).collect(),
    }
}
