//! What the forecast may get wrong on made series whose truth is known. The benchmark `forecast_study`
//! prints the same of more seeds and histories.

#[path = "../support/series.rs"]
#[expect(dead_code, reason = "the benchmark uses more of it")]
mod series;

use series::{Kind, Reading, Rule, Tally};

/// Seeds of a kind and reading.
const SEEDS: u64 = 12;

const USUAL: Reading = Reading { days: 90, per_day: 1, noise: 0.01, dependence: 0.0 };

/// Histories of some kinds.
const READINGS: [Reading; 3] = [
    USUAL,
    Reading { days: 120, noise: 0.005, dependence: 0.3, ..USUAL },
    Reading { days: 60, per_day: 3, ..USUAL },
];

fn tally(kinds: &[Kind], rule: Rule) -> Tally {
    let mut sum = Tally::default();
    for kind in kinds {
        for reading in READINGS {
            sum = sum.and(Tally::of(*kind, reading, (SEEDS, rule)));
        }
    }
    sum
}

#[test]
fn the_interval_holds_the_day_of_steady_growth() {
    let now = tally(&[Kind::Linear, Kind::WeeklyGrowth, Kind::Gap], Rule::Due);
    let held = f64::from(now.held) / f64::from(now.ending);
    assert!((0.90..=0.99).contains(&held), "{held}: {now:?}");
    assert!(now.missed * 20 <= now.due, "{now:?}");
}

#[test]
fn what_does_not_grow_is_no_alarm() {
    for kind in [Kind::Flat, Kind::Weekly, Kind::Step, Kind::Shrinking] {
        let now = tally(&[kind], Rule::Due);
        assert!(now.false_alarms * 50 <= now.endless, "{}: {now:?}", kind.name());
    }
    let late = tally(&[Kind::LateStep], Rule::Due);
    assert!(late.false_alarms * 20 <= late.endless, "{late:?}");
}

#[test]
fn growth_that_speeds_up_is_seldom_missed() {
    for kind in [Kind::KinkFromFlat, Kind::KinkFromGrowth, Kind::Accelerating] {
        let (before, now) = (tally(&[kind], Rule::WholeHistory), tally(&[kind], Rule::Due));
        assert!(now.missed * 10 <= now.due, "{}: {now:?}", kind.name());
        assert!(before.missed * 2 > before.due, "{}: {before:?}", kind.name());
        assert!(now.accelerating * 10 >= now.series * 9, "{}: {now:?}", kind.name());
    }
}

#[test]
fn growth_that_slows_is_called_so_and_is_less_often_an_alarm() {
    let kinds = [Kind::Saturating];
    let (before, now) = (tally(&kinds, Rule::WholeHistory), tally(&kinds, Rule::Due));
    assert!(now.slowing * 10 >= now.series * 9, "{now:?}");
    assert!(now.false_alarms * 2 <= before.false_alarms, "{now:?} {before:?}");
    // The price: growth that slowed, and ends all the same.
    let slower = tally(&[Kind::Slower], Rule::Due);
    assert!(slower.missed * 5 <= slower.due, "{slower:?}");
}
