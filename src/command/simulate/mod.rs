//! `eksnet simulate`.

mod play;
mod scenario;
mod start;

use super::{Exit, Failure, aside, catalogue, note, output::Output};
use crate::{
    cli::{CommonArgs, SimulateArgs, SimulateFormat},
    render::{
        html::write_simulate,
        json::{simulate::SimulateJson, write_json},
        simulate::{SimulateAnswer, csv_grid, document, failure_text},
        write_csv, write_markdown, write_table,
    },
    simulate::Verdict,
};

pub(super) fn run(arguments: &SimulateArgs, common: &CommonArgs) -> Result<Exit, Failure> {
    let table = catalogue::load(arguments.limits.as_deref())?;
    let scenario = scenario::read(&arguments.scenario)?;
    let start = start::start(arguments, &table, common)?;
    let layout = scenario::layout(&scenario, start.as_ref(), &table, arguments)?;
    let mut answer = play::answer(&layout, arguments)?;
    answer.findings = start::findings(
        &scenario,
        start.as_ref(),
        answer.played.most_address_units,
        arguments.allow_large_cidr,
    );
    if let Some(start) = start {
        answer.notes = [start.notes, layout.notes()].concat();
        answer.notes.extend(start::drift(&layout, &answer.played));
        answer.withheld = start.withheld;
    }
    write(arguments, common, &answer)?;
    if arguments.output == SimulateFormat::Csv {
        if let Some(failure) = failure_text(&answer.played) {
            note(common, &failure);
        }
        aside(&answer.findings, &answer.withheld, common);
    }
    Ok(exit(&answer))
}

fn write(
    arguments: &SimulateArgs,
    common: &CommonArgs,
    answer: &SimulateAnswer,
) -> Result<(), Failure> {
    let output = Output::new(&arguments.file, common.color);
    output.write(|out| match arguments.output {
        SimulateFormat::Table => write_table(&document(answer), output.styling(), out),
        SimulateFormat::Markdown => write_markdown(&document(answer), out),
        SimulateFormat::Json => write_json(&SimulateJson::new(answer), out),
        SimulateFormat::Csv => write_csv(&csv_grid(&answer.played), out),
        SimulateFormat::Html => write_simulate(answer, out),
    })
}

/// What could not be seen of the start comes before what became of it, as in the audit.
fn exit(answer: &SimulateAnswer) -> Exit {
    if !answer.withheld.is_empty() {
        return Exit::Incomplete;
    }
    match answer.played.verdict {
        Verdict::Fits if !answer.is_refused() => Exit::Done,
        Verdict::Fits | Verdict::Fails => Exit::Findings,
    }
}
