//! `eksnet simulate` for people and spreadsheets.

mod csv;
mod figures;
mod tables;

pub use csv::csv_grid;
pub(super) use figures::{step_text, text, worst};
pub(super) use tables::steps as steps_grid;

use super::{Cell, Document, Tone, parts};
use crate::{
    audit::whole_percent,
    finding::{Finding, counted},
    inventory::Withheld,
    simulate::{LayoutFailure, PlayedStep, PlayedSubnet, Remedy, Runs, Simulated, Verdict},
};

/// Lines of one kind that are shown.
const MOST_LINES: usize = 5;

/// What is answered.
#[derive(Debug, Clone)]
pub struct SimulateAnswer {
    /// What became of the layout.
    pub simulated: Simulated,
    /// What an operator should know of it beyond whether it fits.
    pub findings: Vec<Finding>,
    /// What was taken for granted of the start.
    pub notes: Vec<String>,
    /// What is not available of the start.
    pub withheld: Vec<Withheld>,
}

/// The document: the verdict, the first failure with what helps, steps, subnets, findings, what was
/// withheld.
#[must_use]
pub fn document(answer: &SimulateAnswer) -> Document {
    let mut document = Document::default();
    let simulated = &answer.simulated;
    let tone = match (simulated.verdict, simulated.tight.is_empty()) {
        (Verdict::Fits, true) => Tone::Good,
        (Verdict::Fits, false) => Tone::Warn,
        (Verdict::Fails, _) => Tone::Bad,
    };
    document.line(Cell::new(verdict(simulated)).toned(tone));
    if simulated.verdict == Verdict::Fits {
        lines(tightest(simulated).into_iter(), &mut document);
    }
    let tight = simulated.tight.iter().skip(1).map(|reason| format!("also: {}", reason.text));
    lines(tight, &mut document);
    lines(failure_texts(simulated).into_iter(), &mut document);
    for text in remedy_texts(simulated) {
        document.line(Cell::new(text));
    }
    document.heading("Steps");
    document.grid(tables::steps(simulated));
    document.heading("Subnets");
    document.grid(tables::subnets(simulated));
    rest(answer, &mut document);
    parts::findings(&answer.findings, &mut document);
    parts::withheld(&answer.withheld, &mut document);
    document
}

/// What stands below the tables: how long pods waited, EC2 calls, and what was assumed.
pub(super) fn rest(answer: &SimulateAnswer, document: &mut Document) {
    let simulated = &answer.simulated;
    for step in &simulated.steps {
        if let Some(waits) = waits_text(step) {
            document.line(Cell::new(waits));
        }
    }
    if simulated.steps.iter().any(|step| step.total.ec2_calls != step.total.ec2_calls_at_most) {
        document.line(Cell::new(
            "EC2 calls are a range where a full subnet may be answered with \
             InsufficientFreeAddressesInSubnet, after which nodes pause, or with InvalidParameterValue, \
             after which they ask again at once",
        ));
    }
    let peak = text(simulated.peak_calls_per_minute);
    document.line(Cell::new(format!("at most {peak} EC2 calls in one minute")));
    if simulated.runs.is_some() {
        let legend = "where the runs differ: median (best..worst)";
        document.line(Cell::new(legend).toned(Tone::Dim));
    }
    for note in &answer.notes {
        document.line(Cell::new(format!("note: {note}")).toned(Tone::Dim));
    }
}

/// The subnet that comes nearest to its end, and what is left of it.
fn tightest(simulated: &Simulated) -> Option<String> {
    let known = simulated.subnets.iter().filter(|subnet| subnet.usable > 0);
    let share = |subnet: &&PlayedSubnet| {
        u128::from(worst(subnet.peak_used)) * 1_000_000 / u128::from(subnet.usable)
    };
    let subnet = known.rev().max_by_key(share)?;
    let left = u64::from(subnet.usable).saturating_sub(worst(subnet.peak_used));
    Some(format!(
        "tightest subnet: {}, {} used at its peak (step {}), {} left",
        subnet.name,
        whole_percent(worst(subnet.peak_used), subnet.usable.into(), &[]),
        step_text(simulated, subnet.peak_step),
        counted(left, "address", "addresses")
    ))
}

/// Lines of one kind, of many the first.
fn lines(texts: impl ExactSizeIterator<Item = String>, document: &mut Document) {
    let more = texts.len().saturating_sub(MOST_LINES);
    for text in texts.take(MOST_LINES) {
        document.line(Cell::new(text));
    }
    if more > 0 {
        let text = format!("and {more} more, which -o json lists");
        document.line(Cell::new(text).toned(Tone::Dim));
    }
}

/// How long the pods of a step waited for an address, on one line; `None` where that was not measured.
pub(super) fn waits_text(step: &PlayedStep) -> Option<String> {
    let waits = step.waits?;
    let never = match worst(waits.never) {
        0 => "each found one".to_owned(),
        _ => format!("{} found none", text(waits.never)),
    };
    Some(format!(
        "step {} {}: {} of {} pods waited for an address, {} s at most; {never}",
        step.index,
        step.name,
        text(waits.waited),
        text(waits.started),
        text(waits.longest_s)
    ))
}

/// The verdict at a glance.
#[must_use]
pub fn verdict(simulated: &Simulated) -> String {
    let word = match (simulated.verdict, simulated.tight.is_empty()) {
        (Verdict::Fits, true) => "FITS",
        (Verdict::Fits, false) => "FITS, WITH NOTHING TO SPARE",
        (Verdict::Fails, _) => "DOES NOT FIT",
    };
    let refused = simulated.refused.first();
    let refused = refused.map(|rule| format!("AWS refuses the VPC: {}", rule.message()));
    let why = refused.or_else(|| simulated.tight.first().map(|reason| reason.text.clone()));
    let said: Vec<String> = why.into_iter().chain(simulated.runs.map(runs_text)).collect();
    if said.is_empty() { word.to_owned() } else { format!("{word}: {}", said.join("; ")) }
}

fn runs_text(runs: Runs) -> String {
    let last = runs.seed.saturating_add(u64::from(runs.runs.saturating_sub(1)));
    let seeds = if last == runs.seed {
        format!("seed {last}")
    } else {
        format!("seeds {} to {last}", runs.seed)
    };
    let fail = if runs.failed == 1 { "fails" } else { "fail" };
    format!("{} of {} runs {fail} ({seeds})", runs.failed, runs.runs)
}

/// Each failure on a line.
#[must_use]
pub fn failure_texts(simulated: &Simulated) -> Vec<String> {
    simulated.failures.iter().map(|failure| failure_text(simulated, failure)).collect()
}

fn failure_text(simulated: &Simulated, failure: &LayoutFailure) -> String {
    let subnet = failure.subnet.as_ref().map_or(String::new(), |name| format!(" ({name})"));
    let (short, reason) = (short_text(simulated, failure), failure.reason.text());
    format!("{short}: {reason}{subnet}")
}

/// How many were placed of how many, at which step.
pub(super) fn short_text(simulated: &Simulated, failure: &LayoutFailure) -> String {
    let (what, how) = failure.what.words();
    let step = step_text(simulated, failure.step);
    let group = failure.group.as_ref().map_or(String::new(), |name| format!(" of group {name}"));
    let (found, wanted) = (failure.placed, failure.wanted);
    let seed = simulated.failed_seed.filter(|_| !failure.is_refusal());
    let seed = seed.map_or(String::new(), |seed| format!("seed {seed}, "));
    format!("{seed}step {step}: {found} of {wanted} {what}{group} {how}")
}

/// Changes that make it fit, each on a line, and whether there may be more.
pub(super) fn remedy_texts(simulated: &Simulated) -> Vec<String> {
    let all = simulated.remedies.iter().enumerate();
    let mut texts: Vec<String> = all.map(|(at, remedy)| remedy_text(at, remedy)).collect();
    if simulated.remedies_complete == Some(false) {
        let text = "the search for changes was cut short: there may be others, and smaller ones";
        texts.push(text.to_owned());
    }
    texts
}

fn remedy_text(at: usize, remedy: &Remedy) -> String {
    let head = if at == 0 { "smallest change that fits" } else { "or" };
    format!("{head}: {}", remedy.text())
}
