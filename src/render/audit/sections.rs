//! The sections of an audit: subnets, owners, nodes, maps, and what was asked besides.

use super::presented::{AuditSections, Folding, Presented};
use crate::{
    audit::{
        AuditReport, SubnetCount,
        answer::{Answer, View},
    },
    finding::counted,
    inventory::OwnerKind,
    network::BlockState,
    render::{
        Block, Cell, Document, Grid, Tone,
        columns::{self, Width},
        forecast,
        ignored::ignored,
        parts, place,
        subnet_fields::fields,
        usage,
    },
};

/// The whole document without a view: subnets worst first, the sections asked for, findings, what is
/// not available.
#[must_use]
pub fn document(report: &AuditReport, sections: AuditSections) -> Document {
    let answer = Answer::of(report, &View::default());
    let mut document = Document::default();
    document.grid(subnet_grid(report, &answer, &answer.subnets, sections));
    asked_for(report, &answer.subnets, (sections, Folding::Whole), &mut document);
    crate::render::baseline::findings(report, &mut document);
    if sections.ignored {
        ignored(&report.ignored, &mut document);
    }
    parts::withheld(&report.withheld, &mut document);
    parts::notes(&report.notes, &mut document);
    document.heading("Summary");
    for line in summary(report) {
        document.line(Cell::new(line));
    }
    document
}

/// What stands below the answer: the subnets' table unless it is folded, and the sections asked for.
pub(super) fn below(shown: &Presented<'_>, fold: Folding) -> Document {
    let Presented { report, answer, view, sections, ending: _ } = shown;
    let mut document = Document::default();
    let all = &answer.subnets;
    let subnets = view.top(all);
    if fold == Folding::Whole && !subnets.is_empty() {
        document.heading("Subnets");
        document.grid(subnet_grid(report, answer, subnets, *sections));
        if let (Some(top), more @ 1..) = (view.top, all.len() - subnets.len()) {
            let text = format!("{} hidden by --top {top}", counted(more, "subnet", "subnets"));
            document.line(Cell::new(text).toned(Tone::Dim));
        }
    }
    asked_for(report, subnets, (*sections, fold), &mut document);
    if sections.ignored {
        ignored(&report.ignored, &mut document);
    }
    parts::notes(&report.notes, &mut document);
    document
}

fn subnet_grid(
    report: &AuditReport,
    answer: &Answer<'_>,
    subnets: &[&SubnetCount],
    sections: AuditSections,
) -> Grid {
    let width = if sections.wide { Width::Wide } else { Width::Plain };
    let mut grid = columns::table(&fields(report, answer), subnets.iter().copied(), width);
    place::columns(report, 0, ["REGION", "ACCOUNT"], &mut grid);
    grid
}

/// Owners, nodes, maps, answers to questions and forecasts, as asked for.
fn asked_for(
    report: &AuditReport,
    subnets: &[&SubnetCount],
    (sections, fold): (AuditSections, Folding),
    document: &mut Document,
) {
    if sections.owners {
        document.heading("Owners");
        document.grid(owner_grid(subnets));
    }
    if sections.nodes {
        document.heading("Nodes");
        usage::node_section(report, document);
    }
    if sections.map {
        document.heading("/28 blocks");
        let legend = "A reserved by AWS, P delegated prefix, . free, # full, + fragmented";
        document.line(Cell::new(legend).toned(Tone::Dim));
        for subnet in subnets {
            document.blocks.push(Block::Fixed(map_lines(subnet)));
        }
    }
    usage::questions(report, document);
    if let Some(forecasts) = &report.forecast {
        forecast::section(forecasts, fold, document);
    }
}

/// The findings, a line each, with how they stand to a baseline.
pub fn finding_lines(report: &AuditReport, view: &View) -> impl Iterator<Item = String> {
    let shown = report.findings.iter().filter(|finding| view.shows(finding));
    shown.map(|finding| crate::render::baseline::cell(report, finding).text)
}

fn owner_grid(subnets: &[&SubnetCount]) -> Grid {
    let mut grid = Grid::new(&["SUBNET", "NAME", "OWNER", "#ENIS", "#ADDRESSES", "DESCRIPTION"])
        .named("SUBNET", "NAME")
        .ranked(&[3, 1, 0, 2, 0, 4]);
    for subnet in subnets {
        let head = || [Cell::new(&subnet.subnet_id), Cell::maybe(subnet.name.as_ref())];
        let Some(owners) = &subnet.owners else {
            let mut row = head().to_vec();
            row.push(Cell::new("not available").toned(Tone::Warn));
            row.extend([Cell::new(""), Cell::new(""), Cell::new("")]);
            grid.push(row);
            continue;
        };
        for (kind, count) in owners {
            let others = subnet.other_descriptions.iter().filter(|_| *kind == OwnerKind::Other);
            let descriptions: Vec<String> =
                others.map(|(text, addresses)| format!("{text} ({addresses})")).collect();
            let tone = if *kind == OwnerKind::LeakedEni { Tone::Warn } else { Tone::Plain };
            let mut row = head().to_vec();
            row.extend([
                Cell::new(kind.name()).toned(tone),
                Cell::new(count.interfaces),
                Cell::new(count.addresses),
                Cell::new(descriptions.join(", ")),
            ]);
            grid.push(row);
        }
    }
    grid
}

/// Blocks a line of the map shows: 64 /28 are a /22.
const MAP_WIDTH: usize = 64;

fn map_lines(subnet: &SubnetCount) -> Vec<String> {
    let cidr = subnet.network();
    let mut lines = vec![format!("{} {cidr}", subnet.label())];
    if subnet.map.is_empty() {
        lines.push("  not available".to_owned());
    }
    for row in subnet.map.chunks(MAP_WIDTH) {
        let symbols: String = row.iter().copied().map(BlockState::symbol).collect();
        lines.push(format!("  {symbols}"));
    }
    lines
}

fn summary(report: &AuditReport) -> Vec<String> {
    let summary = report.summary();
    let statuses = some(&[
        (summary.critical, "critical"),
        (summary.warning, "warning"),
        (summary.unknown, "unknown"),
        (summary.ok, "ok"),
    ]);
    let subnets = if summary.subnets == 1 { "subnet" } else { "subnets" };
    let mut lines = vec![format!("{} {subnets}: {statuses}", summary.subnets)];
    if let (Some(used), Some(usable), Some(free)) = (summary.used, summary.usable, summary.free) {
        lines.push(format!("addresses: {used} of {usable} used, {free} free"));
    }
    let [critical, warning, info] = summary.findings;
    let findings = some(&[(critical, "critical"), (warning, "warning"), (info, "info")]);
    lines.push(format!("findings: {findings}"));
    lines.extend(report.baseline.as_ref().map(crate::render::baseline::line));
    if summary.ignored > 0 {
        lines.push(format!("ignored by the policy: {} (--all shows them)", summary.ignored));
    }
    lines
}

/// The counts that are not 0, with their names.
fn some(counts: &[(u32, &str)]) -> String {
    let there = counts.iter().filter(|(count, _)| *count > 0);
    let texts: Vec<String> = there.map(|(count, name)| format!("{count} {name}")).collect();
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}
