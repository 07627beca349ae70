//! `eksnet audit` for people and spreadsheets.

use super::{
    Block, Cell, Document, Grid, Tone,
    columns::{self, Width},
    forecast,
    ignored::ignored,
    parts, place,
    subnet_fields::fields,
    usage,
};
use crate::{
    audit::{
        AuditReport, SubnetCount,
        answer::{Answer, View},
    },
    inventory::OwnerKind,
    network::BlockState,
};

/// Which sections are shown.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuditSections {
    /// Every column of the subnets' table.
    pub wide: bool,
    /// Who holds the addresses.
    pub owners: bool,
    /// What each node holds.
    pub nodes: bool,
    /// The /28 blocks.
    pub map: bool,
    /// Findings that the policy ignores.
    pub ignored: bool,
}

/// The document: subnets worst first, the sections asked for, findings, what was withheld.
#[must_use]
pub fn document(report: &AuditReport, sections: AuditSections) -> Document {
    let mut document = Document::default();
    let answer = Answer::of(report, &View::default());
    let subnets = &answer.subnets;
    let width = if sections.wide { Width::Wide } else { Width::Plain };
    let mut grid = columns::table(&fields(report, &answer), subnets.iter().copied(), width);
    place::columns(report, 0, ["REGION", "ACCOUNT"], &mut grid);
    document.grid(grid);
    if sections.owners {
        document.heading("Owners");
        document.grid(owner_grid(subnets));
    }
    if sections.nodes {
        document.heading("Nodes");
        usage::node_section(report, &mut document);
    }
    if sections.map {
        document.heading("/28 blocks");
        let legend = "A kept by AWS, P delegated prefix, . free, # full, + fragmented";
        document.line(Cell::new(legend).toned(Tone::Dim));
        for subnet in subnets {
            document.blocks.push(Block::Fixed(map_lines(subnet)));
        }
    }
    usage::questions(report, &mut document);
    if let Some(forecasts) = &report.forecast {
        forecast::section(forecasts, &mut document);
    }
    super::baseline::findings(report, &mut document);
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

/// The findings, a line each, with how they stand to a baseline.
pub fn finding_lines(report: &AuditReport) -> impl Iterator<Item = String> {
    report.findings.iter().map(|finding| super::baseline::cell(report, finding).text)
}

fn owner_grid(subnets: &[&SubnetCount]) -> Grid {
    let mut grid = Grid::new(&["SUBNET", "NAME", "OWNER", "#ENIS", "#ADDRESSES", "DESCRIPTION"]);
    for subnet in subnets {
        let head = || [Cell::new(&subnet.subnet_id), Cell::maybe(subnet.name.as_ref())];
        let Some(owners) = &subnet.owners else {
            let mut row = head().to_vec();
            row.push(Cell::new("could not be seen").toned(Tone::Warn));
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
        lines.push("  could not be seen".to_owned());
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
    lines.extend(report.baseline.as_ref().map(super::baseline::line));
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
