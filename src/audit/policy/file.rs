//! Reading a policy file.

use schemars::JsonSchema;
use serde::{Deserialize, de::IgnoredAny};

use super::ignore;
use crate::{
    audit::standards::{Changes, FailOn, Ignore, Policy},
    yaml::{YamlError, read},
};

/// An audit policy: thresholds, severities and ignored findings.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "eksnet policy")]
struct PolicyFile {
    /// The version of the file format: 1.
    #[schemars(range(min = 1, max = 1))]
    version: u64,
    /// The findings that make the exit code 1. Default: critical findings.
    fail_on: Option<FailOn>,
    /// The say in checks, by id.
    checks: Option<Changes>,
    /// Defaults of flags, which the command line reads.
    #[schemars(with = "Option<serde_json::Map<String, serde_json::Value>>")]
    #[expect(dead_code, reason = "the command line reads it")]
    defaults: Option<IgnoredAny>,
    /// Findings to ignore.
    #[schemars(with = "Option<Vec<ignore::IgnoreEntry>>")]
    ignore: Option<Vec<Ignore>>,
}

/// Reads a policy of version 1.
///
/// # Errors
/// When it is no YAML or JSON, when a key, a check or a severity is unknown, or a value cannot be.
pub fn parse_policy(text: &str) -> Result<Policy, YamlError> {
    let file: PolicyFile = read(text)?;
    if file.version != 1 {
        let message =
            format!("unknown policy version {}: the supported version is 1", file.version);
        return Err(YamlError::of_whole(message));
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
