//! Baselines as typed.

use std::path::PathBuf;

use clap::Args;

use crate::cli::headings::FINDINGS;

/// What is known already.
#[derive(Debug, Clone, Args)]
pub struct BaselineArgs {
    /// Known findings: only new or worse ones fail the run
    #[arg(help_heading = FINDINGS, long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings to a file for --baseline
    ///
    /// Their checks, resources and severities. With both flags the file is written after the comparison.
    #[arg(hide_short_help = true, help_heading = FINDINGS, long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
}
