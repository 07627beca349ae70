//! `eksnet limits` for people and spreadsheets.

use super::{Cell, Document, Grid, Tone};
use std::collections::BTreeSet;

use crate::{
    finding::{counted, thousands},
    instance::{Catalogue, Difference, InstanceLimits},
};

/// Everything known of one type.
#[must_use]
pub fn show_document(catalogue: &Catalogue, limits: &InstanceLimits) -> Document {
    let mut document = Document::default();
    document.grid(show_grid(limits));
    if limits.retired {
        document.line(Cell::new("retired: EC2 no longer offers this type").toned(Tone::Warn));
    }
    if let Some(more) = limits.flexible_enis() {
        let text = format!(
            "note: EC2 attaches up to {} with flexible ENA queues \
             (AdditionalFlexibleNetworkInterfaces); the VPC CNI, nodeadm and Karpenter ignore them",
            counted(more, "more ENI", "more ENIs")
        );
        document.line(Cell::new(text).toned(Tone::Dim));
    }
    for source in limits.sources.iter() {
        let meaning = catalogue.sources().iter().find(|(name, _)| name == source);
        let text = meaning.map_or(source.as_ref(), |(_, text)| text.as_ref());
        document.line(Cell::new(format!("source: {text}")).toned(Tone::Dim));
    }
    for row in catalogue.disagreements(&limits.instance_type) {
        let text = format!(
            "disagreement: {} says {} ENIs of {} IPv4 addresses; {} of {} are used here",
            row.source,
            row.enis,
            row.ipv4_per_eni,
            limits.enis(),
            limits.ipv4_per_eni
        );
        document.line(Cell::new(text).toned(Tone::Warn));
    }
    document
}

/// One type's fields as a grid of field and value.
fn show_grid(limits: &InstanceLimits) -> Grid {
    let mut grid = Grid::new(&["FIELD", "VALUE"]);
    for (column, cell) in COLUMNS.iter().zip(cells(limits)) {
        let name = column.trim_start_matches('#');
        let unknown = cell.text.is_empty();
        let cell = if unknown { Cell::new("unknown").toned(Tone::Dim) } else { cell };
        grid.push(vec![Cell::new(name), cell]);
    }
    grid
}

const COLUMNS: [&str; 16] = [
    "instance_type",
    "#enis",
    "enis_per_card",
    "#ipv4_per_eni",
    "#ipv6_per_eni",
    "hypervisor",
    "bare_metal",
    "#vcpus",
    "#memory_mib",
    "architectures",
    "current_generation",
    "trunking",
    "#branch_enis",
    "#efa_interfaces",
    "efa_on_default_card",
    "additional_flexible_enis",
];

fn cells(limits: &InstanceLimits) -> Vec<Cell> {
    vec![
        Cell::new(&limits.instance_type),
        Cell::new(limits.enis()),
        Cell::new(joined(&limits.enis_per_card)),
        Cell::new(limits.ipv4_per_eni),
        Cell::maybe(limits.ipv6_per_eni),
        match limits.hypervisor {
            None if limits.bare_metal => Cell::new("none"),
            hypervisor => Cell::maybe(hypervisor),
        },
        Cell::new(limits.bare_metal),
        Cell::maybe(limits.vcpus),
        Cell::maybe(limits.memory_mib),
        Cell::new(limits.architectures.as_deref().unwrap_or_default().join(" ")),
        Cell::maybe(limits.current_generation),
        Cell::maybe(limits.trunking),
        Cell::maybe(limits.branch_enis),
        Cell::maybe(limits.efa_interfaces),
        Cell::maybe(limits.efa_on_default_card),
        Cell::maybe(limits.additional_flexible_enis.as_deref().map(joined)),
    ]
}

fn joined(counts: &[u32]) -> String {
    counts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Types, a row each. CSV takes the names of the JSON document.
#[must_use]
pub fn list_grid(rows: &[&InstanceLimits]) -> Grid {
    let mut grid = Grid::new(&COLUMNS);
    for row in rows {
        grid.push(cells(row));
    }
    grid
}

/// Types, a row each, for people: everything, or what decides how many pods fit.
#[must_use]
pub fn list_document(rows: &[&InstanceLimits], wide: bool) -> Document {
    let mut document = Document::default();
    document.grid(if wide { list_grid(rows) } else { short_grid(rows) });
    document
}

fn short_grid(rows: &[&InstanceLimits]) -> Grid {
    let mut grid = Grid::new(&[
        "TYPE",
        "#ENIS",
        "#IPV4/ENI",
        "#VCPU",
        "#MEMORY GIB",
        "ARCH",
        "HYPERVISOR",
        "#BRANCH ENIS",
    ])
    .ranked(&[0, 1, 1, 2, 3, 4, 6, 5]);
    for limits in rows {
        let hypervisor = limits.hypervisor.map(|hypervisor| hypervisor.to_string());
        let hypervisor = if limits.bare_metal { Some("metal".to_owned()) } else { hypervisor };
        grid.push(vec![
            Cell::new(&limits.instance_type),
            Cell::new(limits.enis()),
            Cell::new(limits.ipv4_per_eni),
            Cell::maybe(limits.vcpus),
            Cell::maybe(limits.memory_mib.map(gib)),
            Cell::new(limits.architectures.as_deref().unwrap_or_default().join(" ")),
            Cell::maybe(hypervisor),
            Cell::maybe(limits.branch_enis),
        ]);
    }
    grid
}

/// MiB in GiB, with what is left of one.
fn gib(mib: u64) -> String {
    const MIB: u64 = 1024;
    match mib % MIB {
        0 => (mib / MIB).to_string(),
        rest => format!("{}.{}", mib / MIB, rest * 10 / MIB),
    }
}

/// Whether a table agrees with an answer, in a line.
#[must_use]
pub fn verdict(differences: &[Difference], compared: usize) -> String {
    let types: BTreeSet<&str> = differences.iter().map(|row| row.instance_type.as_ref()).collect();
    let all = counted(compared, "type", "types");
    match types.len() {
        0 => format!("{all} compared: all agree"),
        1 => format!("1 of {all} differs: {}", types.iter().next().unwrap_or(&"")),
        many => format!("{} of {all} differ", thousands(many)),
    }
}

/// The verdict, then the differences.
#[must_use]
pub fn verify_document(differences: &[Difference], compared: usize) -> Document {
    let mut document = Document::default();
    let tone = if differences.is_empty() { Tone::Good } else { Tone::Bad };
    document.line(Cell::new(verdict(differences, compared)).marked(tone));
    if !differences.is_empty() {
        let mut grid = differences_grid(differences);
        for (column, title) in
            grid.columns.iter_mut().zip(["TYPE", "FIELD", "TABLE", "DESCRIBEINSTANCETYPES"])
        {
            column.title = title;
        }
        document.grid(grid);
    }
    document
}

/// Differences, a row each.
#[must_use]
pub fn differences_grid(differences: &[Difference]) -> Grid {
    let mut grid = Grid::new(&["instance_type", "field", "catalogue", "answer"]);
    for row in differences {
        grid.push(vec![
            Cell::new(&row.instance_type),
            Cell::new(row.field),
            Cell::maybe(row.catalogue.as_ref()),
            Cell::new(&row.answer),
        ]);
    }
    grid
}
