//! Less room than asked for.

use super::{
    Check, Claim, Facts,
    hints::{look_at, reserved_besides},
};
use crate::{
    audit::{
        count::SubnetCount,
        standards::{Field, Tunable},
    },
    finding::{Finding, Severity, counted, thousands},
};

pub(super) const CHECK: Check = Check {
    id: "min-free",
    about: "EC2 can assign fewer addresses of a subnet than --min-free",
    claim: |_| Claim::of("has too few free addresses", "have too few free addresses"),
    severities: &[Severity::Critical],
    tunables: &[Tunable {
        name: "addresses",
        about: "room for fewer addresses than this is a finding",
        field: Field::Option(|bars| &mut bars.min_free),
    }],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(least) = facts.settings.bars.min_free else { return Vec::new() };
    facts.subnets.iter().filter_map(|subnet| finding(subnet, least)).collect()
}

fn finding(subnet: &SubnetCount, least: u32) -> Option<Finding> {
    let room = subnet.room_at_most().filter(|room| room.addresses < least)?;
    Some(
        CHECK
            .finding(Severity::Critical, &subnet.subnet_id)
            .message(format!(
                "{} has room for {}{}{}, fewer than the {} asked for",
                subnet.label(),
                subnet.at_most(),
                counted(room.addresses, "address", "addresses"),
                reserved_besides(subnet),
                thousands(least),
            ))
            .hint("see who holds the addresses")
            .command(look_at(&subnet.subnet_id, "--owners"))
            .with("room", subnet.room().map(|room| room.addresses))
            .with("free", subnet.free)
            .with("min_free", least),
    )
}
