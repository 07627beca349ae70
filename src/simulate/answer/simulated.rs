//! One or several runs as one answer: each figure once, or as worst, median and best.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    network::{BrokenVpcRule, Cidr},
    simulate::{
        GroupState, Layout, LayoutFailure, Reason, Remedy, Shortage, StepResult, SubnetShort,
        TightReason, Timeline, Verdict, Waits,
    },
};

/// A figure of one run, or of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Of the one run.
    One(u64),
    /// Of several.
    Spread {
        /// The worst for whoever has to live with it.
        worst: u64,
        /// The middle one; of an even number the worse of the two.
        median: u64,
        /// The best.
        best: u64,
    },
}

/// Whether more of a figure is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worse {
    More,
    Less,
}

/// Several runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runs {
    /// How many.
    pub runs: u32,
    /// Those that do not fit.
    pub failed: u32,
    /// The seed of the first; each further run has the next one.
    pub seed: u64,
}

/// A simulated layout, once or several times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulated {
    /// Whether all runs fit.
    pub verdict: Verdict,
    /// The runs, if several were asked for.
    pub runs: Option<Runs>,
    /// What did not fit: what AWS refuses of the VPC, then that of the first run that fails.
    pub failures: Vec<LayoutFailure>,
    /// The rules for VPCs for which AWS refuses the layout.
    pub refused: Vec<BrokenVpcRule>,
    /// Where there is nothing to spare in any run; none where the layout does not fit.
    pub tight: Vec<TightReason>,
    /// With several runs: the seed of the first run that fails.
    pub failed_seed: Option<u64>,
    /// Changes that were tried and make every run fit, the smallest first.
    pub remedies: Vec<Remedy>,
    /// Whether the search for them came to its end; `None` where none was made.
    pub remedies_complete: Option<bool>,
    /// Step by step.
    pub steps: Vec<PlayedStep>,
    /// Subnets over all steps, as the scenario orders them.
    pub subnets: Vec<PlayedSubnet>,
    /// The most EC2 calls of the nodes in one minute of simulated time.
    pub peak_calls_per_minute: Figure,
    /// What hung on how EC2 is read, in any run.
    pub notes: Vec<String>,
    /// The most network address units, of the worst run.
    pub most_address_units: u64,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayedStep {
    /// 0 is the start.
    pub index: u32,
    /// `start`, or the step's key.
    pub name: String,
    /// Simulated seconds until the last change.
    pub seconds: Figure,
    /// Whether in every run nothing changed any more at the end.
    pub settled: bool,
    /// Groups, as the scenario orders them.
    pub groups: Vec<PlayedGroup>,
    /// Subnets at the end of the step, as the scenario orders them.
    pub subnets: Vec<PlayedSubnetStep>,
    /// EC2 calls by operation, failed ones included.
    pub ec2_calls: BTreeMap<&'static str, Figure>,
    /// The same where EC2's answer does not make nodes pause.
    pub ec2_calls_at_most: BTreeMap<&'static str, Figure>,
    /// How long pods waited for an address, where they were replaced or came all at once.
    pub waits: Option<PlayedWaits>,
    /// The most EC2 calls of the nodes in one minute that begins in this step.
    pub peak_calls_per_minute: Figure,
    /// All groups and all operations together.
    pub total: PlayedTotal,
}

/// How long pods waited for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlayedWaits {
    /// Pods that came in place of others, or all at once and for which a node had room.
    pub started: Figure,
    /// Those that found no address at once.
    pub waited: Figure,
    /// The longest that one waited that found one, in seconds.
    pub longest_s: Figure,
    /// Those that found none.
    pub never: Figure,
}

/// All groups and all operations of a step together: of several runs the spread of the sums, which
/// the sums of the spreads are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlayedTotal {
    /// Nodes the groups are to have.
    pub nodes_wanted: Figure,
    /// Nodes that are Ready.
    pub nodes_placed: Figure,
    /// Pods the groups are to have that need an address, branch pods included.
    pub pods_wanted: Figure,
    /// Those with an address.
    pub pods_placed: Figure,
    /// EC2 calls, failed ones included.
    pub ec2_calls: Figure,
    /// The most EC2 calls that there may be.
    pub ec2_calls_at_most: Figure,
}

/// A group at the end of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayedGroup {
    /// Its name.
    pub name: Arc<str>,
    /// Nodes it is to have.
    pub nodes_wanted: Figure,
    /// Nodes that are Ready.
    pub nodes_placed: Figure,
    /// Pods it is to have that need an address, branch pods included.
    pub pods_wanted: Figure,
    /// Those with an address.
    pub pods_placed: Figure,
}

/// A subnet at the end of a step, in addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayedSubnetStep {
    /// Its name.
    pub name: Arc<str>,
    /// Addresses in use.
    pub used: Figure,
    /// The most in use at one time of the step.
    pub peak_used: Figure,
    /// Usable addresses not in use.
    pub free: Figure,
    /// Prefixes that EC2 can delegate: free /28 blocks outside of explicit reservations, and inside the
    /// prefix reservation where there is one.
    pub assignable_prefixes: Figure,
}

/// A subnet over all steps, in addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayedSubnet {
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: String,
    /// Its block.
    pub cidr: Cidr,
    /// All addresses but AWS's five.
    pub usable: u32,
    /// The most in use at one time.
    pub peak_used: Figure,
    /// The first step that reached it, in the first run with the worst peak.
    pub peak_step: u32,
    /// The fewest free.
    pub min_free: Figure,
    /// The fewest prefixes that EC2 could delegate.
    pub min_assignable_prefixes: Figure,
    /// When it first left something without a place, in the first run that fails.
    pub short: Option<SubnetShort>,
}

/// How figures of the runs become one: the only run's, or their spread.
struct Fold<'a> {
    runs: &'a [Timeline],
    spread: bool,
}

impl Fold<'_> {
    fn figure(&self, worse: Worse, of: impl Fn(&Timeline) -> Option<u64>) -> Figure {
        let mut all: Vec<u64> = self.runs.iter().map(|run| of(run).unwrap_or(0)).collect();
        all.sort_unstable();
        if worse == Worse::More {
            all.reverse();
        }
        let at = |at: usize| all.get(at).copied().unwrap_or(0);
        if self.spread {
            let last = all.len().saturating_sub(1);
            Figure::Spread { worst: at(0), median: at(last / 2), best: at(last) }
        } else {
            Figure::One(at(0))
        }
    }
}

impl Simulated {
    /// One run of a layout as the answer.
    #[must_use]
    pub fn once(layout: &Layout<'_>, run: &Timeline) -> Self {
        Self::fold(layout, &Fold { runs: std::slice::from_ref(run), spread: false }, None)
    }

    /// Several runs of a layout with seeds from `seed` on, in their order.
    #[must_use]
    pub fn several(layout: &Layout<'_>, runs: &[Timeline], seed: u64) -> Self {
        Self::fold(layout, &Fold { runs, spread: true }, Some(seed))
    }

    /// What did not fit first.
    #[must_use]
    pub fn first_failure(&self) -> Option<&LayoutFailure> {
        self.failures.first()
    }

    /// What first found no place: other subnets, settings or paces may help it.
    #[must_use]
    pub fn first_unplaced(&self) -> Option<&LayoutFailure> {
        self.failures.iter().find(|failure| !failure.is_refusal())
    }

    fn fold(layout: &Layout<'_>, fold: &Fold<'_>, seed: Option<u64>) -> Self {
        let first = fold.runs.first();
        let most = fold.runs.iter().max_by_key(|run| run.most_address_units);
        let most_address_units = most.map_or(0, |run| run.most_address_units);
        let mut refused = layout.broken_vpc_rules(most_address_units);
        refused.retain(BrokenVpcRule::is_refused);
        let failed = (0..).zip(fold.runs).find(|(_, run)| is_short(run));
        let mut failures = refusals(layout, &refused, most.map_or(0, |run| run.most_units_step));
        failures.extend(failed.iter().flat_map(|(_, run)| run.failures.clone()));
        let verdict = if failures.is_empty() { Verdict::Fits } else { Verdict::Fails };
        Self {
            verdict,
            runs: seed.map(|seed| fold.counts(seed, !refused.is_empty())),
            failed_seed: seed.zip(failed).map(|(seed, (at, _))| seed + at),
            tight: if verdict == Verdict::Fits { worst_tight(fold.runs) } else { Vec::new() },
            failures,
            refused,
            remedies: Vec::new(),
            remedies_complete: None,
            steps: (0..first.map_or(0, |run| run.steps.len())).map(|at| fold.step(at)).collect(),
            subnets: (0..first.map_or(0, |run| run.subnets.len()))
                .filter_map(|at| fold.subnet(at))
                .collect(),
            notes: {
                let notes = fold.runs.iter().flat_map(|run| run.notes.iter().cloned());
                notes.collect::<BTreeSet<String>>().into_iter().collect()
            },
            most_address_units,
            peak_calls_per_minute: fold.figure(Worse::More, |run| Some(run.peak_calls_per_minute)),
        }
    }
}

/// What AWS refuses of the VPC: its blocks before anything is placed, and more network address units than
/// it may have.
fn refusals(layout: &Layout<'_>, refused: &[BrokenVpcRule], units_step: u32) -> Vec<LayoutFailure> {
    let failure = |step, what, (wanted, placed), reason| LayoutFailure {
        step,
        subnet: None,
        group: None,
        what,
        wanted,
        placed,
        reason,
    };
    let blocks = refused.iter().filter(|rule| rule.units().is_none()).count();
    let all = layout.vpc_blocks();
    let blocks = (blocks > 0).then(|| {
        let refused = u64::try_from(blocks).unwrap_or(u64::MAX);
        let figures = (all, all.saturating_sub(refused));
        failure(0, Shortage::VpcBlocks, figures, Reason::VpcBlockRefused)
    });
    let units = refused.iter().find_map(BrokenVpcRule::units).map(|figures| {
        failure(units_step, Shortage::AddressUnits, figures, Reason::AddressUnitsExceeded)
    });
    blocks.into_iter().chain(units).collect()
}

/// Whether something found no place in a run.
fn is_short(run: &Timeline) -> bool {
    !run.failures.is_empty()
}

impl Fold<'_> {
    /// The first run that fails.
    fn failed(&self) -> Option<&Timeline> {
        self.runs.iter().find(|run| is_short(run))
    }

    fn counts(&self, seed: u64, refused: bool) -> Runs {
        let failed = self.runs.iter().filter(|run| refused || run.verdict == Verdict::Fails);
        let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        Runs { runs: count(self.runs.len()), failed: count(failed.count()), seed }
    }
}

/// Where some runs have nothing to spare: of the reasons about one thing the worst.
#[must_use]
pub fn worst_tight(runs: &[Timeline]) -> Vec<TightReason> {
    let mut kept: BTreeMap<_, TightReason> = BTreeMap::new();
    for reason in runs.iter().flat_map(|run| &run.tight) {
        let about = (reason.kind, reason.subnet.clone(), reason.group.clone());
        let worst = kept.entry(about).or_insert_with(|| reason.clone());
        if reason.is_worse(worst) {
            *worst = reason.clone();
        }
    }
    kept.into_values().collect()
}

impl Fold<'_> {
    fn step(&self, at: usize) -> PlayedStep {
        let steps = || self.runs.iter().filter_map(move |run| run.steps.get(at));
        let first = steps().next();
        let calls = |of: fn(&StepResult) -> &BTreeMap<&'static str, u64>| {
            let operations: BTreeSet<&str> =
                steps().flat_map(|step| of(step).keys().copied()).collect();
            let figure = |operation: &'static str| {
                self.figure(Worse::More, |run| of(run.steps.get(at)?).get(operation).copied())
            };
            operations.into_iter().map(|name| (name, figure(name))).collect()
        };
        PlayedStep {
            index: first.map_or(0, |step| step.index),
            name: first.map_or_else(String::new, |step| step.name.clone()),
            seconds: self.figure(Worse::More, |run| Some(run.steps.get(at)?.seconds)),
            settled: steps().all(|step| step.settled),
            groups: (0..first.map_or(0, |step| step.groups.len()))
                .map(|group| self.group(at, group))
                .collect(),
            subnets: (0..first.map_or(0, |step| step.subnets.len()))
                .map(|subnet| self.subnet_step(at, subnet))
                .collect(),
            ec2_calls: calls(|step| &step.ec2_calls),
            ec2_calls_at_most: calls(|step| &step.ec2_calls_at_most),
            waits: self.waits(at),
            peak_calls_per_minute: self
                .figure(Worse::More, |run| Some(run.steps.get(at)?.peak_calls_per_minute)),
            total: self.total(at),
        }
    }

    fn waits(&self, step: usize) -> Option<PlayedWaits> {
        let of = |run: &Timeline| run.steps.get(step)?.waits;
        self.runs.iter().find_map(of)?;
        let figure = |pick: fn(Waits) -> u64| self.figure(Worse::More, |run| of(run).map(pick));
        Some(PlayedWaits {
            started: figure(|waits| waits.started),
            waited: figure(|waits| waits.waited),
            longest_s: figure(|waits| waits.longest_s),
            never: figure(|waits| waits.never),
        })
    }

    fn total(&self, step: usize) -> PlayedTotal {
        let groups = |run: &Timeline, of: fn(&GroupState) -> u64| {
            Some(run.steps.get(step)?.groups.iter().map(of).sum())
        };
        PlayedTotal {
            nodes_wanted: self.figure(Worse::More, |run| groups(run, |group| group.nodes_wanted)),
            nodes_placed: self.figure(Worse::Less, |run| groups(run, |group| group.nodes_placed)),
            pods_wanted: self.figure(Worse::More, |run| groups(run, |group| group.pods_wanted)),
            pods_placed: self.figure(Worse::Less, |run| groups(run, |group| group.pods_placed)),
            ec2_calls: self
                .figure(Worse::More, |run| Some(run.steps.get(step)?.ec2_calls.values().sum())),
            ec2_calls_at_most: self.figure(Worse::More, |run| {
                Some(run.steps.get(step)?.ec2_calls_at_most.values().sum())
            }),
        }
    }

    fn group(&self, step: usize, group: usize) -> PlayedGroup {
        let of = |run: &Timeline| run.steps.get(step)?.groups.get(group).cloned();
        PlayedGroup {
            name: self.runs.first().and_then(of).map_or_else(Arc::default, |group| group.name),
            nodes_wanted: self.figure(Worse::More, |run| Some(of(run)?.nodes_wanted)),
            nodes_placed: self.figure(Worse::Less, |run| Some(of(run)?.nodes_placed)),
            pods_wanted: self.figure(Worse::More, |run| Some(of(run)?.pods_wanted)),
            pods_placed: self.figure(Worse::Less, |run| Some(of(run)?.pods_placed)),
        }
    }

    fn subnet_step(&self, step: usize, subnet: usize) -> PlayedSubnetStep {
        let of = |run: &Timeline| run.steps.get(step)?.subnets.get(subnet).cloned();
        PlayedSubnetStep {
            name: self.runs.first().and_then(of).map_or_else(Arc::default, |subnet| subnet.name),
            used: self.figure(Worse::More, |run| Some(of(run)?.used.into())),
            peak_used: self.figure(Worse::More, |run| Some(of(run)?.peak_used.into())),
            free: self.figure(Worse::Less, |run| Some(of(run)?.free.into())),
            assignable_prefixes: self
                .figure(Worse::Less, |run| Some(of(run)?.assignable_prefixes.into())),
        }
    }

    fn subnet(&self, at: usize) -> Option<PlayedSubnet> {
        let of = |run: &Timeline| run.subnets.get(at).cloned();
        let peak = self.runs.iter().filter_map(of).map(|subnet| subnet.peak_used).max();
        let worst = self.runs.iter().filter_map(of).find(|subnet| Some(subnet.peak_used) == peak);
        let summary = worst?;
        Some(PlayedSubnet {
            peak_used: self.figure(Worse::More, |run| Some(of(run)?.peak_used.into())),
            min_free: self.figure(Worse::Less, |run| Some(of(run)?.min_free.into())),
            min_assignable_prefixes: self
                .figure(Worse::Less, |run| Some(of(run)?.min_assignable_prefixes.into())),
            name: summary.name,
            zone: summary.zone,
            cidr: summary.cidr,
            usable: summary.usable,
            peak_step: summary.peak_step,
            short: self.failed().and_then(of).and_then(|subnet| subnet.short),
        })
    }
}
