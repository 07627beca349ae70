//! `eksnet maxpods` as typed.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, ValueEnum};

#[cfg(feature = "aws")]
use super::AwsArgs;
use super::{
    ArchArg, AutoModeArgs, ExpressionArgs, ExtraEniArgs, IntRange, OutputFileArg,
    format::{Format, TableArgs, formats},
    headings::OUTPUT,
};

/// The node's operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OsArg {
    /// Linux
    Linux,
    /// Windows
    Windows,
}

/// The order of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SortArg {
    /// By name
    Type,
    /// Most pods first
    Pods,
    /// Most pods per vCPU first
    PodsPerVcpu,
}

/// A cap: `auto`, `none` or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapArg {
    /// 110 up to 30 vCPU, else 250.
    Auto,
    /// No cap.
    None,
    /// This many.
    Pods(u32),
}

impl FromStr for CapArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "none" => Ok(Self::None),
            number => number
                .parse()
                .map(Self::Pods)
                .map_err(|_| "a cap is `auto`, `none` or a whole number".to_owned()),
        }
    }
}

/// Which types to list.
#[derive(Debug, Clone, Args)]
pub struct FilterArgs {
    /// Only types with this many vCPUs: A..B, A.., ..B or A (inclusive)
    #[arg(help_heading = "Filters", long, value_name = "RANGE", allow_hyphen_values = true)]
    pub vcpus: Option<IntRange>,
    /// Only types of this architecture
    #[arg(help_heading = "Filters", long, value_enum)]
    pub arch: Option<ArchArg>,
}

/// The arguments of `maxpods`; help shows the text of the command.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  eksnet maxpods m5.large --prefix\n  eksnet maxpods m5.large m5.xlarge c6i.large --custom-networking\n  eksnet maxpods 'm7g.*' --sort pods-per-vcpu -o wide\n  eksnet maxpods --all --prefix --pods 110.. --vcpus ..8 -o csv\n  eksnet maxpods m5.large --prefix --explain\n  eksnet maxpods --all --expression 'min(110, max_pods)' --dialect karpenter"
)]
pub struct MaxPodsArgs {
    /// Instance types, exact or as globs such as 'm5.*'
    #[arg(value_name = "TYPE", required_unless_present_any = ["all", "nodepool"])]
    pub types: Vec<String>,
    /// Every type of the table
    #[arg(help_heading = "Filters", long, conflicts_with = "types")]
    pub all: bool,
    /// Prefix delegation (ENABLE_PREFIX_DELEGATION): /28 prefixes
    #[arg(help_heading = "Node settings", long)]
    pub prefix: bool,
    /// Custom networking (ENIConfig): no pods on the primary ENI
    #[arg(help_heading = "Node settings", long)]
    pub custom_networking: bool,
    /// IPv6 cluster: one /80 for each node
    #[arg(help_heading = "Node settings", long, conflicts_with = "custom_networking")]
    pub ipv6: bool,
    /// EKS Auto Mode.
    #[command(flatten)]
    pub auto: AutoModeArgs,
    /// Operating system
    #[arg(help_heading = "Node settings", long, value_enum, default_value = "linux")]
    pub os: OsArg,
    /// MAX_ENI; 0 counts as unset
    #[arg(help_heading = "Node settings", long, value_name = "N")]
    pub max_eni: Option<u32>,
    /// Security groups for pods (ENABLE_POD_ENI): the trunk takes an ENI
    #[arg(help_heading = "Node settings", long)]
    pub pod_eni: bool,
    /// ENIs beside the primary one.
    #[command(flatten)]
    pub extra_enis: ExtraEniArgs,
    /// Karpenter's RESERVED_ENIS, for its row of --explain
    #[arg(
        help_heading = "Node settings",
        long,
        hide_short_help = true,
        value_name = "N",
        default_value_t = 0
    )]
    pub reserved_enis: u32,
    /// Host network pods of a node: they need no address
    ///
    /// They count as pods all the same.
    #[arg(help_heading = "Node settings", long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub host_network_pods: u32,
    /// Upper limit of pods: auto, none or a number
    #[arg(help_heading = "Node settings", long, value_name = "CAP", default_value = "auto")]
    pub cap: CapArg,
    /// Only types with this many max pods: A..B, A.., ..B or A (inclusive)
    #[arg(long, value_name = "RANGE", allow_hyphen_values = true, help_heading = "Filters")]
    pub pods: Option<IntRange>,
    /// Filters on the type itself.
    #[command(flatten)]
    pub filters: FilterArgs,
    /// What sets max pods.
    #[command(flatten)]
    pub expression: ExpressionArgs,
    /// The order of rows [default: as typed, types of a glob by name]
    #[arg(help_heading = OUTPUT, long, value_enum)]
    pub sort: Option<SortArg>,
    /// Show the calculation, and the number each kind of node uses
    #[arg(help_heading = OUTPUT, long)]
    pub explain: bool,
    /// Instance table to use instead of the built-in one
    ///
    /// A file from `eksnet limits update`, or saved output of `aws ec2 describe-instance-types`.
    #[arg(help_heading = "Instance table", long, value_name = "FILE", hide_short_help = true)]
    pub limits: Option<PathBuf>,
    /// Call DescribeInstanceTypes for types that the table lacks
    #[cfg(feature = "aws")]
    #[arg(help_heading = "Instance table", long)]
    pub live: bool,
    /// Output format
    #[arg(help_heading = OUTPUT, short, long, value_parser = formats("maxpods"), default_value = "table", value_name = "FORMAT")]
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
