//! The ENIs of each node, whatever subnets they lie in.

use std::{collections::HashMap, net::Ipv4Addr};

use crate::{
    cni::Discovery,
    inventory::{Holder, Interface, Inventory, Known, OwnerKind},
    ipam::ADDRESSES_PER_PREFIX,
    network::Cidr,
};

/// The tag that keeps ipamd's hands off an ENI (amazon-vpc-cni-k8s README, "ENI tags").
const NO_MANAGE_TAG: &str = "node.k8s.amazonaws.com/no_manage";

/// A node's ENIs, the primary one first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::audit) struct NodeEnis {
    pub(in crate::audit) list: Vec<NodeEni>,
    /// Whether it has what the pool's model does not speak of: a second network card, an ENI that the
    /// CNI leaves alone, IPv6 prefixes.
    pub(super) is_beyond_model: bool,
    /// Whether tags keep pods off the primary ENI; `None` when that was not seen.
    pub(super) primary_excluded: Option<bool>,
}

/// An ENI of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::audit) struct NodeEni {
    pub(in crate::audit) subnet_id: String,
    pub(in crate::audit) is_primary: bool,
    pub(super) is_trunk: bool,
    pub(super) primary: Option<Ipv4Addr>,
    pub(super) secondary: Vec<Ipv4Addr>,
    pub(super) prefixes: Vec<Cidr>,
    /// Addresses for pods that pods use; 0 until pods are counted.
    pub(in crate::audit) used: u32,
    place: (u32, u32),
}

impl NodeEni {
    /// Addresses for pods.
    pub(in crate::audit) fn for_pods(&self) -> u32 {
        let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        count(self.prefixes.len())
            .saturating_mul(ADDRESSES_PER_PREFIX)
            .saturating_add(count(self.secondary.len()))
    }

    /// All its addresses.
    pub(super) fn addresses(&self) -> u32 {
        self.for_pods().saturating_add(u32::from(self.primary.is_some()))
    }

    /// Whether an address for pods is its.
    pub(super) fn holds(&self, address: Ipv4Addr) -> bool {
        self.secondary.binary_search(&address).is_ok()
            || self.prefixes.iter().any(|prefix| prefix.contains(address))
    }
}

/// The ENIs by instance.
pub(super) fn enis(
    inventory: &Inventory,
    known: &Known<'_>,
    discovery: &Discovery,
) -> HashMap<String, NodeEnis> {
    let mut nodes: HashMap<String, NodeEnis> = HashMap::new();
    for interface in inventory.interfaces.iter().flatten() {
        let Some(id) = interface.instance_id().filter(|id| known.is_node(id)) else { continue };
        let place = place(interface);
        let mut secondary = interface.secondary.clone();
        secondary.sort_unstable();
        let node = nodes.entry(id.to_owned()).or_default();
        node.is_beyond_model |= place.0 != 0
            || !interface.ipv6_prefixes.is_empty()
            || interface.interface_type.as_deref() == Some("efa-only")
            || interface.tags.get(NO_MANAGE_TAG).is_some_and(|tag| tag == "true");
        node.list.push(NodeEni {
            subnet_id: interface.subnet_id.clone(),
            is_primary: place == (0, 0),
            is_trunk: known.holder(interface) == Holder::Kind(OwnerKind::Trunk),
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
        let primary = node.list.iter().find(|eni| eni.is_primary);
        node.primary_excluded =
            primary.and_then(|eni| excluded.get(eni.subnet_id.as_str()).copied().flatten());
    }
    nodes
}

/// Network card and device index; what is not said is the last.
fn place(interface: &Interface) -> (u32, u32) {
    let attachment = interface.attachment.as_ref();
    let card = attachment.and_then(|attachment| attachment.network_card_index).unwrap_or(0);
    (card, attachment.and_then(|attachment| attachment.device_index).unwrap_or(u32::MAX))
}
