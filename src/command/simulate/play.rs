//! Playing a layout, once or several times.

use rayon::prelude::*;

use crate::{
    cli::SimulateArgs,
    command::Failure,
    render::simulate::SimulateAnswer,
    simulate::{Layout, Played, Timeline, Verdict, remedies, run},
};

/// The most states of subnets and groups that are kept of all runs until they are folded into one
/// answer: some 90 bytes each.
const MOST_STATES: u64 = 5_000_000;

/// The most failing runs that remedies are tried on.
const MOST_TRIED: usize = 8;

/// What becomes of a layout.
pub(super) fn answer(
    layout: &Layout<'_>,
    arguments: &SimulateArgs,
) -> Result<SimulateAnswer, Failure> {
    let seed = arguments.seed;
    // The runs go as soon as they are folded into one answer.
    let (mut played, failing) = match arguments.runs {
        None => {
            let timeline = run(layout, seed);
            (Played::once(&timeline), failing(&[timeline], seed))
        }
        Some(runs) => {
            bounded(layout, runs)?;
            let timelines = timelines(layout, seed, runs)?;
            (Played::several(&timelines, seed), failing(&timelines, seed))
        }
    };
    if let Some(failure) = played.first_failure.as_ref().filter(|_| !arguments.no_remedy) {
        played.remedies = remedies(layout, &failing, failure);
    }
    Ok(SimulateAnswer { played, findings: Vec::new(), notes: Vec::new(), withheld: Vec::new() })
}

/// The seeds of the first runs that fail.
fn failing(timelines: &[Timeline], seed: u64) -> Vec<u64> {
    let failing = timelines.iter().zip(0..).filter(|(run, _)| run.verdict == Verdict::Fails);
    failing.map(|(_, at)| seed.saturating_add(at)).take(MOST_TRIED).collect()
}

/// Refuses runs that would not fit into memory side by side.
fn bounded(layout: &Layout<'_>, runs: u32) -> Result<(), Failure> {
    let states = layout.states().saturating_mul(u64::from(runs));
    if states > MOST_STATES {
        return Err(Failure::usage(
            format!(
                "--runs {runs} of this layout are {states} states of subnets and groups, more than \
                 {MOST_STATES}"
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
