//! The source files as modules: their code without comments, strings and tests, and every path that it names.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A module's path from the crate's root, which is the empty one.
pub(crate) type Module = Vec<String>;

/// A file of the library.
pub(crate) struct Source {
    /// The module that it is.
    pub(crate) module: Module,
    /// Its path below the repository's root.
    pub(crate) file: String,
    /// Its lines, tests and comments included.
    pub(crate) lines: usize,
    /// Its code, without comments, strings and tests.
    pub(crate) code: String,
    /// What it imports and re-exports.
    pub(crate) uses: Vec<Use>,
    /// Paths in the code beside the imports, segment by segment.
    pub(crate) paths: Vec<Vec<String>>,
}

/// One name of a `use`.
pub(crate) struct Use {
    /// Whether it is visible outside the module.
    pub(crate) public: bool,
    /// The path, segment by segment; a glob ends in `*`.
    pub(crate) path: Vec<String>,
    /// The name in the file.
    pub(crate) name: String,
}

/// The library's files, in the order of their paths.
pub(crate) fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("src"), &mut files);
    files.sort();
    let of_library = |file: &PathBuf| !file.ends_with("src/main.rs");
    files.into_iter().filter(of_library).map(|file| read(root, &file)).collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn read(root: &Path, file: &Path) -> Source {
    let text = fs::read_to_string(file).unwrap();
    let inside = file.strip_prefix(root).unwrap();
    let mut module: Module = inside
        .with_extension("")
        .iter()
        .skip(1)
        .map(|name| name.to_str().unwrap().into())
        .collect();
    if module.last().is_some_and(|name| name == "mod" || name == "lib") {
        module.pop();
    }
    let code = code(&text);
    let (uses, rest) = split_uses(&code);
    let paths = paths(&rest);
    let file = inside.to_str().unwrap().to_owned();
    Source { module, file, lines: text.lines().count(), code, uses, paths }
}

/// The text without comments, the insides of strings, and the test module that ends a file.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(end) = raw_string(rest) {
            end
        } else if letter == '"' {
            string(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") || rest.starts_with("'{'")
        {
            rest[1..].find('\'').unwrap() + 2
        } else {
            code.push(letter);
            letter.len_utf8()
        };
        rest = &rest[length..];
    }
    let tests = code.find("#[cfg(test)]\nmod tests").unwrap_or(code.len());
    code.truncate(tests);
    code
}

/// The length of a string that starts here.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a raw string, if one starts here.
fn raw_string(text: &str) -> Option<usize> {
    let after = text.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = body.find(&end).unwrap_or(body.len()) + end.len();
    Some(1 + hashes + 1 + length)
}

/// The `use` items of a text, and the text without them.
fn split_uses(code: &str) -> (Vec<Use>, String) {
    let (mut uses, mut rest) = (Vec::new(), String::new());
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let before_and_item = line.trim_start().split_once("use ");
        let item = before_and_item.filter(|(before, _)| {
            before.is_empty()
                || *before == "pub "
                || (before.starts_with("pub(") && before.ends_with(") "))
        });
        let Some((visibility, item)) = item else {
            rest.push_str(line);
            rest.push('\n');
            continue;
        };
        let mut item = item.to_owned();
        while !item.contains(';') {
            item.push_str(lines.next().unwrap());
        }
        expand(&[], item.split(';').next().unwrap(), &mut |path| {
            let (path, name) = match path.split_last().unwrap() {
                (last, before) if last.contains(" as ") => {
                    let (from, name) = last.split_once(" as ").unwrap();
                    ([before, &[from.to_owned()]].concat(), name.to_owned())
                }
                // `use a::{self}` is `use a`.
                (last, before) if last == "self" && !before.is_empty() => {
                    (before.to_vec(), before.last().unwrap().clone())
                }
                (last, _) => (path.to_vec(), last.clone()),
            };
            uses.push(Use { public: visibility.starts_with("pub"), path, name });
        });
    }
    (uses, rest)
}

/// Each path of a `use` tree.
fn expand(before: &[String], tree: &str, each: &mut impl FnMut(&[String])) {
    let tree = tree.trim();
    let (head, group) = tree
        .split_once('{')
        .map_or((tree, None), |(head, rest)| (head, Some(&rest[..rest.rfind('}').unwrap()])));
    let names = head.split("::").map(str::trim).filter(|name| !name.is_empty());
    let path: Vec<String> = before.iter().cloned().chain(names.map(str::to_owned)).collect();
    match group {
        Some(group) => {
            for part in parts(group) {
                expand(&path, part, each);
            }
        }
        None if path.is_empty() => {}
        None => each(&path),
    }
}

/// The parts of a group between its own commas.
fn parts(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_u32, 0, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&group[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Names joined by `::`, and single names.
fn paths(code: &str) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut joined = false;
    let mut rest = code;
    while let Some(letter) = rest.chars().next() {
        let of_name = |c: char| c.is_alphanumeric() || c == '_';
        let length = if of_name(letter) {
            let length = rest.find(|c| !of_name(c)).unwrap_or(rest.len());
            let name = rest[..length].to_owned();
            match found.last_mut() {
                Some(path) if joined => path.push(name),
                _ => found.push(vec![name]),
            }
            joined = rest[length..].starts_with("::");
            if joined { length + 2 } else { length }
        } else {
            joined = false;
            letter.len_utf8()
        };
        rest = &rest[length..];
    }
    found
}
