//! What of a VPC's blocks no subnet takes.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    inventory::Inventory,
    network::{Cidr, free_networks},
};

/// A VPC's address space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VpcMap {
    /// The VPC.
    pub vpc_id: String,
    /// Its Name tag.
    pub name: Option<String>,
    /// Its IPv4 blocks, in their order.
    pub blocks: Vec<VpcBlock>,
}

/// One of its blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VpcBlock {
    /// The block.
    pub cidr: Cidr,
    /// The subnets in it, in address order.
    pub subnets: Vec<PlacedSubnet>,
    /// What no subnet takes of it: the largest aligned networks, in address order. `None` where a
    /// subnet's network is not known.
    pub free: Option<Vec<Cidr>>,
}

/// A subnet in a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlacedSubnet {
    /// Its network.
    pub cidr: Cidr,
    /// The subnet.
    pub subnet_id: String,
    /// Its Name tag.
    pub name: Option<String>,
    /// Whether it was audited.
    pub is_audited: bool,
}

/// What is known of one VPC in all places.
#[derive(Default)]
struct KnownVpc {
    name: Option<String>,
    blocks: Vec<Cidr>,
    subnets: BTreeSet<PlacedSubnet>,
    is_whole: bool,
}

/// The VPCs of the audited subnets.
pub(super) fn vpcs<'a, I: Iterator<Item = &'a Inventory>>(places: impl Fn() -> I) -> Vec<VpcMap> {
    let mut all: BTreeMap<&str, KnownVpc> = BTreeMap::new();
    for inventory in places() {
        for vpc in inventory.vpcs.iter().flatten() {
            let found = all.entry(&vpc.vpc_id).or_insert_with(|| KnownVpc {
                name: vpc.tags.get("Name").map(ToString::to_string),
                is_whole: true,
                ..KnownVpc::default()
            });
            for cidr in &vpc.cidrs {
                if !found.blocks.contains(cidr) {
                    found.blocks.push(*cidr);
                }
            }
            found.is_whole &= has_all_networks(inventory);
            found.subnets.extend(placed(inventory, &vpc.vpc_id));
        }
    }
    let used = all.into_iter().filter(|(_, found)| found.subnets.iter().any(|s| s.is_audited));
    used.map(|(vpc_id, found)| VpcMap {
        vpc_id: vpc_id.to_owned(),
        blocks: found.blocks.iter().map(|cidr| found.block(*cidr)).collect(),
        name: found.name,
    })
    .collect()
}

/// Whether the networks of all subnets that were listed and not selected are known.
fn has_all_networks(inventory: &Inventory) -> bool {
    inventory.other_subnets.iter().all(|id| inventory.other_networks.contains_key(id))
}

/// The subnets of a VPC that have an IPv4 network: the audited ones, and the others that were listed.
fn placed<'a>(
    inventory: &'a Inventory,
    vpc_id: &'a str,
) -> impl Iterator<Item = PlacedSubnet> + 'a {
    let audited = inventory.subnets.iter().filter(move |subnet| subnet.vpc_id == vpc_id);
    let audited = audited.filter_map(|subnet| {
        Some(PlacedSubnet {
            cidr: subnet.cidr?,
            subnet_id: subnet.subnet_id.clone(),
            name: subnet.name().map(ToOwned::to_owned),
            is_audited: true,
        })
    });
    let others = inventory.other_networks.iter().filter(move |(_, other)| other.vpc_id == vpc_id);
    audited.chain(others.map(|(id, other)| PlacedSubnet {
        cidr: other.cidr,
        subnet_id: id.clone(),
        name: None,
        is_audited: false,
    }))
}

impl KnownVpc {
    fn block(&self, cidr: Cidr) -> VpcBlock {
        let inside = self.subnets.iter().filter(|subnet| cidr.covers(subnet.cidr));
        let subnets: Vec<PlacedSubnet> = inside.cloned().collect();
        let taken: Vec<Cidr> = subnets.iter().map(|subnet| subnet.cidr).collect();
        VpcBlock { cidr, subnets, free: self.is_whole.then(|| free_networks(cidr, &taken)) }
    }
}
