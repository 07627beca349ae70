//! What is shown of an audit, as typed.

use clap::{Args, ValueEnum};

/// Severities by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SeverityArg {
    /// All findings
    Info,
    /// Warnings and critical findings
    Warning,
    /// Critical findings
    Critical,
}

/// What subnets are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SubnetSortArg {
    /// Worst first
    Severity,
    /// Fullest first
    Utilization,
    /// Fewest free addresses first
    Free,
    /// Fewest assignable prefixes first
    Prefixes,
    /// By name
    Name,
    /// By availability zone
    Zone,
    /// By CIDR
    Cidr,
}

/// What is shown.
#[derive(Debug, Clone, Args)]
pub struct ViewArgs {
    /// Show only findings of this severity or worse
    ///
    /// The verdict, the counts and the exit code stay those of all findings. Also filters `findings` of -o
    /// json, whose `filter` then says how many are hidden; sarif, junit, gitlab and metrics are whole.
    #[arg(help_heading = "Sections", long, value_enum, value_name = "SEVERITY")]
    pub severity: Option<SeverityArg>,
    /// Show only findings of these checks
    ///
    /// As --severity. `eksnet explain` lists the checks.
    #[arg(help_heading = "Sections", long, value_delimiter = ',', value_name = "ID")]
    pub check: Vec<String>,
    /// Order of subnets [default: severity; of -o csv: VPC, zone, CIDR]
    ///
    /// -o json keeps its own order.
    #[arg(help_heading = "Sections", long, value_enum, value_name = "KEY", hide_short_help = true)]
    pub sort: Option<SubnetSortArg>,
    /// Show only the first N subnets, the worst ones unless --sort is given
    ///
    /// -o json has all of them.
    #[arg(help_heading = "Sections", long, value_name = "N", hide_short_help = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub top: Option<u32>,
}
