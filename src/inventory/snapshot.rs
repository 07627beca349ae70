//! The snapshot file: an inventory under a schema name, unknown keys refused.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Inventory, Places, Source, Withheld};

/// The `schema` of a snapshot file.
pub const SNAPSHOT_SCHEMA: &str = "eksnet.snapshot/v1";

/// A snapshot: one region and account, or several.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Snapshot", deny_unknown_fields)]
#[schemars(extend("oneOf" = [
    {"required": ["inventory"]}, {"required": ["source", "places", "withheld"]}
]))]
struct WrittenSnapshot<'a> {
    /// `eksnet.snapshot/v1`.
    schema: &'static str,
    /// The inventory of one region and account.
    #[serde(skip_serializing_if = "Option::is_none")]
    inventory: Option<&'a Inventory>,
    /// The origin of several inventories.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a Source>,
    /// The inventories of several regions or accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    places: Option<Vec<&'a Inventory>>,
    /// What is not available for whole regions or accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    withheld: Option<&'a [Withheld]>,
}

/// The JSON Schema of a snapshot file.
#[must_use]
pub fn snapshot_schema() -> schemars::Schema {
    schemars::schema_for!(WrittenSnapshot<'static>)
}

/// Writes a snapshot file.
///
/// # Errors
/// When the writer fails.
pub fn write_snapshot(places: &Places, out: &mut dyn Write) -> io::Result<()> {
    let mut list = places.list.iter().map(|(inventory, _)| inventory);
    let several = places.is_several;
    let written = WrittenSnapshot {
        schema: SNAPSHOT_SCHEMA,
        inventory: if several { None } else { list.next() },
        source: several.then_some(&places.source),
        places: several.then(|| list.collect()),
        withheld: several.then_some(&places.unseen),
    };
    serde_json::to_writer(&mut *out, &written)?;
    writeln!(out)
}
