//! The policy file as typed.

use std::path::PathBuf;

use clap::Args;

use crate::cli::headings::THRESHOLDS;

/// Where the policy is.
#[derive(Debug, Clone, Args)]
pub struct PolicyArgs {
    /// Policy file [default: the nearest .eksnet.yaml]
    ///
    /// Thresholds, severities and findings to ignore; flags win over it. The nearest .eksnet.yaml is the one
    /// of the working directory or of the closest directory above it, up to the repository's root.
    #[arg(help_heading = THRESHOLDS, long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}
