//! Settings of some formats of `audit`.

use clap::{Args, ValueEnum};

use crate::cli::headings::OUTPUT;

/// The rows of `-o csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CsvRows {
    /// One row for each subnet
    Subnets,
    /// One row for each owner in a subnet
    Owners,
    /// One row for each node
    Nodes,
    /// One row for each finding
    Findings,
    /// One row for each subnet and threshold of the forecast: growing subnets first, by date
    Forecast,
}

/// Settings of some formats.
#[derive(Debug, Clone, Args)]
pub struct FormatArgs {
    /// The rows of -o csv [default: subnets]
    #[arg(help_heading = OUTPUT, long, value_enum, value_name = "ROWS", hide_short_help = true)]
    pub csv: Option<CsvRows>,
    /// The repository's file that findings of -o sarif, gitlab and github refer to
    ///
    /// Relative to the repository's root; the file does not have to exist.
    #[arg(help_heading = OUTPUT, hide_short_help = true, long, value_name = "PATH", default_value = ".eksnet.yaml")]
    pub location: String,
}
