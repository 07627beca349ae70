//! The answer, most important first: what to choose, what else there is, and what to do.

use super::{
    PlanAnswer,
    candidate::{candidates, groups, subnets},
    texts::{cni_settings, existing, leaves, step_notes, verdict},
};
use crate::{
    finding::counted,
    plan::{Candidate, Impossible, Plan, Rejected},
    render::{Block, Cell, Document, Tone, parts},
};

/// Rejected layouts that are listed where not all are.
const MOST_REJECTED: usize = 3;

/// The document. Unless it is to be whole, of the rejected layouts only the first are listed, and of each step
/// of the work only how to see that it worked.
#[must_use]
pub fn document(answer: &PlanAnswer, is_whole: bool) -> Document {
    let mut document = Document::default();
    let plan = &answer.plan;
    head(answer, &mut document);
    if !plan.candidates.is_empty() {
        document.heading("Candidates, the best first");
        document.grid(candidates(plan));
    }
    if let Some(shown) = answer.shown() {
        candidate(shown, is_whole, &mut document);
    }
    rejected(&plan.rejected, is_whole, &mut document);
    rest(answer, &mut document);
    let ending = answer.ending();
    let (code, why) = ending.code_and_reason();
    document.line(Cell::new(format!("exit {code}: {why}")).toned(Tone::Strong));
    document
}

fn head(answer: &PlanAnswer, document: &mut Document) {
    let plan = &answer.plan;
    let tone = if plan.recommended.is_some() { Tone::Good } else { Tone::Bad };
    document.line(Cell::new(verdict(plan)).marked(tone));
    if let Some(recommended) = plan.recommended() {
        document.line(Cell::new(format!("  {}", leaves(recommended))));
    }
    if let Some(text) = plan.impossible.as_ref().and_then(smallest_change) {
        document.line(Cell::new(format!("  {text}")));
    }
    if let Some(today) = &plan.existing {
        document.line(Cell::new(format!("  {}", existing(today))));
    }
}

/// The smallest change that makes a plan possible.
pub(in crate::render) fn smallest_change(impossible: &Impossible) -> Option<String> {
    let change = impossible.smallest_change.as_ref()?;
    Some(format!("Smallest change: {} ({}: {})", change.text, change.key, change.value))
}

fn candidate(shown: &Candidate, is_whole: bool, document: &mut Document) {
    let blocks = blocks(shown);
    document.heading(format!("Subnets of {}", shown.id));
    document.grid(subnets(shown));
    document.line(Cell::new(blocks));
    document.heading(format!("Node groups of {}", shown.id));
    document.grid(groups(shown));
    let cni = cni_settings(&shown.cni).unwrap_or_else(|| "as in the shipped manifest".to_owned());
    document.line(Cell::new(format!("VPC CNI: {cni}")));
    if shown.work.is_empty() {
        return;
    }
    document.heading(format!("Work for {}", shown.id));
    for (at, step) in shown.work.iter().enumerate() {
        document.blocks.push(Block::Hanging(format!("{}. ", at + 1), Cell::new(&step.what)));
        for (name, text) in step_notes(step) {
            if is_whole || name == "check" {
                let head = format!("     {name}: ");
                document.blocks.push(Block::Hanging(head, Cell::new(text).toned(Tone::Dim)));
            }
        }
    }
}

/// The blocks of the VPC before and after.
pub(in crate::render) fn blocks(candidate: &Candidate) -> String {
    let list = |blocks: Vec<String>| blocks.join(", ");
    let before = list(candidate.vpc_cidrs.iter().map(ToString::to_string).collect());
    let added: Vec<String> = candidate
        .vpc_cidrs_added
        .iter()
        .map(|block| match (block.primary, block.routable) {
            (true, _) => format!("{} (primary)", block.cidr),
            (false, true) => block.cidr.to_string(),
            (false, false) => format!("{} (not routable)", block.cidr),
        })
        .collect();
    match (before.is_empty(), added.is_empty()) {
        (true, _) => format!("VPC to create: {}", list(added)),
        (false, true) => format!("VPC: {before}; no block is added"),
        (false, false) => format!("VPC: {before}; to add: {}", list(added)),
    }
}

fn rejected(rejected: &[Rejected], is_whole: bool, document: &mut Document) {
    if rejected.is_empty() {
        return;
    }
    document.heading(format!("Rejected: {}", counted(rejected.len(), "layout", "layouts")));
    let shown = if is_whole { rejected.len() } else { MOST_REJECTED };
    for one in rejected.iter().take(shown) {
        let head = format!("{}: ", one.id);
        document.blocks.push(Block::Hanging(head, Cell::new(&one.reason)));
    }
    let more = rejected.len().saturating_sub(shown);
    if more > 0 {
        let text = format!("and {more} more, which --all lists");
        document.line(Cell::new(text).toned(Tone::Dim));
    }
}

/// What was assumed, what is needed, and what is not available.
pub(in crate::render) fn rest(answer: &PlanAnswer, document: &mut Document) {
    let plan = &answer.plan;
    if let Some(shown) = answer.shown().filter(|shown| !shown.notes.is_empty()) {
        document.heading(format!("Notes on {}", shown.id));
        for text in &shown.notes {
            document.line(Cell::new(text));
        }
    }
    if !plan.assumed.is_empty() {
        document.heading("Assumed");
        for text in &plan.assumed {
            document.line(Cell::new(text));
        }
    }
    if !plan.needed.is_empty() {
        document.heading("Needed");
        for one in &plan.needed {
            let text = format!("{}: not in {}; set {}", one.what, one.r#where, one.key);
            document.line(Cell::new(text).toned(Tone::Warn));
        }
    }
    parts::withheld(&answer.withheld, document);
    document.heading("Search");
    document.line(Cell::new(searched(plan)).toned(Tone::Dim));
}

fn searched(plan: &Plan) -> String {
    let search = plan.search;
    let looked = counted(search.candidates, "combination of levers", "combinations of levers");
    let played = counted(search.simulations, "simulation", "simulations");
    let end = if search.complete {
        "every one to its end"
    } else {
        "not all to their end: there may be better layouts"
    };
    format!("{looked} in {played}, {end}")
}
