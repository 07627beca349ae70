//! Reading a policy file. JSON is read as YAML, which it is a part of.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Changes, FailBar, Ignore, Policy, ignore};

/// A text that is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", place(*.line, *.column))]
pub struct PolicyError {
    /// What is wrong, with the value.
    pub message: String,
    /// The line it is in, from 1; `None` where the text as a whole is meant.
    pub line: Option<u64>,
    /// The column it begins at, from 1.
    pub column: Option<u64>,
}

fn place(line: Option<u64>, column: Option<u64>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!("line {line}, column {column}: "),
        (Some(line), None) => format!("line {line}: "),
        (None, _) => String::new(),
    }
}

/// What an audit is held against.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "eksnet policy")]
struct PolicyFile {
    /// The form of the file: 1.
    #[schemars(range(min = 1, max = 1))]
    version: u64,
    /// The severity from which a finding makes the exit code 1: critical unless set.
    fail_on: Option<FailBar>,
    /// The say in checks, by id.
    checks: Option<Changes>,
    /// Findings that are not wanted.
    #[schemars(with = "Option<Vec<ignore::Written>>")]
    ignore: Option<Vec<Ignore>>,
}

/// Reads a policy of version 1.
///
/// # Errors
/// When it is no YAML or JSON, when a key, a check or a severity is unknown, or a value cannot be.
pub fn parse_policy(text: &str) -> Result<Policy, PolicyError> {
    let file: PolicyFile = serde_saphyr::from_str(text).map_err(|error| describe(&error))?;
    if file.version != 1 {
        let message = format!("policy version {} is not known: known is 1", file.version);
        return Err(PolicyError { message, line: None, column: None });
    }
    Ok(Policy {
        fail_on: file.fail_on,
        changes: file.checks.unwrap_or_default(),
        ignore: file.ignore.unwrap_or_default(),
    })
}

/// The JSON Schema of the policy file.
#[must_use]
pub fn policy_schema() -> schemars::Schema {
    schemars::schema_for!(PolicyFile)
}

fn describe(error: &serde_saphyr::Error) -> PolicyError {
    let location = error.location();
    let whole = error.without_snippet().to_string();
    // The place is stated once, by us.
    let message = match whole.rsplit_once(" at line ") {
        Some((before, _)) if location.is_some() => before.to_owned(),
        _ => whole,
    };
    // What the library says to programmers is of no use to who wrote the file.
    let message = match message.split_once(", set DuplicateKeyPolicy") {
        Some((before, _)) => before.to_owned(),
        None => message,
    };
    PolicyError {
        message,
        line: location.map(|at| at.line()),
        column: location.map(|at| at.column()),
    }
}
