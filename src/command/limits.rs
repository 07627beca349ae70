//! `eksnet limits`.

use std::path::Path;

use super::{
    Exit, Failure, catalogue,
    forms::{Forms, no_other},
    note,
    output::Output,
};
use crate::{
    cli::{
        CommonArgs, LimitsCommand, LimitsListArgs, LimitsShowArgs, LimitsUpdateArgs,
        LimitsVerifyArgs,
    },
    finding::counted,
    instance::{DescribedType, InstanceLimits, differences, merge, write_catalogue},
    render::{
        json::limits::{LimitsJson, VerifyJson},
        limits::{
            differences_grid, list_document, list_grid, show_document, verdict, verify_document,
        },
    },
};

pub(super) fn run(command: &LimitsCommand, common: &CommonArgs) -> Result<Exit, Failure> {
    match command {
        LimitsCommand::Show(arguments) => show(arguments, common),
        LimitsCommand::List(arguments) => list(arguments, common),
        LimitsCommand::Update(arguments) => update(arguments, common),
        LimitsCommand::Verify(arguments) => verify(arguments, common),
    }
}

fn show(arguments: &LimitsShowArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let table = catalogue::load(arguments.limits.as_deref())?;
    #[cfg(feature = "aws")]
    let table = if arguments.live {
        let asked = std::slice::from_ref(&arguments.instance_type);
        super::live::with_types(table, asked, &arguments.aws, common)?
    } else {
        table
    };
    let name = &arguments.instance_type;
    let limits = table.get(name).ok_or_else(|| catalogue::unknown(&table, name))?;
    Forms {
        document: Some(&|_| show_document(&table, limits)),
        json: &|| LimitsJson::new(&table, &[limits]),
        csv: &|| list_grid(&[limits]),
        own: &no_other,
        found: &|| limits.instance_type.to_string(),
    }
    .write(arguments.output, &Output::new(&arguments.file, common).with(&arguments.table))?;
    Ok(Exit::Done)
}

fn list(arguments: &LimitsListArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let table = catalogue::load(arguments.limits.as_deref())?;
    let found: Vec<&InstanceLimits> = if arguments.types.is_empty() {
        catalogue::all(&table)
    } else {
        catalogue::find(&table, &arguments.types)?.types
    };
    if let Some(text) = catalogue::unknown_to(found.iter().copied(), &arguments.filters) {
        note(common, &text);
    }
    let rows: Vec<&InstanceLimits> =
        found.into_iter().filter(|row| catalogue::passes(row, &arguments.filters)).collect();
    Forms {
        document: Some(&|wide| list_document(&rows, wide)),
        json: &|| LimitsJson::new(&table, &rows),
        csv: &|| list_grid(&rows),
        own: &no_other,
        found: &|| counted(rows.len(), "instance type", "instance types"),
    }
    .write(arguments.output, &Output::new(&arguments.file, common).with(&arguments.table))?;
    Ok(Exit::Done)
}

fn update(arguments: &LimitsUpdateArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let table = catalogue::load(arguments.limits.as_deref())?;
    let answer = answer(
        arguments.from.as_deref(),
        #[cfg(feature = "aws")]
        &arguments.aws,
        #[cfg(feature = "aws")]
        common,
    )?;
    // A saved answer does not say when it was given, and the clock is no part of what is read from it.
    let (source, as_of) = if let Some(path) = &arguments.from {
        (format!("the output saved as {}", path.display()), None)
    } else {
        let today = jiff::Timestamp::now().strftime("%F").to_string();
        (format!("DescribeInstanceTypes of {today}"), Some(today))
    };
    let updated = merge(&table, answer, &source, as_of.as_deref()).map_err(|error| {
        Failure::usage(error, "the output of DescribeInstanceTypes contains an invalid type")
    })?;
    let output = Output::new(&arguments.file, common);
    output.write(|out| write_catalogue(&updated, out))?;
    output.say_written(&counted(updated.types().len(), "instance type", "instance types"));
    Ok(Exit::Done)
}

fn verify(arguments: &LimitsVerifyArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let table = catalogue::load(arguments.limits.as_deref())?;
    let answer = answer(
        arguments.from.as_deref(),
        #[cfg(feature = "aws")]
        &arguments.aws,
        #[cfg(feature = "aws")]
        common,
    )?;
    let found = differences(&table, &answer);
    let compared = answer.len();
    Forms {
        document: Some(&|_| verify_document(&found, compared)),
        json: &|| VerifyJson::new(compared, &found),
        csv: &|| differences_grid(&found),
        own: &no_other,
        found: &|| verdict(&found, compared),
    }
    .write(arguments.output, &Output::new(&arguments.file, common).with(&arguments.table))?;
    Ok(if found.is_empty() { Exit::Done } else { Exit::Findings })
}

/// DescribeInstanceTypes: a saved answer, or a live one. One left at a NextToken is absent in part, and
/// one without types says nothing.
fn answer(
    from: Option<&Path>,
    #[cfg(feature = "aws")] aws: &crate::cli::AwsArgs,
    #[cfg(feature = "aws")] common: &CommonArgs,
) -> Result<Vec<DescribedType>, Failure> {
    let types = match from {
        Some(path) => {
            let answer = catalogue::answer(path)?;
            if answer.next_token.is_some() {
                let text = format!("{}: the output ends at a NextToken", path.display());
                return Err(Failure::incomplete(text, "save it without --max-items"));
            }
            answer.instance_types
        }
        #[cfg(feature = "aws")]
        None => super::live::describe(&crate::aws::TypeQuery::All, aws, common)?,
        // `--from` is required then; clap has said so before.
        #[cfg(not(feature = "aws"))]
        None => {
            return Err(Failure::usage(
                "--from is required",
                "pass saved output of `aws ec2 \
            describe-instance-types`",
            ));
        }
    };
    if types.is_empty() {
        return Err(Failure::incomplete(
            "the output of DescribeInstanceTypes has no instance types",
            "save it again: aws ec2 describe-instance-types --output json",
        ));
    }
    Ok(types)
}
