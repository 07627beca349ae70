//! What nodes use, what other settings would save, and which nodes to drain, for people and
//! spreadsheets.

use super::{
    Cell, Document, Grid, Role, Tone,
    audit_csv::PLACE,
    columns::{self, Field, Width},
    place,
};
use crate::{
    audit::{AuditReport, LeftOut, NodeReport, WhatIf},
    finding::{counted, listed},
};

/// The nodes: what each holds, and what for.
pub(super) fn node_section(report: &AuditReport, document: &mut Document) {
    let Some(nodes) = &report.nodes else {
        document.line(Cell::new("not available").toned(Tone::Warn));
        return;
    };
    let mut fields = node_fields();
    if nodes.iter().any(|node| node.usage.node_name.is_some()) {
        // What kubectl takes comes first.
        let name = |n: &NodeReport| Cell::maybe(n.usage.node_name.as_ref());
        fields.insert(0, Field::people("NODE", name).rank(0).role(Role::Name));
    }
    let grid = columns::table(&fields, nodes, Width::Plain);
    document.grid(grid);
    node_rest(nodes, document);
}

/// Why what the warm targets keep is not known of some nodes, as a clause; `None` where it is of all.
fn unknown_targets(idle: &[&NodeReport]) -> Option<String> {
    let unknown: Vec<&&NodeReport> =
        idle.iter().filter(|node| node.usage.freeable_kept.is_none()).collect();
    if unknown.is_empty() {
        return None;
    }
    let lacks_cni = unknown.iter().any(|node| node.usage.has_no_mode());
    let lacks_nodes = unknown.iter().any(|node| node.usage.allocatable_pods.is_none());
    let missing = [(lacks_cni, "aws-node.json"), (lacks_nodes, "nodes.json")];
    let missing: Vec<&str> =
        missing.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
    Some(match missing.as_slice() {
        [] => format!(" (warm targets unknown on {})", unknown.len()),
        names => format!(" (warm targets unknown without {})", names.join(" and ")),
    })
}

/// What the table of nodes has no place for: prefixes that could be freed, and counts that differ.
fn node_rest(nodes: &[NodeReport], document: &mut Document) {
    let label = |node: &NodeReport| {
        node.usage.node_name.clone().unwrap_or_else(|| node.instance_id.to_string())
    };
    let idle: Vec<&NodeReport> = nodes.iter().filter(|n| n.usage.freeable_now() > 0).collect();
    if !idle.is_empty() {
        let prefixes: usize = idle.iter().map(|node| node.usage.freeable_now()).sum();
        let unknown = unknown_targets(&idle);
        document.line(Cell::new(format!(
            "{}{} without a pod that no warm target keeps, on {}{}:",
            if unknown.is_some() { "at most " } else { "" },
            counted(prefixes, "prefix", "prefixes"),
            counted(idle.len(), "node", "nodes"),
            unknown.unwrap_or_default()
        )));
        let mut grid = Grid::new(&["NODE", "#KEPT", "PREFIXES WITHOUT A POD"]);
        for node in idle {
            let prefixes = freeable(node);
            let name = Cell::new(label(node));
            grid.push(vec![name, Cell::maybe(node.usage.freeable_kept), Cell::new(prefixes)]);
        }
        document.grid(grid);
    }
    let differ = nodes.iter().filter(|node| node.usage.counts_differ()).map(|node| {
        let number = |number: Option<u32>| number.unwrap_or(0);
        let (listed, assigned) = (node.usage.listed_pods, node.usage.assigned_addresses);
        format!("{} {} and {}", label(node), number(assigned), number(listed))
    });
    let differ: Vec<String> = differ.collect();
    if !differ.is_empty() {
        document.line(Cell::new(format!(
            "aws-node counts other addresses in use than kubectl's pods, and the greater count is used \
             (aws-node, kubectl): {}",
            listed(&differ)
        )));
    }
}

/// A node's prefixes without a pod, with blanks between them.
fn freeable(node: &NodeReport) -> String {
    let prefixes = node.usage.freeable_prefixes.iter().flatten();
    prefixes.map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// The nodes as a grid for CSV, under the names of the JSON document. Without nodes that are available
/// it has no rows.
#[must_use]
pub fn nodes_grid(report: &AuditReport) -> Grid {
    let mut grid = columns::csv(&node_fields(), report.nodes.iter().flatten());
    place::columns(report, 0, PLACE, &mut grid);
    grid
}

/// The fields of a node's row, in the order of CSV: a new one is a row here, at the end.
fn node_fields() -> Vec<Field<NodeReport>> {
    let mut fields = node_head();
    fields.extend(node_pods());
    fields
}

fn node_head() -> Vec<Field<NodeReport>> {
    vec![
        Field::new("instance_id", "INSTANCE", |n: &NodeReport| Cell::new(&n.instance_id))
            .role(Role::Id)
            .rank(8),
        Field::new("name", "NAME", |n: &NodeReport| Cell::maybe(n.name.as_ref()))
            .role(Role::Name)
            .rank(6),
        Field::new("instance_type", "TYPE", |n: &NodeReport| Cell::maybe(n.instance_type.as_ref()))
            .rank(5),
        Field::new("availability_zone", "ZONE", |n: &NodeReport| {
            Cell::maybe(n.availability_zone.as_ref())
        })
        .rank(5),
        Field::new("enis", "#ENIS", |n: &NodeReport| Cell::new(n.enis)).rank(7),
        Field::new("secondary_addresses", "#SECONDARY", |n: &NodeReport| {
            Cell::new(n.secondary_addresses)
        })
        .rank(7),
        Field::new("prefixes", "#PREFIXES", |n: &NodeReport| Cell::new(n.prefixes)).rank(4),
        Field::new("addresses", "#ADDRESSES", |n: &NodeReport| Cell::new(n.addresses)).rank(0),
        Field::csv("node_name", |n: &NodeReport| Cell::maybe(n.usage.node_name.as_ref())),
        Field::new("held_for_pods", "#FOR PODS", |n: &NodeReport| Cell::new(n.usage.held_for_pods))
            .rank(4),
    ]
}

fn node_pods() -> Vec<Field<NodeReport>> {
    vec![
        Field::new("pods", "#PODS", |n: &NodeReport| Cell::maybe(n.usage.pods)).rank(1),
        Field::new("host_network_pods", "#HOST NETWORK", |n: &NodeReport| {
            Cell::maybe(n.usage.host_network_pods)
        })
        .rank(7),
        Field::new("branch_pods", "#BRANCH", |n: &NodeReport| Cell::maybe(n.usage.branch_pods))
            .rank(7),
        Field::csv("pods_elsewhere", |n: &NodeReport| Cell::maybe(n.usage.pods_elsewhere)),
        Field::new("warm_addresses", "#WARM", |n: &NodeReport| Cell::maybe(n.usage.warm_addresses))
            .in_words(|n| {
                let at_most = || format!("<= {}", n.usage.warm_at_most());
                Cell::new(n.usage.warm_addresses.map_or_else(at_most, |warm| warm.to_string()))
            })
            .rank(1),
        Field::csv("warm_at_most", |n: &NodeReport| Cell::new(n.usage.warm_at_most())),
        Field::new("allocatable_pods", "#MAX PODS", |n: &NodeReport| {
            Cell::maybe(n.usage.allocatable_pods)
        })
        .rank(2),
        Field::new("expected_addresses", "#EXPECTED", |n: &NodeReport| {
            Cell::maybe(n.usage.expected_addresses)
        })
        .rank(5),
        Field::new("difference", "#DIFFERENCE", |n: &NodeReport| {
            let tone = match n.usage.difference() {
                Some(1..) => Tone::Warn,
                Some(_) | None => Tone::Plain,
            };
            Cell::maybe(n.usage.difference()).toned(tone)
        })
        .rank(3),
        Field::csv("assigned_addresses", |n: &NodeReport| Cell::maybe(n.usage.assigned_addresses)),
        Field::csv("listed_pods", |n: &NodeReport| Cell::maybe(n.usage.listed_pods)),
        Field::csv("freeable_prefixes", |n: &NodeReport| {
            Cell::maybe(n.usage.freeable_prefixes.as_ref().map(|_| freeable(n)))
        }),
        Field::csv("freeable_kept", |n: &NodeReport| Cell::maybe(n.usage.freeable_kept)),
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
        super::drains::section(report, drains, document);
    }
}

fn what_if(row: &WhatIf, document: &mut Document) {
    let Some(saved) = row.saved else {
        document.line(Cell::new("not known").toned(Tone::Warn));
        left_out(row, document);
        return;
    };
    let titles = ["SUBNET", "#HELD", "#FRESH NODES TODAY", "#WOULD HOLD", "#SAVED", "#SHORT"];
    let mut grid = Grid::new(&titles);
    for subnet in &row.subnets {
        grid.push(vec![
            Cell::new(&subnet.subnet_id),
            Cell::new(subnet.held),
            Cell::maybe(subnet.fresh),
            Cell::new(subnet.would_hold),
            Cell::new(subnet.saved()),
            Cell::maybe(subnet.short),
        ]);
    }
    document.grid(grid);
    if row.nodes == 0 {
        document.line(Cell::new(format!("saves {saved} addresses")));
        left_out(row, document);
        return;
    }
    let change = if saved < 0 {
        format!("takes {} more addresses", saved.unsigned_abs())
    } else {
        format!("saves {saved} addresses")
    };
    document.line(Cell::new(format!(
        "{change} once all nodes are replaced ({} could be modelled, {} of them would hold \
         another number)",
        counted(row.nodes, "node", "nodes"),
        row.nodes_affected
    )));
    document.line(Cell::new(match row.saved_by_fresh_nodes().zip(row.saved_by_settings()) {
        Some((fresh, settings)) => format!(
            "of {saved}: {fresh} by fresh nodes under today's settings, {settings} by the settings"
        ),
        None => "fresh nodes under today's settings could not be modelled".to_owned(),
    }));
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
