//! Puts many mutants into one program, each behind a switch, so that it is built once and not once for
//! each: `switch-mutants LIST.json TREE OUT.json [DROPPED.json]`. LIST is what `cargo mutants --list --json`
//! prints; the files of TREE are rewritten in place, and OUT tells which mutant has which number, and where
//! its text stands. Those of DROPPED, which did not compile, are left out.
//!
//! A mutant that cannot be switched is left out too, and told: one in a constant, where no switch can be
//! asked, and one whose function gives back a type without a name.

mod edits;
mod find;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// A mutant as cargo-mutants lists it.
#[derive(Debug, Clone, Deserialize)]
pub struct Listed {
    name: String,
    file: String,
    genre: String,
    replacement: String,
    span: Span,
}

/// Where it begins.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Span {
    start: At,
}

/// A place in a text, from line 1 and column 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct At {
    line: usize,
    column: usize,
}

/// A mutant behind its switch.
#[derive(Debug, Serialize)]
struct Switched {
    id: usize,
    name: String,
    file: String,
    /// Bytes of the rewritten file that its own text takes, and those of all that it stands in.
    own: (usize, usize),
    around: (usize, usize),
}

#[derive(Debug, Serialize)]
struct Out {
    switched: Vec<Switched>,
    /// Names of those that have no switch.
    left_out: Vec<String>,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, list, tree, out, rest @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: switch-mutants LIST.json TREE OUT.json [DROPPED.json]");
    };
    let listed: Vec<Listed> = serde_json::from_str(&fs::read_to_string(list)?)?;
    let dropped: BTreeSet<String> = match rest {
        [path] => serde_json::from_str(&fs::read_to_string(path)?)?,
        _ => BTreeSet::new(),
    };
    let mut by_file: BTreeMap<&str, Vec<(usize, &Listed)>> = BTreeMap::new();
    for (at, mutant) in listed.iter().enumerate() {
        if !dropped.contains(&mutant.name) {
            by_file.entry(&mutant.file).or_default().push((at + 1, mutant));
        }
    }
    let mut all = Out { switched: Vec::new(), left_out: Vec::new() };
    for (file, mutants) in by_file {
        let path = Path::new(tree).join(file);
        let text = fs::read_to_string(&path).with_context(|| file.to_owned())?;
        let edits = find::edits(&text, &mutants).with_context(|| file.to_owned())?;
        let found: BTreeSet<usize> = edits.iter().map(|edit| edit.id).collect();
        let (text, places) = edits::applied(&text, edits);
        fs::write(&path, text)?;
        for (id, mutant) in mutants {
            if !found.contains(&id) {
                all.left_out.push(mutant.name.clone());
            }
        }
        all.switched.extend(places.into_iter().map(|place| Switched {
            id: place.id,
            name: listed[place.id - 1].name.clone(),
            file: file.to_owned(),
            own: place.own,
            around: place.around,
        }));
    }
    fs::write(out, serde_json::to_string(&all)?)?;
    println!("{} switched, {} left out", all.switched.len(), all.left_out.len());
    Ok(())
}
