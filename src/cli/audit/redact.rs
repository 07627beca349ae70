//! `--redact` as typed.

use clap::Args;

/// To share what comes out.
#[derive(Debug, Clone, Args)]
pub struct RedactArgs {
    /// Replace account ids, resource ids, ARNs and names by stand-ins, in the report and in the
    /// snapshot, to share them. IP addresses and CIDRs stay, since they are the point; so do regions,
    /// zones and instance types. The same original has the same stand-in within a run, and the numbers
    /// are the same. The log lines of -v on stderr are left as they are
    #[arg(long)]
    pub redact: bool,
}
