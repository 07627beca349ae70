//! Too few free addresses in a cluster's own subnets for its control plane.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Claim, Facts, hints::look_at_each};
use crate::{
    audit::{
        count::SubnetCount,
        standards::{Field, Thresholds, Tunable},
    },
    finding::{Finding, Severity, counted, listed},
    inventory::Cluster,
};

pub(super) const CHECK: Check = Check {
    id: "control-plane-headroom",
    about: "a subnet of a cluster has fewer free addresses than an upgrade needs or EKS recommends",
    claim: |_| {
        Claim::of(
            "is short of free addresses for its control plane",
            "are short of free addresses for their control planes",
        )
        .about("cluster", "clusters")
    },
    severities: &[Severity::Critical, Severity::Warning],
    tunables: &[
        Tunable {
            name: "upgrade",
            about: "free addresses in each of a cluster's subnets below which it is critical",
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

/// Zones in which EKS wants to place the ENIs of a new control plane.
const ZONES: usize = 2;

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let subnets: BTreeMap<&str, &SubnetCount> =
        facts.subnets.iter().map(|subnet| (subnet.subnet_id.as_str(), subnet)).collect();
    let clusters = facts.inventory.clusters.iter();
    clusters.filter_map(|cluster| finding(cluster, &subnets, &facts.settings.bars)).collect()
}

/// A cluster's subnet that was looked at, with the addresses that EC2 can assign one by one.
struct Seen<'a> {
    subnet: &'a SubnetCount,
    free: u32,
}

impl Seen<'_> {
    fn said(&self) -> String {
        format!("{} {}{}", self.subnet.label(), self.subnet.at_most(), self.free)
    }
}

fn finding(
    cluster: &Cluster,
    subnets: &BTreeMap<&str, &SubnetCount>,
    bars: &Thresholds,
) -> Option<Finding> {
    let seen: Vec<Seen<'_>> = cluster
        .subnet_ids
        .iter()
        .filter_map(|id| subnets.get(id.as_str()))
        .filter_map(|subnet| Some(Seen { subnet, free: subnet.room_at_most()?.singles }))
        .collect();
    let below = |least: u32| -> Vec<String> {
        seen.iter().filter(|one| one.free < least).map(Seen::said).collect()
    };
    let (refused, short) = (below(bars.upgrade_addresses), below(bars.cluster_addresses));
    let name = &cluster.name;
    let (severity, message) = if !refused.is_empty() {
        let message = format!(
            "EKS refuses to upgrade cluster {name}, which requires {} in each of its subnets: {}",
            counted(bars.upgrade_addresses, "free address", "free addresses"),
            listed(&refused)
        );
        (Severity::Critical, message)
    } else if !short.is_empty() {
        let message = format!(
            "subnets of cluster {name} have fewer free addresses than the {} recommended for each: {}",
            bars.cluster_addresses,
            listed(&short)
        );
        (Severity::Warning, message)
    } else {
        let zone = only_zone(cluster, &seen)?;
        let message = format!(
            "an upgrade of cluster {name} requires subnets in {ZONES} zones, and all of its subnets \
             lie in {zone}"
        );
        (Severity::Warning, message)
    };
    // Of one that was not looked at nothing is known, and of one whose room is not known too little.
    let all = seen.len() == cluster.subnet_ids.len()
        && seen.iter().all(|one| one.subnet.room().is_some());
    let total: u32 = seen.iter().fold(0, |sum, one| sum.saturating_add(one.free));
    Some(
        CHECK
            .finding(severity, name)
            .message(message)
            .hint(HINT)
            .command(look_at_each(seen.iter().map(|one| one.subnet.subnet_id.as_str()), "--owners"))
            .with("free", all.then_some(total))
            .with("upgrade_addresses", bars.upgrade_addresses)
            .with("recommended", bars.cluster_addresses)
            .with(
                "free_by_subnet",
                seen.iter()
                    .map(|one| {
                        let free = one.subnet.room().map(|room| room.singles);
                        (one.subnet.subnet_id.clone(), free.into())
                    })
                    .collect::<serde_json::Map<_, _>>(),
            ),
    )
}

/// What can be done; which subnets could take the place of others is for their owner to say.
const HINT: &str = "free some of them, or give the cluster other subnets of the same zones \
                    (aws eks update-cluster-config)";

/// The one zone of a cluster whose subnets were all looked at and lie in it.
fn only_zone<'a>(cluster: &Cluster, seen: &[Seen<'a>]) -> Option<&'a str> {
    let zones: Option<BTreeSet<&str>> =
        seen.iter().map(|one| one.subnet.availability_zone.as_deref()).collect();
    let whole = seen.len() >= ZONES && seen.len() == cluster.subnet_ids.len();
    let zones = zones.filter(|zones| whole && zones.len() < ZONES);
    zones?.first().copied()
}
