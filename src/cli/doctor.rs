//! `eksnet doctor` as typed.

use clap::Args;

#[cfg(feature = "aws")]
use super::AwsArgs;
use super::{
    OutputFileArg,
    format::{Format, formats},
    headings::OUTPUT,
};

/// Check credentials, region, permissions, instance table and kubectl context
///
/// Tries each permission of the live commands with one small read-only call. Exits with 3 if there are no
/// credentials or no region, and with 4 if a call fails. Credentials are never shown.
#[derive(Debug, Clone, Args)]
#[command(before_help = "Examples:\n  eksnet doctor\n  eksnet doctor -o json")]
pub struct DoctorArgs {
    /// Try the EKS calls with this cluster
    ///
    /// Without it they are tried with a name that no cluster has, which shows whether the calls are
    /// allowed.
    #[cfg(feature = "aws")]
    #[arg(help_heading = "Selection", long, value_name = "NAME")]
    pub cluster: Option<String>,
    /// Output format
    #[arg(help_heading = OUTPUT, short, long, value_parser = formats("doctor"), default_value = "table", value_name = "FORMAT")]
    pub output: Format,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
    /// How AWS is reached.
    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub aws: AwsArgs,
}
