//! Of several places those that can be counted: a network that cannot be in one of them hides no other.

use super::{
    CountError,
    counted::{refused, wanted},
};
use crate::inventory::{Inventory, Operation, Places, Selected, Withheld};

/// The places without those that have a subnet whose network cannot be one; each of them is withheld with
/// the reason. One place alone stays as it is.
///
/// # Errors
/// When no place is left.
pub fn countable(places: Places, allow_large: bool) -> Result<Places, CountError> {
    if !places.is_several {
        return Ok(places);
    }
    let Places { source, list, mut unseen, is_several, notes } = places;
    let mut kept = Vec::with_capacity(list.len());
    let mut first = None;
    for (inventory, selected) in list {
        match check(&inventory, &selected, allow_large) {
            Ok(()) => kept.push((inventory, selected)),
            Err(error) => {
                let row = Withheld::new(Operation::DescribeSubnets, error.to_string());
                unseen.push(row.at(&inventory.source.place()));
                first.get_or_insert(error);
            }
        }
    }
    match first.filter(|_| kept.is_empty()) {
        Some(error) => Err(error),
        None => Ok(Places { source, list: kept, unseen, is_several, notes }),
    }
}

fn check(inventory: &Inventory, selected: &Selected, allow_large: bool) -> Result<(), CountError> {
    wanted(inventory, selected).into_iter().try_for_each(|subnet| {
        let space = subnet.cidr.map(|cidr| subnet.space(cidr, allow_large)).transpose();
        space.map(drop).map_err(|error| refused(subnet, error))
    })
}
