//! Names in the files that `--from` of the same line reads. They are found by their form, so that nothing has
//! to be understood: half a line is typed, and an answer has to come at once.

use std::{
    collections::BTreeSet,
    env,
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

use memchr::memmem::Finder;

/// Most bytes that are looked through.
const MOST: u64 = 64 << 20;

pub(super) fn vpcs() -> BTreeSet<String> {
    ids("vpc-")
}

pub(super) fn subnets() -> BTreeSet<String> {
    ids("subnet-")
}

/// Clusters, which ARNs and tags of subnets name.
pub(super) fn clusters() -> BTreeSet<String> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let mut found = BTreeSet::new();
    for text in texts() {
        for before in [":cluster/", "kubernetes.io/cluster/"] {
            found.extend(after(&text, before, is_part).map(str::to_owned));
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

/// Ids such as `vpc-0123456789abcdef0`.
fn ids(prefix: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in texts() {
        let ids = after(&text, prefix, |byte| byte.is_ascii_hexdigit());
        found.extend(ids.filter(|id| id.len() >= 8).map(|id| format!("{prefix}{id}")));
    }
    found
}

/// What stands after each occurrence, as far as it is of its form.
fn after<'a>(
    text: &'a [u8],
    before: &'a str,
    is_part: impl Fn(u8) -> bool + 'a,
) -> impl Iterator<Item = &'a str> {
    let ends: Vec<usize> =
        Finder::new(before).find_iter(text).map(|at| at + before.len()).collect();
    ends.into_iter().filter_map(move |start| {
        let rest = text.get(start..)?;
        let length = rest.iter().take_while(|byte| is_part(**byte)).count();
        std::str::from_utf8(rest.get(..length)?).ok()
    })
}

/// The files of `--from`, as they are.
fn texts() -> Vec<Vec<u8>> {
    let mut left = MOST;
    let mut texts = Vec::new();
    for path in named().iter().flat_map(|path| files(path, true)) {
        let mut text = Vec::new();
        // Opening a pipe waits for who writes it, and what is read of it is gone.
        if !path.is_file() {
            continue;
        }
        let Ok(file) = File::open(path) else { continue };
        if file.take(left).read_to_end(&mut text).is_ok() {
            left = left.saturating_sub(u64::try_from(text.len()).unwrap_or(left));
            texts.push(text);
        }
    }
    texts
}

fn files(path: &Path, is_named: bool) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.path()) {
        let is_answer = path.extension().is_some_and(|end| end == "json" || end == "yaml");
        if is_answer && path.is_file() {
            found.push(path);
        } else if is_named && path.is_dir() {
            found.extend(files(&path, false));
        }
    }
    found.sort();
    found
}

/// What `--from` names on the line that is completed: it stands behind a `--` of the script's own.
fn named() -> Vec<PathBuf> {
    let mut words = env::args_os().skip_while(|word| word != "--").skip(1);
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        if word == "--from" {
            // bash parts words at `=`.
            let next = words.next().filter(|word| word != "=").or_else(|| words.next());
            found.extend(next.map(PathBuf::from));
        } else if let Some(path) = word.to_str().and_then(|word| word.strip_prefix("--from=")) {
            found.push(PathBuf::from(path));
        }
    }
    found
}
