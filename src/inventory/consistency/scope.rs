//! What of an inventory a run is about.

use std::collections::{HashMap, HashSet};

use crate::inventory::{
    Instance, Interface, Inventory, Selected, SourceKind, Subnet, beside::each,
};

/// An ENI in a selected subnet, with what its ids name: looked up once, since there are many.
#[derive(Clone, Copy)]
pub(super) struct Scoped<'a> {
    pub(super) eni: &'a Interface,
    pub(super) subnet: &'a Subnet,
    /// The subnet's number, which is less than how many there are.
    pub(super) at: usize,
    /// The instance that it is attached to, if that is listed.
    pub(super) instance: Option<&'a Instance>,
}

/// The selected subnets, and the VPCs of which all subnets are to be there.
pub(super) struct Scope<'a> {
    /// The selected subnets by id.
    pub(super) subnets: HashMap<&'a str, &'a Subnet>,
    /// The ENIs in them.
    pub(super) enis: Vec<Scoped<'a>>,
    /// The ENIs in other subnets.
    pub(super) elsewhere: Vec<&'a Interface>,
    /// Every subnet that was listed, selected or not.
    listed: HashSet<&'a str>,
    /// VPCs taken whole; `None`: whatever the ENIs are in.
    whole: Option<HashSet<&'a str>>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(inventory: &'a Inventory, selected: &'a Selected) -> Self {
        let all = inventory.subnets.iter();
        let listed = all.clone().map(|subnet| subnet.subnet_id.as_str());
        let listed = listed.chain(inventory.other_subnets.iter().map(String::as_str)).collect();
        let subnets: HashMap<&str, &Subnet> = all
            .filter(|subnet| selected.subnets.contains_key(&subnet.subnet_id))
            .map(|subnet| (subnet.subnet_id.as_str(), subnet))
            .collect();
        let places: HashMap<&str, (&Subnet, usize)> =
            subnets.iter().zip(0..).map(|((id, subnet), at)| (*id, (*subnet, at))).collect();
        let instances = inventory.instances.iter().flatten();
        let instances: HashMap<&str, &Instance> =
            instances.map(|instance| (instance.instance_id.as_str(), instance)).collect();
        let scoped = |eni: &'a Interface| {
            let (subnet, at) = *places.get(eni.subnet_id.as_str())?;
            let instance = eni.instance_id().and_then(|id| instances.get(id).copied());
            Some(Scoped { eni, subnet, at, instance })
        };
        let all = inventory.interfaces.as_deref().unwrap_or_default();
        let found = each(all, scoped);
        let others = all.iter().zip(&found).filter(|(_, found)| found.is_none());
        let elsewhere = others.map(|(eni, _)| eni).collect();
        let enis = found.into_iter().flatten().collect();
        let vpcs = || inventory.subnets.iter().map(|subnet| subnet.vpc_id.as_str());
        let whole = match &selected.whole_vpcs {
            Some(named) => Some(named.iter().map(String::as_str).collect()),
            // People save the subnets of one VPC beside the ENIs of all; calls and snapshots have the
            // ENIs of the same VPCs.
            None if inventory.source.kind == SourceKind::AwsCli && vpcs().next().is_some() => {
                Some(vpcs().collect())
            }
            None => None,
        };
        Self { subnets, enis, elsewhere, listed, whole }
    }

    /// Whether the subnet of an ENI has to be among those listed, and is not.
    pub(super) fn lacks_subnet_of(&self, eni: &Interface) -> bool {
        let is_whole = self.whole.as_ref().is_none_or(|vpcs| {
            eni.vpc_id.as_deref().is_none_or(|vpc| vpcs.contains(vpc)) && !vpcs.is_empty()
        });
        is_whole && !self.listed.contains(eni.subnet_id.as_str())
    }

    /// The ENIs in selected subnets, each with its subnet.
    pub(super) fn interfaces(&self) -> impl Iterator<Item = (&'a Interface, &'a Subnet)> {
        self.enis.iter().map(|scoped| (scoped.eni, scoped.subnet))
    }
}
