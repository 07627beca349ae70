//! `eksnet simulate` as typed.

use std::path::PathBuf;

use clap::Args;

use super::{
    OutputFileArg, SelectionArgs,
    format::{Format, TableArgs, formats},
    headings::{OUTPUT, THRESHOLDS},
};

/// The arguments; the variant's text is the one that help shows.
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  eksnet simulate layout.yaml\n  eksnet simulate layout.yaml --fail-on-tight --margin 80\n  eksnet simulate layout.yaml --runs 100 -o json\n  eksnet simulate steps.yaml --from monday.json --vpc vpc-0abc\n  eksnet simulate layout.yaml -o html --output-file layout.html\n  eksnet generate schema scenario --output-file scenario.schema.json"
)]
pub struct SimulateArgs {
    /// The scenario, YAML or JSON, or - for stdin
    #[arg(value_name = "FILE", required_unless_present = "from")]
    pub scenario: Option<PathBuf>,
    /// Start from a snapshot, or saved AWS CLI output; repeatable
    ///
    /// A file, or a directory of files. The scenario then holds the steps, and what is added. Without a
    /// scenario the observed state is simulated without steps.
    #[arg(long, value_name = "PATH", help_heading = "Selection")]
    pub from: Vec<PathBuf>,
    /// Which subnets of it.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Simulate N times with consecutive seeds
    ///
    /// Figures become worst, median and best. The layout fits if it fits in every run.
    #[arg(help_heading = "Simulation", long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub runs: Option<u32>,
    /// Seed for where EC2 places addresses
    ///
    /// The same seed gives the same result.
    #[arg(
        help_heading = "Simulation",
        long,
        hide_short_help = true,
        value_name = "S",
        default_value_t = 1
    )]
    pub seed: u64,
    /// Percent in use above which a subnet has nothing to spare
    ///
    /// 100 checks only the nodes' warm targets.
    #[arg(help_heading = THRESHOLDS, long, value_name = "PERCENT", default_value_t = 90, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub margin: u8,
    /// Exit 1 also when the layout fits with nothing to spare
    #[arg(help_heading = THRESHOLDS, long)]
    pub fail_on_tight: bool,
    /// Fail when a pod of a churn or burst step waits longer for an address
    #[arg(help_heading = THRESHOLDS, long, value_name = "SECONDS")]
    pub max_wait: Option<u64>,
    /// Do not search for a change that makes a failing layout fit
    #[arg(help_heading = "Simulation", long, hide_short_help = true)]
    pub no_remedy: bool,
    /// Accept subnets larger than /16, which some accounts have
    #[arg(help_heading = "Selection", long, hide_short_help = true)]
    pub allow_large_cidr: bool,
    /// Instance table to use instead of the built-in one
    #[arg(help_heading = "Instance table", long, value_name = "FILE", hide_short_help = true)]
    pub limits: Option<PathBuf>,
    /// Output format
    #[arg(help_heading = OUTPUT, short, long, value_parser = formats("simulate"), default_value = "table", value_name = "FORMAT")]
    pub output: Format,
    /// How tables are laid out.
    #[command(flatten)]
    pub table: TableArgs,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
}
