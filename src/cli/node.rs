//! `eksnet node` as typed.

use std::{path::PathBuf, str::FromStr};

use clap::Args;

use super::{
    AutoModeArgs, IntRange, LaunchArgs, OsArg, OutputFileArg,
    format::{Format, TableArgs, formats},
    headings::OUTPUT,
};

/// A warm target: a number, or `unset` for the variable left out of the daemonset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetArg {
    /// The variable is not set.
    Unset,
    /// Its value.
    Value(u32),
}

impl FromStr for TargetArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "unset" => Ok(Self::Unset),
            number => number
                .parse()
                .map(Self::Value)
                .map_err(|_| "a target is a whole number or `unset`".to_owned()),
        }
    }
}

/// The warm targets of the VPC CNI.
#[derive(Debug, Clone, Args)]
pub struct TargetArgs {
    /// WARM_ENI_TARGET [default: 1, as in the shipped manifest]
    #[arg(help_heading = "VPC CNI settings", long, value_name = "N|unset")]
    pub warm_eni_target: Option<TargetArg>,
    /// WARM_IP_TARGET
    #[arg(help_heading = "VPC CNI settings", long, value_name = "N|unset")]
    pub warm_ip_target: Option<TargetArg>,
    /// MINIMUM_IP_TARGET
    #[arg(help_heading = "VPC CNI settings", long, value_name = "N|unset")]
    pub minimum_ip_target: Option<TargetArg>,
    /// WARM_PREFIX_TARGET [default: 1, as in the shipped manifest]
    #[arg(help_heading = "VPC CNI settings", long, value_name = "N|unset")]
    pub warm_prefix_target: Option<TargetArg>,
    /// MAX_ENI; 0 counts as unset
    #[arg(help_heading = "VPC CNI settings", long, value_name = "N")]
    pub max_eni: Option<u32>,
}

/// The arguments of `node`; help shows the text of the command.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  eksnet node m5.large --pods 12\n  eksnet node m5.large --pods 12 --compare warm-ip-target=2,minimum-ip-target=12 --compare prefix\n  eksnet node m5.xlarge --prefix --custom-networking --sweep 0..58 -o csv\n  eksnet node m5.large --auto-mode --pods 40 --free-blocks 1\n  eksnet node p5.48xlarge --efa 32\n  eksnet node --trace cases.jsonl"
)]
pub struct NodeArgs {
    /// The instance type
    #[arg(value_name = "TYPE", required_unless_present = "trace", conflicts_with = "trace")]
    pub instance_type: Option<String>,
    /// Pods that need an address, scheduled at once on the settled node
    #[arg(help_heading = "Pods", long, value_name = "N", default_value_t = 0)]
    pub pods: u32,
    /// Prefix delegation (ENABLE_PREFIX_DELEGATION)
    #[arg(help_heading = "VPC CNI settings", long)]
    pub prefix: bool,
    /// Custom networking (ENIConfig): no pods on the primary ENI
    #[arg(help_heading = "VPC CNI settings", long)]
    pub custom_networking: bool,
    /// Security groups for pods (ENABLE_POD_ENI): the trunk takes an ENI
    #[arg(help_heading = "VPC CNI settings", long)]
    pub pod_eni: bool,
    /// IPv6 cluster: one /80 for each node
    #[arg(help_heading = "VPC CNI settings", long, conflicts_with_all = ["prefix", "custom_networking"])]
    pub ipv6: bool,
    /// EKS Auto Mode.
    #[command(flatten)]
    pub auto: AutoModeArgs,
    /// Free /28 blocks of the subnet of the pods, where it is fragmented
    #[arg(help_heading = "EKS Auto Mode", long, value_name = "N", requires = "auto_mode")]
    pub free_blocks: Option<u32>,
    /// The node's operating system
    #[arg(help_heading = "VPC CNI settings", long, value_enum, default_value = "linux")]
    pub os: OsArg,
    /// The warm targets.
    #[command(flatten)]
    pub targets: TargetArgs,
    /// What the instance is launched with.
    #[command(flatten)]
    pub launch: LaunchArgs,
    /// The kubelet's max pods [default: the number of `eksnet maxpods`]
    #[arg(help_heading = "Pods", long, value_name = "N")]
    pub max_pods: Option<u32>,
    /// Free addresses of the node's subnet
    #[arg(help_heading = "Pods", long, value_name = "N")]
    pub subnet_free: Option<u32>,
    /// Free addresses of the pods' subnet (custom networking, or pod subnets of EKS Auto Mode)
    #[arg(help_heading = "Pods", long, value_name = "N")]
    pub pod_subnet_free: Option<u32>,
    /// Number of such nodes
    #[arg(help_heading = "Pods", long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub nodes: u32,
    /// One row for each pod count: A..B
    #[arg(help_heading = "Simulation", long, value_name = "FROM..TO", conflicts_with_all = ["pods", "compare", "trace"])]
    pub sweep: Option<IntRange>,
    /// Compare with other settings, such as 'prefix'; repeatable
    ///
    /// Several settings are separated by commas: 'warm-ip-target=2,minimum-ip-target=12'.
    #[arg(help_heading = "Simulation", long, value_name = "SETTINGS", conflicts_with = "trace")]
    pub compare: Vec<String>,
    /// Replay recorded cases: JSON lines {case, input}, or - for stdin
    #[arg(help_heading = "Simulation", long, hide_short_help = true, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Instance table to use instead of the built-in one
    #[arg(help_heading = "Instance table", long, value_name = "FILE", hide_short_help = true)]
    pub limits: Option<PathBuf>,
    /// Output format
    #[arg(
        help_heading = OUTPUT,
        short,
        long,
        value_parser = formats("node"),
        default_value = "table",
        value_name = "FORMAT",
        conflicts_with = "trace"
    )]
    pub output: Format,
    /// How tables are laid out.
    #[command(flatten)]
    pub table: TableArgs,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
}
