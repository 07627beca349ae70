//! The fewest addresses under a given wait of pods and given EC2 calls.

use std::cmp::Reverse;

use super::{
    figures::{
        WarmBounds, WarmChoice, WarmFigures, WarmGroup, held, in_force, least_wait_s, served,
        simulated,
    },
    grid::warm_grid,
    targets::{WarmTargets, are_harmful, strand_or_never_settle},
};

/// How long pods may wait where nobody says it and the targets in force leave pods without an address, in
/// seconds.
const WAIT_S: u64 = 30;

/// Waits that are looked at beside the one that is allowed, to show what they would save, in seconds.
const WAITS_S: [Option<u64>; 7] = [Some(0), Some(5), Some(10), Some(15), Some(30), Some(60), None];

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarmSearch {
    /// The targets in force, of the first group.
    pub in_force: WarmChoice,
    /// Whether the targets in force never settle, or leave pods without an address.
    pub harmful: bool,
    /// What was allowed: where nothing is given, what the targets in force do.
    pub bounds: WarmBounds,
    /// The targets with the fewest addresses: those in force where none saves any. `None` where none of the
    /// grid is within the bounds.
    pub best: Option<WarmChoice>,
    /// The targets in force, the best, and the best for other waits and without a bound on calls, where no
    /// other of these holds fewer addresses, waits less and calls less. By addresses.
    pub finalists: Vec<WarmChoice>,
}

/// The best warm targets for groups of nodes, one set for all of them. Groups without an address for a
/// pod, with Windows or IPv6, and those that neither grow nor shrink are left out: targets change nothing
/// there.
///
/// Where no wait is given, no pod is to wait longer than with the targets in force (30 s where these leave
/// pods without an address). Where no calls are given, the start of the nodes and the busiest minute of a
/// burst are to call no more than with the targets in force, unless these do harm. At equal addresses
/// with the usual pods the fewest with the most pods count, then the larger WARM_IP_TARGET, then calls and
/// the wait; the targets in force stay where nothing holds fewer addresses.
#[must_use]
pub fn warm_targets(groups: &[WarmGroup], bounds: &WarmBounds) -> WarmSearch {
    let groups = served(groups);
    let in_force = in_force(&groups);
    let harmful = groups.iter().any(|group| strand_or_never_settle(&group.settings));
    let limits = Limits::new(bounds, &in_force.figures, harmful);
    let mut asked = vec![Asked::new(limits.wait_s, true)];
    for wait_s in WAITS_S {
        asked.extend([true, false].map(|bound_calls| Asked::new(wait_s, bound_calls)));
    }
    let stays = !harmful && limits.hold(&in_force.figures);
    look(&groups, (&limits, stays.then_some(&in_force.figures)), &mut asked);
    let mut found = asked.into_iter().map(|asked| asked.best.map(|best| best.choice));
    let best = found.next().flatten().or(stays.then_some(in_force));
    let all = [Some(in_force), best].into_iter().chain(found).flatten();
    WarmSearch {
        in_force,
        harmful,
        bounds: WarmBounds {
            pod_wait_s: limits.wait_s,
            ec2_calls_per_minute: limits.calls_per_minute,
        },
        best,
        finalists: finalists(all.collect(), &[Some(in_force), best]),
    }
}

/// What is allowed, with its defaults.
struct Limits {
    wait_s: Option<u64>,
    calls_per_minute: Option<u64>,
    start_calls: Option<u64>,
}

impl Limits {
    fn new(bounds: &WarmBounds, in_force: &WarmFigures, harmful: bool) -> Self {
        let given = bounds.ec2_calls_per_minute;
        let as_now = |calls: u64| (!harmful && given.is_none()).then_some(calls);
        Self {
            wait_s: Some(bounds.pod_wait_s.or(in_force.wait_s).unwrap_or(WAIT_S)),
            calls_per_minute: given.or(as_now(in_force.burst_calls_per_minute)),
            start_calls: as_now(in_force.start_calls),
        }
    }

    fn allow_calls(&self, figures: &WarmFigures) -> bool {
        let within = |calls: u64, most: Option<u64>| most.is_none_or(|most| calls <= most);
        within(figures.burst_calls_per_minute, self.calls_per_minute)
            && within(figures.start_calls, self.start_calls)
    }

    fn hold(&self, figures: &WarmFigures) -> bool {
        let in_time =
            figures.wait_s.is_some_and(|wait_s| self.wait_s.is_none_or(|most| wait_s <= most));
        in_time && self.allow_calls(figures)
    }
}

/// By what a set of targets comes before another: the fewest addresses with the usual pods, then with the
/// most, then the larger WARM_IP_TARGET. All of it is told by closed forms.
type Rank = (u64, u64, Reverse<i64>);

/// The fewest addresses that are looked for under a wait, with or without a bound on calls.
struct Asked {
    wait_s: Option<u64>,
    bound_calls: bool,
    best: Option<Found>,
}

/// The best so far.
struct Found {
    rank: Rank,
    choice: WarmChoice,
}

impl Asked {
    fn new(wait_s: Option<u64>, bound_calls: bool) -> Self {
        Self { wait_s, bound_calls, best: None }
    }

    /// Whether targets of a rank, which comes no earlier than those before, may still be the best.
    fn is_open(&self, rank: &Rank) -> bool {
        self.best.as_ref().is_none_or(|best| best.rank == *rank)
    }

    fn waits(&self, wait_s: u64) -> bool {
        self.wait_s.is_none_or(|most| wait_s <= most)
    }

    fn take(&mut self, rank: Rank, choice: WarmChoice) {
        let order = |choice: &WarmChoice| {
            let WarmFigures { start_calls, burst_calls_per_minute, wait_s, .. } = choice.figures;
            (start_calls, burst_calls_per_minute, wait_s, choice.targets.order())
        };
        if self.best.as_ref().is_none_or(|best| order(&choice) < order(&best.choice)) {
            self.best = Some(Found { rank, choice });
        }
    }
}

/// The grid from the fewest addresses on. Of those that hold the same and differ in MINIMUM_IP_TARGET alone
/// the largest is enough: a pool that comes to the same with larger steps is there no later and calls no
/// more.
fn ranked(groups: &[WarmGroup]) -> Vec<(Rank, WarmTargets)> {
    let rank = |targets: WarmTargets| {
        let (usual, most) = held(groups, &targets)?;
        Some(((usual, most, Reverse(targets.warm_ip())), targets))
    };
    let mut ranked: Vec<(Rank, WarmTargets)> =
        warm_grid(groups).into_iter().filter_map(rank).collect();
    ranked.sort_by_key(|(rank, targets)| (*rank, targets.order()));
    ranked.dedup_by_key(|(rank, targets)| (*rank, targets.beside_minimum()));
    ranked
}

/// Goes through the grid from the fewest addresses on, up to what the targets in force hold where these are
/// within the limits, and simulates what may be the best for one that asks.
fn look(
    groups: &[WarmGroup],
    (limits, in_force): (&Limits, Option<&WarmFigures>),
    asked: &mut [Asked],
) {
    let held_now = in_force.map(|now| (now.addresses_usual, now.addresses_most));
    for (rank, targets) in ranked(groups) {
        let saves = held_now.is_none_or(|now| (rank.0, rank.1) < now);
        if !saves || !asked.iter().any(|one| one.is_open(&rank)) {
            return;
        }
        let least_s = least_wait_s(groups, &targets);
        let open = asked.iter().filter(|one| one.is_open(&rank) && one.waits(least_s));
        let Some(most_s) = open.map(|one| one.wait_s.unwrap_or(u64::MAX)).max() else { continue };
        if groups.iter().any(|group| are_harmful(&targets.applied(&group.settings))) {
            continue;
        }
        let Some(figures) = simulated(groups, &targets, most_s) else { continue };
        let choice = WarmChoice { targets, figures };
        for one in asked.iter_mut().filter(|one| one.is_open(&rank)) {
            let in_time = figures.wait_s.is_some_and(|wait_s| one.waits(wait_s));
            if in_time && (!one.bound_calls || limits.allow_calls(&figures)) {
                one.take(rank, choice);
            }
        }
    }
}

/// Those that no other beats in addresses, wait and calls, and those that are kept in any case.
fn finalists(mut all: Vec<WarmChoice>, kept: &[Option<WarmChoice>]) -> Vec<WarmChoice> {
    let figures = |choice: &WarmChoice| {
        let WarmFigures { addresses_usual, start_calls, burst_calls_per_minute, wait_s, .. } =
            choice.figures;
        [addresses_usual, wait_s.unwrap_or(u64::MAX), start_calls, burst_calls_per_minute]
    };
    all.sort_by_key(|choice| {
        (figures(choice), choice.figures.addresses_most, choice.targets.order())
    });
    all.dedup();
    let is_beaten = |one: &WarmChoice| {
        all.iter().any(|other| {
            let (one, other) = (figures(one), figures(other));
            one != other && one.iter().zip(other).all(|(one, other)| other <= *one)
        })
    };
    all.iter().filter(|one| kept.contains(&Some(**one)) || !is_beaten(one)).copied().collect()
}
