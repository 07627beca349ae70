//! What of an inventory a run is about.

use std::collections::{HashMap, HashSet};

use crate::inventory::{Interface, Inventory, Selected, SourceKind, Subnet};

/// The selected subnets, and the VPCs of which all subnets are to be there.
pub(super) struct Scope<'a> {
    /// The selected subnets by id.
    pub(super) subnets: HashMap<&'a str, &'a Subnet>,
    /// The ENIs in them, each with its subnet and the subnet's number: looked up once, since there are many.
    enis: Vec<(&'a Interface, &'a Subnet, usize)>,
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
        let at: HashMap<&str, usize> = subnets.keys().copied().zip(0..).collect();
        let enis = inventory.interfaces.iter().flatten().filter_map(|eni| {
            let id = eni.subnet_id.as_str();
            Some((eni, *subnets.get(id)?, *at.get(id)?))
        });
        let enis = enis.collect();
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
        Self { subnets, enis, listed, whole }
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
        self.enis.iter().map(|(eni, subnet, _)| (*eni, *subnet))
    }

    /// The same, with the subnet's number, which is less than how many there are.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (&'a Interface, &'a Subnet, usize)> {
        self.enis.iter().copied()
    }
}
