//! The line through a series, and when it reaches a bar.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    Point,
    days::{DAY, Day, days},
    dependence::factor,
    slope::{median, slopes, slopes_of_dependent},
};

/// Where a series goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Up: the whole interval of the slope is above 0.
    Growing,
    /// Down: the whole interval is below 0.
    Shrinking,
    /// The interval contains 0: there may be no trend at all.
    None,
}

impl Direction {
    /// The direction's name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Growing => "growing",
            Self::Shrinking => "shrinking",
            Self::None => "none",
        }
    }
}

/// Why no line can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{days} of the 6 days with a reading that a slope needs")]
pub struct TooFew {
    /// Days with a reading.
    pub days: usize,
}

/// The line through a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Growth per day.
    pub slope: f64,
    /// The low end of its 95 % interval.
    pub slope_low: f64,
    /// The high end.
    pub slope_high: f64,
    /// Whether days of one weekday alone were compared, so that a week's pattern plays no part.
    pub weekly_pattern: bool,
    /// Days that have a reading and were looked at.
    pub days: usize,
    /// The start of the first day, in seconds since 1970.
    origin: i64,
    /// The levels at the origin for the three slopes: the medians of `value − slope × time`.
    levels: [f64; 3],
}

/// When a line reaches a bar, in days from some moment; 0 when it already has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// On the slope.
    pub days: f64,
    /// At the soonest end of the interval.
    pub low: f64,
    /// At its latest end.
    pub high: f64,
}

/// Days beyond which one day is as far as another: the calendar ends long before.
const FAR: f64 = 1e9;
/// Days that the readings have to span before a week's pattern is removed: three weeks.
const PATTERN_SPAN: i64 = 21;
/// Days that there have to be for each weekday that occurs.
const PATTERN_DAYS: usize = 3;

/// The line through readings, in whatever order they are given.
///
/// # Errors
/// When there are fewer than six days with a reading: then no interval of 95 % exists.
pub fn fit(points: &[Point]) -> Result<Line, TooFew> {
    let days = days(points);
    let too_few = TooFew { days: days.len() };
    let origin = days.first().ok_or(too_few)?.number * DAY;
    let whole = || vec![days.clone()];
    let seasonal = by_weekday(&days).and_then(|classes| Some((slopes(&classes)?, classes)));
    let weekly_pattern = seasonal.is_some();
    let (found, classes) = match seasonal {
        Some(seasonal) => seasonal,
        None => (slopes(&whole()).ok_or(too_few)?, whole()),
    };
    let wider = factor(&classes, found.middle);
    let found =
        if wider > 1.0 { slopes_of_dependent(&classes, wider).ok_or(too_few)? } else { found };
    let level = |slope: f64| {
        let mut levels: Vec<f64> = days.iter().map(|day| day.value - slope * day.time).collect();
        levels.sort_by(f64::total_cmp);
        median(&levels).ok_or(too_few)
    };
    Ok(Line {
        slope: found.middle,
        slope_low: found.low,
        slope_high: found.high,
        weekly_pattern,
        days: days.len(),
        origin,
        levels: [level(found.middle)?, level(found.low)?, level(found.high)?],
    })
}

/// The days by weekday, if they span three weeks, lie less than a week apart (their median
/// distance), and each weekday that occurs does so often enough.
fn by_weekday(days: &[Day]) -> Option<Vec<Vec<Day>>> {
    let (first, last) = (days.first()?, days.last()?);
    if last.number - first.number + 1 < PATTERN_SPAN {
        return None;
    }
    let mut apart: Vec<i64> =
        days.iter().zip(days.iter().skip(1)).map(|(a, b)| b.number - a.number).collect();
    apart.sort_unstable();
    if *apart.get(apart.len() / 2)? >= 7 {
        return None;
    }
    let mut classes: BTreeMap<i64, Vec<Day>> = BTreeMap::new();
    for day in days {
        classes.entry(day.weekday()).or_default().push(*day);
    }
    let enough = classes.len() > 1 && days.len() >= PATTERN_DAYS * classes.len();
    enough.then(|| classes.into_values().collect())
}

impl Line {
    /// Where it goes.
    #[must_use]
    pub fn direction(&self) -> Direction {
        if self.slope_low > 0.0 {
            Direction::Growing
        } else if self.slope_high < 0.0 {
            Direction::Shrinking
        } else {
            Direction::None
        }
    }

    /// When it rises to a bar, from a moment on; `None` when it does not grow.
    ///
    /// `counted` is the value then, if it was counted. The line's level is a median, and lags weeks
    /// behind a step up: what is counted above it is where the rest of the way begins. The latest end
    /// keeps to the line, since the count may be a peak that passes.
    #[must_use]
    pub fn rises_to(&self, bar: f64, from: Timestamp, counted: Option<f64>) -> Option<Outlook> {
        if self.direction() != Direction::Growing {
            return None;
        }
        let passed = from.as_second() - self.origin;
        let now = f64::from(i32::try_from(passed.div_euclid(DAY)).ok()?)
            + f64::from(u32::try_from(passed.rem_euclid(DAY)).ok()?) / 86_400.0;
        let [middle, low, high] = self.levels;
        let until = |level: f64, slope: f64| ((bar - level) / slope - now).clamp(0.0, FAR);
        let from_count = |level: f64, slope: f64| {
            let on_line = until(level, slope);
            counted.map_or(on_line, |counted| ((bar - counted) / slope).clamp(0.0, on_line))
        };
        let days = from_count(middle, self.slope);
        let (soonest, latest) = (from_count(high, self.slope_high), until(low, self.slope_low));
        Some(Outlook {
            days,
            low: soonest.min(days).min(latest),
            high: latest.max(days).max(soonest),
        })
    }
}
