//! Where what a report names was seen.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    audit::{count::PlaceCount, judge::sorting::Sorted},
    finding::Finding,
    inventory::{Inventory, Place},
};

/// The place of each id.
#[derive(Debug, Default)]
pub(super) struct ByPlace {
    pub(super) ids: BTreeMap<String, Place>,
}

impl ByPlace {
    /// Adds what was found in one place.
    pub(super) fn add(&mut self, counted: &PlaceCount<'_>, sorted: &Sorted) {
        let place = counted.inventory.source.place();
        let owners = accounts(counted.inventory);
        for subnet in &counted.inventory.subnets {
            // Seen by several accounts, it is its owner's if that is one of them.
            let owner = subnet.owner_id.clone().filter(|owner| owners.contains(owner.as_str()));
            let account = place.account.clone().or(owner);
            self.put(&subnet.subnet_id, &Place { account, ..place.clone() });
        }
        let subnets: BTreeSet<&str> =
            counted.subnets.iter().map(|subnet| subnet.subnet_id.as_str()).collect();
        let ignored = sorted.ignored.iter().map(|ignored| &ignored.finding);
        let resources =
            sorted.wanted.iter().chain(ignored).map(|finding: &Finding| &finding.resource);
        for resource in resources.filter(|resource| !subnets.contains(resource.as_str())) {
            self.put(resource, &place);
        }
        for node in counted.nodes.iter().flatten() {
            self.put(&node.instance_id, &place);
        }
    }

    /// What is found in several places is of none of them.
    fn put(&mut self, resource: &str, place: &Place) {
        let known = self.ids.entry(resource.to_owned()).or_insert_with(|| place.clone());
        if known.region != place.region {
            known.region = None;
        }
        if known.account != place.account {
            known.account = None;
        }
    }
}

/// The accounts whose ENIs can be seen.
fn accounts(inventory: &Inventory) -> BTreeSet<&str> {
    inventory.interfaces.iter().flatten().filter_map(|eni| eni.owner_id.as_deref()).collect()
}
