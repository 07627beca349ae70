//! Findings that the policy does not want, for people.

use super::{Block, Cell, Document, Tone};
use crate::audit::Ignored;

/// Ignored findings, each with why and until when.
pub(super) fn ignored(rows: &[Ignored], document: &mut Document) {
    if rows.is_empty() {
        return;
    }
    document.heading("Ignored");
    for row in rows {
        let finding = &row.finding;
        let text = format!("{} {}: {}", finding.severity.name(), finding.id, finding.message);
        let until = match row.until {
            Some(until) => format!("until {until}"),
            None => "for ever".to_owned(),
        };
        let why = Cell::new(format!("{until}: {}", row.reason)).toned(Tone::Dim);
        document.blocks.push(Block::Advice(Cell::new(text).toned(Tone::Dim), why));
    }
}
