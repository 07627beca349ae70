//! The rows `ignore` of a policy file.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::checks::CheckName;
use crate::audit::standards::{Ignore, Target};

/// An ignored finding.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Ignore", extend("oneOf" = [
    {"required": ["subnet"]}, {"required": ["tag"]}, {"required": ["id"]}
]))]
pub(super) struct IgnoreEntry {
    /// The check to ignore.
    check: CheckName,
    /// The subnet.
    subnet: Option<NonEmptyText>,
    /// Resources that have all of these tags. Values may be patterns such as `legacy-*`.
    #[schemars(extend("minProperties" = 1))]
    tag: Option<BTreeMap<String, Glob>>,
    /// The resource, by the id in its findings.
    id: Option<NonEmptyText>,
    /// Why the findings are ignored.
    reason: NonEmptyText,
    /// The last day on which the entry is valid, such as 2027-03-31.
    #[serde(default, deserialize_with = "day")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    until: Option<Date>,
}

impl<'de> Deserialize<'de> for Ignore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let row = IgnoreEntry::deserialize(deserializer)?;
        let target = match (row.subnet, row.tag, row.id) {
            (Some(NonEmptyText(id)), None, None) => Target::Subnet(id),
            (None, Some(tags), None) if !tags.is_empty() => {
                Target::Tag(tags.into_iter().map(|(key, Glob(glob))| (key, glob)).collect())
            }
            (None, None, Some(NonEmptyText(id))) => Target::Id(id),
            _ => {
                let check = row.check.0.id;
                return Err(D::Error::custom(format!(
                    "an ignore entry for `{check}` requires exactly one of subnet, tag and id: to \
                     disable the whole check, set enabled: false"
                )));
            }
        };
        Ok(Self { check: row.check.0.id, target, reason: row.reason.0, until: row.until })
    }
}

/// A text that says something.
#[derive(JsonSchema)]
#[schemars(inline)]
struct NonEmptyText(#[schemars(regex(pattern = r"\S"))] String);

impl<'de> Deserialize<'de> for NonEmptyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim().is_empty() {
            Err(D::Error::custom("the text is empty"))
        } else {
            Ok(Self(text))
        }
    }
}

/// A pattern for a tag's value.
#[derive(JsonSchema)]
#[schemars(inline)]
struct Glob(#[schemars(with = "String")] glob::Pattern);

impl<'de> Deserialize<'de> for Glob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        glob::Pattern::new(&text)
            .map(Self)
            .map_err(|error| D::Error::custom(format!("`{text}` is not a valid pattern: {error}")))
    }
}

/// A day as `YYYY-MM-DD`, and in no other of the forms that a date can have.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    const LENGTH: usize = "2027-03-31".len();
    let text = String::deserialize(deserializer)?;
    let date = (text.len() == LENGTH).then(|| text.parse().ok()).flatten();
    date.map(Some)
        .ok_or_else(|| D::Error::custom(format!("`{text}` is not a date such as 2027-03-31")))
}
