//! Which findings fail a run.

use std::collections::BTreeSet;

use crate::finding::{Finding, Severity};

/// Which findings fail a run: those from a severity on, and all of certain checks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FailOn {
    /// The severity from which any finding fails it; `None`: no finding does by its severity.
    pub(in crate::audit) severity: Option<Severity>,
    /// Checks of which every finding fails it.
    pub(in crate::audit) checks: BTreeSet<&'static str>,
}

impl FailOn {
    /// Findings of this severity and worse.
    #[must_use]
    pub fn from_severity(severity: Severity) -> Self {
        Self { severity: Some(severity), checks: BTreeSet::new() }
    }

    /// Whether a finding fails the run.
    #[must_use]
    pub fn is_met_by(&self, finding: &Finding) -> bool {
        self.severity.is_some_and(|severity| finding.severity >= severity)
            || self.checks.contains(finding.id)
    }
}
