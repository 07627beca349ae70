//! What stands beside the findings: what is not available, how it compares.

use std::{cmp::Reverse, io};

use super::{
    presented::{Folding, Presented},
    sheet::{Head, Sheet},
};
use crate::{
    audit::{
        AuditReport, Standing,
        answer::{Group, SortKey, by_standing},
    },
    finding::{Finding, counted},
    inventory::Withheld,
    render::{Tone, baseline},
};

/// Rows that are shown of what is not available when folded.
const SHOWN: usize = 5;

/// A row of what is not available.
pub(super) fn row(row: &Withheld) -> String {
    let place = row.place.as_ref().map(|place| {
        let known: Vec<&str> =
            [&place.region, &place.account].into_iter().flatten().map(String::as_str).collect();
        format!(" in {}", known.join(" "))
    });
    let place = place.filter(|place| place.len() > 4).unwrap_or_default();
    format!("not available: {}{place}: {}", row.operation, row.reason)
}

/// What is not available, and why.
pub(super) fn missing(
    shown: &Presented<'_>,
    fold: Folding,
    sheet: &mut Sheet<'_>,
) -> io::Result<()> {
    let rows = &shown.report.withheld;
    if rows.is_empty() {
        return Ok(());
    }
    sheet.blank()?;
    let most = match fold {
        Folding::Folded => SHOWN,
        Folding::Whole => rows.len(),
    };
    for withheld in rows.iter().take(most) {
        let head = Head { text: "?", width: 2, tone: Tone::Warn };
        sheet.text(&head, &row(withheld), Tone::Warn)?;
    }
    match rows.len().saturating_sub(most) {
        0 => Ok(()),
        more => sheet.under(2, &format!("… {more} more not available (--all)"), Tone::Dim),
    }
}

/// Lines below the verdict: how it compares with a baseline, and what a policy ignores.
pub(super) fn besides(shown: &Presented<'_>) -> Vec<String> {
    let report = shown.report;
    let mut lines: Vec<String> = report.baseline.iter().map(baseline::line).collect();
    if !report.ignored.is_empty() {
        let all = if shown.sections.ignored { "" } else { " (--all shows them)" };
        lines.push(format!(
            "{} ignored by the policy{all}",
            counted(report.ignored.len(), "finding", "findings")
        ));
    }
    lines
}

/// The groups of a view with a baseline's verdict: what is new or worse first, worst first, and what is known.
pub(super) fn arranged<'a>(shown: &Presented<'a>) -> [Vec<Group<'a>>; 2] {
    let groups = shown.view.first(&shown.answer.groups);
    let report = shown.report;
    let [mut fresh, known] = by_standing(groups, |finding| report.is_known(finding));
    if report.baseline.is_some() && shown.view.sort == SortKey::Severity {
        fresh.sort_by_key(|group| Reverse(group.severity));
    }
    [fresh, known]
}

/// How a finding stands to a baseline, before its text.
pub(super) fn standing(report: &AuditReport, finding: &Finding) -> String {
    match report.standing(finding) {
        None => String::new(),
        Some(Standing::New) => "new: ".to_owned(),
        Some(Standing::Known) => "known: ".to_owned(),
        Some(Standing::Worse(was)) => format!("worse (known as {}): ", was.name()),
    }
}
