//! Where addresses lie, for pages that draw it: who holds something of each /28 block of a subnet, and
//! what of a VPC's blocks no subnet takes. Nothing here judges.

mod blocks;
mod vpcs;

pub use vpcs::{PlacedSubnet, VpcBlock, VpcMap};

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use blocks::BlockHolders;

use crate::inventory::{OwnerKind, Places};

/// Where addresses lie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressMap {
    subnets: BTreeMap<String, BlockHolders>,
    /// The VPCs of the audited subnets, sorted by id; none where they are not known.
    pub vpcs: Vec<VpcMap>,
}

impl AddressMap {
    /// The map of what was looked at. Holders are looked up in the wanted subnets alone, since there may be
    /// millions of addresses in the others.
    #[must_use]
    pub fn of(places: &Places, wanted: &BTreeSet<&str>) -> Self {
        let mut subnets = BTreeMap::new();
        for (inventory, _) in &places.list {
            blocks::add(inventory, wanted, &mut subnets);
        }
        let inventories = || places.list.iter().map(|(inventory, _)| inventory);
        Self { subnets, vpcs: vpcs::vpcs(inventories) }
    }

    /// Who holds something of a subnet's block, by its place in the subnet: the kind of holder, its name,
    /// and its addresses, of which a delegated prefix has none: it is the whole block.
    pub fn holders(
        &self,
        subnet_id: &str,
        block: u32,
    ) -> impl Iterator<Item = (OwnerKind, &str, &BTreeSet<Ipv4Addr>)> {
        let of_subnet = self.subnets.get(subnet_id);
        let holders = of_subnet.and_then(|blocks| blocks.get(&block)).into_iter().flatten();
        holders.map(|((kind, who), addresses)| (*kind, who.as_str(), addresses))
    }
}
