//! `eksnet snapshot` as typed.

use std::path::PathBuf;

use clap::Args;

#[cfg(feature = "aws")]
use super::AwsArgs;
use super::{OutputFileArg, RedactArgs, SelectionArgs};

/// Collect what an audit needs and save it to a file
///
/// The file is read again with --from. It goes to stdout unless --output-file names a path.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  eksnet snapshot --vpc vpc-0abc --output-file monday.json\n  eksnet snapshot --from saved-answers/ --output-file monday.json"
)]
pub struct SnapshotArgs {
    /// Which subnets.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Make the snapshot from saved answers instead of live calls: files or folders (repeatable)
    #[arg(long, value_name = "PATH", help_heading = "Selection")]
    #[cfg_attr(not(feature = "aws"), arg(required = true))]
    pub from: Vec<PathBuf>,
    /// The same as --output-file
    #[arg(long, value_name = "FILE", conflicts_with = "output_file")]
    pub save: Option<PathBuf>,
    /// To share what comes out.
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
