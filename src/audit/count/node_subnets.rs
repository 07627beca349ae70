//! Which Kubernetes nodes hold what in each audited subnet.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::{EniLookup, LookedUpEni};

/// An ENI after the id of the node that it is attached to.
pub(super) type OnNode<'a, 'b> = (&'a str, &'b LookedUpEni<'a>);

/// The ENIs of nodes that lie in subnets, sorted by node: what is made by node is so made in one go.
pub(super) fn on_nodes<'a, 'b>(
    told: &'b EniLookup<'a>,
    is_inside: impl Fn(&LookedUpEni<'a>) -> bool,
) -> Vec<OnNode<'a, 'b>> {
    let nodes = told.by_node();
    let enis = nodes.flat_map(|(id, enis)| enis.map(move |eni| (id, eni)));
    enis.filter(|(_, eni)| is_inside(eni)).collect()
}

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
    interfaces: &[OnNode<'a, '_>],
) -> BTreeMap<&'a str, SubnetNodes<'a>> {
    // Sets are slow to fill one by one: the lists are in order already.
    let mut lists: BTreeMap<&str, Lists<'a>> = BTreeMap::new();
    for (id, LookedUpEni { eni: interface, .. }) in interfaces.iter().copied() {
        let subnet = lists.entry(&interface.subnet_id).or_default();
        if interface.is_primary() {
            subnet.running.push(id);
            if !interface.secondary.is_empty() || !interface.prefixes.is_empty() {
                subnet.serving.push(id);
            }
        } else {
            subnet.reaching.push(id);
        }
        if !interface.secondary.is_empty() {
            subnet.secondary.push(id);
        }
        if !interface.prefixes.is_empty() {
            let prefixes = u32::try_from(interface.prefixes.len()).unwrap_or(u32::MAX);
            *subnet.prefixes.entry(id).or_default() += prefixes;
        }
    }
    lists.into_iter().map(|(subnet, lists)| (subnet, lists.into())).collect()
}

/// The nodes of one subnet while they are gathered.
#[derive(Default)]
struct Lists<'a> {
    running: Vec<&'a str>,
    serving: Vec<&'a str>,
    reaching: Vec<&'a str>,
    secondary: Vec<&'a str>,
    prefixes: BTreeMap<&'a str, u32>,
}

impl<'a> From<Lists<'a>> for SubnetNodes<'a> {
    fn from(lists: Lists<'a>) -> Self {
        let set = |list: Vec<&'a str>| list.into_iter().collect();
        Self {
            running: set(lists.running),
            serving: set(lists.serving),
            reaching: set(lists.reaching),
            secondary: set(lists.secondary),
            prefixes: lists.prefixes,
        }
    }
}

impl<'a> SubnetNodes<'a> {
    /// The same without some nodes.
    pub(in crate::audit) fn without(&self, others: &BTreeSet<&str>) -> Self {
        let set = |ids: &BTreeSet<&'a str>| {
            ids.iter().copied().filter(|id| !others.contains(id)).collect()
        };
        let prefixes = self.prefixes.iter().filter(|(id, _)| !others.contains(*id));
        Self {
            running: set(&self.running),
            serving: set(&self.serving),
            reaching: set(&self.reaching),
            secondary: set(&self.secondary),
            prefixes: prefixes.map(|(id, count)| (*id, *count)).collect(),
        }
    }
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
