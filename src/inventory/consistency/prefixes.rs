//! Prefixes that saved answers leave out.

use std::collections::BTreeMap;

use super::scope::Scope;
use crate::{
    inventory::{Interface, Inventory, Looker, Operation, SourceKind, Subnet, Withheld},
    network::AddressSpace,
};

/// The addresses of a delegated prefix.
const OF_PREFIX: u32 = 16;

/// Subnets of which EC2 counts as many more addresses in use as some whole prefixes have, where no ENI at all
/// has one. EC2 writes `Ipv4Prefixes` only for an ENI that has any, so that no row shows that a query left
/// them out.
pub(super) fn left_out(inventory: &Inventory, scope: &Scope<'_>) -> Vec<Withheld> {
    let any = inventory.interfaces.iter().flatten().any(|eni| !eni.prefixes.is_empty());
    if any || inventory.source.kind != SourceKind::AwsCli {
        return Vec::new();
    }
    let looker = Looker::of(inventory);
    let mut held: BTreeMap<&str, Vec<&Interface>> = BTreeMap::new();
    for (eni, subnet) in scope.interfaces() {
        held.entry(&subnet.subnet_id).or_default().push(eni);
    }
    let row = |(id, enis): (&str, Vec<&Interface>)| {
        let subnet = *scope.subnets.get(id)?;
        let of_instance = enis.iter().any(|eni| eni.instance_id().is_some());
        let more = beyond(subnet, &enis).filter(|more| more.is_multiple_of(OF_PREFIX))?;
        (of_instance && looker.owns(subnet)).then(|| {
            let reason = format!(
                "EC2 counts {more} more addresses in use than its ENIs list, and no ENI has \
                 Ipv4Prefixes: /28 prefixes are missing, as a --query leaves it"
            );
            Withheld::of_subnet(Operation::DescribeNetworkInterfaces, id, reason)
        })
    };
    held.into_iter().filter_map(row).collect()
}

/// How many more addresses EC2 counts in use than ENIs without prefixes list, if it does.
fn beyond(subnet: &Subnet, enis: &[&Interface]) -> Option<u32> {
    let mut space = AddressSpace::new_large(subnet.cidr?).ok()?;
    for reservation in subnet.reservations.as_ref()? {
        space.reserve(reservation.cidr, reservation.kind).ok()?;
    }
    for address in enis.iter().flat_map(|eni| eni.primary.iter().chain(&eni.secondary)) {
        // What cannot be the subnet's is for who counts to say.
        let _fits = space.take(*address);
    }
    u32::try_from(space.unexplained(subnet.available?)).ok().filter(|more| *more > 0)
}
