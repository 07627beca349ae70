//! Which file uses which: paths followed through imports and re-exports to the file that defines what they
//! name.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Module, Source};

/// Re-exports that lead on from one another; more are a circle of their own.
const MOST_HOPS: u32 = 16;

/// The library's modules by path.
pub(crate) struct Graph<'a> {
    sources: BTreeMap<&'a [String], &'a Source>,
}

impl<'a> Graph<'a> {
    pub(crate) fn new(sources: &'a [Source]) -> Self {
        let by_module = |source: &'a Source| (source.module.as_slice(), source);
        Self { sources: sources.iter().map(by_module).collect() }
    }

    /// The modules that a file uses, itself left out. A re-export is no use, unless the file names what it
    /// re-exports elsewhere.
    pub(crate) fn used(&self, source: &Source) -> BTreeSet<Module> {
        let names: BTreeSet<&str> = source.paths.iter().map(|path| path[0].as_str()).collect();
        let imported = source
            .uses
            .iter()
            .filter(|import| {
                names.contains(import.name.as_str()) || import.name == "*" || !import.public
            })
            .filter_map(|import| self.defining(source, &import.path, 0))
            // What is used of an imported module is named where it is used.
            .filter(|(_, whole)| !whole)
            .map(|(module, _)| module);
        let written = source.paths.iter().filter(|path| path.len() > 1).filter_map(|path| {
            let (module, whole) = self.defining(source, path, 0)?;
            (!whole).then_some(module)
        });
        imported.chain(written).filter(|module| *module != source.module).collect()
    }

    /// The module in which what a path names is defined, and whether it names the module itself. `None` for
    /// what is not of this crate.
    fn defining(&self, from: &Source, path: &[String], hops: u32) -> Option<(Module, bool)> {
        let (first, rest) = path.split_first()?;
        let (mut module, mut rest) = match first.as_str() {
            "crate" => (Vec::new(), rest),
            "self" => (from.module.clone(), rest),
            "super" => (from.module.split_last()?.1.to_vec(), rest),
            name => {
                let child = [from.module.as_slice(), &[name.to_owned()]].concat();
                if self.sources.contains_key(child.as_slice()) {
                    (child, rest)
                } else {
                    return self.through_import(from, path, hops);
                }
            }
        };
        while let Some((name, after)) = rest.split_first() {
            let child = [module.as_slice(), std::slice::from_ref(name)].concat();
            if name == "super" {
                module.pop();
            } else if self.sources.contains_key(child.as_slice()) {
                module = child;
            } else {
                let there = *self.sources.get(module.as_slice())?;
                let onward = self.through_import(there, rest, hops);
                return Some(onward.unwrap_or((module, false)));
            }
            rest = after;
        }
        Some((module, true))
    }

    /// The same of a path whose first name a `use` of the file brings in.
    fn through_import(&self, at: &Source, path: &[String], hops: u32) -> Option<(Module, bool)> {
        if hops == MOST_HOPS {
            return None;
        }
        let (name, rest) = path.split_first()?;
        let import =
            at.uses.iter().find(|import| import.name == *name && import.path[0] != *name)?;
        self.defining(at, &[import.path.as_slice(), rest].concat(), hops + 1)
    }

    /// Sets of two or more that all use each other, directly or through others, sorted.
    pub(crate) fn circles(&self) -> Vec<Vec<Module>> {
        let edges: BTreeMap<&[String], BTreeSet<Module>> =
            self.sources.iter().map(|(module, source)| (*module, self.used(source))).collect();
        circles(&edges)
    }
}

/// Strongly connected sets: whoever reaches each other.
fn circles(edges: &BTreeMap<&[String], BTreeSet<Module>>) -> Vec<Vec<Module>> {
    let reached: BTreeMap<&[String], BTreeSet<&[String]>> =
        edges.keys().map(|start| (*start, reach(start, edges))).collect();
    let mut found: BTreeSet<Vec<Module>> = BTreeSet::new();
    for (module, theirs) in &reached {
        if theirs.contains(module) {
            let circle = theirs.iter().filter(|other| reached[**other].contains(module));
            found.insert(circle.map(|other| other.to_vec()).collect());
        }
    }
    found.into_iter().collect()
}

fn reach<'a>(
    start: &[String],
    edges: &'a BTreeMap<&[String], BTreeSet<Module>>,
) -> BTreeSet<&'a [String]> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&[String]> = edges[start].iter().map(Vec::as_slice).collect();
    while let Some(module) = open.pop() {
        if reached.insert(module) {
            open.extend(edges[module].iter().map(Vec::as_slice));
        }
    }
    reached
}
