//! The subnets' networks and counts, against each other and against those of their VPCs.

use std::collections::{BTreeMap, HashSet};

use super::{listed::usable, many::many, scope::Scope};
use crate::{
    inventory::{Interface, Inventory, Operation, Subnet, Withheld},
    network::Cidr,
};

/// Subnets that overlap, lie outside their VPC, or have no network although they are not IPv6-only.
pub(super) fn contradictions(inventory: &Inventory, scope: &Scope<'_>) -> Vec<Withheld> {
    let mut rows: Vec<Withheld> = overlaps(scope)
        .into_iter()
        .chain(without_zone(scope))
        .chain(without_block(scope))
        .collect();
    let mut vpcs: BTreeMap<&str, Vec<&Subnet>> = BTreeMap::new();
    for subnet in scope.subnets.values() {
        vpcs.entry(&subnet.vpc_id).or_default().push(subnet);
    }
    for (vpc, subnets) in vpcs {
        rows.extend(outside(inventory, vpc, &subnets));
    }
    rows
}

/// Subnets that do not say their zone, where zones are counted.
fn without_zone(scope: &Scope<'_>) -> Option<Withheld> {
    let bare = scope.subnets.values().filter(|subnet| subnet.availability_zone.is_none());
    let ids: Vec<&str> = bare.map(|subnet| subnet.subnet_id.as_str()).collect();
    (!ids.is_empty()).then(|| {
        let reason = format!("subnets have no AvailabilityZone: {}", many(ids));
        Withheld::new(Operation::DescribeSubnets, reason)
    })
}

/// Subnets of one VPC that have addresses in common.
fn overlaps(scope: &Scope<'_>) -> Option<Withheld> {
    let mut blocks: Vec<(&str, Cidr, &str)> = scope
        .subnets
        .values()
        .filter_map(|subnet| {
            Some((subnet.vpc_id.as_str(), subnet.cidr?, subnet.subnet_id.as_str()))
        })
        .collect();
    blocks.sort_unstable();
    // Networks nest or lie apart: one that overlaps any overlaps its neighbour.
    let pairs = blocks.iter().zip(blocks.iter().skip(1));
    let overlap = pairs.filter(|((vpc, a, _), (other, b, _))| vpc == other && a.overlaps(*b));
    let pairs: Vec<String> = overlap
        .map(|((_, a, one), (_, b, other))| format!("{one} ({a}) and {other} ({b})"))
        .collect();
    (!pairs.is_empty()).then(|| {
        let reason =
            format!("subnets of one VPC overlap: {}", many(pairs.iter().map(String::as_str)));
        Withheld::new(Operation::DescribeSubnets, reason)
    })
}

/// Subnets without an IPv4 network that something says they have.
fn without_block(scope: &Scope<'_>) -> Vec<Withheld> {
    let bare = || scope.subnets.values().filter(|subnet| subnet.cidr.is_none());
    if bare().next().is_none() {
        return Vec::new();
    }
    let has_ipv4 = |eni: &Interface| {
        eni.primary.is_some() || !eni.secondary.is_empty() || !eni.prefixes.is_empty()
    };
    let used: HashSet<&str> = scope
        .interfaces()
        .filter(|(eni, _)| has_ipv4(eni))
        .map(|(eni, _)| eni.subnet_id.as_str())
        .collect();
    let row = |subnet: &&Subnet| {
        let what = if used.contains(subnet.subnet_id.as_str()) {
            "its ENIs have IPv4 addresses, but the response has no CidrBlock"
        } else if subnet.available.is_some_and(|available| available > 0) {
            "IPv4 addresses are available, but the response has no CidrBlock"
        } else if subnet.ipv6_native == Some(false) {
            "the subnet is not IPv6-only, but the response has no CidrBlock"
        } else {
            return None;
        };
        let operation = Operation::DescribeSubnets;
        Some(Withheld::of_subnet(operation, &subnet.subnet_id, what.to_owned()))
    };
    bare().filter_map(row).collect()
}

/// Subnets that lie in no network of their VPC, where the VPCs were listed.
fn outside(inventory: &Inventory, vpc: &str, subnets: &[&Subnet]) -> Option<Withheld> {
    let vpcs = inventory.vpcs.as_ref()?;
    let reason = match vpcs.iter().find(|known| known.vpc_id == vpc) {
        None => format!("{vpc} is not listed, but its subnets are"),
        // Every VPC has blocks: they are not known.
        Some(known) if known.cidrs.is_empty() => return None,
        Some(known) => {
            let covered = |cidr: Cidr| known.cidrs.iter().any(|block| block.covers(cidr));
            let apart = subnets.iter().filter(|s| s.cidr.is_some_and(|cidr| !covered(cidr)));
            let apart: Vec<&str> = apart.map(|subnet| subnet.subnet_id.as_str()).collect();
            if apart.is_empty() {
                return None;
            }
            format!("subnets are outside the CIDR blocks of {vpc}: {}", many(apart))
        }
    };
    Some(Withheld::new(Operation::DescribeVpcs, reason))
}

/// More addresses available than the subnet has.
pub(super) fn count(subnet: &mut Subnet) -> Option<Withheld> {
    let (available, cidr) = subnet.available.zip(subnet.cidr)?;
    let most = usable(cidr);
    if u64::from(available) <= most {
        return None;
    }
    subnet.available = None;
    let reason = format!(
        "AvailableIpAddressCount is {available}, but {cidr} has only {most} usable \
                 addresses"
    );
    Some(Withheld::of_subnet(Operation::DescribeSubnets, &subnet.subnet_id, reason))
}
