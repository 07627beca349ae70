//! A policy: what a file says of thresholds, checks, findings and the exit code.

use std::collections::BTreeMap;

use super::{fail_on::FailOn, ignore::Ignore, thresholds::Thresholds};
use crate::finding::Severity;

/// What a policy file says; the default says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// Which findings fail the run, if it says so.
    pub fail_on: Option<FailOn>,
    /// The thresholds and the say in checks.
    pub changes: Changes,
    /// Findings that are not wanted.
    pub ignore: Vec<Ignore>,
}

/// What is changed of checks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// The thresholds, defaults where nothing is said.
    pub bars: Thresholds,
    /// The say in single checks, by id.
    pub checks: BTreeMap<&'static str, Override>,
}

/// The say in one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Override {
    /// Whether it runs.
    pub enabled: bool,
    /// The severity of all its findings, in place of its own.
    pub severity: Option<Severity>,
}

impl Default for Override {
    fn default() -> Self {
        Self { enabled: true, severity: None }
    }
}

impl Changes {
    /// The say in a check.
    #[must_use]
    pub fn of(&self, check: &str) -> Override {
        self.checks.get(check).copied().unwrap_or_default()
    }
}
