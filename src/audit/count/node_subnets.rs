//! Which Kubernetes nodes hold what in each audited subnet.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::Interface;

/// The nodes of one subnet, by instance id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::audit) struct SubnetNodes<'a> {
    /// Those whose primary ENI is in it: they run there.
    pub(in crate::audit) running: BTreeSet<&'a str>,
    /// Those of them whose primary ENI holds addresses for pods, as it never does under custom
    /// networking.
    pub(in crate::audit) serving: BTreeSet<&'a str>,
    /// Those with a further ENI in it.
    pub(in crate::audit) reaching: BTreeSet<&'a str>,
    /// Those with secondary addresses in it, for pods.
    pub(in crate::audit) secondary: BTreeSet<&'a str>,
    /// Those with delegated prefixes in it, with how many.
    pub(in crate::audit) prefixes: BTreeMap<&'a str, u32>,
}

/// The nodes of each subnet that has some, by subnet id. A trunk carries no addresses for pods of its
/// own, and counts as an ENI.
pub(super) fn node_subnets<'a>(
    interfaces: &[(&'a str, &'a Interface)],
) -> BTreeMap<&'a str, SubnetNodes<'a>> {
    let mut subnets: BTreeMap<&str, SubnetNodes<'a>> = BTreeMap::new();
    for &(id, interface) in interfaces {
        let subnet = subnets.entry(&interface.subnet_id).or_default();
        if interface.is_primary() {
            subnet.running.insert(id);
            if !interface.secondary.is_empty() || !interface.prefixes.is_empty() {
                subnet.serving.insert(id);
            }
        } else {
            subnet.reaching.insert(id);
        }
        if !interface.secondary.is_empty() {
            subnet.secondary.insert(id);
        }
        if !interface.prefixes.is_empty() {
            let prefixes = u32::try_from(interface.prefixes.len()).unwrap_or(u32::MAX);
            *subnet.prefixes.entry(id).or_default() += prefixes;
        }
    }
    subnets
}

impl SubnetNodes<'_> {
    /// Prefixes that nodes hold in it.
    pub(in crate::audit) fn prefix_count(&self) -> u32 {
        self.prefixes.values().fold(0, |sum, prefixes| sum.saturating_add(*prefixes))
    }

    /// Whether a node has addresses for pods in it.
    pub(in crate::audit) fn serves(&self, node: &str) -> bool {
        self.secondary.contains(node) || self.prefixes.contains_key(node)
    }
}
