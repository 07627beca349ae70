//! Findings and what is not available, the same in every document.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::{
    audit::{AuditReport, Standing},
    finding::Finding,
    inventory::{Place, Withheld},
};

/// A region and an account, each `null` if it is not known.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PlaceJson {
    /// The region.
    region: Option<String>,
    /// The account.
    account: Option<String>,
}

impl From<Place> for PlaceJson {
    fn from(place: Place) -> Self {
        Self { region: place.region, account: place.account }
    }
}

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
    /// What to do, in words and with the command.
    hint: String,
    /// The one command that fixes it or narrows it down, without the flags that say where the data is (such
    /// as `--from` or `--profile`): one state has one document. Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
    /// The numbers behind it.
    evidence: &'a BTreeMap<&'static str, Value>,
    /// With `--baseline`: whether the baseline has it at this severity or a higher one.
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<bool>,
    /// With `--baseline`: the lower severity that the baseline has it at.
    #[serde(skip_serializing_if = "Option::is_none")]
    known_severity: Option<&'static str>,
    /// In a run over several regions or accounts: where it is.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    place: Option<PlaceJson>,
}

impl<'a> FindingJson<'a> {
    pub(super) fn new(finding: &'a Finding) -> Self {
        Self {
            id: finding.id,
            severity: finding.severity.name(),
            resource: &finding.resource,
            detail: finding.detail.as_deref(),
            message: &finding.message,
            hint: finding.plain_hint(),
            command: finding.plain_command(),
            evidence: &finding.evidence,
            known: None,
            known_severity: None,
            place: None,
        }
    }

    /// A finding of an audit without what a baseline says of it, which has no say in what a policy ignores.
    pub(super) fn ignored(report: &AuditReport, finding: &'a Finding) -> Self {
        let place = report.place(&finding.resource).map(PlaceJson::from);
        Self { place, ..Self::new(finding) }
    }

    /// A finding of an audit, with what its baseline says of it.
    pub(super) fn of(report: &AuditReport, finding: &'a Finding) -> Self {
        let standing = report.standing(finding);
        let known_severity = match standing {
            Some(Standing::Worse(was)) => Some(was.name()),
            Some(Standing::New | Standing::Known) | None => None,
        };
        let known = standing.map(|standing| standing == Standing::Known);
        Self { known, known_severity, ..Self::ignored(report, finding) }
    }
}

/// Something that is not available.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WithheldJson<'a> {
    /// The API operation.
    operation: &'a str,
    /// Why.
    reason: &'a str,
    /// In a run over several regions or accounts: where it was to be seen.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    place: Option<PlaceJson>,
}

impl<'a> WithheldJson<'a> {
    pub(super) fn new(withheld: &'a Withheld) -> Self {
        let place = withheld.place.clone().map(PlaceJson::from);
        Self { operation: &withheld.operation, reason: &withheld.reason, place }
    }
}
