//! The arrows of ARCHITECTURE.md: a module uses lower ranks only, and no files go in a circle. Read off the
//! imports and paths in the source, so that a broken arrow fails here and not in a review.

mod graph;
mod source;

use std::{collections::BTreeSet, fs, path::Path, sync::LazyLock};

use graph::Graph;
use source::{Module, Source, sources};

/// Modules by rank, lowest first: the list of ARCHITECTURE.md.
const RANKS: &[&[&str]] = &[
    &["json", "nearest"],
    &["instance", "ipam", "network", "trend", "yaml"],
    &["declared", "finding"],
    &["density"],
    &["expression"],
    &["inventory"],
    &["cni"],
    &["audit", "simulate"],
    &["plan"],
    &["aws", "cli", "render"],
    &["command"],
];

/// The library's files, read once for all tests.
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(sources);

/// What a pure module never names: each below the rank of `aws` neither prints, nor reads the clock or the
/// environment, nor waits.
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

fn is_pure(source: &Source) -> bool {
    !source.module.is_empty() && rank(top(source)) < rank("aws")
}

/// The top-level modules that a file uses, its own left out.
fn neighbours(graph: &Graph<'_>, source: &Source) -> BTreeSet<String> {
    let used = graph.used(source).into_iter().filter_map(|module| module.first().cloned());
    used.filter(|other| *other != *top(source)).collect()
}

/// The top-level module that a file belongs to; none of `lib.rs`.
fn top(source: &Source) -> &str {
    source.module.first().map_or("", String::as_str)
}

#[test]
fn the_document_has_the_same_ranks() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md");
    let text = fs::read_to_string(file).unwrap();
    let (_, list) = text.split_once("Ranks, lowest first:\n\n").unwrap();
    let rows = list.lines().take_while(|line| !line.is_empty());
    let told: Vec<Vec<&str>> =
        rows.map(|row| row.split('`').skip(1).step_by(2).collect()).collect();
    let (program, library) = told.split_last().unwrap();
    assert_eq!(*program, ["main.rs"]);
    assert_eq!(library, RANKS);
    let there: BTreeSet<&str> = SOURCES.iter().map(top).filter(|top| !top.is_empty()).collect();
    assert_eq!(RANKS.iter().flat_map(|rank| rank.iter().copied()).collect::<BTreeSet<_>>(), there);
}

#[test]
fn no_files_go_in_a_circle() {
    let circles = Graph::new(&SOURCES).circles();
    let named: Vec<_> = circles.iter().map(|circle| names(circle)).collect();
    assert!(named.is_empty(), "these files use each other in a circle: {named:#?}");
}

/// The large modules read as rooms: folders, and a handful of files beside their `mod.rs`.
#[test]
fn large_modules_are_rooms() {
    const FILES: usize = 4;
    for module in ["audit", "simulate"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(module);
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files: Vec<_> = entries.filter(|path| path.is_file()).collect();
        assert!(files.len() <= FILES, "{module}: {files:?}");
    }
}

fn names(circle: &[Module]) -> String {
    circle.iter().map(|module| module.join("::")).collect::<Vec<_>>().join(" ")
}

#[test]
fn arrows_point_down() {
    let graph = Graph::new(&SOURCES);
    let mut broken = Vec::new();
    for source in SOURCES.iter().filter(|source| !source.module.is_empty()) {
        let own = top(source);
        for other in neighbours(&graph, source) {
            if rank(&other) >= rank(own) {
                broken.push(format!("{}: `{own}` uses `{other}`", source.file));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn neighbours_that_use_less() {
    let graph = Graph::new(&SOURCES);
    for source in SOURCES.iter() {
        let allowed: &[&str] = match top(source) {
            "aws" => &["inventory", "instance", "network"],
            "cli" => &[],
            _ => continue,
        };
        let neighbours = neighbours(&graph, source);
        let stray = neighbours.iter().find(|other| !allowed.contains(&other.as_str()));
        assert_eq!(stray, None, "{}", source.file);
    }
}

#[test]
fn the_core_is_pure() {
    for source in SOURCES.iter().filter(|source| is_pure(source)) {
        for name in IMPURE {
            assert!(!source.code.contains(name), "{} names {name}", source.file);
        }
    }
}

#[test]
fn only_aws_names_the_sdk() {
    for source in SOURCES.iter().filter(|source| top(source) != "aws") {
        for name in ["aws_sdk", "aws_config", "aws_smithy"] {
            assert!(!source.code.contains(name), "{} names {name}", source.file);
        }
    }
}

#[test]
fn files_stay_small() {
    for source in SOURCES.iter() {
        assert!(source.lines <= 500, "{}: {} lines", source.file, source.lines);
    }
}
