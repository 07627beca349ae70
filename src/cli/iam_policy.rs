//! `eksnet iam-policy` as typed.

use clap::Args;

use super::OutputFileArg;

/// Print the least IAM policy that the live commands need, as JSON
#[derive(Debug, Clone, Args)]
pub struct IamPolicyArgs {
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
}
