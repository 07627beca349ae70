//! The growth that a history shows.

use crate::{
    finding::counted,
    plan::requirement::{Duration, Growth},
    trend::{Direction, Point, fit},
};

/// Days of a year.
const YEAR: f64 = 365.25;
/// The largest factor of a requirement.
const MOST: f64 = 1000.0;

/// What a history shows of growth.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedGrowth {
    /// The growth over a year; `None` where nothing grows, or too little is known.
    pub growth: Option<Growth>,
    /// The same in words.
    pub text: String,
}

/// The growth of addresses in use, taken for that of the pods: over a year as many times as the line through
/// the readings says, rounded up to hundredths.
#[must_use]
pub fn observed_growth(total_use: &[Point]) -> ObservedGrowth {
    let without = |why: String| ObservedGrowth { growth: None, text: format!("growth: {why}") };
    let line = match fit(total_use) {
        Ok(line) => line,
        Err(error) => return without(format!("not taken from the history: {error}")),
    };
    let now = total_use.last().map_or(0.0, |point| point.value);
    if line.direction() != Direction::Growing || now <= 0.0 {
        return without("the history shows none".to_owned());
    }
    let factor = (1.0 + line.slope * YEAR / now).clamp(1.0, MOST);
    let factor = (factor * 100.0).ceil() / 100.0;
    let days = counted(line.days, "day", "days");
    ObservedGrowth {
        growth: Some(Growth { factor, over: Duration::default() }),
        text: format!(
            "growth: {factor} in a year: addresses in use grow by {:.1} a day from {now:.0} ({days} with \
             readings in the history)",
            line.slope,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(value: impl Fn(f64) -> f64) -> Vec<Point> {
        let first: jiff::Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
        (0..60_i64)
            .map(|day| Point {
                at: first + jiff::SignedDuration::from_hours(24 * day),
                value: value(f64::from(i32::try_from(day).unwrap())),
            })
            .collect()
    }

    /// 10 a day from 1,590 are 3,652.5 in a year: 3.298 times as many.
    #[test]
    fn growth_is_over_a_year() {
        let found = observed_growth(&readings(|day| 1000.0 + 10.0 * day));
        let growth = found.growth.unwrap();
        assert!((growth.factor - 3.30).abs() < 1e-9, "{}", growth.factor);
        assert_eq!(growth.over, Duration::default());
        assert!(found.text.contains("10.0 a day from 1590 (60 days"), "{}", found.text);
    }

    #[test]
    fn what_does_not_grow_or_is_too_short_has_none() {
        let steady = observed_growth(&readings(|_| 1000.0));
        assert_eq!((steady.growth, steady.text.as_str()), (None, "growth: the history shows none"));
        let short: Vec<Point> = readings(|day| day).into_iter().take(3).collect();
        let found = observed_growth(&short);
        assert!(found.growth.is_none() && found.text.contains("6 days"), "{}", found.text);
    }
}
