//! The nodes, with the columns that matter first.

use std::cmp::Reverse;

use super::text;
use crate::{
    audit::{AuditReport, NodeReport},
    finding::thousands,
};

/// Nodes that are shown: those with the most addresses that no pod uses.
const MOST: usize = 400;

/// The table.
#[derive(Debug)]
pub(super) struct Nodes {
    pub(super) all: String,
    pub(super) rows: Vec<NodeRow>,
    pub(super) more: usize,
}

/// A node's row.
#[derive(Debug)]
pub(super) struct NodeRow {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) zone: String,
    pub(super) pods: String,
    pub(super) max_pods: String,
    pub(super) held: String,
    pub(super) warm: String,
    pub(super) difference: String,
    pub(super) is_over: bool,
    pub(super) enis: String,
    pub(super) prefixes: String,
    pub(super) addresses: String,
}

/// The nodes, those with the most unused addresses first; `None` when they are not available or there are
/// none.
pub(super) fn nodes(report: &AuditReport) -> Option<Nodes> {
    let all = report.nodes.as_ref().filter(|nodes| !nodes.is_empty())?;
    let mut sorted: Vec<&NodeReport> = all.iter().collect();
    sorted.sort_by_key(|node| {
        (Reverse(node.usage.pods_waiting), Reverse(node.usage.warm_at_most()), &node.instance_id)
    });
    Some(Nodes {
        all: thousands(all.len()),
        rows: sorted.iter().take(MOST).map(|node| row(node)).collect(),
        more: all.len().saturating_sub(MOST),
    })
}

fn row(node: &NodeReport) -> NodeRow {
    let usage = &node.usage;
    let known = |number: Option<u32>| number.map_or("-".to_owned(), thousands);
    let name = usage.node_name.as_deref().or(node.name.as_deref());
    let word = |word: Option<&str>| text(word.unwrap_or("-"));
    NodeRow {
        name: text(name.unwrap_or(node.instance_id.as_str())),
        id: if name.is_some() { text(node.instance_id.as_str()) } else { String::new() },
        kind: word(node.instance_type.as_deref()),
        zone: word(node.availability_zone.as_deref()),
        pods: known(usage.pods),
        max_pods: known(usage.allocatable_pods),
        held: thousands(usage.held_for_pods),
        warm: usage
            .warm_addresses
            .map_or_else(|| format!("≤ {}", thousands(usage.warm_at_most())), thousands),
        difference: usage.difference().map_or("-".to_owned(), |n| format!("{n:+}")),
        is_over: usage.difference().is_some_and(|difference| difference > 0),
        enis: thousands(node.enis),
        prefixes: thousands(node.prefixes),
        addresses: thousands(node.addresses),
    }
}
