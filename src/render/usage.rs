//! What nodes use, what other settings would save, and which nodes to drain, for people and
//! spreadsheets.

use super::{Cell, Document, Grid, Tone, audit_csv::PLACE, place};
use crate::{
    audit::{AuditReport, Drain, DrainNode, LeftOut, NodeReport, NodeUsage, WhatIf},
    finding::counted,
};

/// The nodes: what each holds, and what for.
pub(super) fn node_section(report: &AuditReport, document: &mut Document) {
    let Some(nodes) = &report.nodes else {
        document.line(Cell::new("could not be seen").toned(Tone::Warn));
        return;
    };
    let mut grid = Grid::new(&[
        "NODE",
        "NAME",
        "TYPE",
        "ZONE",
        "#ENIS",
        "#SECONDARY",
        "#PREFIXES",
        "#ADDRESSES",
        "#PODS",
        "#HOST NETWORK",
        "#BRANCH",
        "#WARM",
        "#MAX PODS",
        "#FOR PODS",
        "#EXPECTED",
        "#DIFFERENCE",
    ]);
    for node in nodes {
        let usage = &node.usage;
        let warm = match usage.warm_addresses {
            Some(warm) => warm.to_string(),
            None => format!("<= {}", usage.warm_at_most()),
        };
        let tone = match usage.difference() {
            Some(1..) => Tone::Warn,
            Some(_) | None => Tone::Plain,
        };
        grid.push(vec![
            Cell::new(&node.instance_id),
            Cell::maybe(node.name.as_ref()),
            Cell::maybe(node.instance_type.as_ref()),
            Cell::maybe(node.availability_zone.as_ref()),
            Cell::new(node.enis),
            Cell::new(node.secondary_addresses),
            Cell::new(node.prefixes),
            Cell::new(node.addresses),
            Cell::maybe(usage.pods),
            Cell::maybe(usage.host_network_pods),
            Cell::maybe(usage.branch_pods),
            Cell::new(warm),
            Cell::maybe(usage.allocatable_pods),
            Cell::new(usage.held_for_pods),
            Cell::maybe(usage.expected_addresses),
            Cell::maybe(usage.difference()).toned(tone),
        ]);
    }
    document.grid(grid);
}

/// The nodes as a grid for CSV, under the names of the JSON document. Without nodes that could be seen
/// it has no rows.
#[must_use]
pub fn nodes_grid(report: &AuditReport) -> Grid {
    let mut grid = Grid::new(NODE_COLUMNS);
    for node in report.nodes.iter().flatten() {
        grid.push(node_row(node));
    }
    place::columns(report, 0, PLACE, &mut grid);
    grid
}

const NODE_COLUMNS: &[&str] = &[
    "instance_id",
    "name",
    "instance_type",
    "availability_zone",
    "enis",
    "secondary_addresses",
    "prefixes",
    "addresses",
    "node_name",
    "held_for_pods",
    "pods",
    "host_network_pods",
    "branch_pods",
    "pods_elsewhere",
    "warm_addresses",
    "warm_at_most",
    "allocatable_pods",
    "expected_addresses",
    "difference",
];

fn node_row(node: &NodeReport) -> Vec<Cell> {
    let usage: &NodeUsage = &node.usage;
    vec![
        Cell::new(&node.instance_id),
        Cell::maybe(node.name.as_ref()),
        Cell::maybe(node.instance_type.as_ref()),
        Cell::maybe(node.availability_zone.as_ref()),
        Cell::new(node.enis),
        Cell::new(node.secondary_addresses),
        Cell::new(node.prefixes),
        Cell::new(node.addresses),
        Cell::maybe(usage.node_name.as_ref()),
        Cell::new(usage.held_for_pods),
        Cell::maybe(usage.pods),
        Cell::maybe(usage.host_network_pods),
        Cell::maybe(usage.branch_pods),
        Cell::maybe(usage.pods_elsewhere),
        Cell::maybe(usage.warm_addresses),
        Cell::new(usage.warm_at_most()),
        Cell::maybe(usage.allocatable_pods),
        Cell::maybe(usage.expected_addresses),
        Cell::maybe(usage.difference()),
    ]
}

/// What was asked beyond the audit itself.
pub(super) fn questions(report: &AuditReport, document: &mut Document) {
    for row in report.what_if.iter().flatten() {
        document.heading(format!("What if {}", row.settings));
        what_if(row, document);
    }
    if let Some(drains) = &report.drains {
        document.heading("Drains");
        drain_section(drains, document);
    }
}

fn what_if(row: &WhatIf, document: &mut Document) {
    let Some(saved) = row.saved else {
        document.line(Cell::new("could not be told").toned(Tone::Warn));
        left_out(row, document);
        return;
    };
    let mut grid = Grid::new(&["SUBNET", "#HELD", "#WOULD HOLD", "#SAVED", "#SHORT"]);
    for subnet in &row.subnets {
        grid.push(vec![
            Cell::new(&subnet.subnet_id),
            Cell::new(subnet.held),
            Cell::new(subnet.would_hold),
            Cell::new(subnet.saved()),
            Cell::maybe(subnet.short),
        ]);
    }
    document.grid(grid);
    if row.nodes == 0 {
        document.line(Cell::new(format!("saved: {saved} addresses")));
        left_out(row, document);
        return;
    }
    document.line(Cell::new(format!(
        "saved: {saved} addresses, once fresh nodes with as many pods stand in place of the {} that \
         can be told; {} of them hold another number then",
        row.nodes, row.nodes_affected
    )));
    for subnet in &row.subnets {
        let short = subnet.short.filter(|short| *short > 0);
        if let Some(short) = short {
            let addresses = if short == 1 { "address" } else { "addresses" };
            let blocks = match subnet.short_prefixes {
                None | Some(0) => String::new(),
                Some(blocks) => {
                    format!(", {} among them", counted(blocks, "/28 block", "/28 blocks"))
                }
            };
            let text =
                format!("{} does not fit: {short} {addresses} short{blocks}", subnet.subnet_id);
            document.line(Cell::new(text).toned(Tone::Bad));
        }
    }
    left_out(row, document);
    if row.pods_without_address > 0 {
        let text = format!("{} pods of today would have no address", row.pods_without_address);
        document.line(Cell::new(text).toned(Tone::Bad));
    }
    if let Some((now, then)) = row.ec2_calls {
        document.line(Cell::new(format!(
            "EC2 calls when each node's pods come at once, the node being empty and settled: {now} \
             now, {then} then"
        )));
    }
}

/// The nodes without a number, a line a reason.
fn left_out(row: &WhatIf, document: &mut Document) {
    for (why, nodes) in &row.left_out {
        let tone = match why {
            LeftOut::NeverReady | LeftOut::NeverSettles => Tone::Bad,
            LeftOut::Frozen
            | LeftOut::NotToday
            | LeftOut::NoPool
            | LeftOut::NoPods
            | LeftOut::NoSubnet => Tone::Warn,
        };
        let counted = if *nodes == 1 { "1 node".to_owned() } else { format!("{nodes} nodes") };
        document.line(Cell::new(format!("left out: {counted} {}", why.about())).toned(tone));
    }
}

/// How many nodes that give back blocks by themselves are shown of a subnet; JSON has them all.
const SINGLES: usize = 5;

fn drain_section(drains: &[Drain], document: &mut Document) {
    let mut grid =
        Grid::new(&["SUBNET", "#WANTED", "#ASSIGNABLE NOW", "#RECOVERABLE", "#NODES", "PROVEN"]);
    for drain in drains {
        let nodes = drain.sets.first().map(|set| set.nodes.len());
        let proven = drain.exact.zip(drain.lower_bound).map(|(exact, least)| {
            if exact { "smallest".to_owned() } else { format!("at least {least}") }
        });
        grid.push(vec![
            Cell::new(&drain.subnet_id),
            Cell::new(drain.wanted),
            Cell::maybe(drain.assignable_now),
            Cell::maybe(drain.recoverable),
            Cell::maybe(nodes),
            Cell::maybe(proven),
        ]);
    }
    document.grid(grid);
    for drain in drains {
        let subnet = &drain.subnet_id;
        match drain.recoverable {
            Some(blocks) if drain.sets.is_empty() && blocks > 0 => {
                document.line(Cell::new(format!(
                    "{subnet}: all nodes together give back {blocks} and not {}",
                    drain.wanted
                )));
            }
            Some(_) | None => {}
        }
        for set in &drain.sets {
            let text = format!("{subnet}: {} give back {}", set.nodes.join(" "), set.blocks);
            document.line(Cell::new(text));
        }
        if !drain.single.is_empty() {
            document.line(Cell::new(singles(subnet, &drain.single)).toned(Tone::Dim));
        }
    }
}

fn singles(subnet: &str, all: &[DrainNode]) -> String {
    let shown: Vec<String> =
        all.iter().take(SINGLES).map(|one| format!("{} {}", one.node, one.blocks)).collect();
    let more = match all.len().saturating_sub(SINGLES) {
        0 => String::new(),
        more => format!(" (and {more} more, see -o json)"),
    };
    format!("{subnet}: alone give back: {}{more}", shown.join(", "))
}
