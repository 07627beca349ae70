//! Blocks fragmented by single addresses, where nodes take prefixes.

use super::{Check, Claim, Facts, hints::look_at, prefix_subnets::PrefixSubnets};
use crate::{
    audit::{
        count::SubnetCount,
        standards::{Field, Thresholds, Tunable},
    },
    finding::{Finding, Severity, thousands},
};

pub(super) const CHECK: Check = Check {
    id: "fragmentation",
    about: "single addresses fragment many /28 blocks of a subnet from which nodes take prefixes",
    claim: |_| Claim::of("has few whole /28 blocks left", "have few whole /28 blocks left"),
    severities: &[Severity::Warning, Severity::Info],
    tunables: &[
        Tunable {
            name: "info",
            about: "fragmentation score from which it is worth knowing",
            field: Field::Percent(|bars| &mut bars.fragmentation_info),
        },
        Tunable {
            name: "warning",
            about: "fragmentation score from which it is a warning",
            field: Field::Percent(|bars| &mut bars.fragmentation_warn),
        },
    ],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let users = PrefixSubnets::of(facts);
    let concerned = facts.subnets.iter().filter(|subnet| users.takers(subnet).is_some());
    concerned.filter_map(|subnet| finding(subnet, &facts.settings.bars)).collect()
}

/// The names of AWS's own script for the score (awslabs/aws-support-tools, subnet_frag.py).
fn band(score: u32) -> &'static str {
    match score {
        0..=24 => "healthy",
        25..=49 => "low",
        50..=74 => "medium",
        75..=99 => "high",
        _ => "critical",
    }
}

fn finding(subnet: &SubnetCount, bars: &Thresholds) -> Option<Finding> {
    let blocks = subnet.blocks28?;
    let (score, assignable) = (subnet.fragmentation_score?, subnet.assignable_prefixes?);
    let severity = if bars.fragmentation_warn.is_reached(score, 100) {
        Severity::Warning
    } else if bars.fragmentation_info.is_reached(score, 100) {
        Severity::Info
    } else {
        return None;
    };
    let spoiled = blocks.fragmented + blocks.full;
    Some(
        CHECK
            .finding(severity, &subnet.subnet_id)
            .message(format!(
                "{}: single addresses lie in {} of the {} /28 blocks that could be assigned as \
                 prefixes ({} fragmented, {} full): score {score} of 100",
                subnet.label(),
                thousands(spoiled),
                thousands(spoiled + assignable),
                thousands(blocks.fragmented),
                thousands(blocks.full)
            ))
            .hint("see the blocks and which nodes hold single addresses")
            .command(look_at(&subnet.subnet_id, "--map --nodes"))
            .with("fragmentation_score", score)
            .with("band", band(score))
            .with("blocks28_fragmented", blocks.fragmented)
            .with("blocks28_full", blocks.full)
            .with("assignable_prefixes", assignable),
    )
}
