//! Which blocks nodes alone hold, and which nodes.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    net::Ipv4Addr,
};

use crate::{
    inventory::{Holder, Interface, Inventory, Known, OwnerKind, Subnet, keys::TRUNK_TAG},
    network::{BLOCK_LENGTH, Cidr, Ranges, ReservationKind},
};

/// Blocks that come back together, when all of some nodes are drained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edge {
    /// The nodes, by their place, sorted; at least one and at most 16.
    pub(super) owners: Vec<usize>,
    /// How many blocks.
    pub(super) blocks: u32,
}

/// What drains can give back in a subnet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Recoverable<'a> {
    /// The instances of the nodes, sorted.
    pub(super) nodes: Vec<&'a str>,
    /// Each set of owners once, sorted.
    pub(super) edges: Vec<Edge>,
}

/// The inventory by subnet.
pub(super) struct Subnets<'a> {
    subnets: HashMap<&'a str, &'a Subnet>,
    /// ENIs with the node that takes them along when it is drained.
    interfaces: HashMap<&'a str, Vec<(&'a Interface, Option<&'a str>)>>,
}

impl<'a> Subnets<'a> {
    pub(super) fn new(inventory: &'a Inventory, known: &Known<'_>) -> Self {
        let all = inventory.interfaces.as_deref().unwrap_or_default();
        let attached: HashMap<&str, &str> = all
            .iter()
            .filter_map(|eni| Some((eni.interface_id.as_str(), eni.instance_id()?)))
            .collect();
        let mut interfaces: HashMap<&str, Vec<_>> = HashMap::new();
        for interface in all {
            let instance = match known.holder(interface) {
                Holder::Node | Holder::Kind(OwnerKind::Trunk) => interface.instance_id(),
                // A branch ENI goes with its pod, and the pod with the node of its trunk.
                Holder::Kind(OwnerKind::BranchPod) => {
                    interface.tags.get(TRUNK_TAG).and_then(|trunk| attached.get(trunk).copied())
                }
                Holder::Kind(_) => None,
            };
            let node = instance.filter(|id| known.is_node(id));
            interfaces.entry(&interface.subnet_id).or_default().push((interface, node));
        }
        let subnets = inventory.subnets.iter().map(|s| (s.subnet_id.as_str(), s)).collect();
        Self { subnets, interfaces }
    }

    /// What drains can give back; `None` for a subnet whose reservations are not available, since a
    /// block in an explicit one does not come back.
    pub(super) fn recoverable(&self, subnet_id: &str) -> Option<Recoverable<'a>> {
        let subnet = self.subnets.get(subnet_id)?;
        let (cidr, reservations) = (subnet.cidr?, subnet.reservations.as_ref()?);
        let mut owners: BTreeMap<Cidr, Option<BTreeSet<&str>>> = BTreeMap::new();
        for (interface, node) in self.interfaces.get(subnet_id).into_iter().flatten() {
            for block in blocks(interface).filter(|block| cidr.covers(*block)) {
                let entry = owners.entry(block).or_insert_with(|| Some(BTreeSet::new()));
                match (entry, node) {
                    (Some(nodes), Some(node)) => {
                        nodes.insert(node);
                    }
                    (entry, _) => *entry = None,
                }
            }
        }
        let explicit = reservations.iter().filter(|row| row.kind == ReservationKind::Explicit);
        let explicit = Ranges::of(explicit.map(|row| row.cidr));
        let out_of_reach = |block: Cidr| {
            block.contains(cidr.first())
                || block.contains(cidr.last())
                || explicit.overlap_network(block)
        };
        owners.retain(|block, _| !out_of_reach(*block));
        let mut edges: BTreeMap<BTreeSet<&str>, u32> = BTreeMap::new();
        for nodes in owners.into_values().flatten() {
            *edges.entry(nodes).or_default() += 1;
        }
        let nodes: BTreeSet<&str> = edges.keys().flatten().copied().collect();
        let nodes: Vec<&str> = nodes.into_iter().collect();
        let place = |name: &&str| nodes.binary_search(name).ok();
        let edges = edges
            .iter()
            .map(|(of, blocks)| Edge {
                owners: of.iter().filter_map(place).collect(),
                blocks: *blocks,
            })
            .collect();
        Some(Recoverable { nodes, edges })
    }
}

/// The blocks that an ENI has addresses in.
fn blocks(interface: &Interface) -> impl Iterator<Item = Cidr> {
    let singles = interface.primary.iter().chain(&interface.secondary).copied();
    let prefixes = interface.prefixes.iter().map(|prefix| prefix.first());
    singles.chain(prefixes).filter_map(|address: Ipv4Addr| Cidr::containing(address, BLOCK_LENGTH))
}
