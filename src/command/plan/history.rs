//! `--history`: the growth as the readings of the subnets show it.

use crate::{
    cli::{CommonArgs, PlanArgs},
    command::{
        Failure,
        history::{HistorySource, read},
        start::Start,
    },
    inventory::Withheld,
    plan::{Growth, observed_growth},
    simulate::Observed,
};

/// A start with the growth that its history shows.
pub(super) struct GrownStart {
    pub(super) observed: Observed,
    pub(super) growth: Option<Growth>,
    /// What was made of the history.
    pub(super) assumed: Option<String>,
    /// What of it could not be read.
    pub(super) withheld: Vec<Withheld>,
}

/// The start with its growth, if a history is named.
pub(super) fn grown(
    arguments: &PlanArgs,
    start: Start,
    common: &CommonArgs,
) -> Result<GrownStart, Failure> {
    let Start { observed, places } = start;
    let none = GrownStart { observed, growth: None, assumed: None, withheld: Vec::new() };
    let Some(folder) = &arguments.history else { return Ok(none) };
    // Nothing runs full in a plan: no horizon is looked at.
    let source = HistorySource { folder, horizon_days: 0, allow_large: arguments.allow_large_cidr };
    let history = read(&source, &places, common)?;
    let found = observed_growth(&history.total_use());
    Ok(GrownStart {
        growth: found.growth,
        assumed: Some(found.text),
        withheld: history.withheld,
        ..none
    })
}
