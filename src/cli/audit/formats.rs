//! What some formats of `audit` are told.

use clap::{Args, ValueEnum};

/// The rows of `-o csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CsvRows {
    /// A row a subnet
    Subnets,
    /// A row an owner in a subnet
    Owners,
    /// A row a node
    Nodes,
    /// A row a finding
    Findings,
    /// A row a subnet and bar of the forecast
    Forecast,
}

/// What some formats are told.
#[derive(Debug, Clone, Args)]
pub struct FormatArgs {
    /// What a row of -o csv is; subnets if not given
    #[arg(long, value_enum, value_name = "ROWS")]
    pub csv: Option<CsvRows>,
    /// The file of the repository, relative to its root, that findings point at in -o sarif, gitlab
    /// and github; it need not be there
    #[arg(long, value_name = "PATH", default_value = ".eksnet.yaml")]
    pub location: String,
}
