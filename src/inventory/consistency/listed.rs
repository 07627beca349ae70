//! ENIs against the subnets that were listed.

use std::collections::HashSet;

use super::{many::many, scope::Scope};
use crate::{
    finding::is_id,
    inventory::{Interface, Inventory, Looker, Operation, SourceKind, Subnet, Withheld},
    network::Cidr,
};

/// ENIs in subnets that no answer lists, or no subnet at all where some were saved to be audited.
pub(super) fn without_subnet(inventory: &Inventory, scope: &Scope<'_>) -> Option<Withheld> {
    // Selected subnets are listed.
    let enis = scope.elsewhere.iter().copied();
    let lost: Vec<_> = enis.filter(|eni| scope.lacks_subnet_of(eni)).collect();
    let reason = if !lost.is_empty() {
        format!(
            "ENIs are in subnets that are not listed: {} (ENIs {}){}",
            many(lost.iter().map(|eni| eni.subnet_id.as_str())),
            many(lost.iter().map(|eni| eni.interface_id.as_str())),
            way_on(inventory, scope)
        )
    } else if inventory.subnets.is_empty() && inventory.source.kind == SourceKind::AwsCli {
        "the response lists no subnets".to_owned()
    } else {
        return None;
    };
    Some(Withheld::new(Operation::DescribeSubnets, reason))
}

/// How to go on with some subnets of a VPC that were saved beside all its ENIs.
fn way_on(inventory: &Inventory, scope: &Scope<'_>) -> String {
    let mut ids: Vec<&str> = scope.subnets.keys().copied().collect();
    ids.sort_unstable();
    if inventory.source.kind != SourceKind::AwsCli || ids.is_empty() {
        String::new()
    } else if ids.len() <= FEW && ids.iter().all(|id| is_id(id)) {
        let named: Vec<String> = ids.iter().map(|id| format!("--subnet {id}")).collect();
        format!("; to audit only the listed subnets: {}", named.join(" "))
    } else {
        "; to audit only the listed subnets, pass --subnet for each".to_owned()
    }
}

/// The most subnets that are named in a sentence.
const FEW: usize = 5;

/// ENIs that name another VPC than their subnet does.
pub(super) fn of_another_vpc(scope: &Scope<'_>) -> Option<Withheld> {
    let enis: Vec<&str> = scope
        .interfaces()
        .filter(|(eni, subnet)| eni.vpc_id.as_deref().is_some_and(|vpc| vpc != subnet.vpc_id))
        .map(|(eni, _)| eni.interface_id.as_str())
        .collect();
    (!enis.is_empty()).then(|| {
        let reason = format!("ENIs state another VPC than their subnet: {}", many(enis));
        Withheld::new(Operation::DescribeNetworkInterfaces, reason)
    })
}

/// ENIs that are attached to an instance, and available.
pub(super) fn both_ways(scope: &Scope<'_>) -> Option<Withheld> {
    let is_available = |eni: &Interface| eni.status.as_deref() == Some("available");
    let enis: Vec<&str> = scope
        .interfaces()
        .filter(|(eni, _)| is_available(eni) && eni.instance_id().is_some())
        .map(|(eni, _)| eni.interface_id.as_str())
        .collect();
    (!enis.is_empty()).then(|| {
        let reason = format!(
            "ENIs have the status `available` but are attached to an instance: {}",
            many(enis)
        );
        Withheld::new(Operation::DescribeNetworkInterfaces, reason)
    })
}

/// ENIs whose status or type the answer leaves out, as a query may: whose they are cannot be told but by
/// the instance they are attached to.
pub(super) fn without_kind(scope: &Scope<'_>) -> Option<Withheld> {
    let enis: Vec<&str> = scope
        .interfaces()
        .filter(|(eni, _)| eni.instance_id().is_none())
        .filter(|(eni, _)| eni.status.is_none() || eni.interface_type.is_none())
        .map(|(eni, _)| eni.interface_id.as_str())
        .collect();
    (!enis.is_empty()).then(|| {
        let reason = format!("ENIs have no Status or no InterfaceType: {}", many(enis));
        Withheld::new(Operation::DescribeNetworkInterfaces, reason)
    })
}

/// Subnets without any ENI in which EC2 counts addresses in use: all of them at once where no ENI is listed
/// at all. Of a subnet that another account shares the ENIs may well be invisible.
pub(super) fn nobody(inventory: &Inventory, scope: &Scope<'_>) -> Vec<Withheld> {
    let Some(enis) = &inventory.interfaces else { return Vec::new() };
    let looker = Looker::of(inventory);
    let held: HashSet<&str> =
        scope.interfaces().map(|(_, subnet)| subnet.subnet_id.as_str()).collect();
    let lacks = |subnet: &&&Subnet| {
        !held.contains(subnet.subnet_id.as_str()) && looker.owns(subnet) && in_use(subnet)
    };
    let used: Vec<&str> =
        scope.subnets.values().filter(lacks).map(|subnet| subnet.subnet_id.as_str()).collect();
    let operation = Operation::DescribeNetworkInterfaces;
    if enis.is_empty() && !used.is_empty() {
        let reason = format!("no ENI is listed, but EC2 counts addresses in use in {}", many(used));
        return vec![Withheld::new(operation, reason)];
    }
    let reason = "no ENI of the subnet is listed, but EC2 counts addresses in use";
    let row = |id: &str| Withheld::of_subnet(operation, id, reason.to_owned());
    used.into_iter().map(row).collect()
}

/// Whether EC2 counts addresses in use, even if all that is reserved is free.
fn in_use(subnet: &Subnet) -> bool {
    let Some(((cidr, available), reservations)) =
        subnet.cidr.zip(subnet.available).zip(subnet.reservations.as_ref())
    else {
        return false;
    };
    let reserved: u64 = reservations.iter().map(|reservation| reservation.cidr.size()).sum();
    usable(cidr).saturating_sub(reserved) > u64::from(available)
}

/// All addresses of a subnet but the five that AWS keeps.
pub(super) fn usable(cidr: Cidr) -> u64 {
    cidr.size().saturating_sub(5)
}
