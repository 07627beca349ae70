//! A subnet of another account (RAM): the ENIs of its other users are invisible.

use super::{Check, Claim, Facts};
use crate::{
    audit::count::SubnetCount,
    finding::{Finding, Severity},
};

pub(super) const CHECK: Check = Check {
    id: "shared-subnet",
    about: "a subnet belongs to another account, and ENIs of other accounts are not visible",
    claim: |_| Claim::of("belongs to another account", "belong to another account"),
    severities: &[Severity::Warning, Severity::Info],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    facts.subnets.iter().filter_map(finding).collect()
}

fn finding(subnet: &SubnetCount) -> Option<Finding> {
    let owner = subnet.shared_by.as_ref()?;
    let severity = if subnet.may_hide() { Severity::Warning } else { Severity::Info };
    let found = CHECK
        .finding(severity, &subnet.subnet_id)
        .hint(format!("run the audit with credentials of account {owner}"))
        .with("owner_account", owner.as_str());
    let belongs = format!("{} belongs to account {owner}", subnet.label());
    let invisible = "ENIs of other accounts in it are not visible";
    Some(match subnet.held.zip(subnet.used).map(|(held, used)| held - used) {
        Some(0) => found
            .message(format!("{belongs}: {invisible}, and none of them holds an address now"))
            .with("invisible_addresses", 0),
        Some(hidden) => found
            .message(format!("{belongs}: {invisible}, and hold at least {hidden} of its addresses"))
            .with("invisible_addresses", hidden),
        None => found.message(format!("{belongs}: {invisible}")),
    })
}
