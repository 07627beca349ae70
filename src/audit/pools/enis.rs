//! The ENIs of each node, whatever subnets they lie in.

use std::{collections::HashMap, net::Ipv4Addr};

use super::model::Taken;
use crate::{
    cni::{CniSettings, Discovery},
    inventory::{Inventory, Known, Word},
    ipam::SeenKind,
    network::Cidr,
};

/// A node's ENIs, the primary one first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::audit) struct NodeEnis {
    pub(in crate::audit) list: Vec<NodeEni>,
    /// Whether it has what the pool's model does not speak of: a second network card, IPv6 prefixes.
    pub(super) is_beyond_model: bool,
    /// Whether tags keep pods off the primary ENI; `None` when that was not seen.
    pub(super) primary_excluded: Option<bool>,
}

impl NodeEnis {
    /// ENIs that take a place and that the CNI leaves alone.
    pub(super) fn unmanaged(&self) -> u32 {
        let unmanaged = self.list.iter().filter(|eni| eni.is_unmanaged());
        u32::try_from(unmanaged.count()).unwrap_or(u32::MAX)
    }
}

/// An ENI of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::audit) struct NodeEni {
    pub(in crate::audit) subnet_id: Word,
    pub(in crate::audit) kind: SeenKind,
    pub(super) primary: Option<Ipv4Addr>,
    pub(super) secondary: Vec<Ipv4Addr>,
    pub(super) prefixes: Vec<Cidr>,
    /// Addresses for pods that pods use; 0 until pods are counted.
    pub(in crate::audit) used: u32,
    place: (u32, u32),
}

impl NodeEni {
    pub(in crate::audit) fn is_primary(&self) -> bool {
        self.kind == SeenKind::Primary
    }

    /// Whether what it holds is not the pool's.
    pub(super) fn is_unmanaged(&self) -> bool {
        self.kind == SeenKind::Unmanaged
    }

    /// Addresses for pods.
    pub(in crate::audit) fn for_pods(&self) -> u32 {
        if self.is_unmanaged() {
            0
        } else {
            self.addresses().saturating_sub(self.primary.is_some().into())
        }
    }

    /// What it takes of its subnet.
    pub(super) fn taken(&self) -> Taken {
        let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let singles = count(self.secondary.len()).saturating_add(self.primary.is_some().into());
        Taken { singles, prefixes: count(self.prefixes.len()) }
    }

    /// All its addresses.
    pub(super) fn addresses(&self) -> u32 {
        self.taken().addresses()
    }

    /// Whether an address for pods is its.
    pub(super) fn holds(&self, address: Ipv4Addr) -> bool {
        let is_its = self.secondary.binary_search(&address).is_ok()
            || self.prefixes.iter().any(|prefix| prefix.contains(address));
        is_its && !self.is_unmanaged()
    }
}

/// The ENIs by instance.
pub(super) fn enis(
    inventory: &Inventory,
    known: &Known<'_>,
    (cni, discovery): (&CniSettings, &Discovery),
) -> HashMap<String, NodeEnis> {
    let mut nodes: HashMap<String, NodeEnis> = HashMap::new();
    let blocks = inventory.blocks();
    for interface in inventory.interfaces.iter().flatten() {
        let Some(id) = interface.instance_id().filter(|id| known.is_node(id)) else { continue };
        let interface = interface.fitting(blocks.get(interface.subnet_id.as_str()).copied());
        let place = interface.place();
        let mut secondary = interface.secondary.clone();
        secondary.sort_unstable();
        let node = nodes.entry(id.to_owned()).or_default();
        node.is_beyond_model |= place.0 != 0 || !interface.ipv6_prefixes.is_empty();
        node.list.push(NodeEni {
            subnet_id: interface.subnet_id.clone(),
            kind: cni.eni_kind(&interface, known),
            primary: interface.primary,
            secondary,
            prefixes: interface.prefixes.clone(),
            used: 0,
            place,
        });
    }
    let excluded: HashMap<&str, Option<bool>> = inventory
        .subnets
        .iter()
        .map(|subnet| {
            let standing = discovery.standing(&subnet.tags);
            (subnet.subnet_id.as_str(), discovery.excludes_primary(standing))
        })
        .collect();
    for node in nodes.values_mut() {
        node.list.sort_by_key(|eni| (eni.place, eni.primary));
        let primary = node.list.iter().find(|eni| eni.is_primary());
        node.primary_excluded =
            primary.and_then(|eni| excluded.get(eni.subnet_id.as_str()).copied().flatten());
    }
    nodes
}
