//! `eksnet generate` as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;

use super::{OutputFileArg, headings::OUTPUT};

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
    /// Print a man page, or write one for each command
    #[command(
        before_help = "Examples:\n  eksnet generate man | man -l -\n  eksnet generate man limits show\n  eksnet generate man --output-dir ~/.local/share/man/man1"
    )]
    Man {
        /// The command [default: eksnet itself]
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
        /// Write the pages of all commands to a directory, such as eksnet-audit.1
        #[arg(
            help_heading = OUTPUT,
            long,
            value_name = "DIR",
            conflicts_with_all = ["command", "output_file"]
        )]
        output_dir: Option<PathBuf>,
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
        #[arg(value_parser = ["audit", "baseline", "diff", "doctor", "instance-limits", "limits", "limits-verify", "maxpods", "node", "plan", "plan-warm-targets", "policy", "requirement", "scenario", "simulate", "snapshot", "version"])]
        name: String,
        /// Where the output goes.
        #[command(flatten)]
        file: OutputFileArg,
    },
}
