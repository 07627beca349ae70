//! The words for findings that fail a run.

use std::{borrow::Cow, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{
    audit::{checks::REGISTRY, standards::FailOn},
    finding::Severity,
};

/// Why a word is none that can fail a run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FailOnError {
    /// A word that means nothing.
    #[error("`{0}` is neither a severity (info, warning, critical, never) nor the id of a check")]
    Unknown(String),
    /// `never` beside what it contradicts.
    #[error("`never` cannot be combined with `{0}`")]
    NeverBeside(String),
}

/// No finding by its severity.
const NEVER: &str = "never";
const SEVERITIES: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Critical];

impl FailOn {
    /// Several words, or lists of words with commas: severities, of which the lowest counts, and ids of
    /// checks; or `never` alone.
    ///
    /// # Errors
    /// With the first word that is none of them, or that stands beside `never`.
    pub fn from_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, FailOnError> {
        let mut all = Self::default();
        let words: Vec<&str> =
            words.into_iter().flat_map(|words| words.split(',')).map(str::trim).collect();
        if let Some(other) = words.iter().find(|word| words.contains(&NEVER) && **word != NEVER) {
            return Err(FailOnError::NeverBeside((*other).to_owned()));
        }
        for word in words {
            let severity = SEVERITIES.into_iter().find(|severity| severity.name() == word);
            let check = REGISTRY.iter().find(|check| check.id == word);
            match (severity, check) {
                (Some(severity), _) => {
                    all.severity = Some(all.severity.map_or(severity, |its| its.min(severity)));
                }
                (None, Some(check)) => {
                    all.checks.insert(check.id);
                }
                (None, None) if word == NEVER => {}
                (None, None) => return Err(FailOnError::Unknown(word.to_owned())),
            }
        }
        Ok(all)
    }
}

impl FromStr for FailOn {
    type Err = FailOnError;

    fn from_str(words: &str) -> Result<Self, FailOnError> {
        Self::from_words([words])
    }
}

/// As it is written in a policy: a word, or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrSeveral {
    One(String),
    Several(Vec<String>),
}

impl<'de> Deserialize<'de> for FailOn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = match OneOrSeveral::deserialize(deserializer)? {
            OneOrSeveral::One(word) => vec![word],
            OneOrSeveral::Several(words) => words,
        };
        Self::from_words(words.iter().map(String::as_str)).map_err(D::Error::custom)
    }
}

impl JsonSchema for FailOn {
    fn schema_name() -> Cow<'static, str> {
        "FailOn".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let severities = SEVERITIES.into_iter().map(Severity::name).chain([NEVER]);
        let words: Vec<&str> = severities.chain(REGISTRY.iter().map(|check| check.id)).collect();
        json_schema!({
            "description": "Findings that make the run fail: by minimum severity, by check id, or \
                            both.",
            "oneOf": [
                {"type": "string", "enum": words},
                {"type": "array", "items": {"type": "string", "enum": words}},
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Finding;

    fn fails(words: &[&str], id: &'static str, severity: Severity) -> bool {
        let fail_on = FailOn::from_words(words.iter().copied()).unwrap();
        fail_on.is_met_by(&Finding::new(id, severity, "subnet-1"))
    }

    #[test]
    fn a_severity_or_a_check_fails_a_run() {
        let (info, warning, critical) = (Severity::Info, Severity::Warning, Severity::Critical);
        for (words, id, severity, expected) in [
            (&["critical"][..], "no-room", critical, true),
            (&["critical"], "no-room", warning, false),
            (&["critical", "warning"], "no-room", warning, true),
            (&["no-room"], "no-room", warning, true),
            (&["no-room"], "utilization", critical, false),
            (&["critical,no-room"], "no-room", info, true),
            (&["critical, no-room"], "utilization", critical, true),
            (&["never"], "utilization", critical, false),
        ] {
            assert_eq!(fails(words, id, severity), expected, "{words:?} {id}");
        }
        for word in ["sometimes", "", "no-room,", "Critical", "never,no-room", "warning,never"] {
            assert!(word.parse::<FailOn>().is_err(), "{word}");
        }
    }
}
