//! A prefix reservation with room in it makes EC2 report a subnet as all but full.

use super::{Check, Claim, Facts, hints::reservations};
use crate::{
    audit::{
        count::SubnetCount,
        standards::{Field, Tunable},
    },
    finding::{Finding, Severity, counted},
};

pub(super) const CHECK: Check = Check {
    id: "reservation-hides-space",
    about: "EC2 reports next to nothing available, and a prefix reservation has free blocks",
    claim: |_| Claim::of("has more space than EC2 reports", "have more space than EC2 reports"),
    severities: &[Severity::Info],
    tunables: &[Tunable {
        name: "available",
        about: "available addresses, by EC2's count, up to which it is a finding",
        field: Field::Count(|bars| &mut bars.hidden_at),
    }],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let most = facts.settings.bars.hidden_at;
    facts.subnets.iter().filter_map(|subnet| finding(subnet, most)).collect()
}

fn finding(subnet: &SubnetCount, most: u32) -> Option<Finding> {
    let available = subnet.available_reported.filter(|available| *available <= most)?;
    let blocks = subnet.assignable_prefixes_in_reservation.filter(|blocks| *blocks > 0)?;
    // Blocks that others hold look free there.
    if subnet.shared_by.is_some() {
        return None;
    }
    let (reserved_free, singles) = (subnet.reserved_free?, subnet.room()?.singles);
    Some(
        CHECK
            .finding(Severity::Info, &subnet.subnet_id)
            .message(format!(
                "{}: EC2 reports {available} available, although {} can be assigned from its \
                 prefix reservations: ENIs that are there can grow, a new ENI needs one of the \
                 {} outside, and the VPC CNI and Karpenter, which rank subnets by EC2's count, put \
                 it last",
                subnet.label(),
                counted(blocks, "/28 prefix", "/28 prefixes"),
                counted(singles, "single address", "single addresses"),
            ))
            .hint(
                "leave part of the subnet outside reservations for the addresses of ENIs; an ENIConfig \
                 (custom networking) goes by no ranking",
            )
            .command(reservations(&subnet.subnet_id))
            .with("available_reported", available)
            .with("reserved_free", reserved_free)
            .with("room_single", singles)
            .with("assignable_prefixes_in_reservation", blocks),
    )
}
