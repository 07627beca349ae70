//! The snapshot file: an inventory under a schema name, unknown keys refused.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::Inventory;

/// The `schema` of a snapshot file.
pub const SNAPSHOT_SCHEMA: &str = "eksnet.snapshot/v1";

/// The snapshot file's form.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Snapshot", deny_unknown_fields)]
struct Written<'a> {
    /// `eksnet.snapshot/v1`.
    schema: &'static str,
    /// What was observed.
    inventory: &'a Inventory,
}

/// The JSON Schema of a snapshot file.
#[must_use]
pub fn snapshot_schema() -> schemars::Schema {
    schemars::schema_for!(Written<'static>)
}

/// Writes a snapshot file.
///
/// # Errors
/// When the writer fails.
pub fn write_snapshot(inventory: &Inventory, out: &mut dyn Write) -> io::Result<()> {
    let written = Written { schema: SNAPSHOT_SCHEMA, inventory };
    serde_json::to_writer(&mut *out, &written)?;
    writeln!(out)
}
