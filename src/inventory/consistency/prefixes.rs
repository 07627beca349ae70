//! Prefixes that saved answers leave out.

use std::collections::BTreeMap;

use super::scope::Scope;
use crate::{
    inventory::{
        AwsNode, Interface, Inventory, Looker, Operation, SourceKind, Subnet, Withheld,
        owners::is_made_for_pods,
    },
    network::{AddressSpace, BLOCK},
};

/// Subnets of which EC2 counts as many more addresses in use as some whole prefixes have, where no ENI at all
/// has one, and there must be some: aws-node takes prefixes, or an ENI that the CNI made for pods has no
/// address for any. EC2 writes `Ipv4Prefixes` only for an ENI that has any, so that no row shows that a
/// query left them out. Without such evidence what EC2 counts is unexplained, which withholds nothing.
pub(super) fn left_out(inventory: &Inventory, scope: &Scope<'_>) -> Vec<Withheld> {
    let any = inventory.interfaces.iter().flatten().any(|eni| !eni.prefixes.is_empty());
    if any || inventory.source.kind != SourceKind::AwsCli {
        return Vec::new();
    }
    let looker = Looker::of(inventory);
    let kubernetes = inventory.kubernetes.as_ref();
    let is_told = kubernetes.and_then(|it| it.aws_node.as_ref()).is_some_and(takes_prefixes);
    let mut held: BTreeMap<&str, Vec<&Interface>> = BTreeMap::new();
    for (eni, subnet) in scope.interfaces() {
        held.entry(&subnet.subnet_id).or_default().push(eni);
    }
    let row = |(id, enis): (&str, Vec<&Interface>)| {
        let subnet = *scope.subnets.get(id)?;
        let must_have = |eni: &&Interface| {
            is_told && eni.instance_id().is_some() || is_made_for_pods(eni) && is_bare(eni)
        };
        let must_be = enis.iter().any(must_have);
        let more = beyond(subnet, &enis).filter(|more| more.is_multiple_of(BLOCK))?;
        (must_be && looker.owns(subnet)).then(|| {
            let reason = format!(
                "EC2 counts {more} more addresses in use than the ENIs list, but no ENI has \
                 Ipv4Prefixes: /28 prefixes are missing, as after a --query"
            );
            Withheld::of_subnet(Operation::DescribeNetworkInterfaces, id, reason)
        })
    };
    held.into_iter().filter_map(row).collect()
}

/// Whether ENABLE_PREFIX_DELEGATION is on.
fn takes_prefixes(aws_node: &AwsNode) -> bool {
    let value = aws_node.environment.get("ENABLE_PREFIX_DELEGATION");
    value.and_then(|value| AwsNode::truth(value)).unwrap_or(false)
}

/// Whether an ENI has no address but its own.
fn is_bare(eni: &Interface) -> bool {
    eni.primary.is_some() && eni.secondary.is_empty() && eni.ipv6_prefixes.is_empty()
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
