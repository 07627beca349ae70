//! `eksnet version`: the program and what it was built with.

use super::{
    Exit, Failure,
    forms::{Forms, no_other},
    output::Output,
};
use crate::{
    cli::{CommonArgs, VersionArgs},
    instance::BUILTIN,
    render::{Cell, Document, Grid, json::version::VersionJson},
};

/// What can be left out of a build, and is there.
const FEATURES: &[(&str, bool)] = &[("aws", cfg!(feature = "aws"))];

/// This program.
pub(super) fn own() -> VersionJson {
    VersionJson {
        schema: VersionJson::SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        instance_table: BUILTIN.as_of().to_string(),
        features: FEATURES.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect(),
        target: env!("BUILD_TARGET"),
    }
}

pub(super) fn run(arguments: &VersionArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let own = own();
    Forms {
        document: Some(&|_| document(&own)),
        json: &|| &own,
        csv: &Grid::default,
        own: &no_other,
        found: &|| format!("eksnet {}", own.version),
    }
    .write(arguments.output, &Output::new(&arguments.file, common))?;
    Ok(Exit::Done)
}

fn document(own: &VersionJson) -> Document {
    let none = "none: offline only".to_owned();
    let features = if own.features.is_empty() { none } else { own.features.join(", ") };
    let mut document = Document::default();
    document.line(Cell::new(format!("eksnet {}", own.version)));
    let mut grid = Grid::new(&["WHAT", "IS"]).untitled();
    for (what, is) in [
        ("instance table", own.instance_table.as_str()),
        ("features", features.as_str()),
        ("target", own.target),
    ] {
        grid.push(vec![Cell::new(what), Cell::new(is)]);
    }
    document.grid(grid);
    document
}
