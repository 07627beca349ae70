//! Findings.

use std::{cmp::Reverse, collections::BTreeMap};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Will be a problem.
    Warning,
    /// Is a problem, or about to be.
    Critical,
}

impl Severity {
    /// The severity's name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// Something an operator should know or do.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The check's stable id.
    pub id: &'static str,
    /// Which of the things that the check can find at the resource it is: a zone, a block, a node
    /// group's kind; the same in every run. A check gives it to all of its findings about a kind of
    /// resource, or to none.
    pub detail: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about, by id.
    pub resource: String,
    /// What is the case, with numbers.
    pub message: String,
    /// What to do, with the command to run.
    pub hint: String,
    /// The numbers behind the message, by name.
    pub evidence: BTreeMap<&'static str, Value>,
}

impl Finding {
    /// The order findings are shown in: worst first, then by resource and check.
    pub(super) fn order(&self) -> (Reverse<Severity>, &str, &'static str) {
        (Reverse(self.severity), &self.resource, self.id)
    }
}

/// A finding that the policy does not want.
#[derive(Debug, Clone, PartialEq)]
pub struct Ignored {
    /// The finding.
    pub finding: Finding,
    /// Why it is not wanted.
    pub reason: String,
    /// The last day on which it is ignored; `None`: for ever.
    pub until: Option<Date>,
}
