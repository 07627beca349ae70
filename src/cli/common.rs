//! Flags shared between commands.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use super::{
    headings::{AWS, GLOBAL, OUTPUT},
    values::DurationArg,
};

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE=1 means always
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Flags that every command has.
#[derive(Debug, Clone, Args)]
pub struct CommonArgs {
    /// When to use color
    #[arg(
        help_heading = GLOBAL,
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN",
        hide_short_help = true
    )]
    pub color: ColorArg,
    /// No progress and no notes on stderr
    #[arg(help_heading = GLOBAL, short, long, global = true)]
    pub quiet: bool,
    /// Log AWS calls to stderr; -vv logs every attempt
    #[arg(help_heading = GLOBAL, short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Ignore EKSNET_* variables and the defaults of .eksnet.yaml
    #[arg(help_heading = GLOBAL, long, global = true, hide_short_help = true)]
    pub no_defaults: bool,
    /// Print help; -h is shorter
    #[arg(help_heading = GLOBAL, short, long, global = true, action = ArgAction::Help)]
    pub help: Option<bool>,
    /// Print the version
    #[arg(help_heading = GLOBAL, short = 'V', long, global = true, action = ArgAction::Version, hide_short_help = true)]
    pub version: Option<bool>,
}

/// Where the output goes.
#[derive(Debug, Clone, Args)]
pub struct OutputFileArg {
    /// Write the output to a file instead of stdout
    ///
    /// The file is replaced as a whole or not at all.
    #[arg(help_heading = OUTPUT, long, value_name = "PATH")]
    pub output_file: Option<PathBuf>,
}

/// How AWS is reached, as the AWS CLI has it.
#[derive(Debug, Clone, Args)]
pub struct AwsArgs {
    /// Profile of the shared AWS configuration
    ///
    /// It wins over keys in the environment. `audit` and `snapshot` take several.
    #[arg(help_heading = AWS, short, long, value_name = "NAME")]
    pub profile: Vec<String>,
    /// Region; audit takes several, or `all` enabled regions
    #[arg(help_heading = AWS, short, long, value_name = "REGION", value_delimiter = ',')]
    pub region: Vec<String>,
    /// Role to assume with these credentials; audit takes several
    #[arg(help_heading = AWS, long, value_name = "ARN", hide_short_help = true)]
    pub assume_role: Vec<String>,
    /// Time limit of the whole run, such as 90, 30s or 2m
    ///
    /// Data that has not arrived by then is reported as missing.
    #[arg(help_heading = AWS, long, value_name = "DURATION", default_value = "120s", hide_short_help = true)]
    pub timeout: DurationArg,
}
