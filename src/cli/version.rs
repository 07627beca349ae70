//! `eksnet version` as typed.

use clap::{Args, ValueEnum};

use super::{OutputFileArg, headings::OUTPUT};

/// Output formats of `version`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VersionFormat {
    /// For people
    Table,
    /// One JSON object
    Json,
}

/// Print the version, the date of the instance table and the features built in
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:\n  eksnet version\n  eksnet version -o json")]
pub struct VersionArgs {
    /// Output format
    #[arg(help_heading = OUTPUT, short, long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub output: VersionFormat,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
}
