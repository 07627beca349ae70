//! `eksnet snapshot` as typed.

use std::path::PathBuf;

use clap::Args;

#[cfg(feature = "aws")]
use super::AwsArgs;
use super::{MomentArg, OutputFileArg, RedactArgs, SelectionArgs};

/// The arguments of `snapshot`; help shows the text of the command.
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  eksnet snapshot --vpc vpc-0abc --output-file monday.json\n  eksnet snapshot --from saved/ --captured-at 2026-11-01 --output-file monday.json"
)]
pub struct SnapshotArgs {
    /// Which subnets.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Read saved AWS CLI output instead of calling AWS; repeatable
    #[arg(long, value_name = "PATH", help_heading = "Selection")]
    #[cfg_attr(not(feature = "aws"), arg(required = true))]
    pub from: Vec<PathBuf>,
    /// Capture time of saved AWS CLI output, which has none: RFC 3339, or a day (its start in UTC)
    #[arg(help_heading = "Selection", long, value_name = "TIME")]
    pub captured_at: Option<MomentArg>,
    /// The same as --output-file
    #[arg(
        help_heading = "Output",
        long,
        hide_short_help = true,
        value_name = "FILE",
        conflicts_with = "output_file"
    )]
    pub save: Option<PathBuf>,
    /// To share the output.
    #[command(flatten)]
    pub redact: RedactArgs,
    /// Where the output goes.
    #[command(flatten)]
    pub file: OutputFileArg,
    /// How AWS is reached.
    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub aws: AwsArgs,
}
