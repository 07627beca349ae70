//! What is not there, and nothing says why.

use crate::inventory::{Inventory, Operation, Selected, Subnet, Withheld};

/// Rows for what is missing without one, as in a snapshot that something else has written.
pub(super) fn unsaid(inventory: &Inventory, selected: &Selected) -> Vec<Withheld> {
    let told = |operation: Operation, subnet: Option<&str>| {
        inventory.withheld.iter().any(|row| {
            row.operation == operation.name()
                && (row.subnet_id.is_none() || row.subnet_id.as_deref() == subnet)
        })
    };
    let mut rows = Vec::new();
    for (is_there, operation, what) in [
        (inventory.interfaces.is_some(), Operation::DescribeNetworkInterfaces, "ENIs are"),
        (inventory.instances.is_some(), Operation::DescribeInstances, "instances are"),
    ] {
        if !is_there && !told(operation, None) {
            rows.push(Withheld::new(
                operation,
                format!("{what} missing, and no reason is recorded"),
            ));
        }
    }
    let chosen = |subnet: &&Subnet| {
        subnet.cidr.is_some() && selected.subnets.contains_key(&subnet.subnet_id)
    };
    for subnet in inventory.subnets.iter().filter(chosen) {
        let id = subnet.subnet_id.as_str();
        for (is_there, operation, what) in [
            (
                subnet.reservations.is_some(),
                Operation::GetSubnetCidrReservations,
                "reservations are missing, and no reason is recorded",
            ),
            (
                subnet.available.is_some(),
                Operation::DescribeSubnets,
                "AvailableIpAddressCount is missing or negative",
            ),
        ] {
            if !is_there && !told(operation, Some(id)) {
                rows.push(Withheld::of_subnet(operation, id, what.to_owned()));
            }
        }
    }
    rows
}
