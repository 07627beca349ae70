//! The JSON Schema of the requirement file, for editors and for programs that write requirements.

use schemars::Schema;

use super::text::Requirement;
use crate::simulate::strict_schema;

/// The schema of a requirement of version 1.
#[must_use]
pub fn requirement_schema() -> Schema {
    strict_schema(schemars::schema_for!(Requirement), "eksnet plan requirement")
}
