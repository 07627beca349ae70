//! Of which resources an audit can say that a check finds nothing.

use std::collections::BTreeSet;

use crate::{
    audit::{
        count::{PlaceCount, SubnetCount},
        pools::NodeReport,
    },
    cni::{CniSettings, Decides},
    finding::Finding,
    inventory::Inventory,
};

/// Checks whose findings are about something else than a subnet, a VPC or a node.
const CLUSTERS: &str = "control-plane-headroom";
const HEALTH: &str = "eks-health";
const ENI_CONFIGS: &str = "custom-networking-mismatch";
const POLICY: &str = "expired-ignore";
const TYPES_OF_PODS: &str = "max-pods-mismatch";
const TYPES: &str = "unknown-instance-type";

/// What findings were looked for at, beside subnets, VPCs and nodes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beside {
    /// Clusters of which every own subnet was audited and its free addresses were seen.
    pub clusters: BTreeSet<String>,
    /// ENIConfigs that were read, with what tells which nodes use them.
    pub eni_configs: BTreeSet<String>,
}

impl Beside {
    pub(in crate::audit) fn of(place: &PlaceCount<'_>) -> Self {
        let inventory = place.inventory;
        let seen: BTreeSet<&str> = place
            .subnets
            .iter()
            .filter(|subnet| subnet.room_at_most().is_some())
            .map(|subnet| subnet.subnet_id.as_str())
            .collect();
        let clusters = inventory.clusters.iter().filter(|cluster| {
            let mut its = cluster.subnet_ids.iter();
            !cluster.subnet_ids.is_empty() && its.all(|id| seen.contains(id.as_str()))
        });
        Self {
            clusters: clusters.map(|cluster| cluster.name.clone()).collect(),
            eni_configs: eni_configs(inventory).unwrap_or_default(),
        }
    }
}

/// What an audit says, as far as baselines go by it.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    /// Its findings.
    pub findings: &'a [Finding],
    /// The audited subnets.
    pub subnets: &'a [SubnetCount],
    /// The nodes in them; `None` when they are not available.
    pub nodes: Option<&'a [NodeReport]>,
    /// What findings were looked for at besides.
    pub beside: &'a Beside,
    /// Whether all data is available.
    pub is_complete: bool,
}

/// The ENIConfigs by name; `None` when they, the nodes or the CNI's settings are not available.
fn eni_configs(inventory: &Inventory) -> Option<BTreeSet<String>> {
    let kubernetes = inventory.kubernetes.as_ref()?;
    kubernetes.nodes.as_ref()?;
    let aws_node = kubernetes.aws_node.as_ref().filter(|aws_node| !aws_node.hidden_more)?;
    CniSettings::read(aws_node, &[Decides::Pool]).ok()?;
    Some(kubernetes.eni_configs.iter().flatten().map(|config| config.name.clone()).collect())
}

/// What a report judges.
pub(super) struct Judged<'a> {
    complete: bool,
    resources: BTreeSet<&'a str>,
    /// Types of audited nodes.
    types: BTreeSet<&'a str>,
    /// Types of which every audited node's pool and pods were seen.
    types_of_pods: BTreeSet<&'a str>,
    beside: &'a Beside,
}

impl<'a> Judged<'a> {
    pub(super) fn new(grounds: &Grounds<'a>) -> Self {
        let subnets = grounds.subnets.iter();
        let mut resources: BTreeSet<&str> = subnets
            .flat_map(|subnet| [subnet.subnet_id.as_str(), subnet.vpc_id.as_str()])
            .collect();
        let nodes = || grounds.nodes.into_iter().flatten();
        resources.extend(nodes().map(|node| node.instance_id.as_str()));
        let types = |nodes: &mut dyn Iterator<Item = &'a NodeReport>| {
            nodes.filter_map(|node| node.instance_type.as_deref()).collect::<BTreeSet<&str>>()
        };
        let is_dark =
            |node: &&NodeReport| node.usage.pool.is_none() || node.usage.allocatable_pods.is_none();
        let all = types(&mut nodes());
        let dark = types(&mut nodes().filter(is_dark));
        let types_of_pods = all.difference(&dark).copied().collect();
        Self {
            complete: grounds.is_complete,
            resources,
            types: all,
            types_of_pods,
            beside: grounds.beside,
        }
    }

    /// Whether a check that finds nothing at a resource says that there is nothing.
    pub(super) fn is(&self, check: &str, resource: &str) -> bool {
        self.complete
            && match check {
                CLUSTERS | HEALTH => self.beside.clusters.contains(resource),
                ENI_CONFIGS => {
                    self.beside.eni_configs.contains(resource) || self.resources.contains(resource)
                }
                // The policy is there whole: a row that was taken out of it has run out no more.
                POLICY => true,
                TYPES_OF_PODS => self.types_of_pods.contains(resource),
                TYPES => self.types.contains(resource),
                _ => self.resources.contains(resource),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::checks::REGISTRY;

    #[test]
    fn the_checks_are_there() {
        for id in [CLUSTERS, HEALTH, ENI_CONFIGS, POLICY, TYPES_OF_PODS, TYPES] {
            assert!(REGISTRY.iter().any(|check| check.id == id), "{id}");
        }
    }
}
