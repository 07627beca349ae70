//! A subnet of a simulation: what it lacked, and its addresses step by step.

use super::super::{bar::place, head::Grade, text};
use crate::{
    audit::whole_percent,
    finding::thousands,
    render::simulate::{self as shown, short_text, step_text, worst},
    simulate::{LayoutFailure, PlayedStep, PlayedSubnet, PlayedSubnetStep, Reason, Simulated},
};

/// A subnet over all steps.
#[derive(Debug)]
pub(super) struct StepsCard {
    pub(super) grade: Grade,
    pub(super) name: String,
    pub(super) place: String,
    /// What it lacked, and what is tight.
    pub(super) lacked: Vec<String>,
    pub(super) figures: Vec<(&'static str, String)>,
    pub(super) limit: String,
    pub(super) rows: Vec<StepRow>,
}

/// A step: what is in use at its end, and at most, against the limit.
#[derive(Debug)]
pub(super) struct StepRow {
    pub(super) step: String,
    pub(super) used: String,
    pub(super) peak: String,
    pub(super) prefixes: String,
    pub(super) used_width: u64,
    pub(super) peak_width: u64,
    /// Whether the subnet was short here, and how that is called.
    pub(super) failure: Option<&'static str>,
}

/// The subnets: those that were short first, then those with nothing to spare.
pub(super) fn cards(simulated: &Simulated) -> Vec<StepsCard> {
    let mut cards: Vec<StepsCard> = simulated
        .subnets
        .iter()
        .enumerate()
        .map(|(at, subnet)| card(simulated, at, subnet))
        .collect();
    cards.sort_by_key(|card| match card.grade {
        Grade::Critical => 0,
        Grade::Warning => 1,
        Grade::Unknown | Grade::Info | Grade::Good => 2,
    });
    cards
}

fn card(simulated: &Simulated, at: usize, subnet: &PlayedSubnet) -> StepsCard {
    let is_here = |name: &Option<String>| name.as_ref() == Some(&subnet.name);
    let failures: Vec<&LayoutFailure> =
        simulated.failures.iter().filter(|failure| is_here(&failure.subnet)).collect();
    let tight = simulated.tight.iter().filter(|reason| is_here(&reason.subnet));
    let lacked = failures
        .iter()
        .map(|failure| format!("{}: {}", lacks(failure.reason), short_text(simulated, failure)));
    // Of several subnets that left a group short, failures name one.
    let unnamed = subnet.short.filter(|_| failures.is_empty()).map(|short| {
        let step = step_text(simulated, short.step);
        format!("{}: step {step}: {}", lacks(short.reason), short.reason.text())
    });
    let said: Vec<String> =
        lacked.chain(unnamed).chain(tight.map(|reason| reason.text.clone())).collect();
    let grade = match (subnet.short.is_none(), said.is_empty()) {
        (false, _) => Grade::Critical,
        (true, false) => Grade::Warning,
        (true, true) => Grade::Good,
    };
    let usable = u64::from(subnet.usable);
    let peak = worst(subnet.peak_used);
    let states = simulated.steps.iter().filter_map(|step| Some((step, step.subnets.get(at)?)));
    StepsCard {
        grade,
        name: text(&subnet.name),
        place: text(&format!("{} · {}", subnet.cidr, subnet.zone)),
        lacked: said.iter().map(|line| text(line)).collect(),
        figures: vec![
            (
                "peak",
                format!(
                    "{} of {} ({})",
                    shown::text(subnet.peak_used),
                    thousands(usable),
                    whole_percent(peak, usable, &[])
                ),
            ),
            ("at step", text(&step_text(simulated, subnet.peak_step))),
            ("fewest free", shown::text(subnet.min_free)),
            ("fewest free /28", shown::text(subnet.min_assignable_prefixes)),
        ],
        limit: thousands(usable),
        rows: states.map(|(step, state)| row(simulated, subnet, (step, state))).collect(),
    }
}

fn row(
    simulated: &Simulated,
    subnet: &PlayedSubnet,
    (step, state): (&PlayedStep, &PlayedSubnetStep),
) -> StepRow {
    let limit = u64::from(subnet.usable);
    let is_short = |failure: &LayoutFailure| {
        failure.step == step.index && failure.subnet.as_deref() == Some(&*state.name)
    };
    let is_first = simulated.first_failure().is_some_and(is_short);
    StepRow {
        step: text(&step_text(simulated, step.index)),
        used: shown::text(state.used),
        peak: shown::text(state.peak_used),
        prefixes: shown::text(state.assignable_prefixes),
        used_width: place(worst(state.used), limit),
        peak_width: place(worst(state.peak_used), limit),
        failure: if is_first {
            Some("first failure")
        } else {
            let began = subnet.short.is_some_and(|short| short.step == step.index);
            (began || simulated.failures.iter().any(is_short)).then_some("short")
        },
    }
}

/// What a subnet lacked, by the reason of a failure in it.
fn lacks(reason: Reason) -> &'static str {
    match reason {
        Reason::InsufficientFreeAddresses | Reason::ControlPlaneNeedsFive => "Lacked addresses",
        Reason::InsufficientCidrBlocks | Reason::PrefixReservationFull => "Lacked /28 blocks",
        Reason::NoEniConfig
        | Reason::NoPodSubnet
        | Reason::NoAutoModePodSubnet
        | Reason::NoCarrier
        | Reason::NoSubnet
        | Reason::MaxPods
        | Reason::PoolLimit
        | Reason::BranchLimit
        | Reason::VpcBlockRefused
        | Reason::AddressUnitsExceeded
        | Reason::NodePoolLimit
        | Reason::DisruptionBudget
        | Reason::WaitedTooLong => "Was not enough",
    }
}
