//! The search: the layout is changed and simulated again until it fits, for at most so much work.

use super::{change::Remedy, trial::Trial};
use crate::simulate::{Layout, LayoutFailure};

/// Seeds that a change is verified with at a time.
const AT_A_TIME: usize = 16;

/// What a change has to fix.
#[derive(Debug, Clone)]
pub struct Sought<'a> {
    /// The first failure of the first run that fails.
    pub failure: &'a LayoutFailure,
    /// The first seeds that fail, on which changes are tried.
    pub failing: Vec<u64>,
    /// Every seed that is simulated, with which a change has to fit.
    pub seeds: Vec<u64>,
}

/// Plays a layout with each of some seeds as [`super::trial`] does, for at most so much work each: the
/// trials in the order of the seeds.
pub type Play<'a> = dyn Fn(&Layout<'_>, &[u64], u64) -> Vec<Trial> + 'a;

/// A kind of change: the smallest that fits with the seeds of the search, with the layout it makes.
pub(super) type Kind = for<'a> fn(&mut Search<'_>, &Layout<'a>) -> Option<(Remedy, Layout<'a>)>;

/// Trials of one kind of change.
pub(super) struct Search<'a> {
    pub(super) sought: &'a Sought<'a>,
    pub(super) play: &'a Play<'a>,
    /// Seeds that a change is tried on.
    pub(super) tried: Vec<u64>,
    /// Work that is left.
    pub(super) left: u64,
    /// Whether no trial was left off.
    pub(super) complete: bool,
}

/// What a change showed.
pub(super) enum TrialOutcome {
    Fits,
    Fails(LayoutFailure),
    /// No work is left.
    Spent,
}

impl Search<'_> {
    pub(super) fn failure(&self) -> LayoutFailure {
        self.sought.failure.clone()
    }

    /// The smallest change that fits with every seed: where one fails with a seed that was not tried, it
    /// is tried from then on.
    pub(super) fn verified(&mut self, layout: &Layout<'_>, kind: Kind) -> Option<Remedy> {
        loop {
            let (remedy, changed) = kind(self, layout)?;
            let failing = self.verify(&changed)?;
            if failing.is_empty() {
                return Some(remedy);
            }
            self.tried.extend(failing);
        }
    }

    /// Further seeds with which a changed layout fails, some of them; `None` when no work is left.
    fn verify(&mut self, layout: &Layout<'_>) -> Option<Vec<u64>> {
        let open = self.sought.seeds.iter().copied().filter(|seed| !self.tried.contains(seed));
        let open: Vec<u64> = open.collect();
        for seeds in open.chunks(AT_A_TIME) {
            let trials = (self.play)(layout, seeds, self.left);
            let failing = seeds.iter().zip(&trials).filter(|(_, trial)| trial.failure.is_some());
            let failing: Vec<u64> = failing.map(|(seed, _)| *seed).collect();
            self.pay(trials.iter().map(|trial| trial.work).sum());
            if !failing.is_empty() {
                return Some(failing);
            }
            if trials.iter().any(|trial| trial.cut) {
                self.complete = false;
                return None;
            }
        }
        Some(Vec::new())
    }

    fn pay(&mut self, work: u64) {
        self.left = self.left.saturating_sub(work);
    }

    /// Plays a layout with each seed that is tried until one fails.
    pub(super) fn play(&mut self, layout: &Layout<'_>) -> TrialOutcome {
        for seed in self.tried.clone() {
            for trial in (self.play)(layout, &[seed], self.left) {
                self.pay(trial.work);
                if trial.cut {
                    self.complete = false;
                    return TrialOutcome::Spent;
                }
                if let Some(failure) = trial.failure {
                    return TrialOutcome::Fails(failure);
                }
            }
        }
        TrialOutcome::Fits
    }

    pub(super) fn fits(&mut self, layout: &Layout<'_>) -> bool {
        matches!(self.play(layout), TrialOutcome::Fits)
    }
}
