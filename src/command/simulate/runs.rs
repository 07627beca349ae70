//! Simulates a layout, once or several times.

use rayon::{ThreadPool, prelude::*};

use super::scenario;
use crate::{
    cli::SimulateArgs,
    command::{Failure, threads::pool},
    render::simulate::SimulateAnswer,
    simulate::{Layout, Simulated, Sought, Verdict, remedies, run, trial},
};

/// The most states of subnets and groups that are kept of all runs until they are folded into one
/// answer: some 60 bytes each.
const MOST_STATES: u64 = 5_000_000;

/// The most failing runs that remedies are tried on at first.
const MOST_TRIED: usize = 8;

/// What becomes of a layout.
pub(super) fn answer(
    layout: &Layout<'_>,
    arguments: &SimulateArgs,
) -> Result<SimulateAnswer, Failure> {
    let seeds = seeds(arguments)?;
    bounded(layout, &seeds, arguments)?;
    let threads = threads(&seeds)?;
    // The runs go as soon as they are folded into one answer.
    let (mut simulated, failing) = {
        let timelines = on(threads.as_ref(), &seeds, |seed| run(layout, seed));
        let simulated = match (arguments.runs, timelines.as_slice()) {
            (None, [only]) => Simulated::once(layout, only),
            (Some(_) | None, several) => Simulated::several(layout, several, arguments.seed),
        };
        let failing = seeds.iter().zip(&timelines).filter(|(_, run)| run.verdict == Verdict::Fails);
        (simulated, failing.map(|(seed, _)| *seed).take(MOST_TRIED).collect())
    };
    if let Some(failure) = simulated.first_unplaced().filter(|_| !arguments.no_remedy) {
        let sought = Sought { failure, failing, seeds };
        let found = remedies(layout, &sought, &|layout, seeds, most_work| {
            on(threads.as_ref(), seeds, |seed| trial(layout, seed, most_work))
        });
        (simulated.remedies, simulated.remedies_complete) = (found.list, Some(found.complete));
    }
    let notes = simulated.notes.clone();
    Ok(SimulateAnswer { simulated, findings: Vec::new(), notes, withheld: Vec::new() })
}

/// The seed of each run.
fn seeds(arguments: &SimulateArgs) -> Result<Vec<u64>, Failure> {
    let (seed, runs) = (arguments.seed, arguments.runs.unwrap_or(1));
    let seeds: Vec<u64> = (0..u64::from(runs)).map_while(|at| seed.checked_add(at)).collect();
    if u32::try_from(seeds.len()).is_ok_and(|len| len < runs) {
        return Err(Failure::usage(
            format!("--seed {seed} with --runs {runs} exceeds the largest seed"),
            "use a lower --seed",
        ));
    }
    Ok(seeds)
}

/// Refuses runs that would not fit into memory side by side.
fn bounded(layout: &Layout<'_>, seeds: &[u64], arguments: &SimulateArgs) -> Result<(), Failure> {
    let runs = u64::try_from(seeds.len()).unwrap_or(u64::MAX);
    let states = layout.states().saturating_mul(runs);
    if states <= MOST_STATES {
        return Ok(());
    }
    let told = format!("{states} states of subnets and groups: the limit is {MOST_STATES}");
    Err(match arguments.runs {
        None => Failure::usage(
            format!("{}: {told}", scenario::name(arguments)),
            "each step has one state per subnet and group: simulate fewer steps, subnets or groups",
        ),
        Some(runs) => Failure::usage(
            format!("--runs {runs} of this layout: {told}"),
            "use fewer runs, or several invocations with fewer runs and different --seed values",
        ),
    })
}

/// Threads for several seeds.
fn threads(seeds: &[u64]) -> Result<Option<ThreadPool>, Failure> {
    if seeds.len() < 2 { Ok(None) } else { pool("--runs").map(Some) }
}

/// What is simulated with each seed, in the order of the seeds, whatever number of threads simulates
/// them.
fn on<T: Send>(
    threads: Option<&ThreadPool>,
    seeds: &[u64],
    play: impl Fn(u64) -> T + Sync,
) -> Vec<T> {
    match threads.filter(|_| seeds.len() > 1) {
        None => seeds.iter().map(|seed| play(*seed)).collect(),
        Some(threads) => threads.install(|| seeds.par_iter().map(|seed| play(*seed)).collect()),
    }
}
