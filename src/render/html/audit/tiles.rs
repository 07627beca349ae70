//! The numbers at the top of an audit.

use super::{
    super::head::{Grade, Tile},
    forecast,
    source::PageSource,
    text,
};
use crate::{audit::whole_percent, finding::thousands};

/// Used, critical, warnings, when the first subnet is full, and what is not available.
pub(super) fn tiles(source: &PageSource<'_>) -> Vec<Tile> {
    let report = source.report;
    let counts = source.answer.verdict.counts;
    let summary = report.summary();
    let used = match summary.used.zip(summary.usable) {
        Some((used, usable)) => Tile {
            label: "Addresses used",
            value: whole_percent(used, usable, &[]),
            note: format!("{} of {}", thousands(used), thousands(usable)),
            grade: Grade::Info,
        },
        None => Tile {
            label: "Addresses used",
            value: "not available".to_owned(),
            note: "see below".to_owned(),
            grade: Grade::Unknown,
        },
    };
    let count = |label, count: usize, note: &str, bad: Grade| Tile {
        label,
        value: thousands(count),
        note: note.to_owned(),
        grade: if count > 0 { bad } else { Grade::Good },
    };
    vec![
        used,
        count("Critical", counts.critical, "findings", Grade::Critical),
        count("Warnings", counts.warning, "findings", Grade::Warning),
        first_full(source),
        match counts.missing {
            0 => count("Not available", 0, "all was read", Grade::Unknown),
            some => count("Not available", some, "listed below", Grade::Unknown),
        },
    ]
}

fn first_full(source: &PageSource<'_>) -> Tile {
    let label = "First subnet full";
    let Some(forecasts) = &source.report.forecast else {
        return Tile {
            label,
            value: "no forecast".to_owned(),
            note: "needs --history".to_owned(),
            grade: Grade::Unknown,
        };
    };
    let dates = forecasts.iter().filter_map(|one| Some((forecast::full(one)?.ahead.outlook?, one)));
    match dates.min_by(|a, b| a.0.days.total_cmp(&b.0.days)) {
        Some((outlook, one)) => Tile {
            label,
            value: if outlook.days > 0.0 {
                one.date(outlook.days).unwrap_or_else(|| "later".to_owned())
            } else {
                "now".to_owned()
            },
            note: text(one.name.as_deref().unwrap_or(&one.subnet_id)),
            grade: Grade::Warning,
        },
        None => Tile {
            label,
            value: "not in sight".to_owned(),
            note: "at today's pace".to_owned(),
            grade: Grade::Good,
        },
    }
}
