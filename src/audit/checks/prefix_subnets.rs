//! In which subnets nodes take prefixes: where they hold some, and where they would if there were any.

use std::collections::{BTreeMap, BTreeSet};

use super::Facts;
use crate::{
    audit::{count::SubnetCount, pools::NodeReport},
    cni::{CniSettings, Decides},
    ipam::PoolMode,
};

/// The audited subnets in which nodes take prefixes, by id.
pub(super) struct PrefixSubnets<'a>(BTreeMap<&'a str, BTreeSet<&'a str>>);

impl<'a> PrefixSubnets<'a> {
    /// Whether a prefix was ever assigned says nothing: a subnet without a whole block never has one.
    pub(super) fn of(facts: &Facts<'a>) -> Self {
        let mut subnets: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let cni = facts
            .aws_node()
            .and_then(|aws_node| CniSettings::read(aws_node, &[Decides::Pool]).ok());
        let by_prefix: BTreeSet<&str> = facts
            .nodes
            .into_iter()
            .flatten()
            .filter(|node| node.usage.mode == Some(PoolMode::Prefix))
            .map(|node| node.instance_id.as_str())
            .collect();
        let custom = cni.as_ref().is_some_and(|cni| cni.custom_networking);
        let bare: BTreeSet<&str> = facts
            .nodes
            .into_iter()
            .flatten()
            .filter(|node| custom || !primary_carries(node))
            .map(|node| node.instance_id.as_str())
            .collect();
        for (subnet, nodes) in facts.with_nodes() {
            let own = nodes.running.iter().filter(|node| !bare.contains(*node));
            let takers = own.chain(&nodes.reaching).filter(|node| by_prefix.contains(*node));
            let takers: BTreeSet<&str> = takers.chain(nodes.prefixes.keys()).copied().collect();
            if !takers.is_empty() {
                subnets.entry(&subnet.subnet_id).or_default().extend(takers);
            }
        }
        // Nodes have their first ENI there when they get pods.
        if custom
            && cni.is_some_and(|cni| cni.prefix_delegation)
            && (!by_prefix.is_empty() || facts.nodes.is_none_or(<[_]>::is_empty))
        {
            let configs = facts.inventory.kubernetes.iter();
            let configs = configs.flat_map(|told| told.eni_configs.iter().flatten());
            for subnet in configs.filter_map(|config| config.subnet_id.as_deref()) {
                subnets.entry(subnet).or_default();
            }
        }
        Self(subnets)
    }

    /// Whether every node that takes prefixes in a subnet falls back to single addresses by itself.
    pub(super) fn fall_back(&self, subnet: &SubnetCount, auto_mode: &BTreeSet<&str>) -> bool {
        let takers = self.0.get(subnet.subnet_id.as_str());
        takers.is_some_and(|takers| !takers.is_empty() && takers.is_subset(auto_mode))
    }

    /// The nodes that hold prefixes in a subnet or would take some; `None` where prefixes are of no
    /// concern. Others than nodes may hold prefixes too.
    pub(super) fn takers(&self, subnet: &SubnetCount) -> Option<usize> {
        let nodes = self.0.get(subnet.subnet_id.as_str()).map(BTreeSet::len);
        nodes.or_else(|| subnet.blocks28.is_some_and(|blocks| blocks.prefix > 0).then_some(0))
    }
}

/// Whether a node's primary ENI may hold addresses for pods, as far as its settings were seen.
fn primary_carries(node: &NodeReport) -> bool {
    node.usage.pool.as_ref().is_none_or(crate::ipam::PoolSettings::primary_carries)
}
