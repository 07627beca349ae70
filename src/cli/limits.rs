//! `eksnet limits` as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[cfg(feature = "aws")]
use super::AwsArgs;
use super::{FilterArgs, OutputFileArg};

/// Output formats of `limits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LimitsFormat {
    /// For people
    Table,
    /// One JSON object
    Json,
    /// Comma-separated values
    Csv,
    /// A Markdown table
    Markdown,
}

/// The networking limits of instance types
#[derive(Debug, Clone, Args)]
pub struct LimitsArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub command: LimitsCommand,
}

/// What to do with limits.
#[derive(Debug, Clone, Subcommand)]
pub enum LimitsCommand {
    /// Everything known of one type, with sources and where they disagree
    Show(LimitsShowArgs),
    /// The types of the table
    List(LimitsListArgs),
    /// Write a catalogue file from DescribeInstanceTypes, for --limits
    Update(LimitsUpdateArgs),
    /// Compare the table with DescribeInstanceTypes; exit 1 on a difference
    Verify(LimitsVerifyArgs),
}

/// `limits show`.
#[derive(Debug, Clone, Args)]
pub struct LimitsShowArgs {
    /// The instance type
    #[arg(value_name = "TYPE")]
    pub instance_type: String,
    /// Another catalogue
    #[arg(long, value_name = "FILE")]
    pub limits: Option<PathBuf>,
    /// Ask DescribeInstanceTypes if the table lacks the type
    #[cfg(feature = "aws")]
    #[arg(long)]
    pub live: bool,
    /// Output format
    #[arg(short, long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub output: LimitsFormat,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
    /// How AWS is reached.
    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub aws: AwsArgs,
}

/// `limits list`.
#[derive(Debug, Clone, Args)]
pub struct LimitsListArgs {
    /// Instance types, exact or as globs; every type if none is given
    #[arg(value_name = "TYPE")]
    pub types: Vec<String>,
    /// Filters on the type.
    #[command(flatten)]
    pub filters: FilterArgs,
    /// Another catalogue
    #[arg(long, value_name = "FILE")]
    pub limits: Option<PathBuf>,
    /// Output format
    #[arg(short, long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub output: LimitsFormat,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
}

/// `limits update`.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Types absent from the answer (another region) stay as they are; trunk and branch ENIs, which\nthe call does not tell, are carried over."
)]
pub struct LimitsUpdateArgs {
    /// A saved answer of `aws ec2 describe-instance-types` instead of a live call
    #[arg(long, value_name = "FILE")]
    #[cfg_attr(not(feature = "aws"), arg(required = true))]
    pub from: Option<PathBuf>,
    /// The catalogue to start from
    #[arg(long, value_name = "FILE")]
    pub limits: Option<PathBuf>,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
    /// How AWS is reached.
    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub aws: AwsArgs,
}

/// `limits verify`.
#[derive(Debug, Clone, Args)]
pub struct LimitsVerifyArgs {
    /// A saved answer of `aws ec2 describe-instance-types` instead of a live call
    #[arg(long, value_name = "FILE")]
    #[cfg_attr(not(feature = "aws"), arg(required = true))]
    pub from: Option<PathBuf>,
    /// The catalogue to compare
    #[arg(long, value_name = "FILE")]
    pub limits: Option<PathBuf>,
    /// Output format
    #[arg(short, long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub output: LimitsFormat,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
    /// How AWS is reached.
    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub aws: AwsArgs,
}
