//! Where Karpenter starts new nodes of a group: in the subnets that its EC2NodeClass selects, in the zones that
//! its NodePool admits.

use std::collections::BTreeSet;

use super::nodes::InventoryReader;
use crate::{
    declared::NodePool,
    inventory::{Inventory, keys::EC2_CLASS_KEY},
};

/// The subnets that the class of a group's nodes selects; `None` where it was not saved, or selects none of
/// those that are simulated.
pub(super) fn selected(
    inventory: &Inventory,
    seen: &InventoryReader<'_>,
    (pool, instances): (Option<&NodePool>, &[&str]),
) -> Option<(String, BTreeSet<usize>)> {
    let told = inventory.kubernetes.as_ref()?;
    let tag = |id: &&str| seen.instance(id)?.tags.get(EC2_CLASS_KEY);
    let of_pool = pool.and_then(|pool| pool.node_class.as_ref());
    let name = match of_pool {
        Some(class) => class.name.as_str(),
        None => instances.iter().find_map(tag)?,
    };
    let mut named = told.ec2_node_classes.iter().flatten().filter(|class| class.name == name);
    let class = named.next()?;
    // Two of one name that differ are of two clusters.
    if named.any(|other| other != class) {
        return None;
    }
    let admits =
        |zone: Option<&str>| pool.is_none_or(|pool| zone.is_none_or(|zone| pool.admits_zone(zone)));
    let subnets: BTreeSet<usize> = inventory
        .subnets
        .iter()
        .filter(|subnet| subnet.is_selected(&class.subnets))
        .filter(|subnet| admits(subnet.availability_zone.as_deref()))
        .filter_map(|subnet| seen.index(&subnet.subnet_id))
        .collect();
    (!subnets.is_empty()).then(|| (name.to_owned(), subnets))
}
