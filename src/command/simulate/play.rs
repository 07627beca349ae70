//! Playing a layout, once or several times.

use rayon::prelude::*;

use crate::{
    cli::SimulateArgs,
    command::Failure,
    render::simulate::SimulateAnswer,
    simulate::{Layout, Played, Scenario, Timeline, run},
};

/// The most states of subnets and groups that are kept of all runs until they are folded into one
/// answer: some 90 bytes each.
const MOST_STATES: u64 = 5_000_000;

/// What becomes of a layout.
pub(super) fn answer(
    scenario: &Scenario,
    layout: &Layout<'_>,
    arguments: &SimulateArgs,
) -> Result<SimulateAnswer, Failure> {
    if let Some(runs) = arguments.runs {
        bounded(scenario, runs)?;
    }
    let played = played(layout, arguments.seed, arguments.runs)?;
    Ok(SimulateAnswer { played, findings: Vec::new(), withheld: Vec::new() })
}

/// One run, or several folded into one answer: they go as soon as they are.
fn played(layout: &Layout<'_>, seed: u64, runs: Option<u32>) -> Result<Played, Failure> {
    Ok(match runs {
        None => Played::once(&run(layout, seed)),
        Some(runs) => Played::several(&timelines(layout, seed, runs)?, seed),
    })
}

/// Refuses runs that would not fit into memory side by side.
fn bounded(scenario: &Scenario, runs: u32) -> Result<(), Failure> {
    let (subnets, groups) = (scenario.subnets.len(), scenario.node_groups.len());
    let steps = scenario.steps.len() + 1;
    let states = u64::try_from((subnets + groups).saturating_mul(steps)).unwrap_or(u64::MAX);
    let states = states.saturating_mul(u64::from(runs));
    if states > MOST_STATES {
        return Err(Failure::usage(
            format!(
                "--runs {runs} of {steps} steps with {subnets} subnets and {groups} groups are \
                 {states} states, more than {MOST_STATES}"
            ),
            "take fewer runs, or several times fewer with another --seed each",
        ));
    }
    Ok(())
}

/// The runs in the order of their seeds, whatever number of threads plays them.
fn timelines(layout: &Layout<'_>, seed: u64, runs: u32) -> Result<Vec<Timeline>, Failure> {
    if seed.checked_add(u64::from(runs.saturating_sub(1))).is_none() {
        return Err(Failure::usage(
            format!("--seed {seed} with --runs {runs} goes beyond the last seed"),
            "take a lower --seed",
        ));
    }
    // The pool that rayon makes by itself panics where no thread can be started.
    let pool = rayon::ThreadPoolBuilder::new().build().map_err(|error| {
        Failure::environment(
            format!("cannot start threads for --runs: {error}"),
            "RAYON_NUM_THREADS=1 needs the fewest",
        )
    })?;
    Ok(pool.install(|| {
        (0..runs).into_par_iter().map(|at| run(layout, seed + u64::from(at))).collect()
    }))
}
