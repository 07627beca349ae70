//! A subnet of another account (RAM): the ENIs of its other users are invisible.

use std::collections::BTreeMap;

use super::{Check, Facts};
use crate::audit::{Finding, Severity, SubnetReport};

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
    let mut evidence: BTreeMap<&'static str, serde_json::Value> =
        BTreeMap::from([("owner_account", owner.as_str().into())]);
    let hidden = match (subnet.held, subnet.used) {
        (Some(held), Some(used)) => {
            evidence.insert("invisible_addresses", (held - used).into());
            format!(": at least {} addresses are held by ENIs that cannot be seen", held - used)
        }
        _ => String::new(),
    };
    Some(Finding {
        id: CHECK.id,
        detail: None,
        severity: Severity::Warning,
        resource: subnet.subnet_id.clone(),
        message: format!("{} belongs to account {owner}{hidden}", subnet.label()),
        hint: format!("run the audit with credentials of account {owner}"),
        evidence,
    })
}
