//! Too few free addresses in a cluster's own subnets for its control plane.

use std::collections::BTreeMap;

use super::{Check, Facts};
use crate::{
    audit::{Bars, Field, SubnetReport, Tunable},
    finding::{Finding, Severity, counted, listed},
    inventory::Cluster,
};

pub(super) const CHECK: Check = Check {
    id: "control-plane-headroom",
    about: "a cluster's subnets have fewer free addresses than its control plane wants",
    severities: &[Severity::Critical, Severity::Warning, Severity::Info],
    tunables: &[
        Tunable {
            name: "upgrade",
            about: "free addresses in all of a cluster's subnets below which it is critical",
            field: Field::Count(|bars| &mut bars.upgrade_addresses),
        },
        Tunable {
            name: "recommended",
            about: "free addresses in each of them below which it is a warning",
            field: Field::Count(|bars| &mut bars.cluster_addresses),
        },
    ],
    run,
};

/// Free addresses that each subnet of a cluster needs when the cluster is made (EKS user guide,
/// "Amazon EKS networking requirements for VPC and subnets").
const TO_CREATE: u32 = 6;

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let subnets: BTreeMap<&str, &SubnetReport> =
        facts.subnets.iter().map(|subnet| (subnet.subnet_id.as_str(), subnet)).collect();
    let clusters = facts.inventory.clusters.iter();
    clusters.filter_map(|cluster| finding(cluster, &subnets, &facts.settings.bars)).collect()
}

/// A cluster's subnet that was looked at, with its free addresses.
struct Seen<'a> {
    subnet: &'a SubnetReport,
    free: u32,
}

fn finding(
    cluster: &Cluster,
    subnets: &BTreeMap<&str, &SubnetReport>,
    bars: &Bars,
) -> Option<Finding> {
    let seen: Vec<Seen<'_>> = cluster
        .subnet_ids
        .iter()
        .filter_map(|id| subnets.get(id.as_str()))
        .filter_map(|subnet| Some(Seen { subnet, free: subnet.room_at_most()?.singles }))
        .collect();
    let total: u32 = seen.iter().fold(0, |sum, one| sum.saturating_add(one.free));
    // One that was not looked at may have room.
    let all = !seen.is_empty() && seen.len() == cluster.subnet_ids.len();
    let short: Vec<&Seen<'_>> =
        seen.iter().filter(|one| one.free < bars.cluster_addresses).collect();
    let (severity, message) = if all && total < bars.upgrade_addresses {
        let message = format!(
            "the subnets of cluster {} have {} together, and an upgrade may need {}",
            cluster.name,
            counted(total, "free address", "free addresses"),
            bars.upgrade_addresses
        );
        (Severity::Critical, message)
    } else if short.is_empty() {
        return None;
    } else {
        let worse = short.iter().any(|one| is_worse(one, bars.cluster_addresses));
        let message = format!(
            "subnets of cluster {} have fewer free addresses than the {} recommended for each: {}",
            cluster.name,
            bars.cluster_addresses,
            listed(
                short.iter().map(|one| said(one)).collect::<Vec<_>>().iter().map(String::as_str)
            )
        );
        (if worse { Severity::Warning } else { Severity::Info }, message)
    };
    Some(
        CHECK
            .finding(severity, &cluster.name)
            .message(message)
            .hint(format!(
                "see who holds them with --cluster {0} --owners; other subnets in the same \
                 zones can take their place: aws eks update-cluster-config --name {0} \
                 --resources-vpc-config subnetIds=…",
                cluster.name
            ))
            .with("free", all.then_some(total))
            .with("upgrade_addresses", bars.upgrade_addresses)
            .with("recommended", bars.cluster_addresses)
            .with(
                "free_by_subnet",
                seen.iter()
                    .map(|one| (one.subnet.subnet_id.clone(), one.free.into()))
                    .collect::<serde_json::Map<_, _>>(),
            ),
    )
}

/// A /28 for the control plane alone, as the best practices have it, has 11 usable addresses: it is worth
/// knowing that the recommendation cannot be met, and a warning when it is less than a new cluster needs.
fn is_worse(one: &Seen<'_>, recommended: u32) -> bool {
    one.free < TO_CREATE || one.subnet.usable.is_some_and(|usable| usable >= recommended)
}

fn said(one: &Seen<'_>) -> String {
    format!("{} {}", one.subnet.label(), one.free)
}
