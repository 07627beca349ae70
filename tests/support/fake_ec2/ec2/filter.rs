//! The filters of a call.

use std::collections::BTreeMap;

use super::super::Call;
use super::super::fault::Fault;
use super::table::Row;

/// How many values one call may give, over all of its filters.
const MOST_VALUES: usize = 200;

/// One filter: a thing passes if it has any of the values.
pub(super) struct Filter {
    subject: Subject,
    values: Vec<String>,
}

/// What a filter looks at.
enum Subject {
    /// A field, by the name of the filter.
    Attribute(String),
    /// The value of the tag with this key.
    Tag(String),
    /// The keys of the tags.
    TagKey,
}

impl Filter {
    /// The filters of `call`, which may be those in `known` and, if `tagged`, those on tags.
    pub(super) fn asked(
        call: &Call,
        known: &[(&str, &str)],
        tagged: bool,
    ) -> Result<Vec<Self>, Fault> {
        let mut filters: BTreeMap<u32, (String, Vec<String>)> = BTreeMap::new();
        for (parameter, value) in &call.parameters {
            let Some(rest) = parameter.strip_prefix("Filter.") else { continue };
            let (number, part) = rest.split_once('.').unwrap_or((rest, ""));
            let filter = filters.entry(number.parse().unwrap_or_default()).or_default();
            if part == "Name" {
                filter.0.clone_from(value);
            } else if part.starts_with("Value.") {
                filter.1.push(value.clone());
            } else {
                let message = format!("The parameter {parameter} is not recognized");
                return Err(Fault::bad("UnknownParameter", message));
            }
        }
        if filters.values().map(|(_, values)| values.len()).sum::<usize>() > MOST_VALUES {
            let message = "The maximum number of filter values specified on a single call is 200";
            return Err(Fault::bad("FilterLimitExceeded", message));
        }
        filters.into_values().map(|(name, values)| Self::new(name, values, known, tagged)).collect()
    }

    fn new(
        name: String,
        values: Vec<String>,
        known: &[(&str, &str)],
        tagged: bool,
    ) -> Result<Self, Fault> {
        let subject = if known.iter().any(|(known, _)| *known == name) {
            Subject::Attribute(name)
        } else if tagged && name == "tag-key" {
            Subject::TagKey
        } else if let Some(key) = name.strip_prefix("tag:").filter(|_| tagged) {
            Subject::Tag(key.to_owned())
        } else {
            let message = format!("The filter '{name}' is invalid");
            return Err(Fault::bad("InvalidParameterValue", message));
        };
        if values.is_empty() {
            let message = "The request must contain a value for each filter";
            return Err(Fault::bad("MissingParameter", message));
        }
        Ok(Self { subject, values })
    }

    /// Whether a thing passes.
    pub(super) fn passes(&self, row: &Row) -> bool {
        let wanted = |found: &str| self.values.iter().any(|value| matches(value, found));
        match &self.subject {
            Subject::Attribute(name) => {
                row.attributes.iter().any(|(known, value)| known == name && wanted(value))
            }
            Subject::Tag(key) => {
                row.tags.iter().any(|(found, value)| found == key && wanted(value))
            }
            Subject::TagKey => row.tags.iter().any(|(found, _)| wanted(found)),
        }
    }
}

/// Whether `text` is what `pattern` asks for, where `*` stands for any characters and `?` for
/// one.
fn matches(pattern: &str, text: &str) -> bool {
    if !pattern.contains(['*', '?']) {
        return pattern == text;
    }
    let mut letters = pattern.chars();
    let (first, rest) = (letters.next(), letters.as_str());
    match first {
        None => text.is_empty(),
        Some('*') => {
            let ends = text.char_indices().map(|(start, _)| start).chain([text.len()]);
            ends.into_iter().any(|start| matches(rest, &text[start..]))
        }
        Some(wanted) => {
            let mut found = text.chars();
            found.next().is_some_and(|found| wanted == '?' || wanted == found)
                && matches(rest, found.as_str())
        }
    }
}
