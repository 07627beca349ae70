//! An audit for CI systems: SARIF, JUnit XML, GitHub's workflow commands, GitLab's Code Quality.

mod fingerprint;
mod github;
mod gitlab;
mod junit;
mod sarif;

pub use github::write_github;
pub use gitlab::write_gitlab;
pub use junit::write_junit;
pub use sarif::write_sarif;

use crate::audit::{
    AuditReport, FailOn,
    answer::{Verdict, View},
};

/// An audit, and what a CI system wants to know besides.
#[derive(Debug, Clone)]
pub struct CiReport<'a> {
    /// The audit.
    pub report: &'a AuditReport,
    /// Which findings are annotations.
    pub view: &'a View,
    /// How many findings are none, and why; `None` if all are.
    pub hidden: Option<String>,
    /// What it comes to.
    pub verdict: &'a Verdict,
    /// The file that findings point at, relative to the root of the repository: a finding is about a
    /// resource at AWS, and these systems show a finding at a line of a file.
    pub location: &'a str,
    /// Which findings fail the run.
    pub fail_on: &'a FailOn,
}

/// A finding's line in [`CiReport::location`]: no line of the file is about it.
const LINE: u32 = 1;

/// How a finding that a baseline has is called, before its text.
fn known(report: &AuditReport, finding: &crate::finding::Finding) -> &'static str {
    if report.is_known(finding) { "known: " } else { "" }
}
