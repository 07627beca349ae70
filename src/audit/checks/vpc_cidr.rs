//! A VPC's IPv4 blocks that break a rule for certain, or are public space.

use super::{Check, Facts, vpc_cidr_quota::of_blocks};
use crate::{
    finding::{Finding, Severity},
    network::{Cidr, is_public_space},
};

pub(super) const CHECK: Check = Check {
    id: "vpc-cidr",
    about: "IPv4 blocks of a VPC overlap, or are public address space",
    severities: &[Severity::Critical, Severity::Info],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let vpcs = facts.inventory.vpcs.iter().flatten().filter(|vpc| facts.is_in(&vpc.vpc_id));
    let public = vpcs.flat_map(|vpc| {
        let blocks = vpc.cidrs.iter().copied().filter(|cidr| is_public_space(*cidr));
        blocks.map(|cidr| public(&vpc.vpc_id, cidr))
    });
    of_blocks(facts, CHECK.id).into_iter().chain(public).collect()
}

fn public(vpc_id: &str, cidr: Cidr) -> Finding {
    CHECK
        .finding(Severity::Info, vpc_id)
        .detail(cidr.to_string())
        .message(format!(
            "{vpc_id}: {cidr} is public address space: from this VPC its owners on the internet cannot \
             be reached"
        ))
        .hint(
            "private space is 10.0.0.0/8, 172.16.0.0/12 (up to 172.31.255.255), 192.168.0.0/16, \
             100.64.0.0/10 and 198.18.0.0/15",
        )
        .with("cidr", cidr.to_string())
}
