//! What is left of a call that failed, where its answer should be: `aws … > file 2>&1` keeps the error, and
//! some tools write it as JSON. The answer is not there, and the error says why.

use serde_json::Value;

use super::{
    assemble::{Answers, Recognised},
    known::{Call, call_of},
};
use crate::inventory::{Operation, cleaned};

/// How errors of the AWS CLI and of kubectl begin, after `aws: [ERROR]: ` in newer versions.
const STARTS: [&str; 20] = [
    "An error occurred (",
    "Connect timeout on endpoint URL",
    "Could not connect to the endpoint URL",
    "Error from server",
    "Error loading SSO Token",
    "Error when retrieving ",
    "Invalid endpoint",
    "No valid credential",
    "Partial credentials found",
    "Read timeout on endpoint URL",
    "SSL validation failed",
    "The SSO session",
    "The config profile (",
    "The connection to the server",
    "Token has expired",
    "Unable to connect to the server",
    "Unable to locate credentials",
    "You must specify a region",
    "error: You must be logged in",
    "error: the server doesn't have a resource type",
];

impl Answers {
    /// Takes in an error that stands in an answer's place, by how the file begins: its call is not answered.
    /// `None` when it is anything else.
    pub fn read_refusal(&mut self, file_name: &str, text: &str) -> Option<Recognised> {
        let said = said(text)?;
        let named = operation(&said);
        let call = match named.and_then(|name| Operation::ALL.iter().find(|it| it.name() == name)) {
            Some(operation) => Call::Aws(*operation),
            None => call_of(file_name),
        };
        if named.is_some() && call == Call::Other {
            // Of a call whose answer nobody needs.
            return Some(Recognised::NotNeeded);
        }
        self.is_absent(
            file_name,
            call,
            format!("{file_name} contains an error: {}", cleaned(&said)),
        );
        Some(Recognised::Absent)
    }
}

/// The error, if it is one.
fn said(text: &str) -> Option<String> {
    let text = text.trim_start();
    if text.starts_with('{') {
        return said_in_json(&serde_json::from_str(text).ok()?);
    }
    // kubectl's own log goes before what it says.
    let is_log = |line: &&str| {
        let day = line.strip_prefix('E').and_then(|rest| rest.split(' ').next());
        day.is_some_and(|day| day.len() == 4 && day.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut lines = text.lines().skip_while(|line| line.trim().is_empty() || is_log(line));
    let first = lines.next()?;
    let bare = first.strip_prefix("aws: [ERROR]: ").unwrap_or(first);
    let is_error = STARTS.iter().any(|start| bare.starts_with(start));
    is_error.then(|| [bare].into_iter().chain(lines).collect::<Vec<_>>().join(" "))
}

fn said_in_json(value: &Value) -> Option<String> {
    let field = |names: &[&str]| names.iter().find_map(|name| value.get(name)?.as_str());
    if let Some(error) = value.get("Error") {
        return said_in_json(error);
    }
    let message = field(&["message", "Message"])?;
    let failed = field(&["kind"]) == Some("Status") && field(&["status"]) == Some("Failure");
    match field(&["__type", "Code", "code"]) {
        Some(code) => Some(format!("{code}: {message}")),
        None => failed.then(|| message.to_owned()),
    }
}

/// The operation that an error of the AWS CLI names.
fn operation(said: &str) -> Option<&str> {
    let (_, rest) = said.split_once("when calling the ")?;
    rest.split_once(" operation").map(|(name, _)| name)
}
