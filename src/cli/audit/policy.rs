//! The policy file as typed.

use std::path::PathBuf;

use clap::Args;

/// Where the policy is.
#[derive(Debug, Clone, Args)]
pub struct PolicyArgs {
    /// Policy file with bars, severities and findings to ignore; flags win over it [default: the
    /// .eksnet.yaml of the working directory or the nearest one above it, up to the repository's root]
    #[arg(help_heading = "Bars", long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}
