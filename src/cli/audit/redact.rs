//! `--redact` as typed.

use clap::Args;

use crate::cli::headings::OUTPUT;

/// To share the output.
#[derive(Debug, Clone, Args)]
pub struct RedactArgs {
    /// Replace ids and names by placeholders, to share the output
    ///
    /// Account ids, resource ids, ARNs and names, in the report and in the snapshot. IP addresses, CIDRs,
    /// regions, zones and instance types stay, and so do the numbers. The same original gets the same
    /// placeholder within a run. The log lines of -v on stderr are not redacted.
    #[arg(help_heading = OUTPUT, long, hide_short_help = true)]
    pub redact: bool,
}
