//! The subnets with what others than nodes and control planes hold.

use std::collections::{BTreeMap, HashMap};

use super::{
    nodes::InventoryReader,
    start::{ObserveError, ObservedSubnet},
};
use crate::{
    inventory::{Interface, Inventory, Looker, Operation, Subnet, Withheld},
    network::{AddressSpace, ReservationKind},
};

/// The zone of a subnet that names none.
const NO_ZONE: &str = "unknown";

pub(super) fn subnets(
    inventory: &Inventory,
    seen: &mut InventoryReader<'_>,
    allow_large: bool,
) -> Result<Vec<ObservedSubnet>, ObserveError> {
    let mut of_subnet: HashMap<&str, Vec<&Interface>> = HashMap::new();
    for interface in seen.interfaces() {
        of_subnet.entry(&interface.subnet_id).or_default().push(interface);
    }
    let looker = Looker::of(inventory);
    let mut subnets = Vec::new();
    for subnet in &inventory.subnets {
        let Some(cidr) = subnet.cidr else { continue };
        let (mut all, unfit) = subnet
            .space(cidr, allow_large)
            .map_err(|error| ObserveError::Subnet { subnet_id: subnet.subnet_id.clone(), error })?;
        seen.withheld.extend(unfit);
        if subnet.reservations.is_none() {
            let reason = "reservations are not available: simulated without them".to_owned();
            let operation = Operation::GetSubnetCidrReservations;
            seen.withheld.insert(Withheld::of_subnet(operation, &subnet.subnet_id, reason));
        }
        let mut others = all.clone();
        let mut by_kind: BTreeMap<&'static str, u32> = BTreeMap::new();
        for interface in of_subnet.get(subnet.subnet_id.as_str()).into_iter().flatten() {
            let simulated = seen.simulated.contains(interface.interface_id.as_str());
            seen.withheld.extend(interface.take_from(&mut all, |_, _| {}));
            if !simulated {
                // What is wrong with it was said above.
                let before = others.used();
                let _ = interface.take_from(&mut others, |_, _| {});
                *by_kind.entry(seen.kind(interface)).or_default() += others.used() - before;
            }
        }
        if let Some(owner) = looker.hides(subnet, unexplained(subnet, &all)) {
            seen.withheld.insert(shared(subnet, owner));
        }
        subnets.push(ObservedSubnet {
            id: subnet.subnet_id.clone(),
            name: subnet.name().map(ToOwned::to_owned),
            zone: subnet.availability_zone.clone().unwrap_or_else(|| NO_ZONE.to_owned()),
            tags: subnet.tags.clone(),
            others: by_kind,
            prefix_reserved: subnet
                .reservations
                .iter()
                .flatten()
                .any(|reservation| reservation.kind == ReservationKind::Prefix),
            prefixes: (all.assignable_prefixes(), all.assignable_prefixes_in_reservation()),
            invisible: invisible(subnet, &all, seen),
            space: others,
        });
    }
    Ok(subnets)
}

/// A shared subnet holds what its other accounts hold, too.
fn shared(subnet: &Subnet, owner: &str) -> Withheld {
    let reason = format!(
        "shared by account {owner}: interfaces of other accounts are not visible; addresses that \
         only EC2 counts as in use are scattered at random"
    );
    Withheld::of_subnet(Operation::DescribeNetworkInterfaces, &subnet.subnet_id, reason)
}

/// What EC2 counts beyond the interfaces that can be seen; `None` where that is not known.
fn unexplained(subnet: &Subnet, all: &AddressSpace) -> Option<i64> {
    let open = i64::from(all.free()) - i64::from(all.reserved_free());
    let available = subnet.reservations.as_ref().and(subnet.available)?;
    Some(open - i64::from(available))
}

/// Addresses that EC2 counts as taken and no visible interface holds.
fn invisible(subnet: &Subnet, all: &AddressSpace, seen: &mut InventoryReader<'_>) -> u32 {
    let Some(available) = subnet.available else { return 0 };
    let open = all.free() - all.reserved_free();
    let hidden = open.saturating_sub(available);
    // A prefix reservation that wholly hides a subnet explains itself.
    if hidden > 0 {
        seen.notes.push(format!(
            "{}: EC2 reports {available} addresses available, but the visible interfaces leave \
             {open} free: {hidden} addresses scattered at random",
            subnet.subnet_id
        ));
    }
    hidden
}
