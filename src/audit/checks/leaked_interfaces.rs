//! ENIs that nodes left behind: attached to nothing, and still holding addresses.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Map;

use super::{Check, Facts};
use crate::{
    audit::SubnetReport,
    finding::{Finding, Severity, counted},
};

pub(super) const CHECK: Check = Check {
    id: "leaked-interfaces",
    about: "ENIs of the VPC CNI are attached to nothing and still hold addresses",
    severities: &[Severity::Warning],
    tunables: &[],
    run,
};

/// The tag in which the VPC CNI writes when it made an ENI, RFC 3339 (amazon-vpc-cni-k8s,
/// `pkg/awsutils`).
const CREATED_TAG: &str = "node.k8s.amazonaws.com/createdAt";

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    if facts.subnets.iter().all(|subnet| subnet.leaked.is_empty()) {
        return Vec::new();
    }
    let interfaces = facts.inventory.interfaces.iter().flatten();
    let created: BTreeMap<&str, &str> = interfaces
        .filter(|eni| facts.known.is_leaked(eni))
        .filter_map(|eni| Some((eni.interface_id.as_str(), eni.tags.get(CREATED_TAG)?.as_str())))
        .collect();
    facts.subnets.iter().filter_map(|subnet| finding(subnet, &created)).collect()
}

fn finding(subnet: &SubnetReport, created: &BTreeMap<&str, &str>) -> Option<Finding> {
    if subnet.leaked.is_empty() {
        return None;
    }
    let its = subnet.leaked.keys();
    let created: BTreeMap<&str, &str> = its
        .filter_map(|id| created.get_key_value(id.as_str()))
        .map(|(id, at)| (*id, *at))
        .collect();
    let addresses: u32 = subnet.leaked.values().sum();
    let count = match subnet.leaked.len() {
        1 => "1 ENI that a node left behind".to_owned(),
        many => format!("{many} ENIs that nodes left behind"),
    };
    Some(
        CHECK
            .finding(Severity::Warning, &subnet.subnet_id)
            .message(format!(
                "{} holds {count}, with {}{}",
                subnet.label(),
                counted(addresses, "address", "addresses"),
                since(&created)
            ))
            .hint(format!(
                "if they are still there in some minutes: for id in {}; do aws ec2 \
                 delete-network-interface --network-interface-id $id; done",
                listed(subnet)
            ))
            .with("addresses", addresses)
            .with(
                "addresses_by_interface",
                subnet
                    .leaked
                    .iter()
                    .map(|(id, held)| (id.clone(), (*held).into()))
                    .collect::<Map<_, _>>(),
            )
            .with(
                "created_at",
                created
                    .into_iter()
                    .map(|(id, at)| (id.to_owned(), at.into()))
                    .collect::<Map<_, _>>(),
            )
            .with("interfaces", subnet.leaked.keys().cloned().collect::<Vec<_>>()),
    )
}

/// Since when the oldest is there, as far as tags tell.
fn since(created: &BTreeMap<&str, &str>) -> String {
    let times = created.values().filter_map(|at| at.parse::<Timestamp>().ok());
    times.min().map_or_else(String::new, |oldest| format!(", the oldest since {oldest}"))
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
