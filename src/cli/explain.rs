//! `eksnet explain` as typed.

use clap::Args;

use super::OutputFileArg;

/// Explain a check of the audit: what it means, why it matters, how to fix it
///
/// Without an id it lists the checks.
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  eksnet explain prefix-starved\n  eksnet explain InsufficientCidrBlocks\n  eksnet explain"
)]
pub struct ExplainArgs {
    /// The id of the check, as findings show it, or the text of an error
    #[arg(value_name = "CHECK-ID")]
    pub check: Option<String>,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
}
