//! Parts that the documents of several commands share.

use super::{Block, Cell, Document, Tone};
use crate::{
    finding::{Again, Finding, Severity},
    inventory::Withheld,
};

/// Findings, each with what to do.
pub(super) fn findings(findings: &[Finding], document: &mut Document) {
    if findings.is_empty() {
        return;
    }
    document.heading("Findings");
    for finding in findings {
        document.blocks.push(advice(finding, finding_cell(finding)));
    }
}

/// A finding in a line.
pub(super) fn finding_cell(finding: &Finding) -> Cell {
    let tone = match finding.severity {
        Severity::Critical => Tone::Bad,
        Severity::Warning => Tone::Warn,
        Severity::Info => Tone::Plain,
    };
    let text = format!("{} {}: {}", finding.severity.name(), finding.id, finding.message);
    Cell::new(text).toned(tone)
}

/// A finding's line with what to do.
pub(super) fn advice(finding: &Finding, line: Cell) -> Block {
    Block::Advice(
        line,
        Cell::new(format!("hint: {}", finding.hint_with_command(&Again::default())))
            .toned(Tone::Dim),
    )
}

/// What is not available, and why.
pub(super) fn withheld(rows: &[Withheld], document: &mut Document) {
    if rows.is_empty() {
        return;
    }
    document.heading("Not available");
    for row in rows {
        let text = format!("{}: {}", row.operation, row.reason);
        document.line(Cell::new(text).toned(Tone::Warn));
    }
}

/// What was skipped.
pub(super) fn notes(rows: &[String], document: &mut Document) {
    if rows.is_empty() {
        return;
    }
    document.heading("Skipped");
    for row in rows {
        document.line(Cell::new(row.clone()).toned(Tone::Dim));
    }
}
