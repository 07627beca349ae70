//! `eksnet limits` as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[cfg(feature = "aws")]
use super::AwsArgs;
use super::{
    FilterArgs, OutputFileArg,
    format::{Format, TableArgs, formats},
    headings::OUTPUT,
};

/// The networking limits of instance types
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  eksnet limits show m5.large\n  eksnet limits list 'm7g.*'\n  eksnet limits verify --region eu-central-1"
)]
pub struct LimitsArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub command: LimitsCommand,
}

/// What to do with limits.
#[derive(Debug, Clone, Subcommand)]
pub enum LimitsCommand {
    /// All known limits of one type, with sources and where they disagree
    Show(LimitsShowArgs),
    /// The instance types of the table
    List(LimitsListArgs),
    /// Write an instance table from DescribeInstanceTypes, for --limits
    Update(LimitsUpdateArgs),
    /// Compare the table with DescribeInstanceTypes; exit 1 on a difference
    Verify(LimitsVerifyArgs),
}

/// `limits show`.
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  eksnet limits show m5.large\n  eksnet limits show m5.large -o json"
)]
pub struct LimitsShowArgs {
    /// The instance type
    #[arg(value_name = "TYPE")]
    pub instance_type: String,
    /// Instance table to use instead of the built-in one
    #[arg(help_heading = "Instance table", long, value_name = "FILE", hide_short_help = true)]
    pub limits: Option<PathBuf>,
    /// Call DescribeInstanceTypes if the table lacks the type
    #[cfg(feature = "aws")]
    #[arg(help_heading = "Instance table", long)]
    pub live: bool,
    /// Output format
    #[arg(help_heading = OUTPUT, short, long, value_parser = formats("limits"), default_value = "table", value_name = "FORMAT")]
    pub output: Format,
    /// How tables are laid out.
    #[command(flatten)]
    pub table: TableArgs,
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
#[command(
    before_help = "Examples:\n  eksnet limits list 'm7g.*'\n  eksnet limits list --arch arm64 --vcpus ..8 -o csv"
)]
pub struct LimitsListArgs {
    /// Instance types, exact or as globs [default: all types]
    #[arg(value_name = "TYPE")]
    pub types: Vec<String>,
    /// Filters on the type.
    #[command(flatten)]
    pub filters: FilterArgs,
    /// Instance table to use instead of the built-in one
    #[arg(help_heading = "Instance table", long, value_name = "FILE", hide_short_help = true)]
    pub limits: Option<PathBuf>,
    /// Output format
    #[arg(help_heading = OUTPUT, short, long, value_parser = formats("limits"), default_value = "table", value_name = "FORMAT")]
    pub output: Format,
    /// How tables are laid out.
    #[command(flatten)]
    pub table: TableArgs,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
}

/// `limits update`.
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  eksnet limits update --region eu-central-1 --output-file limits.json\n  eksnet limits update --from instance-types.json --output-file limits.json",
    after_help = "Instance types that the response lacks (another region) stay as they are. Trunk and branch ENIs are\ncarried over, since the response does not contain them."
)]
pub struct LimitsUpdateArgs {
    /// Saved output of `aws ec2 describe-instance-types` instead of a live call
    #[arg(help_heading = "Instance table", long, value_name = "FILE")]
    #[cfg_attr(not(feature = "aws"), arg(required = true))]
    pub from: Option<PathBuf>,
    /// The instance table to start from
    #[arg(help_heading = "Instance table", long, value_name = "FILE")]
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
#[command(
    before_help = "Examples:\n  eksnet limits verify --region eu-central-1\n  eksnet limits verify --from instance-types.json"
)]
pub struct LimitsVerifyArgs {
    /// Saved output of `aws ec2 describe-instance-types` instead of a live call
    #[arg(help_heading = "Instance table", long, value_name = "FILE")]
    #[cfg_attr(not(feature = "aws"), arg(required = true))]
    pub from: Option<PathBuf>,
    /// The instance table to compare
    #[arg(help_heading = "Instance table", long, value_name = "FILE")]
    pub limits: Option<PathBuf>,
    /// Output format
    #[arg(help_heading = OUTPUT, short, long, value_parser = formats("limits"), default_value = "table", value_name = "FORMAT")]
    pub output: Format,
    /// How tables are laid out.
    #[command(flatten)]
    pub table: TableArgs,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
    /// How AWS is reached.
    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub aws: AwsArgs,
}
