//! The name that was meant by one that does not exist.

/// How alike two names have to be, from 0 to 1.
const ALIKE: f64 = 0.75;

/// The most alike of some names, if one is.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let alike = |other: &str| {
        let starts = name.len() > 2 && other.starts_with(&name);
        if starts { 1.0 } else { strsim::jaro_winkler(&name, other) }
    };
    known
        .map(|other| (alike(other), other))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, other)| other)
}
