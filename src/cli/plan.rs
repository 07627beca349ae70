//! `eksnet plan` as typed.

use std::path::PathBuf;

use clap::Args;

use super::{
    IntRange, OutputFileArg, SelectionArgs,
    format::{Format, TableArgs, formats},
    headings::{NETWORK, OUTPUT, REQUIREMENT},
};

/// What must run, and within which bounds.
#[derive(Debug, Clone, Args)]
pub struct RequirementArgs {
    /// Pods at the peak, or USUAL..PEAK
    #[arg(help_heading = REQUIREMENT, long, value_name = "N|A..B")]
    pub pods: Option<IntRange>,
    /// Multiply the pods of every group, such as 2
    #[arg(help_heading = REQUIREMENT, long, value_name = "FACTOR", conflicts_with = "pods")]
    pub pods_times: Option<f64>,
    /// Instance types of the nodes
    #[arg(help_heading = REQUIREMENT, long = "type", value_name = "TYPE", value_delimiter = ',')]
    pub types: Vec<String>,
    /// Pods on each node that need an address [default: as many as max pods allows]
    #[arg(help_heading = REQUIREMENT, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub pods_per_node: Option<u32>,
    /// The most nodes [default: as many as needed]
    #[arg(help_heading = REQUIREMENT, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_nodes: Option<u32>,
    /// Growth of the pods, such as 1.5/18mo or 2/2y
    #[arg(help_heading = REQUIREMENT, long, value_name = "FACTOR/TIME")]
    pub growth: Option<String>,
    /// Events to survive: zone-loss, rollout, upgrade
    ///
    /// Separated by commas. With a value: zone-loss=2 zones, rollout=33% surge, burst=500 pods at once. A
    /// burst from the usual to the peak pods is always simulated.
    #[arg(help_heading = REQUIREMENT, long, value_name = "EVENT", value_delimiter = ',')]
    pub survive: Vec<String>,
    /// Levers that the plan may use
    ///
    /// Separated by commas: warm-targets, prefixes, subnet-discovery, custom-networking, reservations,
    /// add-cidr-block (these six are the default), other-types, ipv6, unroutable-nodes, public-space.
    #[arg(help_heading = REQUIREMENT, long, value_name = "LEVER", value_delimiter = ',')]
    pub allow: Vec<String>,
    /// Equal clusters that share the VPC
    #[arg(help_heading = REQUIREMENT, long, value_name = "N", hide_short_help = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub clusters: Option<u32>,
}

/// The address space.
#[derive(Debug, Clone, Args)]
pub struct NetworkArgs {
    /// Availability zones: names, or how many
    #[arg(help_heading = NETWORK, long, value_name = "N|ZONE", value_delimiter = ',')]
    pub zones: Vec<String>,
    /// A CIDR block of the VPC; repeatable, the primary one first
    #[arg(help_heading = NETWORK, long, value_name = "CIDR", value_delimiter = ',')]
    pub vpc_cidr: Vec<String>,
    /// A range of the VPC that is taken; repeatable
    #[arg(help_heading = NETWORK, long, value_name = "CIDR", value_delimiter = ',')]
    pub used: Vec<String>,
    /// A range that must not be used, such as on-premises; repeatable
    #[arg(help_heading = NETWORK, long, value_name = "CIDR", value_delimiter = ',')]
    pub avoid: Vec<String>,
    /// The range of Service addresses [default: EKS's own choice]
    #[arg(help_heading = NETWORK, long, value_name = "CIDR", hide_short_help = true)]
    pub service_cidr: Option<String>,
    /// The most routable addresses of new subnets
    #[arg(help_heading = NETWORK, long, value_name = "N")]
    pub routable: Option<u64>,
}

/// What is acceptable while pods start.
#[derive(Debug, Clone, Args)]
pub struct LimitArgs {
    /// The longest that a pod may wait for an address
    #[arg(help_heading = REQUIREMENT, long, value_name = "SECONDS")]
    pub pod_wait: Option<u64>,
    /// The most EC2 calls in one minute
    #[arg(help_heading = REQUIREMENT, long, value_name = "N")]
    pub ec2_calls: Option<u64>,
}

/// The arguments; the variant's text is the one that help shows.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  eksnet plan requirement.yaml\n  eksnet plan --pods 6000 --type m6i.2xlarge --pods-per-node 40 --zones 3 --survive zone-loss\n  eksnet plan --from monday.json --vpc vpc-0abc --pods-times 2 --growth 1.5/18mo\n  eksnet plan --warm-targets --from monday.json --vpc vpc-0abc\n  eksnet plan requirement.yaml -o html --output-file plan.html\n  eksnet plan requirement.yaml --emit layout/\n  eksnet plan requirement.yaml --scenario --output-file layout.yaml\n  eksnet generate schema requirement --output-file requirement.schema.json"
)]
pub struct PlanArgs {
    /// The requirement, YAML or JSON, or - for stdin
    #[arg(value_name = "FILE", required_unless_present_any = ["from", "pods"])]
    pub requirement: Option<PathBuf>,
    /// Start from a snapshot, or saved AWS CLI output; repeatable
    ///
    /// A file, or a directory of files. Its subnets, node groups and pods are the requirement; the file and
    /// the flags go over it.
    #[arg(long, value_name = "PATH", help_heading = "Selection")]
    pub from: Vec<PathBuf>,
    /// Which subnets of it.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// What must run.
    #[command(flatten)]
    pub required: RequirementArgs,
    /// Where.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// Bounds for pods and EC2 calls.
    #[command(flatten)]
    pub bounds: LimitArgs,
    /// Only find the best warm targets for the pods, and what they save
    ///
    /// With --from for the pods that run now on each node; else for the nodes of the requirement.
    #[arg(help_heading = REQUIREMENT, long, conflicts_with_all = ["candidate", "scenario", "emit"])]
    pub warm_targets: bool,
    /// Take the growth from a directory of snapshots, or of CloudWatch's metrics
    ///
    /// The addresses in use of all subnets together, as in `eksnet audit --history`. A growth that a file or a flag
    /// states goes over it.
    #[arg(
        long,
        value_name = "DIR",
        help_heading = "Selection",
        requires = "from",
        hide_short_help = true
    )]
    pub history: Option<PathBuf>,
    /// Accept subnets larger than /16, which some accounts have
    #[arg(help_heading = "Selection", long, hide_short_help = true)]
    pub allow_large_cidr: bool,
    /// Show this candidate in full instead of the recommended one
    #[arg(help_heading = OUTPUT, long, value_name = "ID")]
    pub candidate: Option<String>,
    /// Write the files that make the candidate to a directory
    ///
    /// Terraform, CloudFormation, eksctl, manifests, VPC CNI settings, user data, and RUNBOOK.md with the order of
    /// the steps. A file of the same name with other content is not replaced, unless with '--force'; others
    /// stay.
    #[arg(help_heading = OUTPUT, long, value_name = "DIR")]
    pub emit: Option<PathBuf>,
    /// Replace the files of an earlier plan
    #[arg(help_heading = OUTPUT, long, requires = "emit")]
    pub force: bool,
    /// Print the scenario of the candidate, which `eksnet simulate` takes
    #[arg(help_heading = OUTPUT, long)]
    pub scenario: bool,
    /// List all rejected layouts, and all there is to know of each step
    ///
    /// Without a terminal both are always listed.
    #[arg(help_heading = OUTPUT, long)]
    pub all: bool,
    /// Instance table to use instead of the built-in one
    #[arg(help_heading = "Instance table", long, value_name = "FILE", hide_short_help = true)]
    pub limits: Option<PathBuf>,
    /// Output format
    #[arg(help_heading = OUTPUT, short, long, value_parser = formats("plan"), default_value = "table", value_name = "FORMAT")]
    pub output: Format,
    /// How tables are laid out.
    #[command(flatten)]
    pub table: TableArgs,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
}
