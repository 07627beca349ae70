//! A subnet of another account (RAM): the ENIs of its other users are invisible.

use super::{Check, Facts};
use crate::{
    audit::SubnetReport,
    finding::{Finding, Severity},
};

pub(super) const CHECK: Check = Check {
    id: "shared-subnet",
    about: "a subnet belongs to another account, whose ENIs are invisible",
    severities: &[Severity::Warning],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    facts.subnets.iter().filter_map(finding).collect()
}

fn finding(subnet: &SubnetReport) -> Option<Finding> {
    let owner = subnet.shared_by.as_ref()?;
    let found = CHECK
        .finding(Severity::Warning, &subnet.subnet_id)
        .hint(format!("run the audit with credentials of account {owner}"))
        .with("owner_account", owner.as_str());
    let belongs = format!("{} belongs to account {owner}", subnet.label());
    Some(match subnet.held.zip(subnet.used).map(|(held, used)| held - used) {
        Some(hidden) => found
            .message(format!(
                "{belongs}: at least {hidden} addresses are held by ENIs that cannot be seen"
            ))
            .with("invisible_addresses", hidden),
        None => found.message(belongs),
    })
}
