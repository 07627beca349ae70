//! Reading our own YAML files, with what is wrong in them said by place and value. JSON is read as
//! YAML, which it is a part of.

use serde::de::DeserializeOwned;

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
}

impl YamlError {
    /// What is wrong with the text as a whole.
    #[must_use]
    pub fn of_whole(message: String) -> Self {
        Self { message, line: None, column: None }
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

fn describe(text: &str, error: &serde_saphyr::Error) -> YamlError {
    let location = error.location();
    let whole = error.without_snippet().to_string();
    // The place is stated once, by us.
    let mut message = match whole.rsplit_once(" at line ") {
        Some((before, _)) if location.is_some() => before.to_owned(),
        _ => whole,
    };
    let written = location.and_then(|at| written(text, at.line(), at.column()));
    if let Some(own) = in_own_words(&message, written) {
        message = own;
    }
    YamlError {
        message,
        line: location.map(|at| at.line()),
        column: location.map(|at| at.column()),
    }
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

/// What the library says of its own types, options and functions, as what is wrong with the value.
fn in_own_words(message: &str, written: Option<&str>) -> Option<String> {
    if message.starts_with("multiple YAML documents") {
        return Some("a second document begins: a file is one".to_owned());
    }
    if let Some(rest) = message.strip_prefix("duplicate mapping key: ") {
        let key = rest.rsplit_once(", set ").map_or(rest, |(key, _)| key);
        return Some(format!("key `{key}` is there twice"));
    }
    let wanted = match message {
        "invalid i64" | "invalid u64" => "a whole number".to_owned(),
        "invalid u32" => format!("a whole number from 0 to {}", u32::MAX),
        "invalid floating point" => "a number".to_owned(),
        "expected mapping start" => "a set of keys".to_owned(),
        "expected sequence start" => "a list".to_owned(),
        "expected string scalar" => "a single value".to_owned(),
        "wanted a whole number or a word" => "a whole number or a word".to_owned(),
        other if other.starts_with("invalid bool") => "true or false".to_owned(),
        other if other.starts_with("cannot deserialize null") => "a text".to_owned(),
        other => {
            let wanted = other.strip_prefix("invalid type: unit value, expected ")?;
            return Some(null(wanted));
        }
    };
    Some(match written {
        Some("null" | "~") => null(&wanted),
        Some(value) => format!("`{value}` is not {wanted}"),
        None => format!("{wanted} is wanted"),
    })
}

fn null(wanted: &str) -> String {
    format!("null is not {wanted}: leave the key out, or give it a value")
}
