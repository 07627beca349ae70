//! `eksnet simulate` as typed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{OutputFileArg, SelectionArgs};

/// Output formats of `simulate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SimulateFormat {
    /// For people
    Table,
    /// One JSON object
    Json,
    /// Comma-separated values, a row a step and subnet
    Csv,
    /// Markdown tables
    Markdown,
    /// One HTML page with a chart of each subnet
    Html,
}

/// The arguments; what the command does is told at its variant, whose text is the one shown.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  eksnet simulate layout.yaml\n  eksnet simulate layout.yaml --fail-on-tight --margin 80\n  eksnet simulate layout.yaml --runs 100 -o json\n  eksnet simulate steps.yaml --from monday.json --vpc vpc-0abc\n  eksnet simulate layout.yaml -o html --output-file layout.html\n  eksnet generate schema scenario --output-file scenario.schema.json"
)]
pub struct SimulateArgs {
    /// The scenario, YAML or JSON, or - for stdin
    #[arg(value_name = "FILE", required_unless_present = "from")]
    pub scenario: Option<PathBuf>,
    /// Start from what was observed: a snapshot file, a saved answer, or a folder of them (repeatable).
    /// The scenario then holds the steps, and what is added; without one, what is there is simulated as
    /// it stands
    #[arg(long, value_name = "PATH", help_heading = "Start")]
    pub from: Vec<PathBuf>,
    /// What is taken of it.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Simulate it N times, from --seed on with the next seed each: figures become worst, median and
    /// best, and the layout fits if it does every time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub runs: Option<u32>,
    /// Decides where EC2 puts addresses; the same seed gives the same result
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// The share of a subnet, in percent, above whose use there is nothing to spare; 100 looks at the
    /// nodes' warm targets alone
    #[arg(long, value_name = "PERCENT", default_value_t = 90, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub margin: u8,
    /// Exit 1 also when the layout fits with nothing to spare
    #[arg(long)]
    pub fail_on_tight: bool,
    /// Fail when a pod that a churn step brings waits longer for an address
    #[arg(long, value_name = "SECONDS")]
    pub max_wait: Option<u64>,
    /// Look for no change that makes a failing layout fit, which takes trials
    #[arg(long)]
    pub no_remedy: bool,
    /// Accept subnets larger than /16, which some accounts have
    #[arg(long)]
    pub allow_large_cidr: bool,
    /// Another catalogue
    #[arg(long, value_name = "FILE")]
    pub limits: Option<PathBuf>,
    /// Output format
    #[arg(short, long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub output: SimulateFormat,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
}
