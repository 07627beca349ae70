//! Values of flags, and words that a flag does not take.

use std::{fmt::Display, str::FromStr};

use crate::{command::Failure, nearest::nearest};

/// A flag's value, or why it is none.
pub(super) fn value<T: FromStr<Err: Display>>(
    flag: &str,
    text: &str,
    hint: &str,
) -> Result<T, Failure> {
    text.trim().parse().map_err(|error| Failure::usage(format!("{flag}: {error}"), hint))
}

/// A word that a flag does not take, with the one that was meant or all that there are.
pub(super) fn unknown(flag: &str, what: &str, (text, known): (&str, &[&str])) -> Failure {
    let hint = match nearest(text, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("available: {}", known.join(", ")),
    };
    Failure::usage(format!("{flag}: no {what} `{text}`"), hint)
}
