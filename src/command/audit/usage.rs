//! `--what-if`: settings that are asked about.

use crate::{audit::Asked, cli::UsageArgs, cni::parse_changes, command::Failure};

/// The settings, as they were typed and as they were meant.
pub(super) fn asked(arguments: &UsageArgs) -> Result<Vec<Asked>, Failure> {
    let one = |settings: &String| {
        parse_changes(settings).map(|changes| (settings.clone(), changes)).map_err(|reason| {
            Failure::usage(
                format!("--what-if {settings}: {reason}"),
                "for example: warm-ip-target=2,minimum-ip-target=12, or prefix",
            )
        })
    };
    arguments.what_if.iter().map(one).collect()
}
