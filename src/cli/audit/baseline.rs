//! Baselines as typed.

use std::path::PathBuf;

use clap::Args;

/// What is known already.
#[derive(Debug, Clone, Args)]
pub struct BaselineArgs {
    /// Findings in this file are known: they are shown, and only new or worse ones fail the run
    #[arg(help_heading = "Baseline", long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings' checks, resources and severities to a file for --baseline; with both
    /// flags, after the comparison
    #[arg(help_heading = "Baseline", long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
}
