//! A requirement that is refused, with the file it stands in.

use std::fmt::Display;

use crate::{cli::PlanArgs, command::Failure, plan::PlanError};

/// A requirement that cannot be planned for.
pub(super) fn refused(error: &PlanError, arguments: &PlanArgs) -> Failure {
    let hint = error.hint.clone().unwrap_or_else(|| "fix this value in the requirement".to_owned());
    Failure::usage(placed(arguments, error), hint)
}

/// What is wrong, behind the name of the file if there is one.
pub(super) fn placed(arguments: &PlanArgs, error: &impl Display) -> String {
    match &arguments.requirement {
        Some(path) => format!("{}: {error}", path.display()),
        None => error.to_string(),
    }
}
