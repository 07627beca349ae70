//! `eksnet maxpods` as typed.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, ValueEnum};

#[cfg(feature = "aws")]
use super::AwsArgs;
use super::{ArchArg, IntRange, OutputFileArg};

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

/// Output formats of `maxpods`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MaxPodsFormat {
    /// For people
    Table,
    /// For people with room: every column
    Wide,
    /// One JSON object
    Json,
    /// Comma-separated values
    Csv,
    /// A Markdown table
    Markdown,
    /// The number alone for one named type, else a line a type: its name, a tab and the number
    Plain,
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

/// How many pods fit on a node of an instance type
///
/// One answer a type. Pods are bound by the addresses that the type's ENIs can hold and by a cap
/// (110 up to 30 vCPU, else 250); the lower one holds. With several types the table ends with the
/// lowest, since a node group takes the lowest of its types.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  eksnet maxpods m5.large --prefix\n  eksnet maxpods m5.large m5.xlarge c6i.large --custom-networking\n  eksnet maxpods 'm7g.*' --sort pods-per-vcpu -o wide\n  eksnet maxpods --all --prefix --pods 110.. --vcpus ..8 -o csv\n  eksnet maxpods m5.large --prefix --explain"
)]
pub struct MaxPodsArgs {
    /// Instance types, exact or as globs such as 'm5.*'
    #[arg(value_name = "TYPE", required_unless_present = "all")]
    pub types: Vec<String>,
    /// Every type of the table
    #[arg(long, conflicts_with = "types")]
    pub all: bool,
    /// Prefix delegation (ENABLE_PREFIX_DELEGATION): /28 prefixes instead of single addresses
    #[arg(long)]
    pub prefix: bool,
    /// Custom networking (ENIConfig): the primary ENI gives no pod address
    #[arg(long)]
    pub custom_networking: bool,
    /// IPv6 cluster: one /80 a node
    #[arg(long, conflicts_with = "custom_networking")]
    pub ipv6: bool,
    /// The node's operating system
    #[arg(long, value_enum, default_value = "linux")]
    pub os: OsArg,
    /// MAX_ENI; 0 counts as unset
    #[arg(long, value_name = "N")]
    pub max_eni: Option<u32>,
    /// Security groups for pods (ENABLE_POD_ENI): the trunk takes an ENI
    #[arg(long)]
    pub pod_eni: bool,
    /// Karpenter's RESERVED_ENIS, for its row of --explain
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub reserved_enis: u32,
    /// Pods a node runs on the host network: they count as pods and need no address
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub host_network_pods: u32,
    /// The most pods whatever the addresses: auto, none or a number
    #[arg(long, value_name = "CAP", default_value = "auto")]
    pub cap: CapArg,
    /// Only types with this many max pods: A..B, A.., ..B or A (inclusive)
    #[arg(long, value_name = "RANGE", allow_hyphen_values = true, help_heading = "Filters")]
    pub pods: Option<IntRange>,
    /// Filters on the type itself.
    #[command(flatten)]
    pub filters: FilterArgs,
    /// The order of rows [default: as the types are named, those of a glob by name]
    #[arg(long, value_enum)]
    pub sort: Option<SortArg>,
    /// The sum step by step, and what each kind of node really gets
    #[arg(long)]
    pub explain: bool,
    /// Another catalogue: a file of `eksnet limits update`, or a saved answer of
    /// `aws ec2 describe-instance-types`
    #[arg(long, value_name = "FILE")]
    pub limits: Option<PathBuf>,
    /// Ask DescribeInstanceTypes for types that the table lacks
    #[cfg(feature = "aws")]
    #[arg(long)]
    pub live: bool,
    /// Output format
    #[arg(short, long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub output: MaxPodsFormat,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
    /// How AWS is reached.
    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub aws: AwsArgs,
}
