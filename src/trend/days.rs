//! Readings gathered by day.
//!
//! One day, one value: readings of one day hang together far more than the interval of the slope
//! assumes, and the tide of a day would pass for growth. It bounds the work as well, however many
//! readings there are.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{middle::middle, point::Point};

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;
/// Days before the last reading that are looked at: two years. What was before says little of what
/// comes, and pairs of days grow with the square.
const KEPT: i64 = 730;

/// The readings of one UTC day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Day {
    /// Days since 1970-01-01.
    pub(super) number: i64,
    /// The same of the first day of the series.
    pub(super) first: i64,
    /// The mean time of the readings, in days since the start of the first day.
    pub(super) time: f64,
    /// The median of the readings.
    pub(super) value: f64,
}

impl Day {
    /// The weekday, from 0 on; which is which does not matter.
    pub(super) fn weekday(&self) -> i64 {
        self.number.rem_euclid(7)
    }
}

/// What is left of the days' values about a line of a slope through the start of the first day.
pub(super) fn rests(days: &[Day], slope: f64) -> Vec<f64> {
    days.iter().map(|day| day.value - slope * day.time).collect()
}

/// One reading a day, in order: the median of the day's, at their mean time.
#[must_use]
pub fn daily(points: &[Point]) -> Vec<Point> {
    let moment = |day: &Day| {
        let whole = Timestamp::from_second(day.first.checked_mul(DAY)?).ok()?;
        whole.checked_add(SignedDuration::try_from_secs_f64(day.time * 86_400.0).ok()?).ok()
    };
    let one = |day: Day| Some(Point { at: moment(&day)?, value: day.value });
    days(points).into_iter().filter_map(one).collect()
}

/// The days that have a reading, in order. Their order among the points does not matter.
pub(super) fn days(points: &[Point]) -> Vec<Day> {
    let mut gathered: BTreeMap<i64, (i64, Vec<f64>)> = BTreeMap::new();
    for point in points.iter().filter(|point| point.value.is_finite()) {
        let second = point.at.as_second();
        let (seconds, values) = gathered.entry(second.div_euclid(DAY)).or_default();
        *seconds += second.rem_euclid(DAY);
        values.push(point.value);
    }
    let Some(last) = gathered.last_key_value().map(|(number, _)| *number) else {
        return Vec::new();
    };
    gathered.retain(|number, _| last - number < KEPT);
    let first = gathered.first_key_value().map_or(last, |(number, _)| *number);
    let day = |(number, (seconds, values)): (i64, (i64, Vec<f64>))| {
        let count = i64::try_from(values.len()).ok()?;
        let whole = u32::try_from(number - first).ok()?;
        let second = u32::try_from(seconds.checked_div(count)?).ok()?;
        Some(Day {
            number,
            first,
            time: f64::from(whole) + f64::from(second) / 86_400.0,
            value: middle(values)?,
        })
    };
    gathered.into_iter().filter_map(day).collect()
}
