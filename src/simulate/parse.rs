//! Reading a scenario. JSON is read as YAML, which it is a part of.

use super::Scenario;

/// A text that is no scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", place(*.line, *.column))]
pub struct ScenarioError {
    /// What is wrong, with the value.
    pub message: String,
    /// The line it is in, from 1; `None` where the text as a whole is meant.
    pub line: Option<u64>,
    /// The column it begins at, from 1.
    pub column: Option<u64>,
}

fn place(line: Option<u64>, column: Option<u64>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!("line {line}, column {column}: "),
        (Some(line), None) => format!("line {line}: "),
        (None, _) => String::new(),
    }
}

/// Reads a scenario of version 1.
///
/// # Errors
/// When it is no YAML or JSON, when a key is unknown or missing, or a value cannot be.
pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
    let scenario: Scenario = serde_saphyr::from_str(text).map_err(|error| describe(&error))?;
    if scenario.version != 1 {
        let message = format!("scenario version {} is not known: known is 1", scenario.version);
        return Err(ScenarioError { message, line: None, column: None });
    }
    Ok(scenario)
}

fn describe(error: &serde_saphyr::Error) -> ScenarioError {
    let location = error.location();
    let whole = error.without_snippet().to_string();
    // The place is stated once, by us.
    let mut message = match whole.rsplit_once(" at line ") {
        Some((before, _)) if location.is_some() => before.to_owned(),
        _ => whole,
    };
    // The library names a function of its own as the way out.
    if message.starts_with("multiple YAML documents") {
        "a second document begins: a scenario is one".clone_into(&mut message);
    }
    ScenarioError {
        message,
        line: location.map(|at| at.line()),
        column: location.map(|at| at.column()),
    }
}
