//! Findings beside a baseline, for people.

use super::{Cell, Document, Tone, parts};
use crate::{
    audit::{AuditReport, Comparison, Standing},
    finding::Finding,
};

/// An audit's findings: those that a baseline knows are marked and dimmed.
pub(super) fn findings(report: &AuditReport, document: &mut Document) {
    if report.baseline.is_none() {
        return parts::findings(&report.findings, document);
    }
    if report.findings.is_empty() {
        return;
    }
    document.heading("Findings");
    for finding in &report.findings {
        document.blocks.push(parts::advice(finding, cell(report, finding)));
    }
}

/// A finding's line, with how it stands to the baseline if there is one.
pub(super) fn cell(report: &AuditReport, finding: &Finding) -> Cell {
    let plain = parts::finding_cell(finding);
    match report.standing(finding) {
        None => plain,
        Some(Standing::New) => Cell { text: format!("new {}", plain.text), ..plain },
        Some(Standing::Known) => Cell::new(format!("known {}", plain.text)).toned(Tone::Dim),
        Some(Standing::Worse(was)) => {
            Cell { text: format!("worse {} (known as {})", plain.text, was.name()), ..plain }
        }
    }
}

/// The comparison in a line.
pub(super) fn line(comparison: &Comparison) -> String {
    let fixed = comparison.fixed.map_or("unknown".to_owned(), |fixed| fixed.to_string());
    let rest = match comparison.not_judged {
        0 => String::new(),
        rows => format!(", {rows} not judged"),
    };
    format!(
        "baseline: {} new, {} worse, {} known, {fixed} fixed{rest}",
        comparison.new, comparison.worse, comparison.known
    )
}
