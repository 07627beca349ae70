//! Where nodes of a NodeClass start: where its NodePools admit them, and without NodePools where its nodes are.

use std::collections::BTreeSet;

use super::Facts;
use crate::{
    declared::{NodeClassRef, NodePool},
    inventory::{
        Inventory, KubernetesNode,
        keys::{AUTO_CLASS_LABEL, EC2_CLASS_KEY, ZONE_LABEL},
    },
};

/// The kind of a NodeClass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClassKind {
    /// Karpenter's EC2NodeClass.
    Ec2,
    /// EKS Auto Mode's NodeClass.
    AutoMode,
}

/// Whether nodes of a NodeClass start in a zone, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Starts {
    /// A NodePool of it admits the zone, or it has nodes there.
    There,
    /// NodePools are not available: one of them may.
    Maybe,
    /// NodePools are not available, and none of the nodes is of it.
    Unlikely,
    /// No NodePool of it does.
    Nowhere,
}

impl Starts {
    /// What is assumed, as the end of a sentence about a NodeClass.
    pub(super) fn assumed(self, class: &str) -> String {
        match self {
            Self::There | Self::Nowhere => String::new(),
            Self::Maybe => format!(
                "; the NodePools are not available: one that starts nodes of {class} in this zone is assumed"
            ),
            Self::Unlikely => format!(
                "; no node is of {class}, and the NodePools are not available: one that starts such nodes in \
                 this zone is assumed"
            ),
        }
    }
}

/// What tells where nodes start.
pub(super) struct ClassUses<'a> {
    pools: Option<&'a [NodePool]>,
    nodes: Option<&'a [KubernetesNode]>,
    /// The VPCs of the cluster's nodes; empty where none is known.
    vpcs: BTreeSet<&'a str>,
}

impl<'a> ClassUses<'a> {
    pub(super) fn of(facts: &Facts<'a>) -> Self {
        let told = facts.inventory.kubernetes.as_ref();
        Self {
            pools: told.and_then(|told| told.node_pools.as_deref()),
            nodes: told.and_then(|told| told.nodes.as_deref()),
            vpcs: vpcs(facts.inventory),
        }
    }

    /// Whether nodes of a class start in a zone of a VPC. A cluster is in one VPC, and a class selects by tags that
    /// subnets of others may have too.
    pub(super) fn starts(
        &self,
        (kind, class): (ClassKind, &str),
        (vpc, zone): (&str, &str),
    ) -> Starts {
        if !self.vpcs.is_empty() && !self.vpcs.contains(vpc) {
            return Starts::Nowhere;
        }
        if let Some(pools) = self.pools {
            let is_its = |named: &NodeClassRef| {
                named.name == class && named.is_auto_mode() == (kind == ClassKind::AutoMode)
            };
            let starts = pools
                .iter()
                .any(|pool| pool.node_class.as_ref().is_some_and(is_its) && pool.admits_zone(zone));
            return if starts { Starts::There } else { Starts::Nowhere };
        }
        let Some(nodes) = self.nodes else { return Starts::Maybe };
        let label = match kind {
            ClassKind::Ec2 => EC2_CLASS_KEY,
            ClassKind::AutoMode => AUTO_CLASS_LABEL,
        };
        let has = |node: &KubernetesNode, key: &str, value: &str| {
            node.labels.get(key).is_some_and(|its| its == value)
        };
        let mut of_class = nodes.iter().filter(|node| has(node, label, class)).peekable();
        if of_class.peek().is_none() {
            Starts::Unlikely
        } else if of_class.any(|node| has(node, ZONE_LABEL, zone)) {
            Starts::There
        } else {
            Starts::Maybe
        }
    }
}

fn vpcs(inventory: &Inventory) -> BTreeSet<&str> {
    let told = inventory.kubernetes.iter().flat_map(|told| told.nodes.iter().flatten());
    let nodes: BTreeSet<&str> = told.filter_map(|node| node.instance_id.as_deref()).collect();
    let instances = inventory.instances.iter().flatten();
    instances
        .filter(|instance| nodes.contains(instance.instance_id.as_str()))
        .filter_map(|instance| instance.vpc_id.as_deref())
        .collect()
}
