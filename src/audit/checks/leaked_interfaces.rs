//! ENIs that nodes left behind: attached to nothing, and still holding addresses.

use std::collections::BTreeMap;

use super::{Check, Facts};
use crate::audit::{Finding, Severity, SubnetReport};

pub(super) const CHECK: Check = Check {
    id: "leaked-interfaces",
    about: "ENIs of the VPC CNI are attached to nothing and still hold addresses",
    severities: &[Severity::Warning],
    tunables: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    facts.subnets.iter().filter_map(finding).collect()
}

fn finding(subnet: &SubnetReport) -> Option<Finding> {
    if subnet.leaked.is_empty() {
        return None;
    }
    let addresses: u32 = subnet.leaked.values().sum();
    let count = match subnet.leaked.len() {
        1 => "1 ENI that a node left behind".to_owned(),
        many => format!("{many} ENIs that nodes left behind"),
    };
    Some(Finding {
        id: CHECK.id,
        severity: Severity::Warning,
        resource: subnet.subnet_id.clone(),
        message: format!("{} holds {count}, with {}", subnet.label(), counted(addresses)),
        hint: format!(
            "if they are still there in some minutes: for id in {}; do aws ec2 \
             delete-network-interface --network-interface-id $id; done",
            listed(subnet)
        ),
        evidence: BTreeMap::from([
            ("addresses", addresses.into()),
            ("interfaces", subnet.leaked.keys().cloned().collect::<Vec<_>>().into()),
        ]),
    })
}

fn counted(addresses: u32) -> String {
    if addresses == 1 { "1 address".to_owned() } else { format!("{addresses} addresses") }
}

/// Ids that a hint names; the evidence has them all.
const LISTED: usize = 10;

fn listed(subnet: &SubnetReport) -> String {
    let ids: Vec<&str> = subnet.leaked.keys().take(LISTED).map(String::as_str).collect();
    match subnet.leaked.len().saturating_sub(LISTED) {
        0 => ids.join(" "),
        more => format!("{} (and {more} more, see -o json)", ids.join(" ")),
    }
}
