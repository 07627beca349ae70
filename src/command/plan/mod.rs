//! `eksnet plan`.

mod asked;
mod emit;
mod events;
mod flags;
mod folder;
mod groups;
mod history;
mod refused;
mod requirement;
mod typed;
mod warm;
mod zones;

use std::{io::Write, path::Path};

use super::{
    Exit, Failure, catalogue,
    forms::Forms,
    note,
    output::Output,
    start::{StartArgs, start},
    threads::pool,
};
use crate::{
    cli::{CommonArgs, Format, PlanArgs},
    nearest::nearest,
    plan::{Plan, plan},
    render::{
        Grid,
        html::write_plan,
        json::{plan::PlanJson, write_json, write_yaml},
        plan::{PlanAnswer, PlanEnding, document, verdict},
    },
};

pub(super) fn run(arguments: &PlanArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let table = catalogue::load(arguments.limits.as_deref())?;
    let from = StartArgs {
        from: &arguments.from,
        selection: &arguments.selection,
        allow_large_cidr: arguments.allow_large_cidr,
    };
    let (start, table) = start(&from, table, common)?;
    let start = start.map(|start| history::grown(arguments, start, common)).transpose()?;
    let asked = requirement::asked(arguments, start, &table)?;
    if arguments.warm_targets {
        return warm::run(arguments, common, asked, &table);
    }
    let mut plan = pool("the plan")?
        .install(|| plan(&asked.requirement, &table))
        .map_err(|error| refused::refused(&error, arguments))?;
    plan.assumed.splice(0..0, asked.assumed);
    known_candidate(&plan, arguments.candidate.as_deref())?;
    let answer = PlanAnswer { plan, chosen: arguments.candidate.clone(), withheld: asked.withheld };
    if arguments.scenario {
        write_scenario(arguments, common, &answer)?;
    } else {
        write(arguments, common, &answer)?;
    }
    emit::emit(arguments, common, &answer)?;
    Ok(match answer.ending() {
        PlanEnding::Recommended(_) => Exit::Done,
        PlanEnding::Impossible(_) => Exit::Findings,
        PlanEnding::Incomplete(_) => Exit::Incomplete,
    })
}

/// Refuses an id that no candidate has.
fn known_candidate(plan: &Plan, id: Option<&str>) -> Result<(), Failure> {
    let Some(id) = id.filter(|id| plan.candidate(id).is_none()) else { return Ok(()) };
    let known = || plan.candidates.iter().map(|candidate| candidate.id.as_str());
    if let Some(rejected) = plan.rejected.iter().find(|rejected| rejected.id == id) {
        let why = format!("--candidate {id}: this layout was rejected: {}", rejected.reason);
        return Err(Failure::usage(why, available(known())));
    }
    let hint = nearest(id, known())
        .map_or_else(|| available(known()), |near| format!("did you mean {near}?"));
    Err(Failure::usage(format!("--candidate {id}: no such candidate"), hint))
}

fn available<'a>(known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    if known.is_empty() {
        "no layout holds: see the plan without --candidate".to_owned()
    } else {
        format!("candidates: {}", known.join(", "))
    }
}

fn write(arguments: &PlanArgs, common: &CommonArgs, answer: &PlanAnswer) -> Result<(), Failure> {
    let output = Output::new(&arguments.file, common).with(&arguments.table);
    let is_whole = arguments.all || output.screen().width.is_none();
    Forms {
        document: Some(&|is_wide| document(answer, is_wide || is_whole)),
        json: &|| PlanJson::new(answer),
        csv: &Grid::default,
        own: &|_, out| write_plan(answer, &subject(arguments), out),
        found: &|| verdict(&answer.plan),
    }
    .write(arguments.output, &output)
}

/// The scenario of the candidate that is shown.
fn write_scenario(
    arguments: &PlanArgs,
    common: &CommonArgs,
    answer: &PlanAnswer,
) -> Result<(), Failure> {
    let Some(shown) = answer.selected() else {
        note(common, &format!("no scenario: {}", verdict(&answer.plan)));
        return Ok(());
    };
    let output = Output::new(&arguments.file, common);
    output.write(|out: &mut dyn Write| {
        if arguments.output == Format::Json {
            write_json(&shown.scenario, out)
        } else {
            write_yaml(&shown.scenario, out)
        }
    })?;
    output.say_written(&format!("the scenario of {}", shown.id));
    Ok(())
}

/// What is planned for, by the names of the files.
fn subject(arguments: &PlanArgs) -> String {
    let name = |path: &Path| match path.file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => path.display().to_string(),
    };
    let from: Vec<String> = arguments.from.iter().map(|path| name(path)).collect();
    let file = arguments.requirement.as_deref().map(|path| match path.to_str() {
        Some("-") => "requirement from stdin".to_owned(),
        Some(_) | None => name(path),
    });
    match (file, from.is_empty()) {
        (Some(file), true) => file,
        (Some(file), false) => format!("{file} on {}", from.join(", ")),
        (None, true) => "flags".to_owned(),
        (None, false) => from.join(", "),
    }
}
