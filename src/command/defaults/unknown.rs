//! Variables that begin as ours do and belong to no flag.

use std::env;

use super::{
    file,
    value::{self, VARIABLE, variable},
};
use crate::nearest::nearest;

/// Variables that no flag has and that something of the repository reads: its scripts, its GitHub Action, its
/// tests. A test holds the list.
pub(in crate::command) const READ_ELSEWHERE: &[&str] = &[
    "EKSNET_ARGS",
    "EKSNET_BINARY",
    "EKSNET_BUILD",
    "EKSNET_DIRECTORY",
    "EKSNET_FORMATS",
    "EKSNET_MATRIX",
    "EKSNET_MATRIX_ONLY",
    "EKSNET_RELEASES",
    "EKSNET_REPORTS",
    "EKSNET_REQUIRE_BROWSER",
    "EKSNET_REQUIRE_READERS",
    "EKSNET_VERSION",
    "EKSNET_WRITE_GENERATED",
];

/// A sentence for each variable that is set and that nothing reads, sorted.
pub(in crate::command) fn unknown() -> Vec<String> {
    let set = env::vars_os().filter(|(_, value)| !value.is_empty());
    let mut set: Vec<String> = set.filter_map(|(name, _)| name.into_string().ok()).collect();
    set.retain(|name| name.starts_with(VARIABLE) && !READ_ELSEWHERE.contains(&name.as_str()));
    if set.is_empty() {
        return set;
    }
    set.sort();
    let flags = value::flags(file::commands()).into_iter().map(variable);
    let known: Vec<String> = flags.collect();
    set.retain(|name| !known.contains(name));
    set.iter().map(|name| said(name, &known)).collect()
}

fn said(name: &str, known: &[String]) -> String {
    // All begin alike, and capitals are how they are written: neither makes two of them alike.
    let flag = |name: &str| name.trim_start_matches(VARIABLE).to_lowercase();
    let flags: Vec<String> = known.iter().map(|name| flag(name)).collect();
    let near = nearest(&flag(name), flags.iter().map(String::as_str));
    let near = near.map_or_else(String::new, |near| {
        format!(": did you mean {VARIABLE}{}?", near.to_uppercase())
    });
    format!("{name} is set, and no flag reads it{near}")
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    /// The variables that the files at or below a path name.
    fn named(path: &Path, found: &mut BTreeSet<String>) {
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                named(&entry.unwrap().path(), found);
            }
            return;
        }
        let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if word.len() > VARIABLE.len() && word.starts_with(VARIABLE) {
                found.insert(word.to_owned());
            }
        }
    }

    #[test]
    fn what_is_left_alone_is_read_by_something_and_nothing_is_missing() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut outside = BTreeSet::new();
        for path in ["scripts", "action.yml", ".ci/run"] {
            named(&root.join(path), &mut outside);
        }
        let mut all = outside.clone();
        named(&root.join("tests"), &mut all);
        for name in READ_ELSEWHERE {
            assert!(all.contains(*name), "nothing reads {name}");
        }
        let flags: Vec<String> = value::flags(file::commands()).into_iter().map(variable).collect();
        for name in outside {
            let is_known = flags.contains(&name) || READ_ELSEWHERE.contains(&name.as_str());
            assert!(is_known, "{name} would give a note");
        }
    }

    #[test]
    fn a_variable_that_nothing_reads_names_the_nearest() {
        let known = ["EKSNET_PREFIX", "EKSNET_OUTPUT"].map(str::to_owned);
        let says = "EKSNET_PREFX is set, and no flag reads it: did you mean EKSNET_PREFIX?";
        assert_eq!(said("EKSNET_PREFX", &known), says);
        assert_eq!(said("EKSNET_QQ", &known), "EKSNET_QQ is set, and no flag reads it");
    }
}
