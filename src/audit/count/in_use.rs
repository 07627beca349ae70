//! What is in use of subnets and no more: what a history is made of. Nobody is told from anybody, so it costs
//! a fraction of the whole count.

use std::collections::HashMap;

use super::{
    counted::{CountError, refused, wanted},
    ledger::reconciled,
};
use crate::{
    inventory::{Inventory, Looker, Selected, Subnet},
    network::{AddressSpace, Cidr},
};
/// What is in use of a subnet, as [`SubnetCount`](super::SubnetCount) has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubnetUse<'a> {
    /// The subnet.
    pub subnet_id: &'a str,
    /// Its network; `None` for an IPv6-only subnet.
    pub cidr: Option<Cidr>,
    /// Addresses in use by whoever it is.
    pub held: Option<u32>,
    /// /28 prefixes that can be delegated.
    pub assignable_prefixes: Option<u32>,
}

impl<'a> SubnetUse<'a> {
    /// What is in use of the selected subnets, in the order they are shown in.
    ///
    /// # Errors
    /// As [`Counted::of`](super::Counted::of).
    pub fn of(
        inventory: &'a Inventory,
        selected: &Selected,
        allow_large: bool,
    ) -> Result<Vec<Self>, CountError> {
        let subnets = wanted(inventory, selected);
        let space = |subnet: &&'a Subnet| {
            let space = subnet.cidr.map(|cidr| subnet.space(cidr, allow_large)).transpose();
            space.map(|space| space.map(|(space, _)| space)).map_err(|error| refused(subnet, error))
        };
        let mut spaces: Vec<Option<AddressSpace>> =
            subnets.iter().map(space).collect::<Result<_, _>>()?;
        let at: HashMap<&str, usize> =
            subnets.iter().enumerate().map(|(at, s)| (s.subnet_id.as_str(), at)).collect();
        for interface in inventory.interfaces.iter().flatten() {
            let place = at.get(interface.subnet_id.as_str()).and_then(|at| spaces.get_mut(*at));
            if let Some(space) = place.and_then(Option::as_mut) {
                // What cannot be the subnet's is for the audit to say.
                let _ = interface.take_from(space, |_, _| ());
            }
        }
        let (looker, doubted) = (Looker::of(inventory), inventory.doubted());
        let one = |(subnet, space): (&'a Subnet, Option<AddressSpace>)| {
            let is_sure = !doubted.contains(subnet.subnet_id.as_str());
            let counted = space.as_ref().filter(|_| inventory.interfaces.is_some() && is_sure);
            let reserved = counted.filter(|_| subnet.reservations.is_some());
            Self {
                subnet_id: &subnet.subnet_id,
                cidr: subnet.cidr,
                held: reconciled(subnet, counted, &looker).held,
                assignable_prefixes: reserved.map(AddressSpace::assignable_prefixes),
            }
        };
        Ok(subnets.into_iter().zip(spaces).map(one).collect())
    }
}
