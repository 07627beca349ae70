//! The checks: one file each, and a row here. A check is a pure function from the subnets' reports
//! and the bars to findings.

mod leaked_interfaces;
mod min_free;
mod min_prefixes;
mod prefix_starved;
mod shared_subnet;
mod unexplained;
mod utilization;

use super::{Bars, Finding, SubnetReport};

/// A check.
pub struct Check {
    /// Its stable id.
    pub id: &'static str,
    /// What it looks for, in a line.
    pub about: &'static str,
    pub(super) run: fn(&[SubnetReport], &Bars) -> Vec<Finding>,
}

/// Every check, sorted by id.
pub const REGISTRY: &[Check] = &[
    leaked_interfaces::CHECK,
    min_free::CHECK,
    min_prefixes::CHECK,
    prefix_starved::CHECK,
    shared_subnet::CHECK,
    unexplained::CHECK,
    utilization::CHECK,
];
