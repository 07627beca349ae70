//! Findings and what could not be seen, the same in every document.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::{audit::Finding, inventory::Withheld};

/// A finding.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FindingJson<'a> {
    /// The check's id.
    id: &'static str,
    /// `info`, `warning` or `critical`.
    severity: &'static str,
    /// What it is about.
    resource: &'a str,
    /// What is the case.
    message: &'a str,
    /// What to do.
    hint: &'a str,
    /// The numbers behind it.
    evidence: &'a BTreeMap<&'static str, Value>,
}

impl<'a> FindingJson<'a> {
    pub(super) fn new(finding: &'a Finding) -> Self {
        Self {
            id: finding.id,
            severity: finding.severity.name(),
            resource: &finding.resource,
            message: &finding.message,
            hint: &finding.hint,
            evidence: &finding.evidence,
        }
    }
}

/// Something that could not be seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WithheldJson<'a> {
    /// The API operation.
    operation: &'a str,
    /// Why.
    reason: &'a str,
}

impl<'a> WithheldJson<'a> {
    pub(super) fn new(withheld: &'a Withheld) -> Self {
        Self { operation: &withheld.operation, reason: &withheld.reason }
    }
}
