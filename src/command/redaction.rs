//! What `--redact` hides of the command line itself: names in it may stand in messages as well.

use crate::{
    cli::{AuditArgs, Command, RedactArgs, SelectionArgs, SnapshotArgs},
    inventory::{Places, redact},
};

/// Variables that name profiles, roles and sessions.
const VARIABLES: [&str; 4] =
    ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"];

/// Names and ids that an error may show; `None` if nothing is to be hidden.
pub(super) fn hidden(command: &Command) -> Option<Vec<String>> {
    let (names, selection) = match command {
        Command::Audit(arguments) => (of_audit(arguments)?, &arguments.selection),
        Command::Snapshot(arguments) => (of_snapshot(arguments)?, &arguments.selection),
        Command::MaxPods(_)
        | Command::Node(_)
        | Command::Simulate(_)
        | Command::Plan(_)
        | Command::Diff(_)
        | Command::Limits(_)
        | Command::IamPolicy(_)
        | Command::Doctor(_)
        | Command::Explain(_)
        | Command::Version(_)
        | Command::Generate(_) => return None,
    };
    let ids = selection.vpc.iter().chain(&selection.subnet).cloned();
    let variables = VARIABLES.iter().filter_map(|name| std::env::var(name).ok());
    let all = names.into_iter().chain(ids).chain(variables);
    Some(all.filter(|name| !name.is_empty()).collect())
}

/// Names that an audit is given; `None` without `--redact`.
pub(super) fn of_audit(arguments: &AuditArgs) -> Option<Vec<String>> {
    of(
        &arguments.redact,
        &arguments.selection,
        #[cfg(feature = "aws")]
        &arguments.aws,
    )
}

/// Names that a snapshot is given; `None` without `--redact`.
pub(super) fn of_snapshot(arguments: &SnapshotArgs) -> Option<Vec<String>> {
    of(
        &arguments.redact,
        &arguments.selection,
        #[cfg(feature = "aws")]
        &arguments.aws,
    )
}

fn of(
    redact: &RedactArgs,
    selection: &SelectionArgs,
    #[cfg(feature = "aws")] aws: &crate::cli::AwsArgs,
) -> Option<Vec<String>> {
    let names = selection.cluster.iter();
    #[cfg(feature = "aws")]
    let names = names.chain(&aws.profile).chain(&aws.assume_role);
    redact.redact.then(|| names.cloned().collect())
}

/// What is looked at, with placeholders if they are asked for.
pub(super) fn redacted(places: Places, names: Option<&[String]>) -> Places {
    match names {
        Some(names) => redact(places, &names.iter().map(String::as_str).collect::<Vec<_>>()),
        None => places,
    }
}
