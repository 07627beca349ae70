//! Fewer free addresses than asked for.

use super::{Check, Facts};
use crate::{
    audit::{Field, SubnetReport, Tunable},
    finding::{Finding, Severity},
};

pub(super) const CHECK: Check = Check {
    id: "min-free",
    about: "a subnet has fewer free addresses than --min-free",
    severities: &[Severity::Critical],
    tunables: &[Tunable {
        name: "addresses",
        about: "fewer free addresses than this are a finding",
        field: Field::Option(|bars| &mut bars.min_free),
    }],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(least) = facts.settings.bars.min_free else { return Vec::new() };
    facts.subnets.iter().filter_map(|subnet| finding(subnet, least)).collect()
}

fn finding(subnet: &SubnetReport, least: u32) -> Option<Finding> {
    let free = subnet.room_at_most().map(|room| room.addresses).filter(|free| *free < least)?;
    let reserved = match subnet.reserved_free {
        Some(reserved) if reserved > 0 => format!(", {reserved} of them inside reservations"),
        _ => String::new(),
    };
    Some(
        CHECK
            .finding(Severity::Critical, &subnet.subnet_id)
            .message(format!(
                "{} has {free} free addresses{reserved}, fewer than the {least} asked for",
                subnet.label()
            ))
            .hint(format!("add --subnet {} --owners to see who holds them", subnet.subnet_id))
            .with("free", free)
            .with("min_free", least),
    )
}
