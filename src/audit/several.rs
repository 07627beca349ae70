//! Audits of several regions and accounts as one. Each was made by itself, so that what one of them
//! could not see says nothing of another.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use super::{AuditReport, Beside, Ignore, SubnetReport};
use crate::{
    finding::Finding,
    inventory::{Inventory, Place, Source, Withheld},
};

/// The audits so far.
#[derive(Debug, Default)]
pub struct Together {
    reports: Vec<AuditReport>,
    places: BTreeMap<String, Place>,
}

impl Together {
    /// Adds the audit of an inventory, which is of one region.
    pub fn add(&mut self, inventory: &Inventory, mut report: AuditReport) {
        let place = Place {
            region: inventory.source.region.clone(),
            account: inventory.source.account.clone(),
        };
        let owners = accounts(inventory);
        for subnet in &inventory.subnets {
            // Seen by several accounts, it is its owner's if that is one of them.
            let owner = subnet.owner_id.clone().filter(|owner| owners.contains(owner.as_str()));
            let account = place.account.clone().or(owner);
            self.put(&subnet.subnet_id, &Place { account, ..place.clone() });
        }
        let ignored = report.ignored.iter().map(|ignored| &ignored.finding);
        let subnets = report.subnets_by_id();
        for finding in report.findings.iter().chain(ignored) {
            if !subnets.contains_key(finding.resource.as_str()) {
                self.put(&finding.resource, &place);
            }
        }
        for node in report.nodes.iter().flatten() {
            self.put(&node.instance_id, &place);
        }
        let parts = [place.region.as_deref(), place.account.as_deref()];
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        for row in &mut report.withheld {
            row.reason = format!("{name}: {}", row.reason);
            row.place = Some(place.clone());
        }
        self.reports.push(report);
    }

    /// What is found in several places is of none of them.
    fn put(&mut self, resource: &str, place: &Place) {
        let known = self.places.entry(resource.to_owned()).or_insert_with(|| place.clone());
        if known.region != place.region {
            known.region = None;
        }
        if known.account != place.account {
            known.account = None;
        }
    }

    /// The one report: subnets, nodes and findings in the order they have in any report, and what
    /// could not be seen at all.
    #[must_use]
    pub fn close(self, source: Source, unseen: Vec<Withheld>) -> AuditReport {
        let mut whole = AuditReport {
            source,
            subnets: Vec::new(),
            nodes: Some(Vec::new()),
            forecast: None,
            what_if: None,
            drains: None,
            findings: Vec::new(),
            ignored: Vec::new(),
            // A row that means a finding in one place is of use.
            unused_ignores: match self.reports.split_first() {
                Some((first, others)) if unseen.is_empty() => {
                    let idle =
                        |row: &&Ignore| others.iter().all(|r| r.unused_ignores.contains(row));
                    first.unused_ignores.iter().filter(idle).cloned().collect()
                }
                Some(_) | None => Vec::new(),
            },
            beside: Beside::default(),
            withheld: unseen,
            baseline: None,
            places: Some(self.places),
        };
        for report in self.reports {
            whole.subnets.extend(report.subnets);
            // As in one audit, nodes are told if all of them could be.
            whole.nodes = whole.nodes.zip(report.nodes).map(|(mut all, more)| {
                all.extend(more);
                all
            });
            if let Some(drains) = report.drains {
                whole.drains.get_or_insert_default().extend(drains);
            }
            whole.findings.extend(report.findings);
            whole.ignored.extend(report.ignored);
            whole.beside.clusters.extend(report.beside.clusters);
            whole.beside.eni_configs.extend(report.beside.eni_configs);
            whole.withheld.extend(report.withheld);
        }
        whole.subnets.sort_by(by_place);
        if let Some(nodes) = &mut whole.nodes {
            nodes.sort_by(|a, b| a.instance_id.cmp(&b.instance_id));
            nodes.dedup_by(|a, b| a.instance_id == b.instance_id);
        }
        if let Some(drains) = &mut whole.drains {
            let order = whole.subnets.iter().zip(0_usize..);
            let order: BTreeMap<&str, usize> =
                order.map(|(subnet, at)| (subnet.subnet_id.as_str(), at)).collect();
            drains.sort_by_key(|drain| order.get(drain.subnet_id.as_str()).copied());
        }
        whole.findings.sort_by(order);
        whole.findings.dedup();
        whole.ignored.sort_by(|a, b| order(&a.finding, &b.finding));
        whole.ignored.dedup();
        whole.withheld.sort();
        whole.withheld.dedup();
        whole
    }
}

/// Worst first, as in one audit.
fn order(a: &Finding, b: &Finding) -> Ordering {
    a.order().cmp(&b.order())
}

/// The order of one audit's subnets.
fn by_place(a: &SubnetReport, b: &SubnetReport) -> Ordering {
    let key = |s: &SubnetReport| {
        (s.cidr.is_none(), s.vpc_id.clone(), s.availability_zone.clone(), s.cidr)
    };
    key(a).cmp(&key(b)).then_with(|| a.subnet_id.cmp(&b.subnet_id))
}

/// The accounts whose ENIs can be seen.
fn accounts(inventory: &Inventory) -> BTreeSet<&str> {
    inventory.interfaces.iter().flatten().filter_map(|eni| eni.owner_id.as_deref()).collect()
}
