//! What ENIs hold, against each other.

use std::{collections::BTreeMap, net::Ipv4Addr};

use super::{
    many::many,
    scope::{Scope, Scoped},
};
use crate::{
    inventory::{Interface, Inventory, Operation, Withheld, beside},
    network::{AddressSpace, Cidr},
};

/// ENIs of one subnet that contradict each other or themselves.
#[derive(Default)]
struct Wrong<'a> {
    /// Without a primary address, which every ENI has in a subnet with an IPv4 network.
    bare: Vec<&'a str>,
    /// Addresses held already when they came up again.
    again: Vec<Ipv4Addr>,
    /// The same of prefixes.
    prefixes: Vec<Cidr>,
}

/// The type of the ENIs that carry no addresses.
const WITHOUT_ADDRESSES: &str = "efa-only";

/// Addresses that two ENIs hold, and ENIs that do not say which they hold: then nothing of their subnet
/// can be counted.
pub(super) fn contradictions(inventory: &Inventory, scope: &Scope<'_>) -> Vec<Withheld> {
    let of = |half: usize| wrong(scope, half);
    let (mut wrong, others) = beside(scope.enis.len(), || of(0), || of(1));
    wrong.extend(others);
    wrong.into_iter().flat_map(|(subnet, wrong)| rows(inventory, subnet, &wrong)).collect()
}

/// What is wrong in the subnets with even numbers, or in those with odd ones.
fn wrong<'a>(scope: &Scope<'a>, half: usize) -> BTreeMap<&'a str, Wrong<'a>> {
    let mut spaces: Vec<Option<AddressSpace>> = vec![None; scope.subnets.len()];
    let mut wrong: BTreeMap<&str, Wrong<'_>> = BTreeMap::new();
    for &Scoped { eni, subnet, at, .. } in scope.enis.iter().filter(|eni| eni.at % 2 == half) {
        let Some(cidr) = subnet.cidr else { continue };
        let id = subnet.subnet_id.as_str();
        if eni.primary.is_none() && eni.interface_type.as_deref() != Some(WITHOUT_ADDRESSES) {
            wrong.entry(id).or_default().bare.push(&eni.interface_id);
        }
        let Some(space) = spaces.get_mut(at) else { continue };
        if space.is_none() {
            // Whoever counts refuses what is no subnet's network.
            *space = AddressSpace::new_large(cidr).ok();
        }
        let Some(space) = space else { continue };
        for address in eni.primary.iter().chain(&eni.secondary) {
            // What cannot be the subnet's is for who counts to say.
            if space.take(*address) == Ok(false) {
                wrong.entry(id).or_default().again.push(*address);
            }
        }
        for prefix in &eni.prefixes {
            if space.take_prefix(*prefix).is_ok_and(|new| u64::from(new) < prefix.size()) {
                wrong.entry(id).or_default().prefixes.push(*prefix);
            }
        }
    }
    wrong
}

fn rows(inventory: &Inventory, subnet: &str, wrong: &Wrong<'_>) -> Vec<Withheld> {
    let mut reasons = Vec::new();
    if !wrong.bare.is_empty() {
        let enis = many(wrong.bare.iter().copied());
        reasons.push(format!("ENIs have no primary private IPv4 address: {enis}"));
    }
    let held: Vec<Cidr> = wrong.prefixes.clone();
    if !wrong.again.is_empty() || !held.is_empty() {
        let clash = |eni: &&Interface| {
            let own = || eni.primary.iter().chain(&eni.secondary);
            own().any(|address| wrong.again.contains(address))
                || own().any(|address| held.iter().any(|prefix| prefix.contains(*address)))
                || eni.prefixes.iter().any(|prefix| {
                    held.contains(prefix) || wrong.again.iter().any(|a| prefix.contains(*a))
                })
        };
        let all = inventory.interfaces.iter().flatten();
        let enis = all.filter(|eni| *eni.subnet_id == *subnet).filter(clash);
        let enis = many(enis.map(|eni| eni.interface_id.as_str()));
        let mut what: Vec<String> = held.iter().map(ToString::to_string).collect();
        what.extend(wrong.again.iter().map(ToString::to_string));
        reasons.push(format!(
            "ENIs hold the same addresses: {} (ENIs {enis})",
            many(what.iter().map(String::as_str))
        ));
    }
    let operation = Operation::DescribeNetworkInterfaces;
    reasons.into_iter().map(|reason| Withheld::of_subnet(operation, subnet, reason)).collect()
}
