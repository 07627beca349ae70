//! A baseline: findings that are known, so that a pipeline fails for what is new.

mod judged;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::Error as _};

pub use judged::Beside;

use super::AuditReport;
use crate::finding::{Finding, Severity};
use judged::Judged;

/// The `schema` of a baseline file.
pub const BASELINE_SCHEMA: &str = "eksnet.baseline/v1";

/// Findings by what stays the same between runs: check, resource and detail. Of several with one key
/// the worst severity counts. A row without a detail, as older files have them, knows every finding of
/// its check and resource.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    known: BTreeMap<Key, Severity>,
}

/// What stays the same of a finding: the check's id, the resource, the detail.
type Key = (String, String, Option<String>);

/// How a finding stands to a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is not in the baseline.
    New,
    /// The baseline has it at this lower severity.
    Worse(Severity),
    /// The baseline has it at its severity or a higher one.
    Known,
}

/// An audit held against a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    baseline: Baseline,
    /// Findings that the baseline lacks.
    pub new: u32,
    /// Findings that the baseline has at a lower severity.
    pub worse: u32,
    /// Findings that the baseline has.
    pub known: u32,
    /// Rows of the baseline that are found no longer; `None` when something could not be seen, since
    /// that may be what hides them.
    pub fixed: Option<u32>,
    /// Rows of the baseline that this audit says nothing of: their resource is none that their check
    /// looked at, or something could not be seen.
    pub not_judged: u32,
}

impl Comparison {
    /// How a finding stands.
    #[must_use]
    pub fn standing(&self, finding: &Finding) -> Standing {
        let known = |key| self.baseline.known.get(&key).copied();
        // None is less than any severity.
        match known(key(finding)).max(known(without_detail(finding))) {
            None => Standing::New,
            Some(known) if known < finding.severity => Standing::Worse(known),
            Some(_) => Standing::Known,
        }
    }
}

impl Baseline {
    /// What is known from a report on: its findings, and of the baseline it was held against those
    /// rows that it could not judge.
    #[must_use]
    pub fn of(report: &AuditReport) -> Self {
        let mut known = BTreeMap::new();
        for finding in &report.findings {
            let severity = known.entry(key(finding)).or_insert(finding.severity);
            *severity = finding.severity.max(*severity);
        }
        let before = report.baseline.iter().flat_map(|there| &there.baseline.known);
        let judged = Judged::new(report);
        for (key, severity) in before.filter(|((id, resource, _), _)| !judged.is(id, resource)) {
            known.entry(key.clone()).or_insert(*severity);
        }
        Self { known }
    }

    /// Holds a report's findings against the baseline.
    #[must_use]
    pub fn compare(self, report: &AuditReport) -> Comparison {
        let findings = || report.findings.iter();
        let found: BTreeSet<Key> =
            findings().map(key).chain(findings().map(without_detail)).collect();
        let judged = Judged::new(report);
        let (mut fixed, mut not_judged) = (0, 0);
        for key in self.known.keys().filter(|key| !found.contains(*key)) {
            if judged.is(&key.0, &key.1) {
                fixed += 1;
            } else {
                not_judged += 1;
            }
        }
        let mut comparison = Comparison {
            baseline: self,
            new: 0,
            worse: 0,
            known: 0,
            fixed: report.withheld.is_empty().then_some(fixed),
            not_judged,
        };
        for finding in &report.findings {
            match comparison.standing(finding) {
                Standing::New => comparison.new += 1,
                Standing::Worse(_) => comparison.worse += 1,
                Standing::Known => comparison.known += 1,
            }
        }
        comparison
    }
}

fn key(finding: &Finding) -> Key {
    (finding.id.to_owned(), finding.resource.clone(), finding.detail.clone())
}

fn without_detail(finding: &Finding) -> Key {
    (finding.id.to_owned(), finding.resource.clone(), None)
}

/// The baseline file.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Baseline")]
struct File {
    /// `eksnet.baseline/v1`.
    schema: Schema,
    /// What is known, sorted by check, resource and detail.
    findings: Vec<Row>,
}

/// A known finding.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Row {
    /// The check's id.
    id: String,
    /// What it is about.
    resource: String,
    /// Which of several things at the resource; without it all that the check finds there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// How bad it was.
    severity: Level,
}

/// The name of the form, checked while it is read: another version is named before its unknown keys
/// are.
#[derive(Serialize, JsonSchema)]
#[serde(transparent)]
struct Schema(String);

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let schema = String::deserialize(deserializer)?;
        if schema == BASELINE_SCHEMA {
            Ok(Self(schema))
        } else {
            Err(D::Error::custom(format!("its schema is `{schema}` and not `{BASELINE_SCHEMA}`")))
        }
    }
}

#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Level {
    Info,
    Warning,
    Critical,
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Critical => Self::Critical,
        }
    }
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Info => Self::Info,
            Level::Warning => Self::Warning,
            Level::Critical => Self::Critical,
        }
    }
}

/// Reads a baseline file.
///
/// # Errors
/// When it is malformed, has an unknown key or is of another version; the message holds line and
/// column.
pub fn read_baseline(text: &str) -> Result<Baseline, serde_json::Error> {
    let file: File = serde_json::from_str(text)?;
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
        schema: Schema(BASELINE_SCHEMA.to_owned()),
        findings: rows
            .map(|((id, resource, detail), severity)| Row {
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
