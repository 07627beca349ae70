//! A VPC's IPv4 blocks that break a rule for certain.

use super::{Check, Facts, vpc_cidr_quota::of_blocks};
use crate::finding::{Finding, Severity};

pub(super) const CHECK: Check = Check {
    id: "vpc-cidr",
    about: "IPv4 blocks of a VPC overlap",
    severities: &[Severity::Critical],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    of_blocks(facts, CHECK.id)
}
