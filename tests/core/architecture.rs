//! The arrows of ARCHITECTURE.md: a module uses lower ranks only. Read off the `use` lines and the
//! paths in the source, so that a broken arrow fails here and not in a review.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Modules by rank, lowest first.
const RANKS: &[&[&str]] = &[
    &["instance", "ipam", "network", "trend", "yaml"],
    &["finding"],
    &["density"],
    &["inventory"],
    &["cni"],
    &["audit", "simulate"],
    &["aws", "cli", "render"],
    &["command"],
];

/// Modules that neither print, nor read the clock or the environment, nor wait.
const PURE: &[&str] = &[
    "instance",
    "network",
    "trend",
    "yaml",
    "finding",
    "density",
    "inventory",
    "ipam",
    "cni",
    "audit",
    "simulate",
];

/// What a pure module never names.
const IMPURE: &[&str] = &[
    "std::env",
    "std::time::SystemTime",
    "Instant::now",
    "println!",
    "eprintln!",
    "std::fs",
    "async fn",
    "tokio",
    "clap",
    "aws_sdk",
    "aws_config",
    "anstream",
    "std::process",
    // Moments are values; what is read off a clock is not.
    "Timestamp::now",
    "Zoned::now",
    "TimeZone::system",
];

fn rank(module: &str) -> usize {
    RANKS
        .iter()
        .position(|rank| rank.contains(&module))
        .unwrap_or_else(|| panic!("`{module}` has no rank: add it to ARCHITECTURE.md and here"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The source files of each module with their text, test modules cut off.
fn modules() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    files.sort();
    files
        .into_iter()
        .filter_map(|file| {
            let inside = file.strip_prefix(&src).unwrap();
            let module = inside.iter().next()?.to_str()?.to_owned();
            let whole = fs::read_to_string(&file).unwrap();
            let code: Vec<&str> = whole
                .split("#[cfg(test)]")
                .next()
                .unwrap_or_default()
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            let code = code.join("\n");
            (Path::new(&module).extension().is_none()).then_some((module, file, code))
        })
        .collect()
}

/// The top-level modules that a text names after `crate::`, groups included.
fn used(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let names = match rest.strip_prefix('{') {
            Some(group) => top_level(group),
            None => vec![rest],
        };
        for name in names {
            let name: String =
                name.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !name.is_empty() {
                found.insert(name);
            }
        }
    }
    found
}

/// The parts of a `{…}` group between its own commas.
fn top_level(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts
}

#[test]
fn arrows_point_down() {
    let mut broken = Vec::new();
    for (module, file, code) in modules() {
        for other in used(&code).into_iter().filter(|other| *other != module) {
            if rank(&other) >= rank(&module) {
                broken.push(format!("{}: `{module}` uses `{other}`", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn neighbours_that_use_less() {
    for (module, file, code) in modules() {
        let used = used(&code);
        let outside = |allowed: &[&str]| {
            used.iter()
                .find(|other| **other != module && !allowed.contains(&other.as_str()))
                .cloned()
        };
        let stray = match module.as_str() {
            "aws" => outside(&["inventory", "instance", "network"]),
            "cli" => outside(&[]),
            _ => None,
        };
        assert_eq!(stray, None, "{}", file.display());
    }
}

#[test]
fn the_core_is_pure() {
    for (module, file, code) in modules() {
        if PURE.contains(&module.as_str()) {
            for name in IMPURE {
                assert!(!code.contains(name), "{} names {name}", file.display());
            }
        }
    }
}

#[test]
fn only_aws_names_the_sdk() {
    for (module, file, code) in modules() {
        if module != "aws" {
            for name in ["aws_sdk", "aws_config", "aws_smithy"] {
                assert!(!code.contains(name), "{} names {name}", file.display());
            }
        }
    }
}

#[test]
fn files_stay_small() {
    for (_, file, _) in modules() {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= 500, "{}: {lines} lines", file.display());
    }
}
