//! Findings and what could not be seen, the same in every document.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::{
    audit::{AuditReport, Finding, Standing},
    inventory::Withheld,
};

/// A finding.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FindingJson<'a> {
    /// The check's id.
    id: &'static str,
    /// `info`, `warning` or `critical`.
    severity: &'static str,
    /// What it is about.
    resource: &'a str,
    /// Which of several things at the resource it is, where the check can find several.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// What is the case.
    message: &'a str,
    /// What to do.
    hint: &'a str,
    /// The numbers behind it.
    evidence: &'a BTreeMap<&'static str, Value>,
    /// With `--baseline`: whether the baseline has it at this severity or a higher one.
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<bool>,
    /// With `--baseline`: the lower severity that the baseline has it at.
    #[serde(skip_serializing_if = "Option::is_none")]
    known_severity: Option<&'static str>,
}

impl<'a> FindingJson<'a> {
    pub(super) fn new(finding: &'a Finding) -> Self {
        Self {
            id: finding.id,
            severity: finding.severity.name(),
            resource: &finding.resource,
            detail: finding.detail.as_deref(),
            message: &finding.message,
            hint: &finding.hint,
            evidence: &finding.evidence,
            known: None,
            known_severity: None,
        }
    }

    /// A finding of an audit, with what its baseline says of it.
    pub(super) fn of(report: &AuditReport, finding: &'a Finding) -> Self {
        let standing = report.standing(finding);
        let known_severity = match standing {
            Some(Standing::Worse(was)) => Some(was.name()),
            Some(Standing::New | Standing::Known) | None => None,
        };
        let known = standing.map(|standing| standing == Standing::Known);
        Self { known, known_severity, ..Self::new(finding) }
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
