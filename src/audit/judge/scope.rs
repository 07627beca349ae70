//! What an audit is about, by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    audit::count::{Counted, PlaceCount},
    inventory::Cluster,
};

/// The tag that names a VPC.
const NAME_TAG: &str = "Name";

/// The VPCs that audited subnets lie in, and their clusters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Names of the clusters that use an audited subnet or whose VPC holds one.
    pub clusters: BTreeSet<String>,
    /// Ids of the VPCs, with their names.
    pub vpcs: BTreeMap<String, Option<String>>,
}

impl Scope {
    pub(super) fn of(counted: &Counted<'_>) -> Self {
        let mut scope = Self::default();
        for place in &counted.places {
            scope.add(place);
        }
        scope
    }

    fn add(&mut self, place: &PlaceCount<'_>) {
        let vpcs = place.inventory.vpcs.iter().flatten();
        let names: BTreeMap<&str, Option<&String>> =
            vpcs.map(|vpc| (vpc.vpc_id.as_str(), vpc.tags.get(NAME_TAG))).collect();
        let mut ids: BTreeSet<&str> = BTreeSet::new();
        for subnet in &place.subnets {
            ids.insert(&subnet.subnet_id);
            if !self.vpcs.contains_key(&subnet.vpc_id) {
                let name = names.get(subnet.vpc_id.as_str()).copied().flatten();
                let name = name.filter(|name| !name.is_empty());
                self.vpcs.insert(subnet.vpc_id.clone(), name.cloned());
            }
        }
        let is_here = |cluster: &&Cluster| {
            let vpc = cluster.vpc_id.as_ref();
            vpc.is_some_and(|vpc| self.vpcs.contains_key(vpc))
                || cluster.subnet_ids.iter().any(|id| ids.contains(id.as_str()))
        };
        let here: Vec<String> = place
            .inventory
            .clusters
            .iter()
            .filter(is_here)
            .map(|cluster| cluster.name.clone())
            .collect();
        self.clusters.extend(here);
    }

    /// What it is called in a word or two: the one cluster of one VPC, the VPC, or how many there are.
    #[must_use]
    pub fn title(&self) -> String {
        let mut vpcs = self.vpcs.iter();
        match (vpcs.next(), vpcs.next(), self.clusters.first()) {
            (None, _, None) => "no VPC".to_owned(),
            (None, _, Some(cluster)) => cluster.clone(),
            (Some(_), None, Some(cluster)) if self.clusters.len() == 1 => cluster.clone(),
            (Some((id, name)), None, _) => name.clone().unwrap_or_else(|| id.clone()),
            (Some(_), Some(_), _) => format!("{} VPCs", self.vpcs.len()),
        }
    }
}
