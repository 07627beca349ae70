//! A subnet whose use is at or above a threshold.

use super::{Check, Claim, Facts, hints::look_at};
use crate::{
    audit::{
        count::SubnetCount,
        standards::{Field, Status, Thresholds, Tunable},
    },
    finding::{Finding, Severity, thousands},
};

pub(super) const CHECK: Check = Check {
    id: "utilization",
    about: "a subnet's use is at or above a threshold",
    claim: |severity| match severity {
        Severity::Critical => Claim::of(
            "is at or above the critical threshold",
            "are at or above the critical threshold",
        ),
        Severity::Warning | Severity::Info => Claim::of(
            "is at or above the warning threshold",
            "are at or above the warning threshold",
        ),
    },
    severities: &[Severity::Critical, Severity::Warning],
    tunables: &[
        Tunable {
            name: "warn",
            about: "percent of the usable addresses in use from which it is a warning",
            field: Field::Percent(|bars| &mut bars.warn_at),
        },
        Tunable {
            name: "critical",
            about: "percent from which it is critical",
            field: Field::Percent(|bars| &mut bars.critical_at),
        },
    ],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    facts.subnets.iter().filter_map(|subnet| finding(subnet, &facts.settings.bars)).collect()
}

fn finding(subnet: &SubnetCount, bars: &Thresholds) -> Option<Finding> {
    let (severity, bar) = match bars.status(subnet) {
        Status::Critical => (Severity::Critical, bars.critical_at),
        Status::Warning => (Severity::Warning, bars.warn_at),
        Status::Ok | Status::Unknown => return None,
    };
    let (held, usable) = (subnet.held.or(subnet.used)?, subnet.usable?);
    Some(
        CHECK
            .finding(severity, &subnet.subnet_id)
            .message(format!(
                "{} has {} of {} usable addresses in use, at or above the threshold of \
                 {bar}%",
                subnet.label(),
                thousands(held),
                thousands(usable)
            ))
            .hint("see who holds the addresses")
            .command(look_at(&subnet.subnet_id, "--owners"))
            .with("used", subnet.used)
            .with("held", held)
            .with("usable", usable)
            .with("bar_percent", bar.to_string()),
    )
}
