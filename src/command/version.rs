//! `eksnet version`: the program and what it was built with.

use super::{Exit, Failure, output::Output};
use crate::{
    cli::{CommonArgs, VersionArgs, VersionFormat},
    instance::BUILTIN,
    render::json::{version::VersionJson, write_json},
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
        target: env!("EKSNET_TARGET"),
    }
}

pub(super) fn run(arguments: &VersionArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let own = own();
    Output::new(&arguments.file, common.color).write(|out| match arguments.output {
        VersionFormat::Json => write_json(&own, out),
        VersionFormat::Table => {
            let none = "none: offline only".to_owned();
            let features = if own.features.is_empty() { none } else { own.features.join(", ") };
            writeln!(out, "eksnet {}", own.version)?;
            writeln!(out, "instance table  {}", own.instance_table)?;
            writeln!(out, "features        {features}")?;
            writeln!(out, "target          {}", own.target)
        }
    })?;
    Ok(Exit::Done)
}
