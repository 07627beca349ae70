//! Flags shared between commands.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::values::DurationArg;

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Flags that every command has.
#[derive(Debug, Clone, Args)]
pub struct CommonArgs {
    /// When to use colour
    #[arg(
        help_heading = "Global options",
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN"
    )]
    pub color: ColorArg,
    /// No progress and no notes on stderr
    #[arg(help_heading = "Global options", short, long, global = true)]
    pub quiet: bool,
    /// Log every AWS call to stderr; twice: every attempt of it
    #[arg(help_heading = "Global options", short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// Where the output goes.
#[derive(Debug, Clone, Args)]
pub struct OutputFileArg {
    /// Write the output to a file instead of stdout; the file is replaced whole or not at all
    #[arg(long, value_name = "PATH")]
    pub output_file: Option<PathBuf>,
}

/// How AWS is reached, as the AWS CLI has it.
#[derive(Debug, Clone, Args)]
pub struct AwsArgs {
    /// Profile of the shared AWS configuration; audit takes several, one after the other
    #[arg(help_heading = "AWS access", short, long, value_name = "NAME")]
    pub profile: Vec<String>,
    /// Region; audit takes several, or `all` that are enabled
    #[arg(help_heading = "AWS access", short, long, value_name = "REGION")]
    pub region: Vec<String>,
    /// Role to assume with those credentials; audit takes several
    #[arg(help_heading = "AWS access", long, value_name = "ARN")]
    pub assume_role: Vec<String>,
    /// How long the whole run may take, such as 90, 30s or 2m; what is not there by then is reported
    /// as missing
    #[arg(help_heading = "AWS access", long, value_name = "DURATION", default_value = "120s")]
    pub timeout: DurationArg,
}
