//! The search: the layout is changed and played again until it fits, a bounded number of times.

use super::{Remedy, room};
use crate::simulate::{
    FirstFailure, Layout, PodsPerNode, Reason, Share, Target,
    engine::trial,
    layout::{Action, MOST_NODES, Pace},
    settings::CniSettings,
};

/// Nodes that all trials together start, about: what takes a few seconds.
const NODE_BUDGET: u64 = 250_000;
/// The fewest and the most trials.
const FEWEST: u64 = 16;
const MOST: u64 = 400;

/// WARM_IP_TARGETs that are tried, the widest buffer first.
const WARM_IP_TARGETS: [u32; 4] = [10, 5, 2, 1];

/// Changes that make a layout fit with all of these seeds, the smallest first: another pace of the
/// roll-out that failed costs nothing, other warm targets are a setting, addresses have to be found,
/// and a larger subnet has to be built. Of each kind the smallest that was found; none when the trials
/// ran out, or nothing of the kind helps.
#[must_use]
pub fn remedies(layout: &Layout<'_>, seeds: &[u64], failure: &FirstFailure) -> Vec<Remedy> {
    let plays = (NODE_BUDGET / most_nodes(layout).max(1)).clamp(FEWEST, MOST);
    let search = || Search { seeds, plays };
    let kinds = [
        search().pace(layout, failure),
        search().warm_targets(layout, failure),
        room::more_addresses(&mut search(), layout, failure),
        room::larger_subnets(&mut search(), layout, failure),
    ];
    kinds.into_iter().flatten().collect()
}

/// The most nodes that the groups have together at one time, about.
fn most_nodes(layout: &Layout<'_>) -> u64 {
    let scaled = layout.steps.iter().filter_map(|(_, action)| action.scaled());
    let scaled = scaled.map(|(_, nodes)| u64::from(nodes));
    let start: u64 = layout.groups.iter().map(|group| u64::from(group.nodes)).sum();
    start.max(scaled.max().unwrap_or(0)).min(MOST_NODES.into())
}

/// Trials of one kind of change.
pub(super) struct Search<'a> {
    seeds: &'a [u64],
    plays: u64,
}

/// What a trial showed.
pub(super) enum Trial {
    Fits,
    Fails(FirstFailure),
    /// No trial is left.
    Spent,
}

impl Search<'_> {
    /// Plays a layout with each seed until one fails.
    pub(super) fn play(&mut self, layout: &Layout<'_>) -> Trial {
        for seed in self.seeds {
            let Some(left) = self.plays.checked_sub(1) else { return Trial::Spent };
            self.plays = left;
            if let Some(failure) = trial(layout, *seed) {
                return Trial::Fails(failure);
            }
        }
        Trial::Fits
    }

    fn fits(&mut self, layout: &Layout<'_>) -> bool {
        matches!(self.play(layout), Trial::Fits)
    }

    /// The highest surge below the one that failed, else a roll-out that waits.
    fn pace(&mut self, layout: &Layout<'_>, failure: &FirstFailure) -> Option<Remedy> {
        let at = usize::try_from(failure.step).ok()?.checked_sub(1)?;
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
            let remedy =
                Remedy::Pace { step: failure.step, max_surge: surge, max_unavailable: unavailable };
            self.fits(&changed).then_some(remedy)
        };
        let (mut least, mut most) = (1, surge.saturating_sub(1));
        let mut found = None;
        while least <= most {
            let middle = least + (most - least) / 2;
            match with(middle, unavailable) {
                Some(remedy) => {
                    found = Some(remedy);
                    least = middle + 1;
                }
                None => most = middle - 1,
            }
        }
        found.or_else(|| (surge > 0).then(|| with(0, unavailable.max(1))).flatten())
    }

    /// The widest warm buffer that fits, with a minimum for the most pods a node is to run, or without.
    fn warm_targets(&mut self, layout: &Layout<'_>, failure: &FirstFailure) -> Option<Remedy> {
        if room::unit(failure.reason).is_none() && failure.reason != Reason::PoolLimit {
            return None;
        }
        let pods = most_pods(layout);
        let with_minimum = WARM_IP_TARGETS.map(|warm| (warm, Some(pods.saturating_add(warm))));
        let without = WARM_IP_TARGETS.map(|warm| (warm, None));
        with_minimum.into_iter().filter(|_| pods > 0).chain(without).find_map(|(warm, minimum)| {
            let mut changed = layout.clone();
            let target = |target: u32| Target::Value(target.into());
            let set = |cni: &mut CniSettings| {
                cni.warm_ip = target(warm);
                cni.minimum_ip = minimum.map_or(Target::Unset, target);
            };
            set(&mut changed.cni);
            for (_, action) in &mut changed.steps {
                if let Action::SetCni(cni) = action {
                    set(cni);
                }
            }
            let minimum = minimum.map(|minimum| ("minimum_ip_target", minimum));
            let settings = std::iter::once(("warm_ip_target", warm)).chain(minimum).collect();
            self.fits(&changed).then_some(Remedy::WarmTargets { settings })
        })
    }
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
