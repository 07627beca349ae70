//! The ENIs of each node, whatever subnets they lie in.

use std::{borrow::Cow, collections::HashMap};

use super::model::TakenAddresses;
use crate::{
    cni::{CniSettings, Discovery},
    inventory::{Interface, Inventory, LookedUpEni, PoolEni, Subnet, Word},
    ipam::{ADDRESSES_PER_PREFIX, PoolCounts, SeenKind},
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
    /// ENIs that take a place on the default card and that the CNI leaves alone.
    pub(super) fn unmanaged(&self) -> u32 {
        let unmanaged = self.list.iter().filter(|eni| eni.on_card && eni.is_unmanaged());
        u32::try_from(unmanaged.count()).unwrap_or(u32::MAX)
    }

    /// Those of them that are `efa-only` interfaces.
    pub(in crate::audit) fn efa_only(&self) -> u32 {
        let efa_only = self.list.iter().filter(|eni| eni.is_unmanaged() && eni.is_efa_only);
        u32::try_from(efa_only.count()).unwrap_or(u32::MAX)
    }

    /// What the pool holds with so many pods, and so many prefixes without one.
    pub(super) fn pool_counts(&self, assigned: u32, free_prefixes: u32) -> PoolCounts {
        let managed = || self.list.iter().filter(|eni| !eni.is_unmanaged());
        PoolCounts {
            enis: u32::try_from(managed().count()).unwrap_or(u32::MAX),
            // Leftovers of the other mode are not the pool's.
            addresses: managed().map(|eni| eni.prefixes * ADDRESSES_PER_PREFIX).sum(),
            assigned,
            prefixes: managed().map(|eni| eni.prefixes).sum(),
            free_prefixes,
        }
    }
}

/// An ENI of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::audit) struct NodeEni {
    pub(in crate::audit) subnet_id: Word,
    pub(in crate::audit) kind: SeenKind,
    /// Whether it is on the default network card.
    on_card: bool,
    has_primary: bool,
    is_efa_only: bool,
    secondary: u32,
    prefixes: u32,
    /// Addresses for pods that pods use; 0 until pods are counted.
    pub(in crate::audit) used: u32,
}

impl NodeEni {
    pub(in crate::audit) fn is_primary(&self) -> bool {
        self.kind == SeenKind::Primary
    }

    /// The ENI as the pool has it, with what it holds.
    pub(super) fn in_pool<'a>(&self, held: &'a Interface) -> PoolEni<'a> {
        PoolEni {
            is_pool: !self.is_unmanaged(),
            on_card: self.on_card,
            own: held.primary,
            secondary: &held.secondary,
            prefixes: &held.prefixes,
        }
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
            self.addresses().saturating_sub(self.has_primary.into())
        }
    }

    /// What it takes of its subnet.
    pub(super) fn taken(&self) -> TakenAddresses {
        let singles = self.secondary.saturating_add(self.has_primary.into());
        TakenAddresses { singles, prefixes: self.prefixes }
    }

    /// All its addresses.
    pub(super) fn addresses(&self) -> u32 {
        self.taken().addresses()
    }
}

/// The ENIs of a node, each with what it holds.
pub(super) fn enis<'a>(
    told: impl Iterator<Item = &'a LookedUpEni<'a>>,
    cni: &CniSettings,
    excluded: &HashMap<&str, Option<bool>>,
) -> (NodeEnis, Vec<Cow<'a, Interface>>) {
    let mut node = NodeEnis::default();
    let mut its: Vec<((u32, u32), Cow<'a, Interface>, SeenKind)> = Vec::new();
    for eni in told {
        let interface = eni.fitting();
        let place = interface.place();
        let kind = cni.eni_kind(&interface, eni.holder);
        let has_own_pool = place.0 != 0 && kind != SeenKind::Unmanaged;
        node.is_beyond_model |= has_own_pool || !interface.ipv6_prefixes.is_empty();
        its.push((place, interface, kind));
    }
    its.sort_by_key(|(place, interface, _)| (*place, interface.primary));
    let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
    let one = |(place, interface, kind): &((u32, u32), Cow<'_, Interface>, SeenKind)| NodeEni {
        subnet_id: interface.subnet_id.clone(),
        kind: *kind,
        on_card: place.0 == 0,
        has_primary: interface.primary.is_some(),
        is_efa_only: interface.interface_type.as_deref() == Some("efa-only"),
        secondary: count(interface.secondary.len()),
        prefixes: count(interface.prefixes.len()),
        used: 0,
    };
    node.list = its.iter().map(one).collect();
    let primary = node.list.iter().find(|eni| eni.is_primary());
    node.primary_excluded =
        primary.and_then(|eni| excluded.get(eni.subnet_id.as_str()).copied().flatten());
    (node, its.into_iter().map(|(_, interface, _)| interface).collect())
}

/// Whether tags keep pods off primary ENIs in each subnet; `None` when that was not seen.
pub(super) fn excluded<'a>(
    inventory: &'a Inventory,
    discovery: &Discovery,
) -> HashMap<&'a str, Option<bool>> {
    let of = |subnet: &'a Subnet| {
        let standing = discovery.standing(&subnet.tags);
        (subnet.subnet_id.as_str(), discovery.excludes_primary(standing))
    };
    inventory.subnets.iter().map(of).collect()
}
