//! `eksnet plan` as a page: what to choose, the candidates side by side, the address plan to scale, the work.

mod card;
mod space;

use std::io::{self, Write};

use askama::Template;

use self::{
    card::{CandidateCard, cards},
    space::{SpaceLine, lines},
};
use super::{
    bar::WIDTH,
    class,
    head::{Grade, Head, Tile, VerdictBand},
    is_long,
    pieces::{Piece, pieces},
    text,
};
use crate::{
    finding::{counted, thousands},
    plan::{Candidate, Plan},
    render::{
        Block, Cell, Document, escape,
        plan::{
            PlanAnswer, blocks, cni_settings, existing, groups, leaves, months, percent, rest,
            smallest_change, step_notes, subnets, verdict, without,
        },
    },
};

#[derive(Template)]
#[template(path = "plan.html")]
struct PlanPage {
    head: Head,
    /// A plan is of no day.
    day: Option<String>,
    tiles: Vec<Tile>,
    cards: Vec<CandidateCard>,
    shown: Option<ShownCandidate>,
    rejected: Vec<(String, String)>,
    blocks: Vec<Block>,
}

/// The candidate that is shown in full.
#[derive(Debug)]
struct ShownCandidate {
    id: String,
    blocks: Vec<SpaceLine>,
    tables: Vec<Block>,
    steps: Vec<ShownStep>,
}

/// A step of the work.
#[derive(Debug)]
struct ShownStep {
    what: Vec<Piece>,
    notes: Vec<(&'static str, Vec<Piece>)>,
}

/// Writes an answer as one page. `subject` says what was planned for.
///
/// # Errors
/// When the writer fails.
pub fn write_plan(answer: &PlanAnswer, subject: &str, out: &mut dyn Write) -> io::Result<()> {
    let plan = &answer.plan;
    let mut blocks = Document::default();
    rest(answer, &mut blocks);
    let rejected = plan.rejected.iter().map(|one| (text(&one.id), text(&one.reason)));
    let page = PlanPage {
        head: head(plan, subject),
        day: None,
        tiles: plan.recommended().map(tiles).unwrap_or_default(),
        cards: cards(plan),
        shown: answer.shown().map(|candidate| shown(plan, candidate)),
        rejected: rejected.collect(),
        blocks: blocks.blocks,
    };
    page.write_into(out)?;
    writeln!(out)
}

fn head(plan: &Plan, subject: &str) -> Head {
    let left = plan.recommended().map(leaves);
    let change = plan.impossible.as_ref().and_then(smallest_change);
    let more = left.into_iter().chain(change).chain(plan.existing.as_ref().map(existing));
    let groups = &plan.requirement.groups;
    let pods: u64 = groups.iter().map(|group| u64::from(group.pods.peak)).sum();
    Head {
        command: "plan",
        subject: text(subject),
        facts: vec![
            counted(groups.len(), "group", "groups"),
            counted(pods, "pod at the peak", "pods at the peak"),
            counted(plan.requirement.zones.len(), "zone", "zones"),
        ],
        verdict: VerdictBand {
            grade: if plan.recommended.is_some() { Grade::Good } else { Grade::Critical },
            sentence: text(&verdict(plan)),
            more: more.map(|line| text(&line)).collect(),
        },
    }
}

fn tiles(candidate: &Candidate) -> Vec<Tile> {
    let figures = &candidate.figures;
    let tile = |label, value, note: String| Tile { label, value, note, grade: Grade::Info };
    let new = candidate.subnets.iter().filter(|subnet| subnet.new).count();
    vec![
        tile(
            "Routable addresses",
            thousands(figures.routable_addresses),
            format!(
                "of {} in {}",
                thousands(figures.addresses),
                counted(new, "new subnet", "new subnets")
            ),
        ),
        tile("Nodes at the peak", thousands(figures.nodes_peak), String::new()),
        tile(
            "Tightest subnet",
            percent(figures.tightest_use),
            text(figures.tightest_subnet.as_deref().unwrap_or_default()),
        ),
        tile(
            "Pods that still fit",
            thousands(figures.pods_more),
            figures.months.map_or(String::new(), |left| format!("{} months", months(left))),
        ),
        tile(
            "EC2 calls in one minute",
            thousands(figures.ec2_calls_peak_minute),
            "at most, of all nodes".to_owned(),
        ),
    ]
}

fn shown(plan: &Plan, candidate: &Candidate) -> ShownCandidate {
    let mut tables = Document::default();
    tables.heading("Subnets");
    // Ids stand in the address plan, and a page has less room than a file.
    tables.grid(without(subnets(candidate), &["ID", "ROUTABLE", "USABLE"]));
    tables.line(Cell::new(blocks(candidate)));
    tables.heading("Node groups");
    tables.grid(groups(candidate));
    if let Some(cni) = cni_settings(&candidate.cni) {
        tables.line(Cell::new(format!("VPC CNI: {cni}")));
    }
    let steps = candidate.work.iter().map(|step| ShownStep {
        what: pieces(&step.what),
        notes: step_notes(step).into_iter().map(|(name, text)| (name, pieces(&text))).collect(),
    });
    ShownCandidate {
        id: text(&candidate.id),
        blocks: lines(plan, candidate),
        tables: tables.blocks,
        steps: steps.collect(),
    }
}
