//! `eksnet audit` as typed.

mod baseline;
mod formats;
mod history;
mod policy;
mod redact;
mod usage;
mod view;

use std::path::PathBuf;

use clap::Args;

pub use baseline::BaselineArgs;
pub use formats::{CsvRows, FormatArgs};
pub use history::{HistoryArgs, HorizonArg};
pub use policy::PolicyArgs;
pub use redact::RedactArgs;
pub use usage::UsageArgs;
pub use view::{SeverityArg, SubnetSortArg, ViewArgs};

use super::{
    OutputFileArg,
    format::{Format, TableArgs, formats},
    headings::{OUTPUT, THRESHOLDS},
};
#[cfg(feature = "aws")]
use crate::cli::AwsArgs;

/// Which subnets.
#[derive(Debug, Clone, Args)]
pub struct SelectionArgs {
    /// All subnets of a VPC; repeatable, selections add up
    #[arg(help_heading = "Selection", long, value_name = "ID", value_delimiter = ',')]
    pub vpc: Vec<String>,
    /// A subnet; repeatable
    #[arg(help_heading = "Selection", long, value_name = "ID", value_delimiter = ',')]
    pub subnet: Vec<String>,
    /// The subnets of an EKS cluster
    ///
    /// The cluster's own subnets, those of its node groups and Fargate profiles, those tagged for it,
    /// and those that hold ENIs of its nodes.
    #[arg(help_heading = "Selection", long, value_name = "NAME|ARN")]
    pub cluster: Option<String>,
    /// All VPCs of the region
    #[arg(help_heading = "Selection", long, conflicts_with_all = ["vpc", "subnet", "cluster"])]
    pub all_vpcs: bool,
}

/// Thresholds.
#[derive(Debug, Clone, Args)]
pub struct BarArgs {
    /// Percent of addresses in use for a warning [default: policy or 80]
    #[arg(help_heading = THRESHOLDS, long, value_name = "PERCENT", allow_hyphen_values = true)]
    pub warn_at: Option<String>,
    /// Percent of addresses in use for critical [default: policy or 90]
    #[arg(help_heading = THRESHOLDS, long, value_name = "PERCENT", allow_hyphen_values = true)]
    pub critical_at: Option<String>,
    /// Fewer free addresses than this are critical
    #[arg(help_heading = THRESHOLDS, long, value_name = "N")]
    pub min_free: Option<u32>,
    /// Fewer assignable /28 prefixes than this are critical
    #[arg(help_heading = THRESHOLDS, long, value_name = "N")]
    pub min_prefixes: Option<u32>,
    /// Findings that make the exit code 1 [default: policy or critical]
    ///
    /// Severities (info, warning, critical; the lowest counts) and ids of checks, mixed and separated by
    /// commas, such as critical,no-room,prefix-starved. `never` alone: no finding does. `eksnet explain`
    /// lists the checks.
    #[arg(help_heading = THRESHOLDS, long, value_delimiter = ',', value_name = "SEVERITY|CHECK")]
    pub fail_on: Vec<String>,
}

/// The arguments of `audit`; help shows the text of the command.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  eksnet audit --vpc vpc-0abc\n  eksnet audit --cluster prod --min-prefixes 16 --fail-on warning\n  eksnet audit --vpc vpc-0abc --save before.json\n  eksnet audit --from before.json --owners -o markdown\n  eksnet audit --from saved/ -o csv --output-file subnets.csv"
)]
pub struct AuditArgs {
    /// Which subnets.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Read a snapshot, or saved AWS CLI and kubectl output; repeatable
    ///
    /// A file, or a directory of files. AWS is not called.
    #[arg(long, value_name = "PATH", help_heading = "Selection")]
    #[cfg_attr(not(feature = "aws"), arg(required = true))]
    pub from: Vec<PathBuf>,
    /// The thresholds.
    #[command(flatten)]
    pub bars: BarArgs,
    /// The forecast.
    #[command(flatten)]
    pub history: HistoryArgs,
    /// The policy.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// What is shown.
    #[command(flatten)]
    pub view: ViewArgs,
    /// Show who holds the addresses
    #[arg(long, help_heading = "Sections")]
    pub owners: bool,
    /// Show what each node holds
    #[arg(long, help_heading = "Sections")]
    pub nodes: bool,
    /// Show each subnet's /28 blocks, one character each
    #[arg(long, help_heading = "Sections")]
    pub map: bool,
    /// Show everything: all subnets, all findings in full, all sections
    ///
    /// Also the findings that the policy ignores. Without a terminal, subnets and findings are always shown
    /// in full.
    #[arg(long, help_heading = "Sections")]
    pub all: bool,
    /// Savings.
    #[command(flatten)]
    pub usage: UsageArgs,
    /// Write a snapshot of the data that was read
    #[arg(help_heading = OUTPUT, long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// To share the output.
    #[command(flatten)]
    pub redact: RedactArgs,
    /// Accept subnets larger than /16, which some accounts have
    #[arg(help_heading = "Selection", long, hide_short_help = true)]
    pub allow_large_cidr: bool,
    /// Instance table to use instead of the built-in one
    ///
    /// A file from `eksnet limits update`, or saved output of `aws ec2 describe-instance-types`.
    #[arg(help_heading = "Instance table", long, value_name = "FILE", hide_short_help = true)]
    pub limits: Option<PathBuf>,
    /// Output format
    #[arg(help_heading = OUTPUT, short, long, value_parser = formats("audit"), default_value = "table", value_name = "FORMAT")]
    pub output: Format,
    /// How tables are laid out.
    #[command(flatten)]
    pub table: TableArgs,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
    /// Settings of some formats.
    #[command(flatten)]
    pub formats: FormatArgs,
    /// What is known already.
    #[command(flatten)]
    pub baseline: BaselineArgs,
    /// How AWS is reached.
    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub aws: AwsArgs,
}
