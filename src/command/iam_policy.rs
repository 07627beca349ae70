//! `eksnet iam-policy`.

use serde::Serialize;

use super::{Exit, Failure, output::Output};
use crate::{
    cli::{CommonArgs, IamPolicyArgs},
    finding::counted,
    inventory::Operation,
    render::json::write_json,
};

pub(super) fn run(arguments: &IamPolicyArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let policy = IamPolicy {
        version: "2012-10-17",
        statement: [Statement {
            sid: "EksnetReadOnly",
            effect: "Allow",
            action: Operation::ALL.iter().map(|call| call.iam_action()).collect(),
            resource: "*",
        }],
    };
    let output = Output::new(&arguments.file, common);
    output.write(|out| write_json(&policy, out))?;
    output.say_written(&counted(Operation::ALL.len(), "action", "actions"));
    Ok(Exit::Done)
}

/// An IAM policy document (IAM user guide, "Grammar of the IAM JSON policy language").
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct IamPolicy {
    version: &'static str,
    statement: [Statement; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: &'static str,
    effect: &'static str,
    action: Vec<&'static str>,
    resource: &'static str,
}
