//! A draft is judged: its scenario is simulated.

use std::{cell::Cell, collections::BTreeSet};

use super::{
    asked::Asked,
    draft::{Draft, scenario},
};
use crate::{
    finding::thousands,
    network::{BrokenVpcRule, broken_unit_rule},
    simulate::{Scenario, TightReason, Timeline, Verdict, check, run, worst_tight},
};

/// Counts simulations.
#[derive(Debug, Default)]
pub(super) struct Tally(Cell<u64>);

impl Tally {
    pub(super) fn add(&self, plays: usize) {
        self.0.set(self.0.get() + u64::try_from(plays).unwrap_or(u64::MAX));
    }

    pub(super) fn count(&self) -> u64 {
        self.0.get()
    }
}

/// What became of a draft.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    /// The runs, in the order of their seeds; one that fails or is tight is the last.
    pub(super) runs: Vec<Timeline>,
}

impl Judged {
    pub(super) fn fits(&self) -> bool {
        let is_refused = self.unit_rule().is_some_and(|rule| rule.is_refused());
        !is_refused && self.runs.iter().all(|run| run.verdict == Verdict::Fits)
    }

    /// What the most network address units break, or are near to break.
    pub(super) fn unit_rule(&self) -> Option<BrokenVpcRule> {
        broken_unit_rule(self.runs.iter().map(|run| run.most_address_units).max().unwrap_or(0))
    }

    /// The reasons of all runs, of those about one thing the worst.
    pub(super) fn tight(&self) -> Vec<TightReason> {
        worst_tight(&self.runs)
    }

    /// The subnets that left something without a place, or have nothing to spare.
    pub(super) fn wanting(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for run in &self.runs {
            names.extend(run.failures.iter().filter_map(|failure| failure.subnet.clone()));
            let short = run.subnets.iter().filter(|subnet| subnet.short.is_some());
            names.extend(short.map(|subnet| subnet.name.clone()));
            names.extend(run.tight.iter().filter_map(|reason| reason.subnet.clone()));
        }
        names
    }

    /// The most of a figure of a subnet.
    pub(super) fn peak_used(&self, at: usize) -> u32 {
        let peaks = self.runs.iter().filter_map(|run| run.subnets.get(at));
        peaks.map(|subnet| subnet.peak_used).max().unwrap_or(0)
    }

    /// What fails first, in a sentence.
    pub(super) fn reason(&self) -> Option<String> {
        let Some(failure) = self.runs.iter().find_map(Timeline::first_failure) else {
            return self.unit_rule().filter(BrokenVpcRule::is_refused).map(|rule| rule.message());
        };
        let group =
            failure.group.as_ref().map_or(String::new(), |name| format!(" of group {name}"));
        let subnet = failure.subnet.as_ref().map_or(String::new(), |name| format!(" ({name})"));
        let (what, how) = failure.what.words();
        Some(format!(
            "step {} ({}): {} of {} {what}{group} {how}: {}{subnet}",
            failure.step,
            self.step_name(failure.step),
            thousands(failure.placed),
            thousands(failure.wanted),
            failure.reason.text()
        ))
    }

    fn step_name(&self, step: u32) -> String {
        let steps = self.runs.iter().flat_map(|run| &run.steps);
        steps.into_iter().find(|s| s.index == step).map_or_else(String::new, |s| s.name.clone())
    }
}

/// Simulates a scenario with each of some seeds, until one fails or, if asked, is tight.
///
/// # Errors
/// In words, when the scenario cannot be simulated.
pub(super) fn judge(
    asked: &Asked<'_>,
    scenario: &Scenario,
    (seeds, stops): (std::ops::RangeInclusive<u64>, Stops),
    tally: &Tally,
) -> Result<Judged, String> {
    // Provisional subnets lie in a block that no VPC could have.
    let layout = check(scenario, asked.catalogue, true).map_err(|error| error.to_string())?;
    let mut runs = Vec::new();
    for seed in seeds {
        let timeline = run(&layout, seed);
        tally.add(1);
        let ends = match stops {
            Stops::Never => false,
            Stops::Failing => timeline.verdict == Verdict::Fails,
            Stops::Wanting => timeline.verdict == Verdict::Fails || !timeline.tight.is_empty(),
        };
        runs.push(timeline);
        if ends {
            break;
        }
    }
    Ok(Judged { runs })
}

/// Which run is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stops {
    /// That of the last seed.
    Never,
    /// The first that fails.
    Failing,
    /// The first that fails or has nothing to spare.
    Wanting,
}

/// Simulates a draft with the first seed.
pub(super) fn first_run(
    asked: &Asked<'_>,
    draft: &Draft<'_>,
    tally: &Tally,
) -> Result<Judged, String> {
    judge(asked, &scenario(asked, draft), (1..=1, Stops::Never), tally)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            asked::understand,
            draft::{Choice, build},
            levers::Levers,
            requirement::parse_requirement,
        },
        *,
    };
    use crate::instance::BUILTIN;

    /// AWS refuses more network address units than the quota, whatever room the subnets have.
    #[test]
    fn more_units_than_the_quota_do_not_fit() {
        let text = "{version: 1, zones: [a, b], groups: [{name: g, pods: {peak: 9}, instance_types: [m5.large]}]}";
        let requirement = parse_requirement(text).unwrap();
        let asked = understand(&requirement, &BUILTIN).unwrap();
        let levers = Levers::none(&asked);
        let draft = build(&asked, levers, &Choice::first(&asked, levers)).unwrap();
        let mut judged = first_run(&asked, &draft, &Tally::default()).unwrap();
        assert!(judged.fits() && judged.reason().is_none());
        for (units, fits) in [(64_000, true), (64_001, false), (256_001, false)] {
            judged.runs[0].most_address_units = units;
            assert_eq!(judged.fits(), fits, "{units}");
            assert_eq!(judged.reason().is_none(), fits, "{units}");
        }
        assert!(judged.reason().unwrap().starts_with("256001 network address units exceed"));
    }
}
