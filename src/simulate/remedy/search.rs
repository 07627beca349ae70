//! The search: the layout is changed and played again until it fits, for at most so much work.

use super::{Remedy, Trial, room};
use crate::simulate::{
    FirstFailure, Layout, PodsPerNode, Reason, Share, Target,
    layout::{Action, Pace},
    settings::CniSettings,
};

/// Work of the whole search: what takes two or three seconds.
const MOST_WORK: u64 = 12_000_000;
/// Seeds that a change is verified with at a time.
const AT_A_TIME: usize = 16;
/// WARM_IP_TARGETs that are tried, the widest buffer first.
const WARM_IP_TARGETS: [u32; 4] = [10, 5, 2, 1];

/// What a change has to mend.
#[derive(Debug, Clone)]
pub struct Sought<'a> {
    /// The first failure of the first run that fails.
    pub failure: &'a FirstFailure,
    /// The first seeds that fail, on which changes are tried.
    pub failing: Vec<u64>,
    /// Every seed that is played, with which a change has to fit.
    pub seeds: Vec<u64>,
}

/// Plays a layout with each of some seeds as [`super::trial`] does, for at most so much work each: the
/// trials in the order of the seeds.
pub type Play<'a> = dyn Fn(&Layout<'_>, &[u64], u64) -> Vec<Trial> + 'a;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedies {
    /// Changes that make the layout fit, the smallest first.
    pub list: Vec<Remedy>,
    /// Whether every search came to its end, so that what is not in the list was not to be found.
    pub complete: bool,
}

/// A kind of change: the smallest that fits with the seeds of the search, with the layout it makes.
type Kind = for<'a> fn(&mut Search<'_>, &Layout<'a>) -> Option<(Remedy, Layout<'a>)>;

/// Changes that make a layout fit with every seed, the smallest first: another pace of the roll-out
/// that failed costs nothing, other warm targets are a setting, addresses have to be found, and a larger
/// subnet has to be built. Of each kind the smallest that was found; none when the work became too
/// much, or nothing of the kind helps.
#[must_use]
pub fn remedies(layout: &Layout<'_>, sought: &Sought<'_>, play: &Play<'_>) -> Remedies {
    const KINDS: [Kind; 4] = [
        |search, layout| search.pace(layout),
        |search, layout| search.warm_targets(layout),
        |search, layout| room::more_addresses(search, layout),
        |search, layout| room::larger_subnets(search, layout),
    ];
    // Several seeds are verified side by side.
    let mut left = if sought.seeds.len() > 1 { 2 * MOST_WORK } else { MOST_WORK };
    let mut found = Remedies { list: Vec::new(), complete: true };
    for (kind, kinds) in KINDS.into_iter().zip((1..=4).rev()) {
        // What one kind leaves is there for the next.
        let share = left / kinds;
        let mut search =
            Search { sought, play, tried: sought.failing.clone(), left: share, complete: true };
        found.list.extend(search.verified(layout, kind));
        found.complete &= search.complete;
        left -= share - search.left;
    }
    found
}

/// Trials of one kind of change.
pub(super) struct Search<'a> {
    sought: &'a Sought<'a>,
    play: &'a Play<'a>,
    /// Seeds that a change is tried on.
    tried: Vec<u64>,
    /// Work that is left.
    left: u64,
    /// Whether no trial was left off.
    complete: bool,
}

/// What a change showed.
pub(super) enum Outcome {
    Fits,
    Fails(FirstFailure),
    /// No work is left.
    Spent,
}

impl Search<'_> {
    pub(super) fn failure(&self) -> FirstFailure {
        self.sought.failure.clone()
    }

    /// The smallest change that fits with every seed: where one fails with a seed that was not tried, it
    /// is tried from then on.
    fn verified(&mut self, layout: &Layout<'_>, kind: Kind) -> Option<Remedy> {
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
    pub(super) fn play(&mut self, layout: &Layout<'_>) -> Outcome {
        for seed in self.tried.clone() {
            for trial in (self.play)(layout, &[seed], self.left) {
                self.pay(trial.work);
                if trial.cut {
                    self.complete = false;
                    return Outcome::Spent;
                }
                if let Some(failure) = trial.failure {
                    return Outcome::Fails(failure);
                }
            }
        }
        Outcome::Fits
    }

    fn fits(&mut self, layout: &Layout<'_>) -> bool {
        matches!(self.play(layout), Outcome::Fits)
    }

    /// The highest surge below the one that failed, else a roll-out that waits.
    fn pace<'a>(&mut self, layout: &Layout<'a>) -> Option<(Remedy, Layout<'a>)> {
        let step = self.sought.failure.step;
        let at = usize::try_from(step).ok()?.checked_sub(1)?;
        let (_, Action::Rollout { group, pace }) = layout.steps.get(at)? else {
            return None;
        };
        let nodes = size_before(layout, *group, at);
        let (surge, unavailable) = pace.of(nodes, layout.zones_of(*group));
        let mut with = |surge: u32, unavailable: u32| {
            let mut changed = layout.clone();
            let (_, action) = changed.steps.get_mut(at)?;
            let pace =
                Pace::Bounds { surge: Share::Count(surge), unavailable: Share::Count(unavailable) };
            *action = Action::Rollout { group: *group, pace };
            let remedy = Remedy::Pace { step, max_surge: surge, max_unavailable: unavailable };
            self.fits(&changed).then_some((remedy, changed))
        };
        let (mut least, mut most) = (1, surge.saturating_sub(1));
        let mut found = None;
        while least <= most {
            let middle = least + (most - least) / 2;
            match with(middle, unavailable) {
                Some(fits) => {
                    found = Some(fits);
                    least = middle + 1;
                }
                None => most = middle - 1,
            }
        }
        found.or_else(|| (surge > 0).then(|| with(0, unavailable.max(1))).flatten())
    }

    /// The widest warm buffer that fits, with a minimum for the most pods a node is to run, or with the
    /// one there is.
    fn warm_targets<'a>(&mut self, layout: &Layout<'a>) -> Option<(Remedy, Layout<'a>)> {
        let reason = self.sought.failure.reason;
        let other = matches!(reason, Reason::PoolLimit | Reason::PrefixReservationFull);
        if room::unit(reason).is_none() && !other {
            return None;
        }
        let pods = most_pods(layout);
        let with_minimum = WARM_IP_TARGETS.map(|warm| (warm, Some(pods.saturating_add(warm))));
        let without = WARM_IP_TARGETS.map(|warm| (warm, None));
        with_minimum.into_iter().filter(|_| pods > 0).chain(without).find_map(|(warm, minimum)| {
            let changed = retargeted(layout, warm, minimum);
            let minimum = minimum.map(|minimum| ("minimum_ip_target", minimum));
            let settings = std::iter::once(("warm_ip_target", warm)).chain(minimum).collect();
            self.fits(&changed).then_some((Remedy::WarmTargets { settings }, changed))
        })
    }
}

/// A layout whose `cni` states other targets, which hold until a step states its own.
fn retargeted<'a>(layout: &Layout<'a>, warm: u32, minimum: Option<u32>) -> Layout<'a> {
    let mut changed = layout.clone();
    let target = |target: u32| Target::Value(target.into());
    let mut before = layout.cni.clone();
    let (mut warm_holds, mut minimum_holds) = (true, minimum.is_some());
    let mut set = |cni: &mut CniSettings| {
        warm_holds &= cni.warm_ip == before.warm_ip;
        minimum_holds &= cni.minimum_ip == before.minimum_ip;
        before = cni.clone();
        if warm_holds {
            cni.warm_ip = target(warm);
        }
        if let Some(minimum) = minimum.filter(|_| minimum_holds) {
            cni.minimum_ip = target(minimum);
        }
    };
    set(&mut changed.cni);
    for (_, action) in &mut changed.steps {
        if let Action::SetCni(cni) = action {
            set(cni);
        }
    }
    changed
}

/// A group's nodes when a step begins.
fn size_before(layout: &Layout<'_>, group: usize, step: usize) -> u32 {
    let scaled = layout.steps.iter().take(step).rev().filter_map(|(_, action)| action.scaled());
    let scaled = scaled.into_iter().find(|(scaled, _)| *scaled == group).map(|(_, nodes)| nodes);
    scaled.unwrap_or_else(|| layout.groups.get(group).map_or(0, |group| group.nodes))
}

/// The most pods with an address of their own that a node is to run; 0 where nodes are filled.
fn most_pods(layout: &Layout<'_>) -> u32 {
    let stepped = layout.steps.iter().filter_map(|(_, action)| action.pods_set());
    let all = layout.groups.iter().map(|group| group.pods).chain(stepped);
    let counts = all.map(|pods| match pods {
        PodsPerNode::Pods(pods) => pods,
        PodsPerNode::Fill => 0,
    });
    counts.max().unwrap_or(0)
}
