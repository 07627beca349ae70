//! `eksnet generate` as typed.

use clap::{Args, Subcommand};
use clap_complete::Shell;

use super::OutputFileArg;

/// Print shell completions, man pages or a JSON Schema
#[derive(Debug, Clone, Args)]
#[command(
    before_help = "Examples:\n  source <(eksnet generate completions bash)\n  eksnet generate schema scenario --output-file scenario.schema.json"
)]
pub struct GenerateArgs {
    /// What to print.
    #[command(subcommand)]
    pub command: GenerateCommand,
}

/// What can be generated.
#[derive(Debug, Clone, Subcommand)]
pub enum GenerateCommand {
    /// Print the completion script of a shell
    #[command(
        before_help = "Examples:\n  source <(eksnet generate completions bash)\n  eksnet generate completions zsh --output-file ~/.zfunc/_eksnet\n  eksnet generate completions fish --output-file ~/.config/fish/completions/eksnet.fish"
    )]
    Completions {
        /// The shell
        shell: Shell,
        /// Where the output goes.
        #[command(flatten)]
        file: OutputFileArg,
    },
    /// Print the man page, one for all commands
    #[command(before_help = "Examples:\n  eksnet generate man | man -l -")]
    Man {
        /// Where the output goes.
        #[command(flatten)]
        file: OutputFileArg,
    },
    /// Print the JSON Schema of an output, or of a file that eksnet reads
    #[command(
        before_help = "Examples:\n  eksnet generate schema audit\n  eksnet generate schema scenario --output-file scenario.schema.json"
    )]
    Schema {
        /// Its name
        #[arg(value_parser = ["audit", "baseline", "diff", "instance-limits", "limits", "limits-verify", "maxpods", "node", "policy", "scenario", "simulate", "snapshot", "version"])]
        name: String,
        /// Where the output goes.
        #[command(flatten)]
        file: OutputFileArg,
    },
}
