//! Catalogue files: the form of data/instance-limits.json, one type a line.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{self, Write},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Catalogue, Disagreement, InstanceLimits, LimitsError, limits::MOST};
use crate::json;

/// The `schema` of a catalogue file.
pub const CATALOGUE_SCHEMA: &str = "eksnet.instance-limits/v1";

/// Why a catalogue file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueFileError {
    /// It is not JSON of this form; the message holds line and column.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// It is of another schema or version.
    #[error("the schema is `{0}`, not `{CATALOGUE_SCHEMA}`")]
    Schema(String),
    /// A count that cannot be.
    #[error(transparent)]
    Limits(#[from] LimitsError),
    /// A type stands in it twice.
    #[error("`{0}` is listed twice")]
    Twice(String),
}

/// What a source states.
#[derive(Serialize, Deserialize, JsonSchema)]
struct SourceSays {
    /// ENIs on the default network card.
    enis: u32,
    /// IPv4 addresses per ENI.
    ipv4_per_eni: u32,
}

/// An instance type for which sources state limits that differ from the rows.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DisagreementRow {
    /// The type.
    instance_type: String,
    /// The limits that each of those sources states.
    said: BTreeMap<String, SourceSays>,
}

/// A catalogue file.
#[derive(Deserialize, JsonSchema)]
#[schemars(title = "InstanceLimits")]
#[serde(deny_unknown_fields)]
struct CatalogueJson {
    /// `eksnet.instance-limits/v1`.
    schema: String,
    /// The day the limits were read, as YYYY-MM-DD.
    as_of: String,
    /// What the short source names stand for.
    #[serde(default)]
    sources: BTreeMap<String, String>,
    /// Types on which sources disagree.
    #[serde(default)]
    disagreements: Vec<DisagreementRow>,
    /// Types that EC2 has and whose limits no source publishes.
    #[serde(default)]
    unpublished: Vec<String>,
    /// The types, sorted by name.
    #[schemars(with = "Vec<super::limits::UncheckedLimits>")]
    instance_types: Vec<InstanceLimits>,
}

/// The JSON Schema of a catalogue file.
#[must_use]
pub fn catalogue_schema() -> schemars::Schema {
    schemars::schema_for!(CatalogueJson)
}

/// Reads a catalogue file.
///
/// # Errors
/// When it is malformed, of another version, or names a type twice.
pub fn read_catalogue(text: &str) -> Result<Catalogue, CatalogueFileError> {
    let file: CatalogueJson = json::from_str(text)?;
    if file.schema != CATALOGUE_SCHEMA {
        return Err(CatalogueFileError::Schema(file.schema));
    }
    let mut types = file.instance_types;
    types.sort_by(|a, b| a.instance_type.cmp(&b.instance_type));
    for (row, next) in types.iter().zip(types.iter().skip(1)) {
        if row.instance_type == next.instance_type {
            return Err(CatalogueFileError::Twice(row.instance_type.to_string()));
        }
    }
    for (name, said) in file
        .disagreements
        .iter()
        .flat_map(|row| row.said.values().map(|said| (&row.instance_type, said)))
    {
        let counts = [("ENIs", said.enis), ("IPv4 addresses per ENI", said.ipv4_per_eni)];
        if let Some((what, count)) = counts.into_iter().find(|(_, count)| *count > MOST) {
            let instance_type = name.clone();
            return Err(LimitsError::TooMany { instance_type, what, count }.into());
        }
    }
    let disagreements = file.disagreements.into_iter().flat_map(|row| {
        let instance_type = row.instance_type;
        row.said.into_iter().map(move |(source, said)| Disagreement {
            instance_type: instance_type.clone().into(),
            source: source.into(),
            enis: said.enis,
            ipv4_per_eni: said.ipv4_per_eni,
        })
    });
    Ok(Catalogue {
        as_of: file.as_of.into(),
        sources: file
            .sources
            .into_iter()
            .map(|(name, text)| (Cow::Owned(name), Cow::Owned(text)))
            .collect::<Vec<_>>()
            .into(),
        disagreements: disagreements.collect::<Vec<_>>().into(),
        unpublished: file.unpublished.into_iter().map(Cow::Owned).collect::<Vec<_>>().into(),
        types: types.into(),
    })
}

/// Writes a catalogue file: a header, then one type a line, so that a changed limit is a changed
/// line.
///
/// # Errors
/// When the writer fails.
pub fn write_catalogue(catalogue: &Catalogue, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{{\"schema\":{},", line(CATALOGUE_SCHEMA)?)?;
    writeln!(out, " \"as_of\":{},", line(&catalogue.as_of)?)?;
    write!(out, " \"sources\":{{")?;
    for (at, (name, text)) in catalogue.sources.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        write!(out, "{comma}\n  {}:{}", line(name)?, line(text)?)?;
    }
    write!(out, "\n }},\n \"disagreements\":[")?;
    let mut rows: BTreeMap<&str, BTreeMap<String, SourceSays>> = BTreeMap::new();
    for row in catalogue.disagreements.iter() {
        let said = SourceSays { enis: row.enis, ipv4_per_eni: row.ipv4_per_eni };
        rows.entry(&row.instance_type).or_default().insert(row.source.to_string(), said);
    }
    for (at, (name, said)) in rows.into_iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let row = DisagreementRow { instance_type: name.to_owned(), said };
        write!(out, "{comma}\n{}", line(&row)?)?;
    }
    writeln!(out, "\n ],\n \"unpublished\":{},", line(&catalogue.unpublished)?)?;
    write!(out, " \"instance_types\":[")?;
    for (at, row) in catalogue.types.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        write!(out, "{comma}\n{}", line(row)?)?;
    }
    writeln!(out, "\n]}}")
}

/// A value as one line of JSON.
fn line<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    serde_json::to_string(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::BUILTIN;

    #[test]
    fn the_shipped_file_is_what_the_writer_writes() {
        let mut written = Vec::new();
        write_catalogue(&BUILTIN, &mut written).unwrap();
        assert_eq!(
            String::from_utf8(written).unwrap(),
            include_str!("../../data/instance-limits.json")
        );
    }

    #[test]
    fn reading_gives_back_what_was_written() {
        let read = read_catalogue(include_str!("../../data/instance-limits.json")).unwrap();
        assert_eq!(read.types(), BUILTIN.types());
        assert_eq!(read.disagreements("i8ge.48xlarge").count(), 2);
    }

    #[test]
    fn another_version_and_a_twin_are_refused() {
        let other = r#"{"schema":"eksnet.instance-limits/v9","as_of":"x","instance_types":[]}"#;
        assert!(matches!(read_catalogue(other), Err(CatalogueFileError::Schema(_))));
        let row =
            r#"{"instance_type":"a","enis_per_card":[2],"ipv4_per_eni":4,"bare_metal":false}"#;
        let twin = format!(
            r#"{{"schema":"{CATALOGUE_SCHEMA}","as_of":"x","instance_types":[{row},{row}]}}"#
        );
        assert!(matches!(read_catalogue(&twin), Err(CatalogueFileError::Twice(_))));
    }
}
