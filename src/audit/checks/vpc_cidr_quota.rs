//! More IPv4 blocks in a VPC than the quota.

use super::{Check, Claim, Facts, hints::blocks_of};
use crate::{
    finding::{Finding, Severity, vpc_findings},
    network::{BrokenVpcRule, broken_vpc_rules},
};

pub(super) const CHECK: Check = Check {
    id: "vpc-cidr-quota",
    about: "a VPC has more IPv4 blocks than the default quota",
    claim: |_| {
        Claim::of(
            "has more IPv4 blocks than the default quota",
            "have more IPv4 blocks than the default quota",
        )
        .about("VPC", "VPCs")
    },
    severities: &[Severity::Critical, Severity::Warning],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    of_blocks(facts, CHECK.id)
}

/// The findings of one id about the blocks of the observed VPCs.
pub(super) fn of_blocks(facts: &Facts<'_>, id: &str) -> Vec<Finding> {
    let allow_large = facts.settings.allow_large;
    let vpcs = facts.inventory.vpcs.iter().flatten().filter(|vpc| facts.is_in(&vpc.vpc_id));
    let of_vpc = vpcs.flat_map(|vpc| {
        let mut broken = broken_vpc_rules(&vpc.cidrs, allow_large);
        broken.retain(is_certain);
        let found = vpc_findings(&vpc.vpc_id, &broken).into_iter();
        found.map(|finding| finding.command(blocks_of(&vpc.vpc_id)))
    });
    of_vpc.filter(|finding| finding.id == id).collect()
}

/// Blocks that are there were accepted by AWS, in an order that is not known and perhaps under other
/// rules: what they are and which came first is no matter any more.
fn is_certain(rule: &BrokenVpcRule) -> bool {
    match rule {
        BrokenVpcRule::Overlap { .. }
        | BrokenVpcRule::ManyCidrs { .. }
        | BrokenVpcRule::TooManyCidrs { .. } => true,
        BrokenVpcRule::Size { .. }
        | BrokenVpcRule::Impossible { .. }
        | BrokenVpcRule::Restricted { .. }
        | BrokenVpcRule::TooLate { .. }
        | BrokenVpcRule::NearUnits { .. }
        | BrokenVpcRule::ManyUnits { .. }
        | BrokenVpcRule::TooManyUnits { .. } => false,
    }
}
