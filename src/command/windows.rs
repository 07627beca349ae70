//! What Windows nodes do not have.

use super::Failure;
use crate::cli::OsArg;

/// Whether the node is a Windows node; an error if a flag among the given ones that only Linux nodes
/// have is set beside.
pub(super) fn is_windows(os: OsArg, linux_only: &[(bool, &str)]) -> Result<bool, Failure> {
    if os == OsArg::Linux {
        return Ok(false);
    }
    match linux_only.iter().find(|(set, _)| *set) {
        Some((_, flag)) => Err(Failure::usage(
            format!("{flag} cannot be used with --os windows"),
            "Windows nodes use only IPv4 addresses of the primary ENI for pods",
        )),
        None => Ok(true),
    }
}
