//! ENIs against the instances that were listed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    many::many,
    named::named_ids,
    scope::{Scope, Scoped},
};
use crate::inventory::{
    Instance, Interface, Inventory, Looker, Operation, Selected, Subnet, Withheld,
    owners::is_made_for_node,
};

impl Inventory {
    /// The instances that ENIs of the selected subnets are attached to and that no answer lists, sorted.
    #[must_use]
    pub fn unlisted_instances(&self, selected: &Selected) -> BTreeSet<String> {
        let scope = Scope::new(self, selected);
        lost(self, &scope).into_iter().map(|(id, _)| id.to_owned()).collect()
    }
}

/// Instances that ENIs are attached to and that no answer lists, each with the ENI. Those of accounts that
/// were not looked into are no hole: what AWS services run, and in a shared VPC what other accounts run. An
/// instance that started while the calls were made is one: whether it is a node cannot be told, and a count
/// without it would be too low.
fn lost<'a>(inventory: &'a Inventory, scope: &Scope<'a>) -> Vec<(&'a str, &'a str)> {
    if inventory.instances.is_none() {
        return Vec::new();
    }
    let looked = looked(inventory);
    scope
        .enis
        .iter()
        .filter(|scoped| scoped.instance.is_none())
        .filter_map(|Scoped { eni, subnet, .. }| Some((eni.instance_id()?, eni, subnet)))
        .filter(|(_, eni, subnet)| is_own(eni, subnet, &looked))
        .map(|(id, eni, _)| (id, eni.interface_id.as_str()))
        .collect()
}

/// The accounts whose instances were asked for, as far as anything shows it, and who looked.
fn looked(inventory: &Inventory) -> (BTreeSet<&str>, Looker<'_>) {
    let instances = inventory.instances.iter().flatten();
    let owners = instances.filter_map(|instance| instance.owner_id.as_deref());
    (owners.chain(inventory.source.caller.as_deref()).collect(), Looker::of(inventory))
}

/// The row of what is lost.
pub(super) fn unlisted(inventory: &Inventory, scope: &Scope<'_>) -> Option<Withheld> {
    let lost = lost(inventory, scope);
    if lost.is_empty() {
        return None;
    }
    let reason = format!(
        "ENIs are attached to instances that are not listed: {} (ENIs {})",
        many(lost.iter().map(|(id, _)| *id)),
        many(lost.iter().map(|(_, eni)| *eni))
    );
    Some(Withheld::new(Operation::DescribeInstances, reason))
}

/// ENIs in use that do not say which instance they are attached to, each with its subnet. What other accounts
/// than those that were looked into attach in a shared VPC is no hole.
fn loose<'a>(inventory: &'a Inventory, scope: &Scope<'a>) -> Vec<(&'a Interface, &'a Subnet)> {
    let mut loose: Vec<_> = scope.interfaces().filter(|(eni, _)| eni.hides_instance()).collect();
    if !loose.is_empty() {
        let looked = looked(inventory);
        loose.retain(|(eni, subnet)| is_own(eni, subnet, &looked));
    }
    loose
}

/// ENIs in use that do not say which instance they are attached to, although one must be: a node's, one that
/// an instance names, or any where an instance has none that is its own. A query that drops attachments
/// leaves it so.
pub(super) fn unnamed(inventory: &Inventory, scope: &Scope<'_>) -> Option<Withheld> {
    let loose = loose(inventory, scope);
    if loose.is_empty() {
        return None;
    }
    let without = without_eni(inventory, scope);
    let named = named_ids(inventory, scope);
    let of_instances = |eni: &&Interface| {
        !without.is_empty() || is_made_for_node(eni) || named.contains(eni.interface_id.as_str())
    };
    let enis = loose.into_iter().map(|(eni, _)| eni).filter(of_instances);
    let enis: Vec<&str> = enis.map(|eni| eni.interface_id.as_str()).collect();
    if enis.is_empty() {
        return None;
    }
    let mut reason = format!("ENIs in use do not state their instance: {}", many(enis));
    if !without.is_empty() {
        reason = format!("{reason} (instances without an ENI: {})", many(without));
    }
    Some(Withheld::new(Operation::DescribeInstances, reason))
}

/// Instances in the selected subnets of which none has an ENI. Some of several may have started while the
/// calls were made.
pub(super) fn unattached(inventory: &Inventory, scope: &Scope<'_>) -> Option<Withheld> {
    let there = there(inventory, scope).count();
    let without = without_eni(inventory, scope);
    if there == 0 || inventory.interfaces.is_none() || without.len() < there {
        return None;
    }
    let reason = format!("no ENI is attached to any of the instances: {}", many(without));
    Some(Withheld::new(Operation::DescribeInstances, reason))
}

/// Instances that do not say which ENIs they have, as an older snapshot or a query leaves them, and whose
/// primary ENI no answer lists, one row for each subnet: whoever is there has one in its own subnet, started
/// or stopped. An ENI in use there that does not say its instance may be it.
pub(super) fn without_primary(inventory: &Inventory, scope: &Scope<'_>) -> Vec<Withheld> {
    if inventory.interfaces.is_none() {
        return Vec::new();
    }
    let silent = inventory.instances.iter().flatten().filter(|it| is_silent(it));
    let mut lost: HashMap<&str, &str> = silent
        .filter_map(|it| Some((it.instance_id.as_str(), it.subnet_id.as_deref()?)))
        .filter(|(_, subnet)| scope.subnets.contains_key(subnet))
        .collect();
    // One whose place is not told may be the primary one.
    let may_be_primary = |eni: &&Interface| matches!(eni.place(), (0, 0 | u32::MAX));
    for eni in inventory.interfaces.iter().flatten().filter(may_be_primary) {
        if lost.is_empty() {
            return Vec::new();
        }
        eni.instance_id().and_then(|id| lost.remove(id));
    }
    let enis = inventory.interfaces.iter().flatten();
    let seen: HashSet<&str> = enis.filter_map(|eni| eni.owner_id.as_deref()).collect();
    let mut subnets: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for instance in inventory.instances.iter().flatten() {
        // Of an account no ENI of which is seen nobody looked at the ENIs.
        let is_seen = instance.owner_id.as_deref().is_none_or(|owner| seen.contains(owner));
        if let Some(subnet) = lost.get(instance.instance_id.as_str()).filter(|_| is_seen) {
            subnets.entry(subnet).or_default().push(&instance.instance_id);
        }
    }
    let loose = loose(inventory, scope);
    let row = |(id, instances): (&str, Vec<&str>)| {
        let theirs = loose.iter().filter(|(_, subnet)| subnet.subnet_id == id).count();
        let reason = || {
            format!(
                "the primary ENIs of instances are not listed: {}; a page or row is missing, or \
                 instances and ENIs were read at different times: read both again",
                many(instances.iter().copied())
            )
        };
        (instances.len() > theirs)
            .then(|| Withheld::of_subnet(Operation::DescribeNetworkInterfaces, id, reason()))
    };
    subnets.into_iter().filter_map(row).collect()
}

/// Whether an instance is known to have ENIs, and does not say which.
fn is_silent(instance: &Instance) -> bool {
    let has_enis =
        matches!(instance.state.as_deref(), Some("pending" | "running" | "stopping" | "stopped"));
    has_enis && instance.interfaces.is_none()
}

/// The instances in the selected subnets that have ENIs.
fn there<'a>(inventory: &'a Inventory, scope: &Scope<'_>) -> impl Iterator<Item = &'a str> {
    let instances = inventory.instances.iter().flatten();
    let there = instances.filter(|instance| {
        instance.is_there()
            && instance.subnet_id.as_deref().is_some_and(|id| scope.subnets.contains_key(id))
    });
    there.map(|instance| instance.instance_id.as_str())
}

/// Those of them that no ENI is attached to.
fn without_eni<'a>(inventory: &'a Inventory, scope: &Scope<'_>) -> Vec<&'a str> {
    let mut ids: HashSet<&str> = there(inventory, scope).collect();
    for id in inventory.interfaces.iter().flatten().filter_map(Interface::instance_id) {
        if ids.is_empty() {
            break;
        }
        ids.remove(id);
    }
    ids.into_iter().collect()
}

/// Instances that name another VPC than the subnet of their primary ENI, or no type. Further ENIs may lie in
/// another VPC of the account (EC2 user guide, "Multiple network interfaces for your Amazon EC2 instances").
pub(super) fn elsewhere(scope: &Scope<'_>) -> Vec<Withheld> {
    let (mut apart, mut bare) = (Vec::new(), Vec::new());
    for Scoped { eni, subnet, instance, .. } in &scope.enis {
        let Some(instance) = instance else { continue };
        let is_primary = eni.attachment.as_ref().is_some_and(|it| it.device_index == Some(0));
        if is_primary && instance.vpc_id.as_deref().is_some_and(|vpc| vpc != subnet.vpc_id) {
            apart.push(instance.instance_id.as_str());
        }
        if instance.instance_type.is_none() {
            bare.push(instance.instance_id.as_str());
        }
    }
    let row = |(ids, what): (Vec<&str>, &str)| {
        let reason = format!("{what}: {}", many(ids.iter().copied()));
        (!ids.is_empty()).then(|| Withheld::new(Operation::DescribeInstances, reason))
    };
    let rows = [
        (apart, "instances state another VPC than the subnet of their primary ENI"),
        (bare, "instances have no InstanceType"),
    ];
    rows.into_iter().filter_map(row).collect()
}

/// Whether the instance of an ENI is of an account whose instances were asked for. Where no instance says
/// whose it is, that is told by who looked.
fn is_own<'a>(
    eni: &Interface,
    subnet: &'a Subnet,
    (accounts, looker): &(BTreeSet<&str>, Looker<'a>),
) -> bool {
    let its =
        eni.attachment.as_ref().and_then(|attachment| attachment.instance_owner_id.as_deref());
    let is_looked = |its: &str| {
        accounts.contains(its)
            || accounts.is_empty() && looker.account(subnet).is_none_or(|account| account == its)
    };
    !eni.requester_managed && its.or(eni.owner_id.as_deref()).is_none_or(is_looked)
}
