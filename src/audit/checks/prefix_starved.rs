//! No /28 to delegate where nodes take prefixes: EC2 answers `InsufficientCidrBlocks` and pods stay in
//! ContainerCreating.

use std::collections::BTreeSet;

use super::{
    Check, Claim, Facts,
    hints::{look_at, reserved_besides_singles},
    prefix_subnets::PrefixSubnets,
};
use crate::{
    audit::count::SubnetCount,
    cni::warm_prefixes,
    finding::{Finding, Severity, counted},
};

pub(super) const CHECK: Check = Check {
    id: "prefix-starved",
    about: "nodes take prefixes from a subnet, and EC2 can assign none",
    claim: |_| Claim::of("can assign no more prefixes", "can assign no more prefixes"),
    severities: &[Severity::Critical, Severity::Warning],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let users = PrefixSubnets::of(facts);
    let warm = facts.settings.bars.warm_prefixes.unwrap_or(warm_prefixes(facts.aws_node()));
    let auto_mode = facts.auto_mode_nodes();
    let found = |subnet| finding(subnet, &users, warm, &auto_mode);
    facts.subnets.iter().filter_map(found).collect()
}

/// `warm` prefixes are what a node that grows asks for at once.
fn finding(
    subnet: &SubnetCount,
    users: &PrefixSubnets<'_>,
    warm: u32,
    auto_mode: &BTreeSet<&str>,
) -> Option<Finding> {
    let takers = u32::try_from(users.takers(subnet)?).unwrap_or(u32::MAX);
    let wanted = takers.saturating_mul(warm).max(1);
    let (blocks, room) = (subnet.blocks28?, subnet.room_at_most()?);
    if subnet.prefixes_at_most()? > 0 {
        return None;
    }
    // A free block that cannot be assigned lies in an explicit reservation, or is not free: others, whose
    // ENIs are not visible, hold what is left.
    let reserved = match (blocks.free, subnet.assignable_prefixes) {
        (0, _) => String::new(),
        (free, Some(0)) => format!(" and {free} reserved explicitly"),
        (free, _) => format!(", and ENIs that are not visible hold addresses in the {free} others"),
    };
    // Single addresses serve such nodes as long as there are some: none of them lies in a reservation.
    let (severity, outcome) = match (users.fall_back(subnet, auto_mode), room.singles) {
        (true, 0) => (
            Severity::Critical,
            "nor can EC2 assign a single address to the nodes of EKS Auto Mode that take prefixes here",
        ),
        (true, _) => (Severity::Warning, "nodes of EKS Auto Mode fall back to single addresses"),
        (false, _) => (Severity::Critical, "EC2 returns InsufficientCidrBlocks"),
    };
    Some(
        CHECK
            .finding(severity, &subnet.subnet_id)
            .message(format!(
                "{} has room for {}{}{} and for no /28 prefix: {} of its blocks are fragmented, {} full, \
                 {} delegated{reserved}; {outcome}",
                subnet.label(),
                subnet.at_most(),
                counted(room.singles, "address", "addresses"),
                reserved_besides_singles(subnet),
                blocks.fragmented,
                blocks.full,
                blocks.prefix
            ))
            .hint("drain nodes to make blocks whole; a prefix CIDR reservation keeps them whole")
            .command(look_at(&subnet.subnet_id, &format!("--want-prefixes {wanted}")))
            .with("free", subnet.free)
            .with("room", subnet.room().map(|room| room.addresses))
            .with("room_single", subnet.room().map(|room| room.singles))
            .with("assignable_prefixes", 0)
            .with("blocks28_fragmented", blocks.fragmented)
            .with("blocks28_full", blocks.full)
            .with("blocks28_prefix", blocks.prefix),
    )
}
