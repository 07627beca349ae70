//! The audit from end to end.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    AuditReport, Beside, Settings,
    accounting::{Ledger, Seen},
    checks::Facts,
    forecast::forecasts,
    node_subnets::node_subnets,
    nodes::nodes,
    sorting::{Sorted, sorted},
    usage,
};
use crate::{
    inventory::{Inventory, Known, Looker, Operation, Selected, Subnet, Withheld},
    network::SpaceError,
};

/// The shortest prefix of a subnet in ordinary accounts.
const LARGEST: u8 = 16;

/// Why subnets cannot be audited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("subnet {subnet_id}: {error}")]
pub struct AuditError {
    /// The subnet.
    pub subnet_id: String,
    /// What is wrong with its network.
    pub error: SpaceError,
    /// Whether it is larger than ordinary accounts have.
    pub is_larger: bool,
}

/// Audits the selected subnets with all interfaces in them.
///
/// # Errors
/// When a subnet's network cannot be one: larger than /16 unless the settings allow it, or smaller
/// than /28.
pub fn audit(
    inventory: &Inventory,
    selected: &Selected,
    settings: &Settings<'_>,
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
        let ledger = Ledger::new(subnet, settings.allow_large).map_err(|error| AuditError {
            subnet_id: subnet.subnet_id.clone(),
            is_larger: subnet.cidr.is_some_and(|cidr| cidr.prefix_len() < LARGEST),
            error,
        })?;
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
    let looker = Looker::of(inventory);
    let mut withheld: BTreeSet<Withheld> = inventory.withheld.iter().cloned().collect();
    withheld.extend(selected.withheld.iter().cloned());
    let mut reports = Vec::with_capacity(ledgers.len());
    for (subnet, ledger) in subnets.iter().zip(ledgers) {
        let (mut report, missing) = ledger.close(seen, &settings.bars, &looker);
        withheld.extend(missing);
        if let Some(owner) = report.shared_by.as_ref().filter(|_| report.may_hide()) {
            withheld.insert(Withheld::new(
                Operation::DescribeNetworkInterfaces,
                format!(
                    "{} is shared by account {owner}: interfaces of other accounts are invisible",
                    subnet.subnet_id
                ),
            ));
        }
        if let Some(because) = selected.subnets.get(&subnet.subnet_id) {
            report.selected_by.clone_from(because);
        }
        reports.push(report);
    }
    let in_subnets = || interfaces.iter().filter(|i| at.contains_key(i.subnet_id.as_str()));
    let mut nodes =
        (seen.interfaces && seen.instances).then(|| nodes(inventory, &known, in_subnets()));
    if let Some(nodes) = &mut nodes {
        withheld.extend(usage::fill(nodes, inventory, &known, settings.catalogue));
    }
    let forecast = settings.history.map(|history| {
        withheld.extend(history.withheld.iter().cloned());
        let captured_at = inventory.source.captured_at.as_deref();
        let now = captured_at.and_then(|text| text.parse().ok());
        forecasts(history, &reports, &settings.bars, now)
    });
    let facts = Facts {
        subnets: &reports,
        nodes: nodes.as_deref(),
        node_subnets: nodes.is_some().then(|| node_subnets(&known, in_subnets())),
        known: &known,
        inventory,
        forecast: forecast.as_deref().unwrap_or_default(),
        settings,
    };
    let Sorted { wanted, ignored, unused } = sorted(&facts);
    let beside = Beside::of(inventory, &reports);
    Ok(AuditReport {
        source: inventory.source.clone(),
        nodes,
        forecast,
        what_if: None,
        drains: None,
        subnets: reports,
        findings: wanted,
        ignored,
        unused_ignores: if withheld.is_empty() { unused } else { Vec::new() },
        beside,
        withheld: gathered(withheld),
        baseline: None,
        places: None,
    })
}

/// The rows that are shown: those about single subnets gathered by what they say, since a policy
/// that refuses a call refuses it for every subnet.
fn gathered(rows: BTreeSet<Withheld>) -> Vec<Withheld> {
    let mut subnets: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut shown = Vec::new();
    for row in rows {
        match row.subnet_id {
            Some(id) => subnets.entry((row.operation, row.reason)).or_default().push(id),
            None => shown.push(row),
        }
    }
    for ((operation, reason), ids) in subnets {
        let these = match ids.as_slice() {
            [one] => one.clone(),
            many => format!("{} subnets", many.len()),
        };
        shown.push(Withheld {
            operation,
            reason: format!("{these}: {reason}"),
            subnet_id: None,
            place: None,
        });
    }
    shown.sort();
    shown
}
