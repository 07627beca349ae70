//! What each Kubernetes node holds in the audited subnets.

use std::collections::BTreeMap;

use super::node_subnets::OnNode;
use crate::inventory::{Inventory, Word};

/// A node's ENIs and addresses in the audited subnets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodeCount {
    /// The instance.
    pub instance_id: Word,
    /// Its Name tag.
    pub name: Option<Word>,
    /// Its type.
    pub instance_type: Option<Word>,
    /// Its availability zone.
    pub availability_zone: Option<Word>,
    /// Its ENIs in the subnets, trunk included.
    pub enis: u32,
    /// Secondary addresses, for pods.
    pub secondary_addresses: u32,
    /// Delegated /28 prefixes, for pods.
    pub prefixes: u32,
    /// All addresses it takes: primaries, secondaries and 16 for each prefix.
    pub addresses: u32,
}

/// The nodes that have the given ENIs, sorted by id as these are.
pub(super) fn nodes(inventory: &Inventory, interfaces: &[OnNode<'_, '_>]) -> Vec<NodeCount> {
    let instances: BTreeMap<&str, _> = inventory
        .instances
        .iter()
        .flatten()
        .map(|instance| (instance.instance_id.as_str(), instance))
        .collect();
    let mut nodes: Vec<NodeCount> = Vec::new();
    for (id, told) in interfaces {
        if nodes.last().is_none_or(|node| *node.instance_id != **id) {
            let instance = instances.get(id);
            nodes.push(NodeCount {
                instance_id: Word::from(*id),
                name: instance.and_then(|i| i.tags.word("Name").cloned()),
                instance_type: instance.and_then(|i| i.instance_type.clone()),
                availability_zone: instance.and_then(|i| i.availability_zone.clone()),
                ..NodeCount::default()
            });
        }
        let Some(node) = nodes.last_mut() else { continue };
        let interface = told.fitting();
        let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let (secondary, prefixes) =
            (count(interface.secondary.len()), count(interface.prefixes.len()));
        node.enis += 1;
        node.secondary_addresses += secondary;
        node.prefixes += prefixes;
        node.addresses += u32::from(interface.primary.is_some()) + secondary + prefixes * 16;
    }
    nodes
}
