//! What a check is, and what it looks at.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    audit::{
        count::{SubnetCount, SubnetNodes},
        forecast::Forecast,
        pools::NodeReport,
        standards::{Settings, Tunable},
    },
    finding::{Finding, Severity},
    inventory::{AwsNode, Inventory, Known},
};

/// What checks look at.
pub(in crate::audit) struct Facts<'a> {
    /// The audited subnets.
    pub(in crate::audit) subnets: &'a [SubnetCount],
    /// The nodes in them, with what they use; `None` when they are not available.
    pub(in crate::audit) nodes: Option<&'a [NodeReport]>,
    /// The nodes of each subnet that has some; `None` when they are not available.
    pub(in crate::audit) node_subnets: Option<&'a BTreeMap<&'a str, SubnetNodes<'a>>>,
    /// Whose ENIs are whose.
    pub(in crate::audit) known: &'a Known<'a>,
    /// What was observed.
    pub(in crate::audit) inventory: &'a Inventory,
    /// Where the subnets go; empty without a history.
    pub(in crate::audit) forecast: &'a [Forecast],
    /// Days within which a subnet that runs full is a finding; `None` without a history.
    pub(in crate::audit) horizon_days: Option<u32>,
    /// What the audit is held against.
    pub(in crate::audit) settings: &'a Settings<'a>,
}

impl<'a> Facts<'a> {
    /// The audited subnets that nodes have ENIs in, each with its nodes.
    pub(super) fn with_nodes(
        &self,
    ) -> impl Iterator<Item = (&'a SubnetCount, &'a SubnetNodes<'a>)> {
        let nodes = self.node_subnets;
        self.subnets.iter().filter_map(move |s| Some((s, nodes?.get(s.subnet_id.as_str())?)))
    }

    /// The nodes of EKS Auto Mode, by instance id: nothing that is set of the VPC CNI holds for them.
    pub(super) fn auto_mode_nodes(&self) -> BTreeSet<&'a str> {
        let nodes = self.nodes.into_iter().flatten();
        nodes
            .filter(|node| node.usage.is_auto_mode())
            .map(|node| node.instance_id.as_str())
            .collect()
    }

    /// The daemonset aws-node, as far as it was seen.
    pub(super) fn aws_node(&self) -> Option<&'a AwsNode> {
        self.inventory.kubernetes.as_ref()?.aws_node.as_ref()
    }

    /// Whether an audited subnet lies in a VPC.
    pub(super) fn is_in(&self, vpc_id: &str) -> bool {
        self.subnets.iter().any(|subnet| subnet.vpc_id == vpc_id)
    }
}

/// What findings say of what they are about, in few words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// After one: "can assign no more prefixes".
    pub one: &'static str,
    /// After several.
    pub many: &'static str,
    /// What one is called that is no subnet, and what several are.
    pub noun: Option<(&'static str, &'static str)>,
}

impl Claim {
    /// Of subnets.
    pub(super) const fn of(one: &'static str, many: &'static str) -> Self {
        Self { one, many, noun: None }
    }

    /// Of something else.
    pub(super) const fn about(self, one: &'static str, many: &'static str) -> Self {
        Self { noun: Some((one, many)), ..self }
    }
}

/// A check.
pub struct Check {
    /// Its stable id.
    pub id: &'static str,
    /// What it looks for, in a line.
    pub about: &'static str,
    /// What is the matter with what its findings of a severity are about, for a sentence over many of them.
    pub claim: fn(Severity) -> Claim,
    /// The severities its findings have unless a policy sets one, worst first.
    pub severities: &'static [Severity],
    /// Its numbers that a policy can set.
    pub tunables: &'static [Tunable],
    pub(in crate::audit) run: fn(&Facts<'_>) -> Vec<Finding>,
}

impl Check {
    /// What it found at a resource.
    pub(super) fn finding(&self, severity: Severity, resource: impl Into<String>) -> Finding {
        Finding::new(self.id, severity, resource)
    }
}
