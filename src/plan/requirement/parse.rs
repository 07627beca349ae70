//! Reading a requirement.

use super::text::Requirement;
use crate::yaml::{YamlError, read};

/// Reads a requirement of version 1.
///
/// # Errors
/// When it is no YAML or JSON, when a key is unknown or missing, or a value cannot be.
pub fn parse_requirement(text: &str) -> Result<Requirement, YamlError> {
    let requirement: Requirement = read(text)?;
    if requirement.version != 1 {
        let message = format!(
            "unknown requirement version {}: the supported version is 1",
            requirement.version
        );
        return Err(YamlError::of_whole(message));
    }
    Ok(requirement)
}
