//! The checks: one file each, and a row here. A check is a pure function from the audit's facts to
//! findings.

mod custom_networking_mismatch;
mod leaked_interfaces;
mod max_pods_mismatch;
mod min_free;
mod min_prefixes;
mod prefix_starved;
mod shared_subnet;
mod unexplained;
mod utilization;
mod warm_waste;
mod words;

use super::{Finding, NodeReport, Settings, SubnetReport};
use crate::inventory::Inventory;

/// What checks look at.
pub(super) struct Facts<'a> {
    /// The audited subnets.
    pub(super) subnets: &'a [SubnetReport],
    /// The nodes in them; `None` when they could not be seen.
    pub(super) nodes: Option<&'a [NodeReport]>,
    /// What was observed.
    pub(super) inventory: &'a Inventory,
    /// What the audit is held against.
    pub(super) settings: &'a Settings<'a>,
}

/// A check.
pub struct Check {
    /// Its stable id.
    pub id: &'static str,
    /// What it looks for, in a line.
    pub about: &'static str,
    pub(super) run: fn(&Facts<'_>) -> Vec<Finding>,
}

/// Every check, sorted by id.
pub const REGISTRY: &[Check] = &[
    custom_networking_mismatch::CHECK,
    leaked_interfaces::CHECK,
    max_pods_mismatch::CHECK,
    min_free::CHECK,
    min_prefixes::CHECK,
    prefix_starved::CHECK,
    shared_subnet::CHECK,
    unexplained::CHECK,
    utilization::CHECK,
    warm_waste::CHECK,
];
