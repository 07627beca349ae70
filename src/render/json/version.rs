//! `eksnet version` as JSON.

use schemars::JsonSchema;
use serde::Serialize;

/// The program and what it was built with.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "eksnet version")]
pub struct VersionJson {
    /// The schema of this object: `eksnet.version/v1`.
    pub schema: &'static str,
    /// The program's version.
    pub version: &'static str,
    /// The day of the built-in instance table, such as 2026-11-24.
    pub instance_table: String,
    /// The features it was built with.
    pub features: Vec<&'static str>,
    /// The platform it was built for.
    pub target: &'static str,
}

impl VersionJson {
    /// The object's schema.
    pub const SCHEMA: &str = "eksnet.version/v1";
}
