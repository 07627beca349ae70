//! A VPC near its quota of network address units, or over it.

use std::collections::BTreeMap;

use super::{Check, Claim, Facts, hints::of_vpc};
use crate::{
    finding::{Finding, Severity, vpc_findings},
    inventory::Interface,
    network::{broken_unit_rule, network_address_units},
};

pub(super) const CHECK: Check = Check {
    id: "network-address-units",
    about: "a VPC is near the quota of network address units, or over it",
    // True of a VPC near the quota and of one over it, whatever severity a policy gives them.
    claim: |_| {
        Claim::of(
            "uses 80% or more of the default quota of network address units",
            "use 80% or more of the default quota of network address units",
        )
        .about("VPC", "VPCs")
    },
    severities: &[Severity::Critical, Severity::Warning],
    tunables: &[],
    run,
};

/// Addresses and delegated prefixes.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    addresses: u64,
    prefixes: u64,
}

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let vpcs: BTreeMap<&str, &str> = facts
        .inventory
        .subnets
        .iter()
        .map(|subnet| (subnet.subnet_id.as_str(), subnet.vpc_id.as_str()))
        .collect();
    let mut held: BTreeMap<&str, Held> = BTreeMap::new();
    for interface in facts.inventory.interfaces.iter().flatten().filter(|eni| counts(eni)) {
        let own = interface.vpc_id.as_deref();
        let Some(vpc) = own.or_else(|| vpcs.get(interface.subnet_id.as_str()).copied()) else {
            continue;
        };
        let of_vpc = held.entry(vpc).or_default();
        let count = |len: usize| u64::try_from(len).unwrap_or(u64::MAX);
        let singles = interface.secondary.len() + interface.ipv6.len();
        of_vpc.addresses += u64::from(interface.primary.is_some()) + count(singles);
        of_vpc.prefixes += count(interface.prefixes.len() + interface.ipv6_prefixes.len());
    }
    let audited = held.into_iter().filter(|(vpc, _)| facts.is_in(vpc));
    audited.flat_map(|(vpc, held)| findings(vpc, held)).collect()
}

/// Whether its addresses count one by one: those of an instance's ENI do. Gateways, load balancers,
/// endpoints and the like count by the thing, six units each, and are left out (VPC user guide, "Network
/// Address Usage for your VPC").
fn counts(interface: &Interface) -> bool {
    interface.instance_id().is_some()
}

fn findings(vpc: &str, held: Held) -> Vec<Finding> {
    let units = network_address_units(held.addresses, held.prefixes);
    let broken: Vec<_> = broken_unit_rule(units).into_iter().collect();
    let more = |finding: Finding| {
        let message = format!(
            "{}; counted are the addresses and prefixes of instances that can be seen, and AWS counts \
             more",
            finding.message
        );
        finding
            .message(message)
            .command(of_vpc(vpc, "--owners"))
            .with("addresses", held.addresses)
            .with("prefixes", held.prefixes)
    };
    vpc_findings(vpc, &broken).into_iter().map(more).collect()
}
