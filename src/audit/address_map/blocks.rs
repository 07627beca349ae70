//! Who holds something of each /28 block.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    net::Ipv4Addr,
};

use crate::{
    inventory::{Holder, Interface, Inventory, Known, OwnerKind},
    network::{BLOCK, Cidr},
};

/// A holder: its kind, and its name (a node's in Kubernetes or by its tag, else the instance or the ENI).
type Who = (OwnerKind, String);

/// The holders of each block that somebody holds something of, each with its addresses: none for a
/// delegated prefix, which is the whole block.
pub(super) type BlockHolders = BTreeMap<u32, BTreeMap<Who, BTreeSet<Ipv4Addr>>>;

/// Adds what the ENIs of a place hold in the wanted subnets.
pub(super) fn add(
    inventory: &Inventory,
    wanted: &BTreeSet<&str>,
    subnets: &mut BTreeMap<String, BlockHolders>,
) {
    let networks = inventory.blocks();
    let known = Known::new(inventory);
    let names = names(inventory);
    let enis = inventory.interfaces.iter().flatten();
    for eni in enis.filter(|eni| wanted.contains(eni.subnet_id.as_str())) {
        let Some(network) = networks.get(eni.subnet_id.as_str()) else { continue };
        let blocks = subnets.entry(eni.subnet_id.as_str().to_owned()).or_default();
        let who = who(eni, &names);
        let [own, further, prefix] = kinds(known.holder(eni));
        for (kind, address) in eni
            .primary
            .iter()
            .map(|address| (own, *address))
            .chain(eni.secondary.iter().map(|address| (further, *address)))
        {
            put(blocks, *network, address, (kind, who)).insert(address);
        }
        for its in &eni.prefixes {
            put(blocks, *network, its.first(), (prefix, who));
        }
    }
}

/// What an ENI's own address, its further ones and its prefixes count for.
fn kinds(holder: Holder) -> [OwnerKind; 3] {
    match holder {
        Holder::Node => [OwnerKind::Node, OwnerKind::Pod, OwnerKind::PodPrefix],
        Holder::Kind(kind) => [kind; 3],
    }
}

fn put<'a>(
    blocks: &'a mut BlockHolders,
    network: Cidr,
    address: Ipv4Addr,
    (kind, who): (OwnerKind, &str),
) -> &'a mut BTreeSet<Ipv4Addr> {
    let offset = u32::from(address).saturating_sub(u32::from(network.first()));
    let holders = blocks.entry(offset / BLOCK).or_default();
    holders.entry((kind, who.to_owned())).or_default()
}

/// The names of instances: in Kubernetes, or by their tag.
fn names(inventory: &Inventory) -> HashMap<&str, &str> {
    let instances = inventory.instances.iter().flatten();
    let tagged = instances
        .filter_map(|instance| Some((instance.instance_id.as_str(), instance.tags.get("Name")?)));
    let mut names: HashMap<&str, &str> = tagged.collect();
    let nodes = inventory.kubernetes.iter().filter_map(|seen| seen.nodes.as_ref()).flatten();
    names.extend(nodes.filter_map(|node| Some((node.instance_id.as_deref()?, node.name.as_str()))));
    names
}

fn who<'a>(eni: &'a Interface, names: &HashMap<&'a str, &'a str>) -> &'a str {
    match eni.instance_id() {
        Some(id) => names.get(id).copied().unwrap_or(id),
        None => &eni.interface_id,
    }
}
