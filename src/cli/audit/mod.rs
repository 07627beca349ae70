//! `eksnet audit` as typed.

mod baseline;
mod formats;
mod history;
mod policy;
mod redact;
mod usage;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

pub use baseline::BaselineArgs;
pub use formats::{CsvRows, FormatArgs};
pub use history::{HistoryArgs, HorizonArg};
pub use policy::PolicyArgs;
pub use redact::RedactArgs;
pub use usage::UsageArgs;

use super::OutputFileArg;
#[cfg(feature = "aws")]
use crate::cli::AwsArgs;

/// Output formats of `audit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// For people, worst subnet first
    Table,
    /// For people with room: every column
    Wide,
    /// One JSON object
    Json,
    /// Comma-separated values; --csv says of what
    Csv,
    /// Markdown tables
    Markdown,
    /// One page, with each subnet's use and /28 blocks drawn
    Html,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, a test case a subnet and check
    Junit,
    /// Workflow commands of GitHub Actions, and the step's summary
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// OpenMetrics text, also for Prometheus' textfile collector
    #[value(name = "openmetrics")]
    OpenMetrics,
    /// CloudWatch embedded metric format, a JSON line a subnet
    Emf,
}

/// Which subnets.
#[derive(Debug, Clone, Args)]
pub struct SelectionArgs {
    /// All subnets of a VPC; may be repeated, and several selections add up
    #[arg(help_heading = "Selection", long, value_name = "ID")]
    pub vpc: Vec<String>,
    /// A subnet; may be repeated
    #[arg(help_heading = "Selection", long, value_name = "ID")]
    pub subnet: Vec<String>,
    /// The subnets of an EKS cluster: its own, those of its node groups and Fargate profiles, those
    /// tagged for it, and those that hold ENIs of its nodes
    #[arg(help_heading = "Selection", long, value_name = "NAME|ARN")]
    pub cluster: Option<String>,
    /// All VPCs of the region
    #[arg(help_heading = "Selection", long, conflicts_with_all = ["vpc", "subnet", "cluster"])]
    pub all_vpcs: bool,
}

/// What subnets are held against.
#[derive(Debug, Clone, Args)]
pub struct BarArgs {
    /// Percent of the usable addresses in use from which a subnet is a warning [default: the policy's,
    /// or 80]
    #[arg(help_heading = "Bars", long, value_name = "PERCENT", allow_hyphen_values = true)]
    pub warn_at: Option<String>,
    /// Percent from which it is critical [default: the policy's, or 90]
    #[arg(help_heading = "Bars", long, value_name = "PERCENT", allow_hyphen_values = true)]
    pub critical_at: Option<String>,
    /// Fewer free addresses than this are critical
    #[arg(help_heading = "Bars", long, value_name = "N")]
    pub min_free: Option<u32>,
    /// Fewer assignable /28 prefixes than this are critical
    #[arg(help_heading = "Bars", long, value_name = "N")]
    pub min_prefixes: Option<u32>,
    /// Exit 1 on findings from this severity on (info, warning, critical, never), or of this check;
    /// may be repeated [default: the policy's, or critical]
    #[arg(help_heading = "Bars", long, value_delimiter = ',', value_name = "SEVERITY|CHECK")]
    pub fail_on: Vec<String>,
}

/// Audit subnets: used, free, fragmented, who holds the addresses
///
/// Counts every address that an ENI holds, marks the /28 blocks that a prefix could still be taken
/// from, names the owners and reconciles with EC2's own AvailableIpAddressCount. Reads AWS live, or
/// offline with --from.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  eksnet audit --vpc vpc-0abc\n  eksnet audit --cluster prod --min-prefixes 16 --fail-on warning\n  eksnet audit --vpc vpc-0abc --save before.json\n  eksnet audit --from before.json --owners -o markdown\n  eksnet audit --from saved-answers/ -o csv --output-file subnets.csv"
)]
pub struct AuditArgs {
    /// Which subnets.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Offline: a snapshot file, a saved answer of the AWS CLI or kubectl, or a folder of them
    /// (repeatable)
    #[arg(long, value_name = "PATH", help_heading = "Selection")]
    #[cfg_attr(not(feature = "aws"), arg(required = true))]
    pub from: Vec<PathBuf>,
    /// The bars.
    #[command(flatten)]
    pub bars: BarArgs,
    /// The forecast.
    #[command(flatten)]
    pub history: HistoryArgs,
    /// The policy.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Show who holds the addresses
    #[arg(long, help_heading = "Sections")]
    pub owners: bool,
    /// Show what each node holds
    #[arg(long, help_heading = "Sections")]
    pub nodes: bool,
    /// Show each subnet's /28 blocks, a character a block
    #[arg(long, help_heading = "Sections")]
    pub map: bool,
    /// Show all sections, and the findings that the policy ignores
    #[arg(long, help_heading = "Sections")]
    pub all: bool,
    /// What could be saved.
    #[command(flatten)]
    pub usage: UsageArgs,
    /// Write a snapshot of what was observed, whatever the findings are
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// To share what comes out.
    #[command(flatten)]
    pub redact: RedactArgs,
    /// Accept subnets larger than /16, which some accounts have
    #[arg(long)]
    pub allow_large_cidr: bool,
    /// Another catalogue: a file of `eksnet limits update`, or a saved answer of
    /// `aws ec2 describe-instance-types`
    #[arg(long, value_name = "FILE")]
    pub limits: Option<PathBuf>,
    /// Output format
    #[arg(short, long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub output: AuditFormat,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
    /// What some formats are told.
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
