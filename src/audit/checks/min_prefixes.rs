//! Fewer assignable /28 prefixes than asked for.

use super::{Check, Claim, Facts, hints::look_at};
use crate::{
    audit::{
        count::SubnetCount,
        standards::{Field, Tunable},
    },
    finding::{Finding, Severity, thousands},
};

pub(super) const CHECK: Check = Check {
    id: "min-prefixes",
    about: "a subnet has fewer assignable /28 prefixes than --min-prefixes",
    claim: |_| Claim::of("has too few free prefixes", "have too few free prefixes"),
    severities: &[Severity::Critical],
    tunables: &[Tunable {
        name: "prefixes",
        about: "fewer assignable /28 prefixes than this are a finding",
        field: Field::Option(|bars| &mut bars.min_prefixes),
    }],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(least) = facts.settings.bars.min_prefixes else { return Vec::new() };
    facts.subnets.iter().filter_map(|subnet| finding(subnet, least)).collect()
}

fn finding(subnet: &SubnetCount, least: u32) -> Option<Finding> {
    let assignable = subnet.prefixes_at_most().filter(|assignable| *assignable < least)?;
    let at_most = if subnet.assignable_prefixes == Some(assignable) { "" } else { "at most " };
    Some(
        CHECK
            .finding(Severity::Critical, &subnet.subnet_id)
            .message(format!(
                "{} has {at_most}{} assignable /28 prefixes, fewer than the {} asked for",
                subnet.label(),
                thousands(assignable),
                thousands(least)
            ))
            .hint("see its /28 blocks")
            .command(look_at(&subnet.subnet_id, "--map"))
            .with(
                "assignable_prefixes",
                // Of none at most there are none.
                subnet.assignable_prefixes.or((assignable == 0).then_some(0)),
            )
            .with("min_prefixes", least),
    )
}
