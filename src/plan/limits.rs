//! The limits of a requirement that a layout breaks.

use super::{asked::Asked, rank::Merits};
use crate::finding::thousands;

/// The limits that are broken, in words. `blocks` is how many the VPC has afterwards, where the layout adds any:
/// what a VPC has already is not the plan's doing.
pub(super) fn beyond(asked: &Asked<'_>, merits: &Merits, blocks: Option<u64>) -> Vec<String> {
    let limits = &asked.requirement.limits;
    let over = |key: &str, most: Option<u64>, is: u64| {
        let most = most.filter(|most| is > *most)?;
        Some(format!("limits.{key} is {}, and it takes {}", thousands(most), thousands(is)))
    };
    let wait = match limits.pod_wait_s {
        Some(most) if merits.wait_s == u64::MAX => Some(format!(
            "limits.pod_wait_s is {}, and some pods never get an address",
            thousands(most)
        )),
        most => over("pod_wait_s", most, merits.wait_s),
    };
    [
        over("routable_addresses", limits.routable_addresses, merits.routable),
        over("addresses", limits.addresses, merits.addresses),
        over("cidr_blocks", limits.cidr_blocks.map(u64::from), blocks.unwrap_or(0)),
        over("ec2_calls_per_minute", limits.ec2_calls_per_minute, merits.calls),
        wait,
    ]
    .into_iter()
    .flatten()
    .collect()
}
