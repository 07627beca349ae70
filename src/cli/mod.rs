//! The command line as typed. Nothing is looked up or decided here.

mod audit;
mod common;
mod diff;
mod generate;
mod iam_policy;
mod limits;
mod maxpods;
mod node;
mod simulate;
mod snapshot;
mod values;

use clap::{Parser, Subcommand};

pub use audit::{
    AuditArgs, AuditFormat, BarArgs, BaselineArgs, CsvRows, FormatArgs, HistoryArgs, HorizonArg,
    PolicyArgs, RedactArgs, SelectionArgs, UsageArgs,
};
pub use common::{AwsArgs, ColorArg, CommonArgs, OutputFileArg};
pub use diff::{DiffArgs, DiffFormat, MomentArg};
pub use generate::{GenerateArgs, GenerateCommand};
pub use iam_policy::IamPolicyArgs;
pub use limits::{
    LimitsArgs, LimitsCommand, LimitsFormat, LimitsListArgs, LimitsShowArgs, LimitsUpdateArgs,
    LimitsVerifyArgs,
};
pub use maxpods::{CapArg, FilterArgs, MaxPodsArgs, MaxPodsFormat, OsArg, SortArg};
pub use node::{NodeArgs, NodeFormat, TargetArg, TargetArgs};
pub use simulate::{SimulateArgs, SimulateFormat};
pub use snapshot::SnapshotArgs;
pub use values::{ArchArg, DurationArg, IntRange};

/// Max pods and subnet audits for Amazon EKS
///
/// eksnet answers how many pods fit on a node, which subnets are about to run dry, who holds their
/// addresses, and whether a layout that is planned will fit: the right number with the reason, or what
/// could not be seen.
#[derive(Debug, Parser)]
#[command(
    name = "eksnet",
    version,
    propagate_version = true,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "Exit codes:\n  0  done, nothing at or above the bar\n  1  findings at or above --fail-on, or a layout that does not fit\n  2  bad usage or bad input\n  3  credentials, network, permission or region: nothing can be said\n  4  incomplete: something the answer needs could not be seen, and the output says what"
)]
pub struct Cli {
    /// Flags that every command has.
    #[command(flatten)]
    pub common: CommonArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// How many pods fit on a node of an instance type
    #[command(name = "maxpods")]
    MaxPods(MaxPodsArgs),
    /// What one node takes from its subnets, exactly as the VPC CNI would
    Node(NodeArgs),
    /// Simulate a layout before it is built: does it fit, and what fails first
    ///
    /// Reads a scenario: subnets, VPC CNI settings, node groups, and the steps that happen to them.
    /// Simulates ipamd v1.23 on every node, pass by pass over the subnets' real address spaces, through
    /// scaling, roll-outs, the loss of a zone and upgrades, each step until nothing changes. Says whether
    /// everything finds its place, what does not and why, where nothing is to spare, and how full each
    /// subnet gets. Exits with 1 if something stays without its place.
    Simulate(SimulateArgs),
    /// Audit subnets: used, free, fragmented, who holds the addresses
    Audit(Box<AuditArgs>),
    /// Collect what an audit needs and save it to a file
    Snapshot(SnapshotArgs),
    /// Compare two snapshots: what grew, what came and went, when addresses run out
    Diff(DiffArgs),
    /// The networking limits of instance types
    Limits(LimitsArgs),
    /// Print the least IAM policy that the live commands need
    IamPolicy(IamPolicyArgs),
    /// Print shell completions, the man page or a JSON Schema
    Generate(GenerateArgs),
}
