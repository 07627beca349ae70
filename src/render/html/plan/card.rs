//! A candidate in a card, to stand beside others.

use super::{Grade, text};
use crate::{
    finding::thousands,
    plan::{Candidate, Plan},
    render::plan::{beside, change, has_room, months, percent},
};

/// A candidate.
#[derive(Debug)]
pub(super) struct CandidateCard {
    pub(super) grade: Grade,
    pub(super) id: String,
    pub(super) is_recommended: bool,
    pub(super) summary: String,
    pub(super) figures: Vec<(&'static str, String)>,
    pub(super) beside: Vec<String>,
}

/// The candidates, the best first.
pub(super) fn cards(plan: &Plan) -> Vec<CandidateCard> {
    plan.candidates.iter().map(|candidate| card(plan, candidate)).collect()
}

fn card(plan: &Plan, candidate: &Candidate) -> CandidateCard {
    let is_recommended = plan.recommended.as_ref() == Some(&candidate.id);
    let grade = match (is_recommended, has_room(candidate)) {
        (true, _) => Grade::Good,
        (false, true) => Grade::Info,
        (false, false) => Grade::Warning,
    };
    let figures = &candidate.figures;
    let tightest = figures.tightest_subnet.as_deref().unwrap_or("no subnet");
    let mut shown = vec![
        ("routable addresses", thousands(figures.routable_addresses)),
        ("addresses", thousands(figures.addresses)),
        ("nodes at the peak", thousands(figures.nodes_peak)),
        ("tightest", text(&format!("{tightest}, {}", percent(figures.tightest_use)))),
        ("EC2 calls in a minute", thousands(figures.ec2_calls_peak_minute)),
        ("pods that still fit", thousands(figures.pods_more)),
    ];
    shown.extend(figures.months.map(|left| ("months of growth", months(left))));
    shown.push(("changes", change(&candidate.change)));
    CandidateCard {
        grade,
        id: text(&candidate.id),
        is_recommended,
        summary: text(&candidate.summary),
        figures: shown,
        beside: beside(candidate).iter().map(|line| text(line)).collect(),
    }
}
