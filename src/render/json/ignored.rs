//! Findings that the policy does not want, in JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::finding::FindingJson;
use crate::audit::{AuditReport, Ignored};

/// A finding that the policy does not want.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct IgnoredJson<'a> {
    /// The finding.
    #[serde(flatten)]
    finding: FindingJson<'a>,
    /// Why it is not wanted.
    reason: &'a str,
    /// The last day on which it is ignored; `null`: for ever.
    until: Option<String>,
}

impl<'a> IgnoredJson<'a> {
    pub(super) fn new(report: &AuditReport, ignored: &'a Ignored) -> Self {
        Self {
            finding: FindingJson::ignored(report, &ignored.finding),
            reason: &ignored.reason,
            until: ignored.until.map(|until| until.to_string()),
        }
    }
}
