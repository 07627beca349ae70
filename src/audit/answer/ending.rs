//! How an audit ends, and why. The exit code follows from it.

use crate::{
    audit::{AuditReport, FailOn},
    finding::{Finding, Severity, counted},
};

/// How an audit ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// No finding fails it; with why.
    Done(String),
    /// Findings fail it; with which.
    Findings(String),
    /// Something that it needs is not available; with how much. That comes before what was found: a finding
    /// stands either way, and what is not available may hide more.
    Incomplete(String),
}

impl Ending {
    /// How a report ends.
    #[must_use]
    pub fn of(report: &AuditReport, fail_on: &FailOn) -> Self {
        let failing: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|finding| !report.is_known(finding) && fail_on.is_met_by(finding))
            .collect();
        let checks = fresh_checks(report, &failing);
        let failing = failing.len();
        let bar = threshold(fail_on);
        let missing = report.withheld.len();
        if missing > 0 {
            let things = counted(missing, "thing is", "things are");
            let besides = match failing {
                0 => String::new(),
                some => format!(", and {} {bar}", counted(some, "finding is", "findings are")),
            };
            Self::Incomplete(format!("{things} not available{besides}"))
        } else if failing > 0 {
            let (one, many) = match report.baseline {
                Some(_) => ("new or worse finding", "new or worse findings"),
                None => ("finding", "findings"),
            };
            Self::Findings(format!("{} {bar}{checks}", counted(failing, one, many)))
        } else if *fail_on == FailOn::default() {
            Self::Done("no finding fails the run (--fail-on never)".to_owned())
        } else {
            let is_known = report.findings.iter().any(|f| fail_on.is_met_by(f));
            let new = if is_known { "new " } else { "" };
            Self::Done(format!("no {new}finding {bar}"))
        }
    }
}

/// With a baseline, the checks of what is new or worse: the rest of the text is of what is known.
fn fresh_checks(report: &AuditReport, failing: &[&Finding]) -> String {
    if report.baseline.is_none() {
        return String::new();
    }
    let mut ids: Vec<&str> = Vec::new();
    for finding in failing {
        if !ids.contains(&finding.id) {
            ids.push(finding.id);
        }
    }
    format!(": {}", ids.join(", "))
}

/// Which findings fail a run, after "finding".
fn threshold(fail_on: &FailOn) -> String {
    let severity = fail_on.severity.map(|severity| match severity {
        Severity::Critical | Severity::Warning | Severity::Info => {
            format!("at or above {}", severity.name())
        }
    });
    let checks: Vec<&str> = fail_on.checks.iter().copied().collect();
    let checks = (!checks.is_empty()).then(|| format!("of {}", checks.join(", ")));
    severity.into_iter().chain(checks).collect::<Vec<_>>().join(" or ")
}
