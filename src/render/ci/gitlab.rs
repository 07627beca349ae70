//! GitLab's Code Quality report: an array of findings at lines of files.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::io::{self, Write};

use serde::Serialize;

use super::{
    CiReport, LINE,
    fingerprint::{Fingerprints, digest},
    known,
};
use crate::{
    finding::Severity,
    render::{escape, json::write_json},
};

/// The `check_name` of what is not available: the report has no other place for it, and left out it
/// would read as nothing found.
const WITHHELD: &str = "not-available";

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// Writes the report: findings, worst first, then what is not available.
///
/// # Errors
/// When the writer fails.
pub fn write_gitlab(ci: &CiReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = ci.report;
    let location = || Location { path: ci.location, lines: Lines { begin: LINE } };
    let mut fingerprints = Fingerprints::default();
    let mut issues: Vec<Issue<'_>> = Vec::new();
    for finding in &report.findings {
        let text =
            format!("{}{}; {}", known(report, finding), finding.message, finding.plain_hint());
        issues.push(Issue {
            description: escape::terminal(&text).into_owned(),
            check_name: finding.id,
            fingerprint: fingerprints.of(finding),
            severity: match finding.severity {
                Severity::Critical => "critical",
                Severity::Warning => "major",
                Severity::Info => "info",
            },
            location: location(),
        });
    }
    for row in &report.withheld {
        let text = format!("not available: {}: {}", row.operation, row.reason);
        issues.push(Issue {
            description: escape::terminal(&text).into_owned(),
            check_name: WITHHELD,
            fingerprint: digest(&[WITHHELD, &row.operation, &row.reason]),
            severity: "blocker",
            location: location(),
        });
    }
    write_json(&issues, out)
}
