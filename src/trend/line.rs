//! The line through a series, and when it reaches a threshold.

use jiff::Timestamp;

use super::{
    days::{DAY, Day, days, rests},
    dependence::factor,
    middle::{middle, spread},
    point::Point,
    slope::{Slopes, slopes, slopes_of_dependent},
    weekly::{by_weekday, upper},
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
#[error("a forecast requires 6 days with a reading, but there are {days}")]
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
    /// Whether days of one weekday alone were compared, so that a week's pattern has no effect.
    pub weekly_pattern: bool,
    /// Days that have a reading and were looked at.
    pub days: usize,
    /// Its first day, in days since 1970-01-01.
    since: i64,
    /// The start of the first day of the series, in seconds since 1970: the origin of times.
    origin: i64,
    /// The levels at the origin for the three slopes: the medians of `value − slope × time`.
    levels: [f64; 3],
    /// The highest that it can be by the last day as the last week had it, and twice the noise above.
    peak: f64,
    /// The last day's time.
    last: f64,
    /// The mean of the days' times.
    center: f64,
    /// How far the level may be off, to either side, with 95 %.
    level_error: f64,
}

/// When a line reaches a threshold, in days from some moment; 0 when it already has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// On the slope.
    pub days: f64,
    /// At the soonest end of the interval.
    pub low: f64,
    /// At its latest end.
    pub high: f64,
    /// Where the way begins: the threshold less this, divided by the slope of its line, is `days`. `None`
    /// when it is reached, or as good as.
    pub level: Option<f64>,
}

/// Days beyond which one day is as far as another: the calendar ends long before.
const FAR: f64 = 1e9;
/// The least number of days to what is not reached yet: 0 would say that it is.
pub const SOON: f64 = 0.1;
/// Days that say how high a series has been of late: each weekday once.
const LATE: i64 = 7;
/// How far above them a line may stand, in units of the noise.
const ABOVE: f64 = 2.0;

/// Twice the standard error of a median in units of that of the mean, of a normal distribution.
const MEDIAN_ERROR: f64 = 2.0 * 1.2533;

/// The line through readings, in whatever order they are given.
///
/// # Errors
/// When there are fewer than six days with a reading: then no interval of 95 % exists.
pub fn fit(points: &[Point]) -> Result<Line, TooFew> {
    through(&days(points))
}

/// The line through days.
pub(super) fn through(days: &[Day]) -> Result<Line, TooFew> {
    let too_few = TooFew { days: days.len() };
    let whole = || vec![days.to_vec()];
    let seasonal = by_weekday(days).and_then(|classes| Some((slopes(&classes)?, classes)));
    let (found, classes) = match seasonal {
        Some(seasonal) => seasonal,
        None => (slopes(&whole()).ok_or(too_few)?, whole()),
    };
    let wider = factor(&classes, found.middle);
    let found =
        if wider > 1.0 { slopes_of_dependent(&classes, wider).ok_or(too_few)? } else { found };
    line(found, &classes, (days, wider)).ok_or(too_few)
}

/// The line through days that hold no week's pattern.
pub(super) fn straight(days: &[Day]) -> Option<Line> {
    let whole = [days.to_vec()];
    line(slopes(&whole)?, &whole, (days, 1.0))
}

fn line(slopes: Slopes, classes: &[Vec<Day>], (days, wider): (&[Day], f64)) -> Option<Line> {
    let (first, last) = (days.first()?, days.last()?);
    let late = days.iter().filter(|day| last.number - day.number < LATE);
    let by_now = |day: &Day| day.value + slopes.middle * (last.time - day.time);
    let about: Vec<Vec<f64>> = classes.iter().map(|class| rests(class, slopes.middle)).collect();
    let upper = upper(classes, slopes.middle)?;
    let count = |days: &[Day]| u32::try_from(days.len()).ok().map(f64::from);
    let noise = spread(&about)?;
    let level = |slope: f64| middle(rests(&upper, slope));
    Some(Line {
        slope: slopes.middle,
        slope_low: slopes.low,
        slope_high: slopes.high,
        weekly_pattern: classes.len() > 1,
        days: days.len(),
        since: first.number,
        origin: first.first * DAY,
        levels: [level(slopes.middle)?, level(slopes.low)?, level(slopes.high)?],
        peak: late.map(by_now).reduce(f64::max)? + ABOVE * noise,
        last: last.time,
        center: days.iter().map(|day| day.time).sum::<f64>() / count(days)?,
        level_error: MEDIAN_ERROR * noise * (wider / count(&upper)?).sqrt(),
    })
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

    /// The start of its first day.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.since.checked_mul(DAY)?).ok()
    }

    /// When it rises to a threshold, from a moment on; `None` when it does not grow.
    ///
    /// `counted` is the value then, if it was counted. The line's level is a median, and lags weeks
    /// behind a step up: what is counted above it is where the rest of the way begins. The latest end
    /// keeps to the line, since the count may be a peak that passes.
    #[must_use]
    pub fn rises_to(&self, bar: f64, from: Timestamp, counted: Option<f64>) -> Option<Outlook> {
        if self.direction() != Direction::Growing {
            return None;
        }
        let now = self.time(from)?;
        let [middle, low, high] = self.levels;
        let begin = |level: f64, slope: f64| self.start((level, slope), now, (bar, counted));
        let from_count =
            |level: f64, slope: f64| ((bar - begin(level, slope)) / slope).clamp(0.0, FAR);
        let days = from_count(middle, self.slope);
        let soonest = from_count(high, self.slope_high);
        let latest = ((bar - low) / self.slope_low - now).clamp(0.0, FAR);
        let further = |slope: f64| {
            let by_slope = (self.slope - slope).abs() * (now + days - self.center);
            (by_slope.hypot(self.level_error) - by_slope) / slope
        };
        let soonest = (soonest - further(self.slope_high)).max(0.0);
        let latest = (latest + further(self.slope_low)).min(FAR);
        Some(Outlook {
            days,
            low: soonest.min(days).min(latest),
            high: latest.max(days).max(soonest),
            level: (days > 0.0 && days < FAR).then(|| begin(middle, self.slope)),
        })
    }

    /// Days until it rises to a threshold if its growth goes on growing as it did since that of a longer
    /// line which ends with it; `None` if it did not.
    pub(super) fn rises_faster_to(
        &self,
        long: &Self,
        (bar, from, counted): (f64, Timestamp, Option<f64>),
    ) -> Option<f64> {
        let now = self.time(from)?;
        let growth = (self.slope - long.slope) / (self.center - long.center);
        let slope = self.slope + growth * (now - self.center);
        let way = bar - self.start((self.levels[0], self.slope), now, (bar, counted));
        // way = slope × days + growth × days² ÷ 2
        let days = ((slope * slope + 2.0 * growth * way).sqrt() - slope) / growth;
        (growth > 0.0 && days.is_finite()).then(|| days.clamp(0.0, FAR))
    }

    /// Days from the origin to a moment.
    fn time(&self, at: Timestamp) -> Option<f64> {
        let passed = at.as_second() - self.origin;
        let days = i32::try_from(passed.div_euclid(DAY)).ok()?;
        let seconds = u32::try_from(passed.rem_euclid(DAY)).ok()?;
        Some(f64::from(days) + f64::from(seconds) / 86_400.0)
    }

    /// Where the way to a threshold begins: on the line or at the count, whichever is higher. But a line
    /// that stands above all that was seen of late is of a growth that has ended, and the count alone
    /// says how far it is to a threshold that the line has passed and the count has not.
    fn start(
        &self,
        (level, slope): (f64, f64),
        now: f64,
        (bar, counted): (f64, Option<f64>),
    ) -> f64 {
        let on_line = (level + slope * now).min(self.peak + slope * (now - self.last));
        let start = counted.map_or(on_line, |counted| on_line.max(counted));
        if start < bar { start } else { counted.unwrap_or(start) }
    }
}
