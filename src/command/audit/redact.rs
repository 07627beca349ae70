//! What `--redact` cannot go with: files that name things as they are called, or would have to.

use super::policy::AuditSettings;
use crate::{cli::AuditArgs, command::Failure};

/// Refuses what would find nothing under the placeholders, or show an original beside them.
pub(super) fn check(arguments: &AuditArgs, held: &AuditSettings) -> Result<(), Failure> {
    if !arguments.redact.redact {
        return Ok(());
    }
    let flags = [
        ("--history", arguments.history.history.is_some()),
        ("--baseline", arguments.baseline.baseline.is_some()),
        ("--write-baseline", arguments.baseline.write_baseline.is_some()),
    ];
    if let Some((flag, _)) = flags.iter().find(|(_, given)| *given) {
        return Err(Failure::usage(
            format!("--redact cannot be used with {flag}"),
            "the files contain the original names of subnets and findings: remove one of the two \
             flags",
        ));
    }
    if let Some(row) = held.policy.ignore.first() {
        return Err(Failure::usage(
            format!(
                "--redact cannot be used with a policy that ignores findings (here of {})",
                row.check
            ),
            "ignore entries contain original names: pass a policy without `ignore` with --policy",
        ));
    }
    Ok(())
}
