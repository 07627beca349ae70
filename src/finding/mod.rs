//! Findings: what an operator should know or do, how bad it is, and how it is worded.

mod command;
mod fix;
mod vpc;
mod words;

pub use command::{Word, command_line, is_id, is_invisible, quoted};
pub use fix::{Again, Command};
pub use vpc::vpc_findings;
pub use words::{counted, listed, thousands};

use std::{cmp::Reverse, collections::BTreeMap};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Will become a problem.
    Warning,
    /// Is a problem, or will be soon.
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
    /// What to do, in words.
    pub hint: String,
    /// The one command that fixes it or narrows it down, if there is one.
    pub command: Option<Command>,
    /// The numbers behind the message, by name.
    pub evidence: BTreeMap<&'static str, Value>,
}

impl Finding {
    /// What a check found at a resource; what it says comes after.
    #[must_use]
    pub fn new(id: &'static str, severity: Severity, resource: impl Into<String>) -> Self {
        Self {
            id,
            detail: None,
            severity,
            resource: resource.into(),
            message: String::new(),
            hint: String::new(),
            command: None,
            evidence: BTreeMap::new(),
        }
    }

    /// With what is the case.
    #[must_use]
    pub fn message(self, message: impl Into<String>) -> Self {
        Self { message: message.into(), ..self }
    }

    /// With what to do.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// With the command to run; a command that cannot be written safely is left out.
    #[must_use]
    pub fn command(self, command: impl Into<Option<Command>>) -> Self {
        Self { command: command.into(), ..self }
    }

    /// What to do, in words and with the command: for those who show both in one text.
    #[must_use]
    pub fn hint_with_command(&self, again: &Again) -> String {
        match (&self.command, self.hint.is_empty()) {
            (None, _) => self.hint.clone(),
            (Some(command), true) => command.line(again, None),
            (Some(command), false) => format!("{}: {}", self.hint, command.line(again, None)),
        }
    }

    /// The same without the flags of a run, for documents that are the same wherever the data was read.
    #[must_use]
    pub fn plain_hint(&self) -> String {
        self.hint_with_command(&Again::default())
    }

    /// The command without the flags of a run.
    #[must_use]
    pub fn plain_command(&self) -> Option<String> {
        Some(self.command.as_ref()?.line(&Again::default(), None))
    }

    /// As that one of the things that the check can find at the resource.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// With a number behind the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.evidence.insert(name, value.into());
        self
    }

    /// The order findings are shown in: worst first, then by resource and check.
    #[must_use]
    pub fn order(&self) -> (Reverse<Severity>, &str, &'static str) {
        (Reverse(self.severity), &self.resource, self.id)
    }
}
