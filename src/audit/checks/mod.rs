//! The checks: one file each, and a row here. A check is a pure function from the audit's facts to
//! findings.

mod control_plane_headroom;
mod custom_networking_mismatch;
mod discovery_tag_zero;
mod eks_health;
mod exhaustion;
mod expired_ignore;
mod fragmentation;
mod leaked_interfaces;
mod load_balancer_headroom;
mod max_pods_mismatch;
mod min_free;
mod min_prefixes;
mod mixed_mode;
mod network_address_units;
mod no_discovery_tag;
mod no_room;
mod pods_waiting;
mod prefix_low;
mod prefix_starved;
mod prefix_subnets;
mod reservation_exhausted;
mod reservation_hides_space;
mod shared_subnet;
mod unexplained;
mod unknown_instance_type;
mod utilization;
mod vpc_cidr;
mod vpc_cidr_quota;
mod warm_waste;
mod zone_imbalance;

use std::collections::BTreeMap;

use super::{
    NodeReport, Settings, SubnetReport, Tunable, forecast::Forecast, node_subnets::SubnetNodes,
};
use crate::{
    finding::{Finding, Severity},
    inventory::{AwsNode, Inventory, Known},
};

/// What checks look at.
pub(super) struct Facts<'a> {
    /// The audited subnets.
    pub(super) subnets: &'a [SubnetReport],
    /// The nodes in them; `None` when they could not be seen.
    pub(super) nodes: Option<&'a [NodeReport]>,
    /// The nodes of each subnet that has some; `None` when they could not be seen.
    pub(super) node_subnets: Option<BTreeMap<&'a str, SubnetNodes<'a>>>,
    /// Whose ENIs are whose.
    pub(super) known: &'a Known<'a>,
    /// What was observed.
    pub(super) inventory: &'a Inventory,
    /// Where the subnets go; empty without a history.
    pub(super) forecast: &'a [Forecast],
    /// What the audit is held against.
    pub(super) settings: &'a Settings<'a>,
}

impl<'a> Facts<'a> {
    /// The audited subnets that nodes have ENIs in, each with its nodes.
    fn with_nodes(&self) -> impl Iterator<Item = (&'a SubnetReport, &SubnetNodes<'a>)> {
        let nodes = self.node_subnets.as_ref();
        self.subnets.iter().filter_map(move |s| Some((s, nodes?.get(s.subnet_id.as_str())?)))
    }

    /// The daemonset aws-node, as far as it was seen.
    fn aws_node(&self) -> Option<&'a AwsNode> {
        self.inventory.kubernetes.as_ref()?.aws_node.as_ref()
    }

    /// Whether an audited subnet lies in a VPC.
    fn is_in(&self, vpc_id: &str) -> bool {
        self.subnets.iter().any(|subnet| subnet.vpc_id == vpc_id)
    }
}

/// A check.
pub struct Check {
    /// Its stable id.
    pub id: &'static str,
    /// What it looks for, in a line.
    pub about: &'static str,
    /// The severities its findings have unless a policy sets one, worst first.
    pub severities: &'static [Severity],
    /// Its numbers that a policy can set.
    pub tunables: &'static [Tunable],
    pub(super) run: fn(&Facts<'_>) -> Vec<Finding>,
}

impl Check {
    /// What it found at a resource.
    fn finding(&self, severity: Severity, resource: impl Into<String>) -> Finding {
        Finding::new(self.id, severity, resource)
    }
}

/// Every check, sorted by id.
pub const REGISTRY: &[Check] = &[
    control_plane_headroom::CHECK,
    custom_networking_mismatch::CHECK,
    discovery_tag_zero::CHECK,
    eks_health::CHECK,
    exhaustion::CHECK,
    expired_ignore::CHECK,
    fragmentation::CHECK,
    leaked_interfaces::CHECK,
    load_balancer_headroom::CHECK,
    max_pods_mismatch::CHECK,
    min_free::CHECK,
    min_prefixes::CHECK,
    mixed_mode::CHECK,
    network_address_units::CHECK,
    no_discovery_tag::CHECK,
    no_room::CHECK,
    pods_waiting::CHECK,
    prefix_low::CHECK,
    prefix_starved::CHECK,
    reservation_exhausted::CHECK,
    reservation_hides_space::CHECK,
    shared_subnet::CHECK,
    unexplained::CHECK,
    unknown_instance_type::CHECK,
    utilization::CHECK,
    vpc_cidr::CHECK,
    vpc_cidr_quota::CHECK,
    warm_waste::CHECK,
    zone_imbalance::CHECK,
];
