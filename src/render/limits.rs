//! `eksnet limits` for people and spreadsheets.

use super::{Cell, Document, Grid, Tone};
use crate::instance::{Catalogue, Difference, InstanceLimits};

/// Everything known of one type.
#[must_use]
pub fn show_document(catalogue: &Catalogue, limits: &InstanceLimits) -> Document {
    let mut document = Document::default();
    document.grid(show_grid(limits));
    if limits.retired {
        document.line(Cell::new("retired: EC2 no longer offers this type").toned(Tone::Warn));
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

const COLUMNS: [&str; 13] = [
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
];

fn cells(limits: &InstanceLimits) -> Vec<Cell> {
    let cards: Vec<String> = limits.enis_per_card.iter().map(ToString::to_string).collect();
    vec![
        Cell::new(&limits.instance_type),
        Cell::new(limits.enis()),
        Cell::new(cards.join(" ")),
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
    ]
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
