//! `eksnet plan --warm-targets`.

use super::{
    asked::{Asked, Running},
    refused::refused,
};
use crate::{
    cli::{CommonArgs, Format, PlanArgs},
    command::{
        Exit, Failure,
        forms::{Forms, no_other},
        output::Output,
    },
    instance::Catalogue,
    plan::{WarmSources, WarmVerdict, warm_bounds, warm_plan, warm_sources},
    render::{
        Grid,
        json::plan_warm::WarmPlanJson,
        plan_warm::{WarmAnswer, document, verdict},
    },
};

pub(super) fn run(
    arguments: &PlanArgs,
    common: &CommonArgs,
    asked: Asked,
    table: &Catalogue,
) -> Result<Exit, Failure> {
    if arguments.output == Format::Html {
        return Err(Failure::usage(
            "--warm-targets has no HTML page",
            "use -o table, markdown, json or yaml",
        ));
    }
    let bounds = warm_bounds(&asked.requirement);
    let mut withheld = asked.withheld;
    let sources = match asked.running {
        Some(running) => of_running(running),
        None => {
            warm_sources(&asked.requirement, table).map_err(|error| refused(&error, arguments))?
        }
    };
    if let Some(missing) = sources.withheld()
        && !withheld.iter().any(|known| known.operation == missing.operation)
    {
        withheld.push(missing);
        withheld.sort();
    }
    let answer = WarmAnswer { plan: warm_plan(&sources, &bounds), withheld };
    let output = Output::new(&arguments.file, common).with(&arguments.table);
    Forms {
        document: Some(&|_| document(&answer)),
        json: &|| WarmPlanJson::new(&answer),
        csv: &Grid::default,
        own: &no_other,
        found: &|| verdict(&answer.plan),
    }
    .write(arguments.output, &output)?;
    Ok(exit(&answer))
}

fn of_running(running: Running) -> WarmSources {
    let mut sources = WarmSources::running(running.nodes.into_iter());
    sources.assumed.extend(running.notes);
    if !running.cni_told && !sources.groups.is_empty() {
        sources.assumed.push(
            "warm targets in force are as in the shipped manifest: aws-node is not among the data"
                .to_owned(),
        );
    }
    sources
}

/// What is not available comes before what was found.
fn exit(answer: &WarmAnswer) -> Exit {
    if !answer.withheld.is_empty() {
        return Exit::Incomplete;
    }
    match answer.plan.verdict {
        WarmVerdict::Change | WarmVerdict::Keep => Exit::Done,
        WarmVerdict::OutOfBounds => Exit::Findings,
        WarmVerdict::CannotTell => Exit::Incomplete,
    }
}
