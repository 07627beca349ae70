//! Reading our own YAML files, with what is wrong in them said by place and value. JSON is read as
//! YAML, which it is a part of.

use serde::de::DeserializeOwned;
use serde_saphyr::Error;

use crate::nearest::nearest;

/// A text that is not what was wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", place(*.line, *.column))]
pub struct YamlError {
    /// What is wrong, with the value.
    pub message: String,
    /// The line it is in, from 1; `None` where the text as a whole is meant.
    pub line: Option<u64>,
    /// The column it begins at, from 1.
    pub column: Option<u64>,
    /// Whether the text is more than is read, and need not be wrong.
    pub is_limit: bool,
}

impl YamlError {
    /// What is wrong with the text as a whole.
    #[must_use]
    pub fn of_whole(message: String) -> Self {
        Self { message, line: None, column: None, is_limit: false }
    }
}

fn place(line: Option<u64>, column: Option<u64>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!("line {line}, column {column}: "),
        (Some(line), None) => format!("line {line}: "),
        (None, _) => String::new(),
    }
}

/// Reads a text.
///
/// # Errors
/// When it is no YAML or JSON, or not of the type's form.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    serde_saphyr::from_str(text).map_err(|error| describe(text, &error))
}

/// Reads a text that was put together from what was read before, and so may be long.
///
/// # Errors
/// As [`read`].
pub fn read_long<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    serde_saphyr::from_str_with_options(text, long()).map_err(|error| describe(text, &error))
}

/// A text as data, before any type of our own. Words such as `y` and `no` stay words.
///
/// # Errors
/// When it is no YAML.
pub fn value(text: &str) -> Result<serde_json::Value, YamlError> {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| describe(text, &error))
}

/// The documents of a text, those that hold nothing left out.
///
/// # Errors
/// When it is no YAML.
pub fn documents(text: &str) -> Result<Vec<serde_json::Value>, YamlError> {
    serde_saphyr::from_multiple_with_options(text, long()).map_err(|error| describe(text, &error))
}

/// The documents of a text as a type of our own, in which words such as `y` and `no` stay words.
///
/// # Errors
/// When it is no YAML, or not of the type's form.
pub fn documents_as<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, YamlError> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: MOST_NODES.saturating_mul(2),
            max_nodes: MOST_NODES,
        },
        strict_booleans: true,
    };
    serde_saphyr::from_multiple_with_options(text, options).map_err(|error| describe(text, &error))
}

fn long() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: MOST_NODES.saturating_mul(2),
            max_nodes: MOST_NODES,
        },
    }
}

/// The most values of a text of several documents: a list of 10,000 pods has 2 million.
const MOST_NODES: usize = 8_000_000;

fn describe(text: &str, error: &Error) -> YamlError {
    let error = error.without_snippet();
    let location = error.location();
    let written = location.and_then(|at| written(text, at.line(), at.column()));
    let limit = limit(&error.to_string());
    YamlError {
        is_limit: limit.is_some(),
        message: limit.map_or_else(|| in_own_words(error, written), ToOwned::to_owned),
        line: location.map(|at| at.line()),
        column: location.map(|at| at.column()),
    }
}

/// What bound of the library an error is about.
fn limit(message: &str) -> Option<&'static str> {
    if message.starts_with("recursion limit exceeded") {
        return Some("values are nested too deep to be read");
    }
    let bound = message.strip_prefix("budget breached: ")?.split([' ', '{']).next()?;
    Some(match bound {
        "Depth" => "values are nested more than 64 deep, which is the most that is read",
        "Documents" => "there are more than 1,024 documents, which is the most that is read",
        "Aliases"
        | "Anchors"
        | "MergeKeys"
        | "AliasAnchorRatio"
        | "RecordedAnchorEvents"
        | "RecordedAnchorBytes" => "anchors and aliases repeat more of the text than is read",
        _ => "the text holds more than is read",
    })
}

/// The most characters of a value that are told.
const MOST_TOLD: usize = 40;

/// The plain value that is written at a place, which counts from 1.
fn written(text: &str, line: u64, column: u64) -> Option<&str> {
    let line = text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)?;
    let (from, _) = line.char_indices().nth(usize::try_from(column).ok()?.checked_sub(1)?)?;
    let rest = line.get(from..)?;
    let value = rest.split([',', '}', ']']).next()?.split(" #").next()?.trim();
    let is_plain = !value.is_empty() && !value.starts_with(['{', '[']) && !value.starts_with("- ");
    (is_plain && value.chars().count() <= MOST_TOLD).then_some(value)
}

/// What is wrong with the value, and not with the library's types, options and functions.
#[expect(clippy::wildcard_enum_match_arm, reason = "the enum is not ours and may grow")]
fn in_own_words(error: &Error, written: Option<&str>) -> String {
    let wanted = match error {
        Error::Message { msg, .. } if msg == "expected a whole number or a word" => {
            "a whole number or a word".to_owned()
        }
        Error::Message { msg, .. } => return msg.clone(),
        Error::MultipleDocuments { .. } => {
            return "the file contains a second document: only one is allowed".to_owned();
        }
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            return format!("key `{key}` is listed twice");
        }
        Error::SerdeInvalidType { unexpected, expected, .. } if unexpected == "unit value" => {
            return null(expected);
        }
        Error::InvalidScalar { ty: "i64" | "u64", .. } => "a whole number".to_owned(),
        Error::InvalidScalar { ty: "u32", .. } => format!("a whole number from 0 to {}", u32::MAX),
        Error::InvalidScalar { ty: "floating point", .. } => "a number".to_owned(),
        Error::InvalidScalar { ty: "bool" | "boolean", .. }
        | Error::InvalidBooleanStrict { .. } => "true or false".to_owned(),
        Error::Unexpected { expected: "mapping start", .. } => "a set of keys".to_owned(),
        Error::Unexpected { expected: "sequence start", .. } => "a list".to_owned(),
        Error::Unexpected { expected: "string scalar", .. } => "a single value".to_owned(),
        Error::NullIntoString { .. } => "a string".to_owned(),
        Error::SerdeUnknownField { field, expected, .. } => {
            return unknown("field", field, expected);
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            return unknown("variant", variant, expected);
        }
        other => return without_place(&other.to_string()),
    };
    match written {
        Some("null" | "~") => null(&wanted),
        Some(value) => format!("`{value}` is not {wanted}"),
        None => format!("expected {wanted}"),
    }
}

/// A key or a word that does not exist, with the one that was meant or else with all that do.
fn unknown(kind: &str, name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("unknown {kind} `{name}`: did you mean `{near}`?"),
        None => format!("unknown {kind} `{name}`, expected one of {}", known.join(", ")),
    }
}

/// The place is stated once, by us.
fn without_place(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(before, _)| before).to_owned()
}

fn null(wanted: &str) -> String {
    format!("null is not {wanted}: remove the key, or set a value")
}
