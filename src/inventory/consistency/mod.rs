//! What was observed held against itself, wherever it came from: live, a snapshot or saved answers. A
//! contradiction or a hole becomes a row of what is not available, and what hangs on it is not known
//! then. Nothing is guessed, and consistent answers stay as they are.

mod addresses;
mod blank;
mod blocks;
mod cluster_objects;
mod doubt;
mod holes;
mod instances;
mod listed;
mod many;
mod named;
mod node_groups;
mod order;
mod prefixes;
mod repeated;
mod reservations;
mod scope;

pub(crate) use many::many;

pub(super) use cluster_objects::{objects_named, one_aws_node};
pub(super) use node_groups::unlisted_groups;

use super::{Inventory, Selected, Withheld};
use scope::Scope;

impl Inventory {
    /// The inventory with what contradicts itself, or is missing, withheld, as far as the selected
    /// subnets are concerned.
    #[must_use]
    pub fn held_together(mut self, selected: &Selected) -> Self {
        let scope = Scope::new(&self, selected);
        let mut rows: Vec<Withheld> = Vec::new();
        rows.extend(listed::without_subnet(&self, &scope));
        rows.extend(listed::of_another_vpc(&scope));
        rows.extend(listed::both_ways(&scope));
        rows.extend(listed::without_kind(&scope));
        rows.extend(addresses::contradictions(&self, &scope));
        rows.extend(blocks::contradictions(&self, &scope));
        rows.extend(instances::elsewhere(&scope));
        rows.extend(prefixes::left_out(&self, &scope));
        let unlisted = instances::unlisted(&self, &scope);
        let lost = named::unlisted(&self, &scope);
        let unattached = instances::unnamed(&self, &scope);
        let nobody = listed::nobody(&self, &scope);
        let mut without_primary = instances::without_primary(&self, &scope);
        // Where no ENI is listed that is told already.
        without_primary.retain(|row| {
            !nobody.iter().any(|all| all.subnet_id.is_none() || all.subnet_id == row.subnet_id)
        });
        // Where ENIs that have to be there are not listed it is those that are missing.
        let is_whole = lost.is_empty() && without_primary.is_empty();
        let unattached =
            unattached.or_else(|| is_whole.then(|| instances::unattached(&self, &scope)).flatten());
        let contested = named::contested(&self, &scope);
        let moved = named::of_another(&contested);
        rows.extend(named::out_of_place(&contested));
        rows.extend(without_primary);
        if unlisted.is_some() || unattached.is_some() || moved.is_some() {
            self.instances = None;
        }
        if nobody.iter().any(|row| row.subnet_id.is_none()) {
            self.interfaces = None;
        } else {
            rows.extend(lost);
        }
        rows.extend(unlisted.into_iter().chain(unattached).chain(moved));
        rows.extend(nobody);
        for subnet in
            self.subnets.iter_mut().filter(|s| selected.subnets.contains_key(&s.subnet_id))
        {
            rows.extend(blocks::count(subnet));
            rows.extend(reservations::overlap(subnet));
        }
        self.withheld.extend(rows);
        let holes = holes::unsaid(&self, selected);
        self.withheld.extend(holes);
        self.withheld.sort();
        self.withheld.dedup();
        self
    }
}
