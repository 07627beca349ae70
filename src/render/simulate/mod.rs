//! `eksnet simulate` for people and spreadsheets.

mod csv;
mod figures;
mod tables;

pub use csv::csv_grid;
pub(super) use figures::{step_text, text, worst};

use super::{Cell, Document, Tone, parts};
use crate::{
    finding::{Finding, Severity},
    inventory::Withheld,
    simulate::{Played, Remedy, Shortage, Verdict},
};

/// What is answered.
#[derive(Debug, Clone)]
pub struct SimulateAnswer {
    /// What became of the layout.
    pub played: Played,
    /// What an operator should know of it beyond whether it fits.
    pub findings: Vec<Finding>,
    /// What was taken for granted of the start.
    pub notes: Vec<String>,
    /// What could not be seen of the start.
    pub withheld: Vec<Withheld>,
}

impl SimulateAnswer {
    /// Whether something critical was found: AWS refuses such a layout, wherever its addresses go.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Critical)
    }
}

/// The document: the verdict, the first failure with what helps, steps, subnets, findings, what was
/// withheld.
#[must_use]
pub fn document(answer: &SimulateAnswer) -> Document {
    let mut document = Document::default();
    let played = &answer.played;
    document.line(Cell::new(verdict(played)).toned(match played.verdict {
        Verdict::Fits => Tone::Good,
        Verdict::Fails => Tone::Bad,
    }));
    if answer.is_refused() {
        let text = "AWS would refuse this layout: see the critical findings";
        document.line(Cell::new(text).toned(Tone::Bad));
    }
    if let Some(failure) = failure_text(played) {
        document.line(Cell::new(failure));
    }
    for (at, remedy) in played.remedies.iter().enumerate() {
        document.line(Cell::new(remedy_text(at, remedy)));
    }
    if played.remedies_complete == Some(false) {
        let text = "the search for changes was cut short: there may be others, and smaller ones";
        document.line(Cell::new(text).toned(Tone::Dim));
    }
    document.heading("Steps");
    document.grid(tables::steps(played));
    document.heading("Subnets");
    document.grid(tables::subnets(played));
    let peak = text(played.peak_calls_per_minute);
    document.line(Cell::new(format!("at most {peak} EC2 calls in one minute")));
    if played.runs.is_some() {
        let legend = "where the runs differ: median (best..worst)";
        document.line(Cell::new(legend).toned(Tone::Dim));
    }
    for note in &answer.notes {
        document.line(Cell::new(format!("note: {note}")).toned(Tone::Dim));
    }
    parts::findings(&answer.findings, &mut document);
    parts::withheld(&answer.withheld, &mut document);
    document
}

/// The verdict at a glance.
pub(super) fn verdict(played: &Played) -> String {
    let word = match played.verdict {
        Verdict::Fits => "FITS",
        Verdict::Fails => "DOES NOT FIT",
    };
    let Some(runs) = played.runs else { return word.to_owned() };
    let last = runs.seed.saturating_add(u64::from(runs.runs.saturating_sub(1)));
    let seeds = if last == runs.seed {
        format!("seed {last}")
    } else {
        format!("seeds {} to {last}", runs.seed)
    };
    let fail = if runs.failed == 1 { "fails" } else { "fail" };
    format!("{word}: {} of {} runs {fail} ({seeds})", runs.failed, runs.runs)
}

/// The first failure on one line.
#[must_use]
pub fn failure_text(played: &Played) -> Option<String> {
    let failure = played.first_failure.as_ref()?;
    let (what, how) = match failure.what {
        Shortage::Nodes => ("nodes", "are Ready"),
        Shortage::Pods => ("pods", "have an address"),
        Shortage::HostNetworkPods => ("host-network pods", "are scheduled"),
        Shortage::Replacements => ("new nodes", "run the pods of the old ones"),
        Shortage::Interfaces => ("control plane interfaces", "are placed"),
        Shortage::Addresses => ("addresses of other holders", "are placed"),
    };
    let step = step_text(played, failure.step);
    let group = failure.group.as_ref().map_or(String::new(), |name| format!(" of group {name}"));
    let subnet = failure.subnet.as_ref().map_or(String::new(), |name| format!(" ({name})"));
    let (found, wanted, reason) = (failure.placed, failure.wanted, failure.reason.text());
    let seed = played.failed_seed.map_or(String::new(), |seed| format!("seed {seed}, "));
    Some(format!("{seed}step {step}: {found} of {wanted} {what}{group} {how}: {reason}{subnet}"))
}

fn remedy_text(at: usize, remedy: &Remedy) -> String {
    let head = if at == 0 { "fits with (the smallest change)" } else { "or with" };
    format!("{head}: {}", remedy.text())
}
