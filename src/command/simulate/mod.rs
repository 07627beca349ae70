//! `eksnet simulate`.

mod drift;
mod runs;
mod scenario;

use std::path::Path;

use super::{
    Exit, Failure, aside, catalogue,
    forms::Forms,
    note,
    output::Output,
    start::{StartArgs, start},
};
use crate::{
    cli::{CommonArgs, Format, SimulateArgs},
    finding::vpc_findings,
    render::{
        html::write_simulate,
        json::simulate::SimulateJson,
        simulate::{SimulateAnswer, csv_grid, document, failure_texts, verdict},
    },
    simulate::{Observed, Verdict},
};

pub(super) fn run(arguments: &SimulateArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let table = catalogue::load(arguments.limits.as_deref())?;
    let scenario = scenario::read(arguments.scenario.as_deref())?;
    let from = StartArgs {
        from: &arguments.from,
        selection: &arguments.selection,
        allow_large_cidr: arguments.allow_large_cidr,
    };
    let (start, table) = start(&from, table, common)?;
    let start = start.map(|start| start.observed);
    let layout = scenario::layout(&scenario, start.as_ref(), &table, arguments)?;
    let layout = layout.with_margin(arguments.margin);
    let layout = layout.with_max_wait(arguments.max_wait);
    let mut answer = runs::answer(&layout, arguments)?;
    let broken = layout.broken_vpc_rules(answer.simulated.most_address_units);
    answer.findings = vpc_findings(start.as_ref().map_or("vpc", Observed::vpc_id), &broken);
    let said = start.as_ref().map(|start| {
        let further = [layout.reserved_notes(start), layout.unused_notes(start)].concat();
        (start.notes.clone(), further)
    });
    let (seen, further) = said.unwrap_or_default();
    answer.notes.splice(0..0, [seen, layout.notes(), further].concat());
    if let Some(start) = start {
        answer.notes.extend(drift::drift(&layout, &answer.simulated));
        answer.withheld = start.withheld;
    }
    write(arguments, common, &answer)?;
    if arguments.output == Format::Csv {
        // The grid has rows of steps and subnets alone: the answer itself is said beside it.
        let simulated = &answer.simulated;
        if simulated.verdict == Verdict::Fails || !simulated.tight.is_empty() {
            note(common, &verdict(simulated));
        }
        let tight = simulated.tight.iter().skip(1).map(|reason| format!("also: {}", reason.text));
        for text in failure_texts(simulated).into_iter().chain(tight).chain(answer.notes.clone()) {
            note(common, &text);
        }
        aside(&answer.findings, &answer.withheld, common);
    }
    Ok(exit(&answer, arguments.fail_on_tight))
}

fn write(
    arguments: &SimulateArgs,
    common: &CommonArgs,
    answer: &SimulateAnswer,
) -> Result<(), Failure> {
    let output = Output::new(&arguments.file, common).with(&arguments.table);
    Forms {
        document: Some(&|_| document(answer)),
        json: &|| SimulateJson::new(answer),
        csv: &|| csv_grid(&answer.simulated),
        own: &|_, out| write_simulate(answer, &subject(arguments), out),
        found: &|| verdict(&answer.simulated),
    }
    .write(arguments.output, &output)
}

/// What is simulated, by the names of the files.
fn subject(arguments: &SimulateArgs) -> String {
    let name = |path: &Path| match path.file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => path.display().to_string(),
    };
    let from: Vec<String> = arguments.from.iter().map(|path| name(path)).collect();
    let scenario = arguments.scenario.as_deref().map(|path| match path.to_str() {
        Some("-") => "scenario from stdin".to_owned(),
        Some(_) | None => name(path),
    });
    match (scenario, from.is_empty()) {
        (Some(scenario), true) => scenario,
        (Some(scenario), false) => format!("{scenario} on {}", from.join(", ")),
        (None, _) => from.join(", "),
    }
}

/// What is not available of the start comes before what became of it, as in the audit.
fn exit(answer: &SimulateAnswer, fail_on_tight: bool) -> Exit {
    if !answer.withheld.is_empty() {
        return Exit::Incomplete;
    }
    match answer.simulated.verdict {
        Verdict::Fits if !fail_on_tight || answer.simulated.tight.is_empty() => Exit::Done,
        Verdict::Fits | Verdict::Fails => Exit::Findings,
    }
}
