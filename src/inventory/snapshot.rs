//! The snapshot file: an inventory under a schema name, unknown keys refused.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::Error as _};

use super::Inventory;

/// The `schema` of a snapshot file.
pub const SNAPSHOT_SCHEMA: &str = "eksnet.snapshot/v1";

/// Why a snapshot cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It is not JSON of this form; the message holds line and column.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// It is of another schema or version.
    #[error("its schema is `{0}` and not `{SNAPSHOT_SCHEMA}`")]
    Schema(String),
}

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    schema: Schema,
    inventory: Inventory,
}

/// Checked while it is read, so that another version is named before its unknown keys are.
struct Schema;

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let schema = String::deserialize(deserializer)?;
        if schema == SNAPSHOT_SCHEMA {
            Ok(Self)
        } else {
            Err(D::Error::custom(SnapshotError::Schema(schema)))
        }
    }
}

/// Reads a snapshot file.
///
/// # Errors
/// When it is malformed, has an unknown key or is of another version.
pub fn read_snapshot(source: impl io::Read) -> Result<Inventory, SnapshotError> {
    let read: Read = serde_json::from_reader(source)?;
    let Schema = read.schema;
    Ok(read.inventory.in_order())
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
