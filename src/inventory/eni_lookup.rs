//! What of each ENI is told by looking ids up, looked up once: there are hundreds of thousands of ENIs, and
//! their ids lie far apart in memory.

use std::{borrow::Cow, collections::HashMap};

use super::{Holder, Interface, Inventory, Known, beside::each, in_order};
use crate::network::Cidr;

/// An ENI with what is told of it.
#[derive(Debug, Clone, Copy)]
pub struct LookedUpEni<'a> {
    /// The ENI.
    pub eni: &'a Interface,
    /// Whom it belongs to.
    pub holder: Holder,
    /// The place of its subnet in the inventory's list.
    subnet: Option<u32>,
    /// The place of the node that it is attached to among the ids.
    node: Option<u32>,
    /// The block of its subnet, if something that it holds cannot be of that.
    unfit: Option<Cidr>,
}

impl<'a> LookedUpEni<'a> {
    /// The same without what cannot be its subnet's, as [`Interface::fitting`] has it.
    #[must_use]
    pub fn fitting(&self) -> Cow<'a, Interface> {
        self.eni.fitting(self.unfit)
    }

    /// What of a list about the inventory's subnets is about its own.
    #[must_use]
    pub fn of_subnet<T: Copy>(&self, list: &[T]) -> Option<T> {
        list.get(usize::try_from(self.subnet?).ok()?).copied()
    }
}

/// What is told of the ENIs of an inventory.
pub struct EniLookup<'a> {
    /// The ENIs in the inventory's order.
    pub enis: Vec<LookedUpEni<'a>>,
    /// The ids of nodes, sorted.
    nodes: Vec<&'a str>,
    /// The node and the place of each ENI that is attached to one, sorted.
    attached: Vec<(u32, u32)>,
}

impl<'a> EniLookup<'a> {
    /// What an inventory tells, and what is known of its instances.
    #[must_use]
    pub fn new(inventory: &'a Inventory, known: &Known<'a>) -> Self {
        let ids: Vec<&str> = known.nodes().collect();
        let order = in_order(&ids);
        let nodes: Vec<&str> = order.into_iter().filter_map(|at| ids.get(at).copied()).collect();
        let numbers: HashMap<&str, u32> = nodes.iter().copied().zip(0..).collect();
        let subnets = inventory.subnets.iter().zip(0..);
        let subnets: HashMap<&str, (u32, Option<Cidr>)> =
            subnets.map(|(subnet, at)| (subnet.subnet_id.as_str(), (at, subnet.cidr))).collect();
        let one = |eni: &'a Interface| {
            let subnet = subnets.get(eni.subnet_id.as_str());
            let node = eni.instance_id().and_then(|id| numbers.get(id)).copied();
            LookedUpEni {
                eni,
                holder: known.holder_of(eni, node.is_some()),
                subnet: subnet.map(|(at, _)| *at),
                node,
                unfit: subnet.and_then(|(_, cidr)| *cidr).filter(|cidr| !eni.fits(*cidr)),
            }
        };
        let enis = each(inventory.interfaces.as_deref().unwrap_or_default(), one);
        let places = enis.iter().zip(0..);
        let mut attached: Vec<(u32, u32)> =
            places.filter_map(|(eni, at)| Some((eni.node?, at))).collect();
        attached.sort_unstable();
        Self { enis, nodes, attached }
    }

    /// The ENIs of each node that has some, by the node's id, sorted by it.
    pub fn by_node(
        &self,
    ) -> impl Iterator<Item = (&'a str, impl Iterator<Item = &LookedUpEni<'a>>)> {
        let nodes = self.attached.chunk_by(|(a, _), (b, _)| a == b);
        nodes.filter_map(|its| {
            let id = self.nodes.get(usize::try_from(its.first()?.0).ok()?)?;
            let eni = |(_, at): &(u32, u32)| self.enis.get(usize::try_from(*at).ok()?);
            Some((*id, its.iter().filter_map(eni)))
        })
    }
}
