//! The names that were meant by one that does not exist.

/// How alike two names have to be, from 0 to 1.
const ALIKE: f64 = 0.75;

/// The most alike of some names, if one is.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    ranked(name, known, ALIKE).into_iter().next()
}

/// The question that names the most alike of some names, such as `: did you mean `nodes`?`; nothing where none
/// is alike.
#[must_use]
pub fn meant<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map_or_else(String::new, |near| format!(": did you mean `{near}`?"))
}

/// The name that was meant where a hand slipped: another case, a `-` or `_`, or one letter. `None` for a name
/// that is known, and for one that is only alike: among names that are not ours it may be right.
#[must_use]
pub fn slip<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.replace(['-', '_'], "").to_lowercase();
    let mut meant = None;
    for other in known {
        if other == name {
            return None;
        }
        if strsim::osa_distance(&plain(name), &plain(other)) <= 1 {
            meant = meant.or(Some(other));
        }
    }
    meant
}

/// The names that are at least so alike, the most alike first.
#[must_use]
pub fn ranked<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    alike: f64,
) -> Vec<&'a str> {
    let name = name.to_lowercase();
    let score = |other: &str| {
        // One that was cut off stands before one that is only alike.
        let starts = name.len() > 2 && other.starts_with(&name);
        strsim::jaro_winkler(&name, other) + if starts { 1.0 } else { 0.0 }
    };
    let scored = known.into_iter().map(|other| (score(other), other));
    let mut found: Vec<(f64, &str)> = scored.filter(|(score, _)| *score >= alike).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    found.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_finds_its_name() {
        let known = ["pods", "pods_per_node", "max_pods", "nodes"];
        assert_eq!(nearest("pods_per_nodes", known), Some("pods_per_node"));
        assert_eq!(nearest("NODES", known), Some("nodes"));
        assert_eq!(nearest("pods_", known), Some("pods_per_node"), "it was cut off");
        assert_eq!(nearest("colour", known), None);
        assert_eq!(meant("node", known), ": did you mean `nodes`?");
        assert_eq!(meant("colour", known), "");
    }

    #[test]
    fn a_slip_is_one_letter_or_another_case() {
        let known = ["maxPods", "podsPerCore"];
        for name in ["maxpods", "maxPod", "max_pods", "MaxPods", "amxPods"] {
            assert_eq!(slip(name, known), Some("maxPods"), "{name}");
        }
        for name in ["maxPods", "maxOpenFiles", "podPidsLimit", ""] {
            assert_eq!(slip(name, known), None, "{name}");
        }
    }
}
