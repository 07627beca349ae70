//! Reading a scenario.

use super::text::Scenario;
use crate::yaml::{YamlError, read};

/// Reads a scenario of version 1.
///
/// # Errors
/// When it is no YAML or JSON, when a key is unknown or missing, or a value cannot be.
pub fn parse(text: &str) -> Result<Scenario, YamlError> {
    let scenario: Scenario = read(text)?;
    if scenario.version != Scenario::VERSION {
        let message = format!(
            "unknown scenario version {}: the supported version is {}",
            scenario.version,
            Scenario::VERSION
        );
        return Err(YamlError::of_whole(message));
    }
    Ok(scenario)
}
