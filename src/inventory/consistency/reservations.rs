//! Reservations of one subnet against each other.

use crate::inventory::{Operation, Subnet, Withheld};

/// Reservations that overlap, as EC2 lets none do. Which of them is right cannot be told, so that the
/// subnet's are not known.
pub(super) fn overlap(subnet: &mut Subnet) -> Option<Withheld> {
    let mut cidrs: Vec<_> = subnet.reservations.iter().flatten().map(|row| row.cidr).collect();
    cidrs.sort_unstable();
    // Networks nest or lie apart, so that one which overlaps any overlaps its neighbour.
    let (one, other) = cidrs.iter().zip(cidrs.iter().skip(1)).find(|(a, b)| a.overlaps(**b))?;
    subnet.reservations = None;
    let reason = format!("the reservations {one} and {other} overlap");
    Some(Withheld::of_subnet(Operation::GetSubnetCidrReservations, &subnet.subnet_id, reason))
}
