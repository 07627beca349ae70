//! `eksnet iam-policy` as typed.

use clap::Args;

use super::OutputFileArg;

/// Print the least IAM policy that the live commands need, as JSON
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  eksnet iam-policy --output-file policy.json\n  aws iam create-policy --policy-name eksnet --policy-document file://policy.json"
)]
pub struct IamPolicyArgs {
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
}
