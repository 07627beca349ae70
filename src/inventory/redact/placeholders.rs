//! Which placeholder takes the place of which original.

use std::collections::{BTreeMap, BTreeSet};

/// What an original is, which tells the shape of its placeholder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OriginalKind {
    /// An account: `000000000001`.
    Account,
    /// A resource of this prefix: `subnet-0redacted0001`.
    Id(String),
    /// Any other text: `redacted-0001`.
    Name,
}

/// The digits of a placeholder's number, at least.
const DIGITS: usize = 4;
/// The digits of an account.
const ACCOUNT_DIGITS: usize = 12;

/// The placeholders. They are numbered in the order of the originals, so that whatever is sorted stays
/// so; that needs all originals before the first placeholder, and so two passes.
#[derive(Debug)]
pub(super) enum Placeholders {
    /// The first pass: originals are gathered, and stay.
    Gathering(BTreeMap<OriginalKind, BTreeSet<String>>),
    /// The second: they are replaced.
    Replacing(BTreeMap<OriginalKind, BTreeMap<String, String>>),
}

impl Placeholders {
    pub(super) fn new() -> Self {
        Self::Gathering(BTreeMap::new())
    }

    /// From the first pass to the second.
    pub(super) fn numbered(self) -> Self {
        match self {
            Self::Gathering(originals) => {
                let number = |(kind, texts): (OriginalKind, BTreeSet<String>)| {
                    let digits = texts.len().to_string().len().max(DIGITS);
                    let pairs = texts.into_iter().enumerate().map(|(at, text)| {
                        let placeholder = shaped(&kind, at + 1, digits);
                        (text, placeholder)
                    });
                    (kind.clone(), pairs.collect())
                };
                Self::Replacing(originals.into_iter().map(number).collect())
            }
            Self::Replacing(_) => self,
        }
    }

    /// What takes an original's place.
    pub(super) fn of(&mut self, kind: OriginalKind, original: &str) -> String {
        match self {
            Self::Gathering(originals) => {
                originals.entry(kind).or_default().insert(original.to_owned());
                original.to_owned()
            }
            Self::Replacing(placeholders) => {
                let known = placeholders.get(&kind).and_then(|texts| texts.get(original)).cloned();
                // The second pass goes where the first went, so that every original is known.
                known.unwrap_or_else(|| {
                    // A phrase with others in it was replaced before.
                    if is_placeholder(original) {
                        original.to_owned()
                    } else {
                        shaped(&kind, 0, DIGITS)
                    }
                })
            }
        }
    }

    /// What takes the place of a text if it was found elsewhere, as whatever.
    pub(super) fn known(&self, text: &str) -> Option<&str> {
        match self {
            Self::Gathering(_) => None,
            Self::Replacing(placeholders) => {
                placeholders.values().find_map(|texts| texts.get(text)).map(String::as_str)
            }
        }
    }

    /// The originals that are more than one word, with their placeholders, the longest first.
    pub(super) fn phrases(&self) -> Vec<(&str, &str)> {
        let mut phrases: Vec<(&str, &str)> = match self {
            Self::Gathering(_) => Vec::new(),
            Self::Replacing(placeholders) => placeholders
                .values()
                .flatten()
                .filter(|(text, _)| !text.chars().all(is_of_word))
                .map(|(text, placeholder)| (text.as_str(), placeholder.as_str()))
                .collect(),
        };
        phrases.sort_by_key(|(text, _)| (std::cmp::Reverse(text.len()), *text));
        phrases
    }
}

fn shaped(kind: &OriginalKind, number: usize, digits: usize) -> String {
    match kind {
        OriginalKind::Account => format!("{number:0ACCOUNT_DIGITS$}"),
        OriginalKind::Id(prefix) => format!("{prefix}-0redacted{number:0digits$}"),
        OriginalKind::Name => format!("redacted-{number:0digits$}"),
    }
}

/// Whether a text is a placeholder of a name or an account.
fn is_placeholder(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.strip_prefix("redacted-").is_some_and(is_number)
        || (text.len() == ACCOUNT_DIGITS && is_number(text) && text.starts_with("000000"))
}

/// Whether a character may stand inside one word.
pub(super) fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '@' | '+')
}
