//! `eksnet generate` as typed.

use clap::{Args, Subcommand};
use clap_complete::Shell;

use super::OutputFileArg;

/// Print shell completions, the man page or a JSON Schema
#[derive(Debug, Clone, Args)]
pub struct GenerateArgs {
    /// What to print.
    #[command(subcommand)]
    pub command: GenerateCommand,
}

/// What can be generated.
#[derive(Debug, Clone, Subcommand)]
pub enum GenerateCommand {
    /// Completions for a shell
    Completions {
        /// The shell
        shell: Shell,
        /// Where the output goes.
        #[command(flatten)]
        file: OutputFileArg,
    },
    /// The man page, one for all commands
    Man {
        /// Where the output goes.
        #[command(flatten)]
        file: OutputFileArg,
    },
    /// The JSON Schema of an output, or of a file that is read or written
    Schema {
        /// Its name
        #[arg(value_parser = ["audit", "baseline", "diff", "instance-limits", "limits", "limits-verify", "maxpods", "node", "policy", "scenario", "simulate", "snapshot"])]
        name: String,
        /// Where the output goes.
        #[command(flatten)]
        file: OutputFileArg,
    },
}
