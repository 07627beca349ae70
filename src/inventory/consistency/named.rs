//! The ENIs that instances name against those that were listed: a page or a row that was lost shows.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{
    many::many,
    scope::{Scope, Scoped},
};
use crate::inventory::{Instance, Inventory, NamedEnis, Operation, Selected, Withheld};

/// An ENI that an instance names.
#[derive(Clone, Copy)]
pub(super) struct NamedEni<'a> {
    eni: &'a str,
    subnet: &'a str,
    instance: &'a str,
}

impl Inventory {
    /// The ENIs in the selected subnets that instances name and no answer lists, each with the instances.
    #[must_use]
    pub fn unlisted_interfaces(&self, selected: &Selected) -> BTreeMap<String, BTreeSet<String>> {
        let scope = Scope::new(self, selected);
        let mut enis: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for NamedEni { eni, instance, .. } in lost(self, &scope) {
            enis.entry(eni.to_owned()).or_default().insert(instance.to_owned());
        }
        enis
    }

    /// Drops ENIs that are gone from what instances name.
    pub fn forget_interfaces(&mut self, gone: &BTreeSet<String>) {
        let naming = |instance: &&mut Instance| {
            let named = instance.interfaces.as_ref();
            named.is_some_and(|named| named.iter().any(|(_, eni)| gone.contains(eni)))
        };
        for instance in self.instances.iter_mut().flatten().filter(naming) {
            // One that has none left has said so.
            let kept = |named: &NamedEnis| named.kept(|eni| !gone.contains(eni));
            instance.interfaces = instance.interfaces.as_ref().map(kept);
        }
    }
}

/// What the instances that are there name in the selected subnets.
fn named<'a>(inventory: &'a Inventory, scope: &Scope<'a>) -> impl Iterator<Item = NamedEni<'a>> {
    let there = inventory.instances.iter().flatten().filter(|instance| instance.is_there());
    there
        .filter_map(|instance| Some((instance.instance_id.as_str(), instance.interfaces.as_ref()?)))
        .flat_map(|(instance, named)| named.subnets().map(move |(id, enis)| (instance, id, enis)))
        .filter(|(_, subnet, _)| scope.subnets.contains_key(subnet))
        .flat_map(|(instance, subnet, enis)| {
            enis.iter().map(move |eni| NamedEni { eni, subnet, instance })
        })
}

/// The ids of what they name.
pub(super) fn named_ids<'a>(inventory: &'a Inventory, scope: &Scope<'a>) -> HashSet<&'a str> {
    named(inventory, scope).map(|named| named.eni).collect()
}

/// Those of them that no answer lists.
fn lost<'a>(inventory: &'a Inventory, scope: &Scope<'a>) -> Vec<NamedEni<'a>> {
    let Some(enis) = &inventory.interfaces else { return Vec::new() };
    // As a rule each is attached to the instance that names it, and no id need be looked up.
    let is_named = |scoped: &&Scoped<'_>| {
        scoped.instance.is_some_and(Instance::is_there) && names(scoped) == Some(true)
    };
    if scope.enis.iter().filter(is_named).count() == named(inventory, scope).count() {
        return Vec::new();
    }
    let listed: HashSet<&str> = enis.iter().map(|eni| eni.interface_id.as_str()).collect();
    named(inventory, scope).filter(|named| !listed.contains(named.eni)).collect()
}

/// Whether the instance of an ENI names it, if that is listed and says which it names.
fn names(Scoped { eni, subnet, instance, .. }: &Scoped<'_>) -> Option<bool> {
    let named = instance.as_ref()?.interfaces.as_ref()?;
    Some(named.contains(&subnet.subnet_id, &eni.interface_id))
}

/// The rows of what is lost, one for each subnet.
pub(super) fn unlisted(inventory: &Inventory, scope: &Scope<'_>) -> Vec<Withheld> {
    let mut subnets: BTreeMap<&str, Vec<NamedEni<'_>>> = BTreeMap::new();
    for named in lost(inventory, scope) {
        subnets.entry(named.subnet).or_default().push(named);
    }
    let row = |(subnet, lost): (&str, Vec<NamedEni<'_>>)| {
        let reason = format!(
            "instances reference ENIs that are not listed: {} (instances {}); a page or row is \
             missing, or instances and ENIs were read at different times: read both again",
            many(lost.iter().map(|named| named.eni)),
            many(lost.iter().map(|named| named.instance))
        );
        Withheld::of_subnet(Operation::DescribeNetworkInterfaces, subnet, reason)
    };
    subnets.into_iter().map(row).collect()
}

/// An ENI whose instance does not name it where it is, and an instance that names it.
pub(super) type Contested<'a> = (Scoped<'a>, NamedEni<'a>);

/// What instances name elsewhere, or hold without naming it. What nobody names was attached after the
/// instances were read.
pub(super) fn contested<'a>(inventory: &'a Inventory, scope: &Scope<'a>) -> Vec<Contested<'a>> {
    let unnamed: BTreeMap<&str, &Scoped<'a>> = scope
        .enis
        .iter()
        .filter(|scoped| names(scoped) == Some(false))
        .map(|scoped| (scoped.eni.interface_id.as_str(), scoped))
        .collect();
    if unnamed.is_empty() {
        return Vec::new();
    }
    let contested = |named: NamedEni<'a>| Some((**unnamed.get(named.eni)?, named));
    named(inventory, scope).filter_map(contested).collect()
}

/// Whether an instance names an ENI where it is.
fn is_in_place((scoped, named): &Contested<'_>) -> bool {
    scoped.subnet.subnet_id == named.subnet
}

/// The row of ENIs that are attached to one instance and that only others name: they moved between two
/// readings. Their addresses are the same with either; whose they are is not known.
pub(super) fn of_another(contested: &[Contested<'_>]) -> Option<Withheld> {
    let moved: Vec<_> = contested.iter().filter(|pair| is_in_place(pair)).collect();
    if moved.is_empty() {
        return None;
    }
    let holders = moved.iter().filter_map(|(scoped, _)| scoped.eni.instance_id());
    let reason = format!(
        "ENIs are attached to one instance but listed by another: {} (attached to {}, listed by {})",
        many(moved.iter().map(|(_, named)| named.eni)),
        many(holders),
        many(moved.iter().map(|(_, named)| named.instance))
    );
    Some(Withheld::new(Operation::DescribeInstances, reason))
}

/// The rows of ENIs that are in another subnet than an instance says, for each of the two: an ENI stays in
/// its subnet.
pub(super) fn out_of_place(contested: &[Contested<'_>]) -> Vec<Withheld> {
    let mut subnets: BTreeMap<&str, Vec<NamedEni<'_>>> = BTreeMap::new();
    for (scoped, named) in contested.iter().filter(|pair| !is_in_place(pair)) {
        for id in [scoped.subnet.subnet_id.as_str(), named.subnet] {
            subnets.entry(id).or_default().push(*named);
        }
    }
    let row = |(subnet, named): (&str, Vec<NamedEni<'_>>)| {
        let reason = format!(
            "ENIs are in another subnet than their instances state: {} (instances {})",
            many(named.iter().map(|named| named.eni)),
            many(named.iter().map(|named| named.instance))
        );
        Withheld::of_subnet(Operation::DescribeNetworkInterfaces, subnet, reason)
    };
    subnets.into_iter().map(row).collect()
}
