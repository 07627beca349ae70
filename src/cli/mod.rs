//! The command line as typed. Nothing is looked up or decided here.

mod audit;
mod auto_mode;
mod common;
mod diff;
mod doctor;
mod explain;
mod expression;
mod format;
mod generate;
mod headings;
mod help;
mod iam_policy;
mod launch;
mod limits;
mod maxpods;
mod node;
mod plan;
mod simulate;
mod snapshot;
mod values;
mod version;

use clap::{CommandFactory as _, Parser, Subcommand};

pub use audit::{
    AuditArgs, BarArgs, BaselineArgs, CsvRows, FormatArgs, HistoryArgs, HorizonArg, PolicyArgs,
    RedactArgs, SelectionArgs, SeverityArg, SubnetSortArg, UsageArgs, ViewArgs,
};
pub use auto_mode::{AutoModeArgs, PrefixSizeArg};
pub use common::{AwsArgs, ColorArg, CommonArgs, OutputFileArg};
pub use diff::{DiffArgs, MomentArg};
pub use doctor::DoctorArgs;
pub use explain::ExplainArgs;
pub use expression::{DialectArg, ExpressionArgs};
pub use format::{Format, NodesFormat, TableArgs};
pub use generate::{GenerateArgs, GenerateCommand};
pub use help::EXAMPLES;
pub use iam_policy::IamPolicyArgs;
pub use launch::{ExtraEniArgs, LaunchArgs};
pub use limits::{
    LimitsArgs, LimitsCommand, LimitsListArgs, LimitsShowArgs, LimitsUpdateArgs, LimitsVerifyArgs,
};
pub use maxpods::{CapArg, FilterArgs, MaxPodsArgs, OsArg, SortArg};
pub use node::{NodeArgs, TargetArg, TargetArgs};
pub use plan::{LimitArgs, NetworkArgs, PlanArgs, RequirementArgs};
pub use simulate::SimulateArgs;
pub use snapshot::SnapshotArgs;
pub use values::{ArchArg, DurationArg, IntRange};
pub use version::VersionArgs;

/// Max pods and subnet audits for Amazon EKS
///
/// Shows how many pods fit on a node, which subnets are about to run out of addresses, who holds those
/// addresses, and whether a planned layout will fit: the number with the reason, or which data is missing.
#[derive(Debug, Parser)]
#[command(
    name = "eksnet",
    version,
    propagate_version = true,
    disable_help_flag = true,
    disable_version_flag = true,
    max_term_width = 100,
    before_help = "Examples:\n  eksnet maxpods m5.large --prefix          how many pods fit\n  eksnet audit --cluster prod               which subnets run out of addresses, and why\n  eksnet simulate layout.yaml               does a planned layout fit\n  eksnet explain prefix-starved             what a finding means, and how to fix it",
    after_help = "Exit codes:\n  0  done, nothing at or above the threshold\n  1  findings at or above --fail-on, or a layout that does not fit\n  2  bad usage or bad input\n  3  credentials, network, permission or region: no result\n  4  incomplete: data that the result needs is not available, and the output says which\n\nSee `eksnet help COMMAND` for the options of a command."
)]
pub struct Cli {
    /// Flags that every command has.
    #[command(flatten)]
    pub common: CommonArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The command line as it parses, without the layout of its help, which costs three times as much.
#[must_use]
pub fn plain() -> clap::Command {
    Cli::command()
}

/// The command line with its help laid out: whatever parses, prints or completes it asks for it here.
#[must_use]
pub fn command() -> clap::Command {
    help::laid_out(Cli::command())
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// How many pods fit on a node of an instance type
    ///
    /// The addresses that the type's ENIs can hold limit the pods, and so does a cap (110 up to 30 vCPU,
    /// else 250); the lower number counts. A node group uses the lowest number of its instance types.
    #[command(name = "maxpods")]
    MaxPods(MaxPodsArgs),
    /// What one node takes from its subnets, as the VPC CNI assigns it
    ///
    /// Simulates ipamd v1.23 pass by pass: the node starts and settles, then all pods are scheduled at once.
    /// Shows the ENIs, the addresses or prefixes on each, what the node takes from its own and from the pods'
    /// subnet, what stays unused, how long the pods wait and how many EC2 calls ipamd makes.
    Node(NodeArgs),
    /// Simulate a layout before it is built: does it fit, and what fails first
    ///
    /// Reads a scenario: subnets, VPC CNI settings, node groups and steps. Simulates ipamd v1.23 on every
    /// node, pass by pass over the subnets' real address spaces, through scaling, roll-outs, the loss of a
    /// zone and upgrades, each step until nothing changes. Shows whether every node and pod gets its
    /// addresses, what fails and why, where no address is left to spare, and how full each subnet gets.
    /// Exits with 1 if a node or a pod stays without an address.
    Simulate(SimulateArgs),
    /// Plan a layout for what must run: ranked layouts that hold, and why
    ///
    /// Reads a requirement: pods, instance types, zones, the VPC, what must be survived. Searches subnets,
    /// VPC CNI settings and CIDR blocks, simulates every layout, and ranks those that hold: the fewest
    /// routable addresses first, then the least change. Exits with 1 if nothing can be recommended, and says
    /// the smallest change that makes it possible.
    Plan(Box<PlanArgs>),
    /// Audit subnets: used, free, fragmented, who holds the addresses
    ///
    /// Counts every address that an ENI holds, the /28 blocks that are free for prefixes, and who owns them,
    /// and reconciles the counts with EC2's AvailableIpAddressCount. Calls AWS, or reads saved data with
    /// --from.
    Audit(Box<AuditArgs>),
    /// Collect the data of an audit and save it to a file
    ///
    /// `audit`, `simulate` and `diff` read the file. It goes to stdout unless --output-file names a path.
    Snapshot(SnapshotArgs),
    /// Compare two snapshots: what grew, what was added and removed, when addresses run out
    ///
    /// Each side is a snapshot or a directory of saved AWS CLI output. The two are ordered by the times at
    /// which they were captured. Days to exhaustion follow the straight line between the two; `eksnet audit
    /// --history` forecasts from many snapshots.
    Diff(DiffArgs),
    /// Explain a check of the audit: what it means, why it matters, how to fix it
    ///
    /// Without an id it lists the checks.
    Explain(ExplainArgs),
    /// The networking limits of instance types
    Limits(LimitsArgs),
    /// Check credentials, region, permissions, instance table and kubectl context
    ///
    /// Tries each permission of the live commands with one small read-only call. Exits with 3 if there are no
    /// credentials or no region, and with 4 if a call fails. Credentials are never shown.
    Doctor(DoctorArgs),
    /// Print the least IAM policy that the live commands need
    IamPolicy(IamPolicyArgs),
    /// Print shell completions, man pages or a JSON Schema
    Generate(GenerateArgs),
    /// Print the version, the date of the instance table and the features built in
    Version(VersionArgs),
}
