//! The slope against series whose slope is known, and laws of any series.

use eksnet::trend::{Direction, Line, Pace, Point, TooFew, fit, trend};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// A Monday.
const START: &str = "2026-08-03T06:00:00Z";

fn at(days: f64) -> Timestamp {
    let start: Timestamp = START.parse().unwrap();
    let moment = start + SignedDuration::from_secs_f64(days * 86_400.0);
    // A fraction of a day is not exact, and seconds are what counts.
    moment.round(jiff::Unit::Second).unwrap()
}

fn series(values: impl IntoIterator<Item = (f64, f64)>) -> Vec<Point> {
    values.into_iter().map(|(days, value)| Point { at: at(days), value }).collect()
}

/// Values a day apart.
fn daily(values: &[f64]) -> Vec<Point> {
    let days = (0_u32..).map(f64::from);
    series(days.zip(values.iter().copied()))
}

/// Numbers from 0 to 1 that a seed tells.
fn noise(seed: u64) -> impl Iterator<Item = f64> {
    let mut random = eksnet::network::Random::new(seed);
    std::iter::repeat_with(move || f64::from(random.below(1_000_001)) / 1e6)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn a_straight_line_is_found_to_the_day() {
    let line =
        fit(&daily(&(0_u32..14).map(|day| 100.0 + 7.0 * f64::from(day)).collect::<Vec<_>>()))
            .unwrap();
    assert!(close(line.slope, 7.0) && close(line.slope_low, 7.0) && close(line.slope_high, 7.0));
    assert_eq!(line.direction(), Direction::Growing);
    // 100 on the first day, and 251 are reached 151 / 7 days after it
    let outlook = line.rises_to(251.0, at(13.0), None).unwrap();
    assert!(close(outlook.days, 151.0 / 7.0 - 13.0), "{outlook:?}");
    // tenths are not exact, and no change of pace for that
    let tenths: Vec<f64> = (0_u32..90).map(|day| 0.1 * f64::from(day) + 0.3).collect();
    assert_eq!(trend(&daily(&tenths)).unwrap().pace, Pace::Steady);
    // what is passed is reached
    assert!(close(line.rises_to(150.0, at(13.0), None).unwrap().days, 0.0));
}

/// What is counted above the line is where the rest of the way begins; below it the line stands, and the
/// latest end is the line's in any case.
#[test]
fn a_count_above_the_line_is_where_it_goes_on_from() {
    let line =
        fit(&daily(&(0_u32..14).map(|day| 100.0 + 7.0 * f64::from(day)).collect::<Vec<_>>()))
            .unwrap();
    let on_line = line.rises_to(400.0, at(13.0), None).unwrap();
    assert!(close(on_line.days, 209.0 / 7.0), "{on_line:?}");
    let stepped = line.rises_to(400.0, at(13.0), Some(330.0)).unwrap();
    assert!(close(stepped.days, 10.0) && close(stepped.low, 10.0), "{stepped:?}");
    assert!(close(stepped.high, on_line.high), "{stepped:?}");
    assert_eq!(line.rises_to(400.0, at(13.0), Some(20.0)), Some(on_line));
    assert!(close(line.rises_to(400.0, at(13.0), Some(401.0)).unwrap().days, 0.0));
}

/// The ranks of the interval, worked by hand for ten days: of 45 pairs, Var(S) = 10 · 9 · 25 / 18 =
/// 125, C = 1.96 · 11.18 = 21.9, rank (45 − 21.9) / 2 = 11 from either side.
#[test]
fn the_interval_has_the_published_ranks() {
    let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0];
    let mut slopes = Vec::new();
    for (i, a) in values.iter().enumerate() {
        for (j, b) in values.iter().enumerate().skip(i + 1) {
            slopes.push((b - a) / f64::from(u32::try_from(j - i).unwrap()));
        }
    }
    slopes.sort_by(f64::total_cmp);
    let line = fit(&daily(&values)).unwrap();
    assert!(close(line.slope_low, slopes[10]), "{line:?}");
    assert!(close(line.slope_high, slopes[44 - 10]), "{line:?}");
    assert!(close(line.slope, slopes[22]), "{line:?}");
    assert_eq!(line.direction(), Direction::None);
    assert_eq!(line.rises_to(100.0, at(10.0), None), None);
}

#[test]
fn six_days_are_needed() {
    assert_eq!(fit(&[]), Err(TooFew { days: 0 }));
    for days in 1_u32..=5 {
        let values: Vec<f64> = (0..days).map(f64::from).collect();
        assert_eq!(fit(&daily(&values)), Err(TooFew { days: values.len() }));
    }
    assert!(fit(&daily(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0])).is_ok());
    // a hundred readings of one day are one day
    let hundred = series((0_u32..100).map(|n| (f64::from(n) / 200.0, f64::from(n))));
    assert_eq!(fit(&hundred), Err(TooFew { days: 1 }));
}

#[test]
fn odd_readings_move_nothing() {
    let mut values: Vec<f64> = (0_u32..15).map(|day| 50.0 + 3.0 * f64::from(day)).collect();
    values[4] = 4000.0;
    values[9] = 0.0;
    let line = fit(&daily(&values)).unwrap();
    assert!(close(line.slope, 3.0), "{line:?}");
}

/// Weekends are 60 below, and the weeks do not begin and end alike.
#[test]
fn a_week_is_no_trend() {
    let weekend = |day: u32| if day % 7 >= 5 { -60.0 } else { 0.0 };
    let flat: Vec<f64> = (0..31).map(|day| 500.0 + weekend(day)).collect();
    let line = fit(&daily(&flat)).unwrap();
    assert!(line.weekly_pattern);
    assert_eq!(line.direction(), Direction::None, "{line:?}");
    let grows: Vec<f64> = (0..31).map(|day| 500.0 + 2.0 * f64::from(day) + weekend(day)).collect();
    let line = fit(&daily(&grows)).unwrap();
    assert!(close(line.slope, 2.0) && close(line.slope_low, 2.0), "{line:?}");
}

#[test]
fn a_pattern_takes_three_weeks_at_less_than_a_week() {
    let removed = |days: &[u32]| {
        let points = series(days.iter().map(|day| (f64::from(*day), f64::from(*day))));
        fit(&points).unwrap().weekly_pattern
    };
    assert!(removed(&(0..21).collect::<Vec<_>>()));
    assert!(!removed(&(0..20).collect::<Vec<_>>()), "less than three weeks");
    assert!(!removed(&(0..10).map(|week| week * 7).collect::<Vec<_>>()), "a week apart");
    assert!(!removed(&[0, 3, 6, 9, 12, 15, 18, 21]), "one or two of each weekday");
    assert!(removed(&[0, 3, 7, 10, 14, 17, 21, 24]), "Mondays and Thursdays");
}

/// Seventy days of a few addresses a day and ten of many: by hand, 1,019 less the 440 there are is 579
/// further, 28.95 days at 20 a day.
#[test]
fn growth_that_began_is_seen_from_its_first_day_on() {
    let value = |day: u32| 240.0 + 20.0 * f64::from(day.saturating_sub(69));
    let found = trend(&daily(&(0..80).map(value).collect::<Vec<_>>())).unwrap();
    assert_eq!((found.pace, found.line.direction()), (Pace::Accelerating, Direction::None));
    let recent = found.recent.as_ref().unwrap();
    assert!(close(recent.slope, 20.0), "{recent:?}");
    let first = recent.since().unwrap().to_string();
    assert!(["2026-10-11T00:00:00Z", "2026-10-12T00:00:00Z"].contains(&first.as_str()), "{first}");
    let ahead = found.rises_to(1019.0, at(79.0), Some(440.0));
    assert_eq!(ahead.long, None);
    assert!(close(ahead.outlook.unwrap().days, 28.95), "{ahead:?}");
    // It began to grow: if it goes on like that it is sooner.
    assert!(ahead.due.unwrap() < 28.95, "{ahead:?}");
}

/// Ten addresses a day for sixty days and one a day for twenty: 900 are in use and 1,019 are 119 days
/// away, not the twelve of the whole history.
#[test]
fn growth_that_slowed_goes_by_its_last_days() {
    let value = |day: u32| f64::from(290 + 10 * day.min(59) + day.saturating_sub(59));
    let values: Vec<f64> = (0..80).map(value).collect();
    assert!(close(values[79], 900.0));
    let found = trend(&daily(&values)).unwrap();
    assert_eq!(found.pace, Pace::Slowing);
    let ahead = found.rises_to(1019.0, at(79.0), Some(900.0));
    assert!(close(ahead.outlook.unwrap().days, 119.0), "{ahead:?}");
    assert_eq!(ahead.due, ahead.outlook.map(|outlook| outlook.days));
}

/// Steps of one moment and of a roll-out's days, early, late and on the way up, are no other pace.
#[test]
fn a_step_is_no_change_of_pace() {
    for slope in [0.0, 4.0] {
        for (first, days) in [(20, 0.0), (60, 0.0), (72, 2.0), (76, 3.0), (79, 0.0)] {
            let step = |day: u32| {
                let since = f64::from(day) - f64::from(first);
                if since < 0.0 { 0.0 } else { (since / days).min(1.0) }
            };
            let value = |day: u32| 200.0 + slope * f64::from(day) + 150.0 * step(day);
            let found = trend(&daily(&(0..80).map(value).collect::<Vec<_>>())).unwrap();
            assert_eq!(found.pace, Pace::Steady, "{slope} a day, step at {first}: {found:?}");
        }
    }
}

/// A count below the bar is never no days away, although the line has passed the bar: growth ended with
/// a clean-up, or the last days are low.
#[test]
fn what_is_free_takes_time_to_fill() {
    let grows: Vec<f64> = (0_u32..60).map(|day| f64::from(400 + 10 * day)).collect();
    let line = fit(&daily(&grows)).unwrap();
    // The line says 1,005 on the 60.5th day, and 90 of 1,000 are free: 9 days.
    let outlook = line.rises_to(1000.0, at(60.5), Some(910.0)).unwrap();
    assert!(close(outlook.days, 9.0), "{outlook:?}");
    let ends = grows.iter().map(|value| value.min(900.0)).collect::<Vec<_>>();
    let line = fit(&daily(&ends)).unwrap();
    if let Some(outlook) = line.rises_to(950.0, at(60.5), Some(900.0)) {
        assert!(outlook.days > 1.0, "{outlook:?}");
    }
}

/// Of two hundred series without a trend some five percent may show one, and not many more.
#[test]
fn noise_is_seldom_a_trend() {
    for days in [20_usize, 60] {
        let trends = (0..200)
            .filter(|seed| {
                let values: Vec<f64> = noise(*seed).take(days).collect();
                fit(&daily(&values)).unwrap().direction() != Direction::None
            })
            .count();
        assert!(trends <= 20, "{trends} of 200 over {days} days");
    }
}

/// Days that hang together wander without going anywhere. Taken for independent, one in four such
/// series would show a trend.
#[test]
fn wandering_is_seldom_a_trend() {
    let trends = (0..200)
        .filter(|seed| {
            let mut level = 0.0;
            let step = |noise: f64| {
                level = 0.6 * level + noise - 0.5;
                level
            };
            let values: Vec<f64> = noise(1000 + seed).map(step).take(60).collect();
            fit(&daily(&values)).unwrap().direction() != Direction::None
        })
        .count();
    assert!(trends <= 20, "{trends} of 200");
}

/// Moments from end to end of the calendar, and growth that hardly is one.
#[test]
fn extremes_are_no_harm() {
    let days = (0_u32..9).map(|day| Point {
        at: Timestamp::MAX - SignedDuration::from_hours(24 * (8 - i64::from(day))),
        value: f64::from(day) * 1e-300,
    });
    let first = Point { at: Timestamp::MIN, value: 4e9 };
    let points: Vec<Point> = days.chain([first]).collect();
    let line = fit(&points).unwrap();
    assert_eq!((line.days, line.direction()), (9, Direction::Growing));
    let outlook = line.rises_to(4e9, Timestamp::MAX, None).unwrap();
    assert!(outlook.days.is_finite() && outlook.high.is_finite(), "{outlook:?}");
}

/// Years of readings every hour are bounded work: two years of days are looked at.
#[test]
fn long_histories_are_thinned() {
    let hours = 24_u32 * 365 * 4;
    let points = series((0..hours).map(|hour| (f64::from(hour) / 24.0, f64::from(hour) / 24.0)));
    let line = fit(&points).unwrap();
    assert_eq!(line.days, 730);
    assert!(close(line.slope, 1.0), "{line:?}");
}

fn same(a: &Line, b: &Line, factor: f64) -> bool {
    let (low, high) =
        if factor < 0.0 { (b.slope_high, b.slope_low) } else { (b.slope_low, b.slope_high) };
    close(a.slope * factor, b.slope)
        && close(a.slope_low * factor, low)
        && close(a.slope_high * factor, high)
}

fn readings() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let reading = (0_u32..90 * 24, 0_u32..4000);
    let reading = reading.prop_map(|(hour, value)| (f64::from(hour) / 24.0, f64::from(value)));
    prop::collection::vec(reading, 0..120)
}

proptest! {
    #[test]
    fn the_order_of_readings_does_not_matter(readings in readings(), seed in any::<u64>()) {
        let points = series(readings);
        let mut shuffled: Vec<(u64, Point)> =
            noise(seed).map(f64::to_bits).zip(points.iter().copied()).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<Point> = shuffled.into_iter().map(|(_, point)| point).collect();
        prop_assert_eq!(fit(&points), fit(&shuffled));
    }

    #[test]
    fn a_shift_moves_no_slope_and_a_scale_scales_it(
        readings in readings(),
        shift in -5000_i32..5000,
        scale in prop_oneof![-7_i32..0, 1_i32..7],
    ) {
        let shifted = readings.iter().map(|(day, value)| (*day, value + f64::from(shift)));
        let scaled = readings.iter().map(|(day, value)| (*day, value * f64::from(scale)));
        match (fit(&series(readings.clone())), fit(&series(shifted)), fit(&series(scaled))) {
            (Ok(line), Ok(shifted), Ok(scaled)) => {
                prop_assert!(same(&line, &shifted, 1.0), "{line:?} {shifted:?}");
                prop_assert!(same(&line, &scaled, f64::from(scale)), "{line:?} {scaled:?}");
            }
            (line, shifted, scaled) => {
                prop_assert_eq!(line.err(), shifted.err());
                prop_assert!(scaled.is_err());
            }
        }
    }

    #[test]
    fn whole_weeks_later_it_is_the_same(readings in readings(), weeks in 0_u32..200) {
        let later =
            readings.iter().map(|(day, value)| (day + 7.0 * f64::from(weeks), *value));
        match (fit(&series(readings.clone())), fit(&series(later))) {
            (Ok(line), Ok(later)) => {
                prop_assert!(same(&line, &later, 1.0), "{line:?} {later:?}");
                prop_assert_eq!(line.weekly_pattern, later.weekly_pattern);
            }
            (line, later) => prop_assert_eq!(line.err(), later.err()),
        }
    }

    #[test]
    fn the_lines_agree_or_differ_in_their_growth(
        readings in readings(),
        bar in 0_u32..5000,
        counted in 0_u32..5000,
    ) {
        if let Ok(found) = trend(&series(readings)) {
            prop_assert_eq!(found.recent.is_none(), found.pace == Pace::Steady);
            if let Some(recent) = &found.recent {
                let faster = found.pace == Pace::Accelerating;
                prop_assert_eq!(faster, recent.slope > found.line.slope, "{:?}", found);
            }
            let ahead = found.rises_to(f64::from(bar), at(90.0), Some(f64::from(counted)));
            if let Some(outlook) = ahead.outlook {
                prop_assert!(outlook.low <= outlook.days && outlook.days <= outlook.high);
                prop_assert_eq!(outlook.days > 0.0, counted < bar, "{:?}", ahead);
                prop_assert!(ahead.due.is_some_and(|due| due <= outlook.days));
            }
        }
    }

    #[test]
    fn the_interval_holds_its_slope_and_its_dates(
        readings in readings(),
        bar in 0_u32..5000,
        counted in prop::option::of(0_u32..5000),
    ) {
        if let Ok(line) = fit(&series(readings)) {
            prop_assert!(line.slope_low <= line.slope && line.slope <= line.slope_high);
            let counted = counted.map(f64::from);
            if let Some(outlook) = line.rises_to(f64::from(bar), at(90.0), counted) {
                prop_assert_eq!(line.direction(), Direction::Growing);
                prop_assert!(0.0 <= outlook.low && outlook.low <= outlook.days);
                prop_assert!(outlook.days <= outlook.high);
            }
        }
    }
}
