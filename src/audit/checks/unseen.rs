//! Whether a NodeClass selects subnets that the audit leaves out: of these only ids and networks are known.

use std::collections::BTreeSet;

use super::Facts;
use crate::{declared::SubnetTerm, inventory::Because};

/// Ids of a VPC's subnets that were listed and not selected.
fn left_out<'a>(facts: &Facts<'a>, vpc: &str) -> Vec<&'a str> {
    let networks = &facts.inventory.other_networks;
    let others = facts.inventory.other_subnets.iter().map(String::as_str);
    others.filter(|id| networks.get(*id).is_none_or(|known| known.vpc_id == vpc)).collect()
}

/// Why a cluster's selection has its subnets; empty where none was selected by its cluster.
fn reasons(facts: &Facts<'_>) -> BTreeSet<String> {
    facts.subnets.iter().flat_map(|subnet| &subnet.selected_by).map(Because::text).collect()
}

/// Whether one of the terms could select a subnet of a VPC that is left out.
pub(super) fn may_select_unseen(facts: &Facts<'_>, terms: &[SubnetTerm], vpc: &str) -> bool {
    let (others, reasons) = (left_out(facts, vpc), reasons(facts));
    let networks = &facts.inventory.other_networks;
    let could = |term: &SubnetTerm, id: &str| {
        let cidr = networks.get(id).map(|known| known.cidr.to_string());
        // A cluster's selection takes every subnet with a tag by which it takes one.
        let is_taken = |(key, value): (&String, &String)| {
            reasons.contains(&Because::Tag(format!("{key}={value}")).text())
        };
        term.id.as_deref().is_none_or(|wanted| wanted == id)
            && term.cidr.as_ref().zip(cidr).is_none_or(|(wanted, cidr)| *wanted == cidr)
            && !term.tags.iter().any(is_taken)
    };
    others.iter().any(|id| terms.iter().any(|term| could(term, id)))
}

/// Whether nodes could be in subnets of a VPC that are left out: a cluster's selection takes all of theirs.
pub(super) fn nodes_may_be_unseen(facts: &Facts<'_>, vpc: &str) -> bool {
    !left_out(facts, vpc).is_empty() && reasons(facts).is_empty()
}
