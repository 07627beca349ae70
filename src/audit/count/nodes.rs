//! What each Kubernetes node holds in the audited subnets.

use std::collections::BTreeMap;

use crate::inventory::{Interface, Inventory, Known};

/// A node's ENIs and addresses in the audited subnets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeCount {
    /// The instance.
    pub instance_id: String,
    /// Its Name tag.
    pub name: Option<String>,
    /// Its type.
    pub instance_type: Option<String>,
    /// Its availability zone.
    pub availability_zone: Option<String>,
    /// Its ENIs in the subnets, trunk included.
    pub enis: u32,
    /// Secondary addresses, for pods.
    pub secondary_addresses: u32,
    /// Delegated /28 prefixes, for pods.
    pub prefixes: u32,
    /// All addresses it takes: primaries, secondaries and 16 for each prefix.
    pub addresses: u32,
}

/// The nodes with an ENI among the given ones, sorted by id.
pub(super) fn nodes<'a>(
    inventory: &Inventory,
    known: &Known,
    interfaces: impl Iterator<Item = &'a Interface>,
) -> Vec<NodeCount> {
    let instances: BTreeMap<&str, _> = inventory
        .instances
        .iter()
        .flatten()
        .map(|instance| (instance.instance_id.as_str(), instance))
        .collect();
    let blocks = inventory.blocks();
    let mut nodes: BTreeMap<&str, NodeCount> = BTreeMap::new();
    for interface in interfaces {
        let Some(id) = interface.instance_id().filter(|id| known.is_node(id)) else { continue };
        let node = nodes.entry(id).or_insert_with(|| {
            let instance = instances.get(id);
            NodeCount {
                instance_id: id.to_owned(),
                name: instance.and_then(|i| i.tags.get("Name").cloned()),
                instance_type: instance.and_then(|i| i.instance_type.clone()),
                availability_zone: instance.and_then(|i| i.availability_zone.clone()),
                ..NodeCount::default()
            }
        });
        let interface = interface.fitting(blocks.get(interface.subnet_id.as_str()).copied());
        let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let (secondary, prefixes) =
            (count(interface.secondary.len()), count(interface.prefixes.len()));
        node.enis += 1;
        node.secondary_addresses += secondary;
        node.prefixes += prefixes;
        node.addresses += u32::from(interface.primary.is_some()) + secondary + prefixes * 16;
    }
    nodes.into_values().collect()
}
