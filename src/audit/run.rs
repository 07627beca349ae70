//! The audit from end to end.

use std::collections::{BTreeSet, HashMap};

use super::{
    AuditReport, Bars, Finding,
    accounting::{Ledger, Seen},
    checks,
    nodes::nodes,
    owners::Known,
};
use crate::{
    inventory::{Inventory, Selected, Subnet, Withheld},
    network::SpaceError,
};

/// Why subnets cannot be audited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("subnet {subnet_id}: {error}")]
pub struct AuditError {
    /// The subnet.
    pub subnet_id: String,
    /// What is wrong with its network.
    pub error: SpaceError,
}

/// Audits the selected subnets with all interfaces in them.
///
/// # Errors
/// When a subnet's network cannot be one: larger than /16 unless `allow_large`, or smaller than
/// /28.
pub fn audit(
    inventory: &Inventory,
    selected: &Selected,
    bars: &Bars,
    allow_large: bool,
) -> Result<AuditReport, AuditError> {
    let mut subnets: Vec<&Subnet> = inventory
        .subnets
        .iter()
        .filter(|subnet| selected.subnets.contains_key(&subnet.subnet_id))
        .collect();
    subnets.sort_by(|a, b| {
        let key =
            |s: &&Subnet| (s.cidr.is_none(), s.vpc_id.clone(), s.availability_zone.clone(), s.cidr);
        key(a).cmp(&key(b)).then_with(|| a.subnet_id.cmp(&b.subnet_id))
    });
    let mut ledgers = Vec::with_capacity(subnets.len());
    for subnet in &subnets {
        let ledger = Ledger::new(subnet, allow_large)
            .map_err(|error| AuditError { subnet_id: subnet.subnet_id.clone(), error })?;
        ledgers.push(ledger);
    }
    let known = Known::new(inventory);
    let at: HashMap<&str, usize> =
        subnets.iter().enumerate().map(|(at, subnet)| (subnet.subnet_id.as_str(), at)).collect();
    let interfaces = inventory.interfaces.as_deref().unwrap_or_default();
    for interface in interfaces {
        if let Some(ledger) =
            at.get(interface.subnet_id.as_str()).and_then(|at| ledgers.get_mut(*at))
        {
            ledger.count(interface, &known);
        }
    }
    let seen = Seen {
        interfaces: inventory.interfaces.is_some(),
        instances: inventory.instances.is_some(),
    };
    let owners: BTreeSet<&str> =
        interfaces.iter().filter_map(|interface| interface.owner_id.as_deref()).collect();
    let mut withheld: BTreeSet<Withheld> = inventory.withheld.iter().cloned().collect();
    withheld.extend(selected.withheld.iter().cloned());
    let mut reports = Vec::with_capacity(ledgers.len());
    for (subnet, ledger) in subnets.iter().zip(ledgers) {
        let shared_by = shared_by(subnet, &owners);
        if let Some(owner) = &shared_by {
            withheld.insert(Withheld {
                operation: "DescribeNetworkInterfaces".to_owned(),
                reason: format!(
                    "{} is shared by account {owner}: interfaces of other accounts are invisible",
                    subnet.subnet_id
                ),
            });
        }
        let (mut report, missing) = ledger.close(seen, bars, shared_by);
        withheld.extend(missing);
        if let Some(because) = selected.subnets.get(&subnet.subnet_id) {
            report.selected_by.clone_from(because);
        }
        reports.push(report);
    }
    let mut findings: Vec<Finding> =
        checks::REGISTRY.iter().flat_map(|check| (check.run)(&reports, bars)).collect();
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    let in_subnets = interfaces.iter().filter(|i| at.contains_key(i.subnet_id.as_str()));
    Ok(AuditReport {
        source: inventory.source.clone(),
        nodes: (seen.interfaces && seen.instances).then(|| nodes(inventory, &known, in_subnets)),
        subnets: reports,
        findings,
        withheld: withheld.into_iter().collect(),
    })
}

/// The owner of a subnet when it is none of the accounts whose ENIs can be seen: then it is shared
/// (RAM), and whoever looks sees only their own ENIs in it.
fn shared_by(subnet: &Subnet, interface_owners: &BTreeSet<&str>) -> Option<String> {
    let owner = subnet.owner_id.as_deref()?;
    (!interface_owners.is_empty() && !interface_owners.contains(owner)).then(|| owner.to_owned())
}
