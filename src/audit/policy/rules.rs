//! A policy: what a file says of bars, checks, findings and the exit code.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Bars, Ignore};
use crate::finding::Severity;

/// What a policy file says; the default says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// From which severity on a finding fails the run, if it says so.
    pub fail_on: Option<FailBar>,
    /// The bars and the say in checks.
    pub changes: Changes,
    /// Findings that are not wanted.
    pub ignore: Vec<Ignore>,
}

/// The severity from which findings fail a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailBar {
    /// Any finding.
    Info,
    /// Warnings and worse.
    Warning,
    /// Critical findings.
    Critical,
    /// None.
    Never,
}

impl FailBar {
    /// The severity from which findings fail the run; `None` where none does.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Critical => Some(Severity::Critical),
            Self::Never => None,
        }
    }

    /// Whether a finding of this severity fails the run.
    #[must_use]
    pub fn is_reached(self, severity: Severity) -> bool {
        self.severity().is_some_and(|bar| severity >= bar)
    }
}

/// What is changed of checks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// The bars, defaults where nothing is said.
    pub bars: Bars,
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
