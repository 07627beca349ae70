//! Finding types by pattern, and the names nearest to a mistyped one.

use super::{Catalogue, InstanceLimits, natural::natural};
use crate::nearest::ranked;

/// A type pattern that cannot be read, with why.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is not a valid pattern: {reason}")]
pub struct PatternError {
    /// The text as given.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// Whether the text is a glob and not one type's name.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// The types a glob matches in whatever case, in their natural order; retired ones only where it matches no
/// other.
///
/// # Errors
/// When the glob is malformed, such as an unclosed `[`.
pub fn expand<'a>(
    catalogue: &'a Catalogue,
    pattern: &str,
) -> Result<Vec<&'a InstanceLimits>, PatternError> {
    let glob = glob::Pattern::new(&pattern.to_ascii_lowercase())
        .map_err(|error| PatternError { pattern: pattern.to_owned(), reason: error.msg })?;
    let matches = |row: &&InstanceLimits| glob.matches(&row.instance_type);
    let mut found: Vec<_> = catalogue.offered().filter(matches).collect();
    if found.is_empty() {
        found = catalogue.types().iter().filter(matches).collect();
    }
    found.sort_by(|a, b| natural(&a.instance_type, &b.instance_type));
    Ok(found)
}

/// The names nearest to one that is not there, best first, three at most.
#[must_use]
pub fn nearest<'a>(catalogue: &'a Catalogue, name: &str) -> Vec<&'a str> {
    const NEAR_ENOUGH: f64 = 0.8;
    let names = catalogue.offered().map(|row| row.instance_type.as_ref());
    ranked(name, names, NEAR_ENOUGH).into_iter().take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::BUILTIN;

    #[test]
    fn a_glob_finds_a_family() {
        let names: Vec<_> =
            expand(&BUILTIN, "m5.*").unwrap().iter().map(|r| r.instance_type.as_ref()).collect();
        assert!(names.contains(&"m5.large") && names.contains(&"m5.metal"));
        assert!(names.iter().all(|name| name.starts_with("m5.")));
        assert!(expand(&BUILTIN, "m5.[").is_err());
    }

    #[test]
    fn a_slip_of_the_hand_finds_its_type() {
        assert_eq!(nearest(&BUILTIN, "m5.larg").first(), Some(&"m5.large"));
        assert_eq!(nearest(&BUILTIN, "M5.LARGE").first(), Some(&"m5.large"));
        assert!(nearest(&BUILTIN, "-").is_empty());
    }
}
