//! `eksnet version` as typed.

use clap::Args;

use super::{
    OutputFileArg,
    format::{Format, formats},
    headings::OUTPUT,
};

/// Print the version, the date of the instance table and the features built in
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:\n  eksnet version\n  eksnet version -o json")]
pub struct VersionArgs {
    /// Output format
    #[arg(help_heading = OUTPUT, short, long, value_parser = formats("version"), default_value = "table", value_name = "FORMAT")]
    pub output: Format,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
}
