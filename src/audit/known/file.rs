//! The baseline file.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::Error as _};

use super::baseline::Baseline;
use crate::{finding::Severity, json};

/// The `schema` of a baseline file.
pub const BASELINE_SCHEMA: &str = "eksnet.baseline/v1";

/// The baseline file.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Baseline")]
struct File {
    /// `eksnet.baseline/v1`.
    schema: BaselineSchema,
    /// The known findings, sorted by check, resource and detail.
    findings: Vec<BaselineRow>,
}

/// A known finding.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BaselineRow {
    /// The check's id.
    id: String,
    /// The resource of the finding.
    resource: String,
    /// Which of several findings of the check at the resource; absent: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The severity when the baseline was written.
    severity: BaselineSeverity,
}

/// The name of the form, checked while it is read: another version is named before its unknown keys
/// are.
#[derive(Serialize, JsonSchema)]
#[serde(transparent)]
struct BaselineSchema(String);

impl<'de> Deserialize<'de> for BaselineSchema {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let schema = String::deserialize(deserializer)?;
        if schema == BASELINE_SCHEMA {
            Ok(Self(schema))
        } else {
            Err(D::Error::custom(format!("the schema is `{schema}`, not `{BASELINE_SCHEMA}`")))
        }
    }
}

#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum BaselineSeverity {
    Info,
    Warning,
    Critical,
}

impl From<Severity> for BaselineSeverity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Critical => Self::Critical,
        }
    }
}

impl From<BaselineSeverity> for Severity {
    fn from(level: BaselineSeverity) -> Self {
        match level {
            BaselineSeverity::Info => Self::Info,
            BaselineSeverity::Warning => Self::Warning,
            BaselineSeverity::Critical => Self::Critical,
        }
    }
}

/// Reads a baseline file.
///
/// # Errors
/// When it is malformed, has an unknown key or is of another version; the message holds line and
/// column.
pub fn read_baseline(text: &str) -> Result<Baseline, serde_json::Error> {
    let file: File = json::from_str(text)?;
    let mut known = BTreeMap::new();
    for row in file.findings {
        let read = Severity::from(row.severity);
        let severity = known.entry((row.id, row.resource, row.detail)).or_insert(read);
        *severity = read.max(*severity);
    }
    Ok(Baseline { known })
}

/// Writes a baseline file.
///
/// # Errors
/// When the writer fails.
pub fn write_baseline(baseline: &Baseline, out: &mut dyn Write) -> io::Result<()> {
    let rows = baseline.known.iter();
    let file = File {
        schema: BaselineSchema(BASELINE_SCHEMA.to_owned()),
        findings: rows
            .map(|((id, resource, detail), severity)| BaselineRow {
                id: id.clone(),
                resource: resource.clone(),
                detail: detail.clone(),
                severity: (*severity).into(),
            })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &file)?;
    writeln!(out)
}

/// The JSON Schema of a baseline file.
#[must_use]
pub fn baseline_schema() -> schemars::Schema {
    schemars::schema_for!(File)
}
