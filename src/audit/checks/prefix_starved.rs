//! Free addresses but no /28 to delegate, where prefixes are in use: EC2 answers
//! `InsufficientCidrBlocks` and pods stay in ContainerCreating.

use super::{Check, Facts};
use crate::{
    audit::SubnetReport,
    finding::{Finding, Severity},
};

pub(super) const CHECK: Check = Check {
    id: "prefix-starved",
    about: "prefixes are in use, addresses are free, and no /28 can be delegated",
    severities: &[Severity::Critical],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    facts.subnets.iter().filter_map(finding).collect()
}

fn finding(subnet: &SubnetReport) -> Option<Finding> {
    let blocks = subnet.blocks28.filter(|blocks| blocks.prefix > 0)?;
    let free = subnet.room_at_most().map(|room| room.addresses).filter(|free| *free > 0)?;
    if subnet.assignable_prefixes? > 0 {
        return None;
    }
    Some(
        CHECK
            .finding(Severity::Critical, &subnet.subnet_id)
            .message(format!(
                "{} has {free} free addresses and no /28 prefix to give: {} blocks are \
                 fragmented and {} delegated; EC2 answers InsufficientCidrBlocks",
                subnet.label(),
                blocks.fragmented,
                blocks.prefix
            ))
            .hint(format!(
                "add --subnet {} --map to see its /28 blocks; a prefix subnet CIDR \
                 reservation keeps blocks whole",
                subnet.subnet_id
            ))
            .with("free", free)
            .with("assignable_prefixes", 0)
            .with("blocks28_fragmented", blocks.fragmented)
            .with("blocks28_prefix", blocks.prefix),
    )
}
