//! From a file to a layout that can be simulated.

use std::path::Path;

use crate::{
    cli::SimulateArgs,
    command::{Failure, text},
    instance::Catalogue,
    simulate::{CheckError, Layout, Observed, Scenario, check, check_from, parse},
};

const SCHEMA_HINT: &str = "see `eksnet generate schema scenario` for the scenario format";

/// A scenario without a step, for a start that is looked at as it stands.
const NO_STEPS: &str = "version: 1";

/// The scenario at a path, or on stdin for `-`; without a path one that has no steps.
pub(super) fn read(path: Option<&Path>) -> Result<Scenario, Failure> {
    let (text, name) = match path {
        Some(path) => (text::read(path, &text::SCENARIO)?, path.display().to_string()),
        None => (NO_STEPS.to_owned(), String::new()),
    };
    parse(&text).map_err(|error| Failure::usage(format!("{name}: {error}"), SCHEMA_HINT))
}

/// What the scenario is called in messages.
pub(super) fn name(arguments: &SimulateArgs) -> String {
    let named = arguments.scenario.iter().chain(&arguments.from).next();
    named.map(|path| path.display().to_string()).unwrap_or_default()
}

/// What a scenario means.
pub(super) fn layout<'a>(
    scenario: &Scenario,
    start: Option<&Observed>,
    table: &'a Catalogue,
    arguments: &SimulateArgs,
) -> Result<Layout<'a>, Failure> {
    let check = |allow_large| match start {
        None => check(scenario, table, allow_large),
        Some(start) => check_from(scenario, start, table, allow_large),
    };
    check(arguments.allow_large_cidr).map_err(|error| {
        // What was refused at a place for its size alone is not refused there without the bound.
        let too_large = !arguments.allow_large_cidr
            && check(true).map_or_else(|other| place(&other) != place(&error), |_| true);
        let hint = if too_large && place(&error) == "vpc.cidrs" {
            "AWS accepts VPC CIDR blocks of /16 to /28; if the account has such a block, add \
             --allow-large-cidr"
        } else if too_large {
            "if the account has such subnets, add --allow-large-cidr"
        } else {
            hint(&error)
        };
        let error = format!("{}: {error}{}", name(arguments), left_out(&error, start));
        Failure::usage(error, hint)
    })
}

/// Why a group that was looked for may not be there.
fn left_out(error: &CheckError, start: Option<&Observed>) -> String {
    match (error, start) {
        (CheckError::Unknown { what: "group", .. }, Some(start)) if !start.left_out.is_empty() => {
            format!("; {}", start.left_out.join("; "))
        }
        (CheckError::Unknown { .. } | CheckError::Value { .. } | CheckError::Launch { .. }, _) => {
            String::new()
        }
    }
}

fn place(error: &CheckError) -> &str {
    match error {
        CheckError::Unknown { place, .. }
        | CheckError::Value { place, .. }
        | CheckError::Launch { place, .. } => place,
    }
}

fn hint(error: &CheckError) -> &'static str {
    match error {
        CheckError::Unknown { what: "instance type", .. } => {
            "`eksnet limits list` shows the known types; --limits FILE adds new types"
        }
        CheckError::Unknown { .. } => "use a name that the scenario defines",
        CheckError::Value { .. } => "fix this value in the scenario",
        CheckError::Launch { error, .. } => error.hint(),
    }
}
