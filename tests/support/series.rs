//! Made series of used addresses whose truth is known: what they do, and when they are full.

use eksnet::{
    network::Random,
    trend::{Ahead, Outlook, Pace, Point, trend},
};
use jiff::{SignedDuration, Timestamp};

/// What a series does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Grows at one pace.
    Linear,
    /// Grows at one pace, with weekends below.
    WeeklyGrowth,
    /// Grows at one pace, with days without a reading.
    Gap,
    /// Stays.
    Flat,
    /// Stays, with weekends below.
    Weekly,
    /// Stays, goes up or down at once, and stays.
    Step,
    /// Stays, goes up in the last ten days, and stays.
    LateStep,
    /// Goes down at one pace.
    Shrinking,
    /// Nears a level below full ever more slowly.
    Saturating,
    /// Grows faster each day.
    Accelerating,
    /// Stays, and grows in the last days.
    KinkFromFlat,
    /// Grows, and three times as fast or more in the last days.
    KinkFromGrowth,
    /// Grows, and half as fast or less for some weeks, and is full all the same.
    Slower,
    /// Grows by steps, some days apart.
    Stairs,
}

impl Kind {
    pub(crate) const ALL: [Self; 14] = [
        Self::Linear,
        Self::WeeklyGrowth,
        Self::Gap,
        Self::Flat,
        Self::Weekly,
        Self::Step,
        Self::LateStep,
        Self::Shrinking,
        Self::Saturating,
        Self::Accelerating,
        Self::KinkFromFlat,
        Self::KinkFromGrowth,
        Self::Slower,
        Self::Stairs,
    ];

    /// Whether it grows at one pace.
    pub(crate) fn is_steady(self) -> bool {
        [Self::Linear, Self::WeeklyGrowth, Self::Gap].contains(&self)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::WeeklyGrowth => "linear, weekly",
            Self::Gap => "linear, gap",
            Self::Flat => "flat",
            Self::Weekly => "flat, weekly",
            Self::Step => "step",
            Self::LateStep => "late step",
            Self::Shrinking => "shrinking",
            Self::Saturating => "saturating",
            Self::Accelerating => "accelerating",
            Self::KinkFromFlat => "kink from flat",
            Self::KinkFromGrowth => "kink, 3 times",
            Self::Slower => "slower",
            Self::Stairs => "stairs",
        }
    }
}

/// How a series is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// Days of history.
    pub(crate) days: u32,
    /// Readings a day.
    pub(crate) per_day: u32,
    /// The noise's standard deviation, as a part of the subnet's addresses.
    pub(crate) noise: f64,
    /// The correlation of one day's noise with the next day's.
    pub(crate) dependence: f64,
}

/// A made series.
pub(crate) struct Series {
    pub(crate) points: Vec<Point>,
    /// Addresses at which it is full.
    pub(crate) full: f64,
    /// The moment of its last reading.
    pub(crate) now: Timestamp,
    /// Days from then until it is full in truth; `None` if it never is.
    pub(crate) full_in: Option<f64>,
}

/// Numbers that a seed tells.
pub(crate) struct Draw(Random);

impl Draw {
    pub(crate) fn new(kind: Kind, seed: u64) -> Self {
        let kind = Kind::ALL.iter().position(|other| *other == kind).unwrap_or_default();
        Self(Random::new(seed.wrapping_mul(1000) + u64::try_from(kind).unwrap_or_default()))
    }

    /// Between two numbers, each alike.
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * f64::from(self.0.below(1_000_001)) / 1e6
    }

    /// Of a normal distribution, nearly: the sum of twelve.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.between(0.0, 1.0)).sum::<f64>() - 6.0
    }
}

/// The level without noise, by days since the start.
type Level = Box<dyn Fn(f64) -> f64>;

/// A series of a kind. Everything that is not told is drawn from the seed: how full the subnet is, how
/// fast it fills, and when what happens happens.
pub(crate) fn series(kind: Kind, reading: Reading, seed: u64) -> Series {
    let mut draw = Draw::new(kind, seed);
    let sizes = [251.0, 507.0, 1019.0, 4091.0];
    let full = sizes.get(usize::try_from(seed % 4).unwrap_or_default()).copied().unwrap_or(251.0);
    let end = f64::from(reading.days) - 1.0;
    let (level, full_in) = level(kind, (full, end), &mut draw);
    let has_weekends = [Kind::WeeklyGrowth, Kind::Weekly].contains(&kind);
    let weekend = if has_weekends { full * draw.between(0.03, 0.10) } else { 0.0 };
    let gap = if kind == Kind::Gap {
        let length = draw.between(0.1, 0.4) * end;
        let from = draw.between(0.1 * end, end - length - 5.0);
        from..from + length
    } else {
        0.0..0.0
    };
    let start: Timestamp = "2026-08-03T00:00:00Z".parse().unwrap_or_default();
    let step = (1.0 - reading.dependence.powi(2)).sqrt();
    let (mut rest, mut points) = (draw.normal(), Vec::new());
    for day in 0..reading.days {
        rest = reading.dependence * rest + step * draw.normal();
        for part in 0..reading.per_day {
            let hour = f64::from(24 * part / reading.per_day) + draw.between(0.0, 2.0);
            let time = f64::from(day) + hour / 24.0;
            if gap.contains(&time) {
                continue;
            }
            let below = if day % 7 < 5 { 0.0 } else { weekend };
            let value = level(time) - below + reading.noise * full * rest;
            let at = start + SignedDuration::from_secs_f64((time * 86_400.0).floor());
            // As long as it is not full an address is free.
            points.push(Point { at, value: value.round().clamp(0.0, full - 1.0) });
        }
    }
    let now = points.last().map_or(start, |point| point.at);
    let passed = now.duration_since(start).as_secs_f64() / 86_400.0;
    Series { points, full, now, full_in: full_in.map(|days| days + end - passed) }
}

/// The level over time, and in how many days after the end it is full.
fn level(kind: Kind, (full, end): (f64, f64), draw: &mut Draw) -> (Level, Option<f64>) {
    let from = draw.between(0.15, 0.5) * full;
    let days = draw.between(4.0, 28.0);
    match kind {
        Kind::Linear | Kind::WeeklyGrowth | Kind::Gap => {
            let days = draw.between(5.0, 90.0);
            (Box::new(move |t| from + (full - from) * t / (end + days)), Some(days))
        }
        Kind::Flat | Kind::Weekly => {
            let at = draw.between(0.3, 0.95) * full;
            (Box::new(move |_| at), None)
        }
        Kind::Step | Kind::LateStep => {
            let to = draw.between(0.6, 0.95) * full;
            let up = draw.between(0.0, 1.0) < 0.75 || kind == Kind::LateStep;
            let late = kind == Kind::LateStep;
            let at =
                if late { end - draw.between(0.0, 10.0) } else { draw.between(0.2, 0.8) * end };
            let (before, after) = if up { (from, to) } else { (to, from) };
            let width = draw.between(0.0, 3.0);
            let level =
                move |t: f64| before + (after - before) * ((t - at) / width).clamp(0.0, 1.0);
            (Box::new(level), None)
        }
        Kind::Shrinking => {
            let (top, bottom) = (draw.between(0.6, 0.97) * full, draw.between(0.1, 0.5) * full);
            (Box::new(move |t| top + (bottom - top) * t / end), None)
        }
        Kind::Saturating => {
            let top = draw.between(0.85, 0.97) * full;
            let pace = draw.between(0.15, 0.4) * end;
            (Box::new(move |t| top - (top - from) * (-t / pace).exp()), None)
        }
        Kind::Accelerating => {
            let power = draw.between(2.0, 4.0);
            let whole = end + days;
            (Box::new(move |t| from + (full - from) * (t / whole).powf(power)), Some(days))
        }
        Kind::Stairs => {
            let each = draw.between(3.0, 14.0);
            let pace = (full - from) / (end + days);
            (Box::new(move |t| from + pace * each * (t / each).floor()), Some(days))
        }
        Kind::Slower => {
            let length = draw.between(10.0, 0.5 * end);
            let (at, times) = (end - length, draw.between(2.0, 5.0));
            let slow = (full - from) / (times * at + length + days);
            let level = move |t: f64| from + slow * (times * t.min(at) + (t - at).max(0.0));
            (Box::new(level), Some(days))
        }
        Kind::KinkFromFlat | Kind::KinkFromGrowth => {
            let length = draw.between(7.0, 14.0);
            let at = end - length;
            let fast = (full - from) / (length + days);
            let slow = if kind == Kind::KinkFromFlat { 0.0 } else { fast / draw.between(3.0, 6.0) };
            let slow = slow.min(0.9 * from / at);
            (
                Box::new(move |t| from + if t < at { slow * (t - at) } else { fast * (t - at) }),
                Some(days),
            )
        }
    }
}

/// What of a forecast is an alarm when it lies within the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The line through the whole history, alone.
    WholeHistory,
    /// Days on the line to go by.
    Days,
    /// The same, and its soonest end where growth accelerates: what the program does.
    Due,
    /// The soonest end where growth slows, too.
    Soonest,
    /// The sooner of both lines, whatever the pace.
    Sooner,
}

impl Rule {
    pub(crate) const ALL: [Self; 5] =
        [Self::WholeHistory, Self::Days, Self::Due, Self::Soonest, Self::Sooner];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WholeHistory => "whole history alone",
            Self::Days => "days",
            Self::Due => "days, soonest end if accelerating",
            Self::Soonest => "soonest end if either",
            Self::Sooner => "sooner of both lines",
        }
    }

    fn days(self, ahead: Ahead, pace: Pace) -> Option<f64> {
        let days = |outlook: Option<Outlook>| outlook.map(|outlook| outlook.days);
        match self {
            Self::WholeHistory => days(ahead.long),
            Self::Days => days(ahead.outlook),
            Self::Due => ahead.due,
            Self::Soonest if pace == Pace::Steady => ahead.due,
            Self::Soonest => ahead.outlook.map(|outlook| outlook.low),
            Self::Sooner => days(ahead.long).into_iter().chain(ahead.due).reduce(f64::min),
        }
    }
}

/// Days within which a full subnet is an alarm.
pub(crate) const HORIZON: f64 = 30.0;

/// How the forecasts of some series turned out.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    /// Series.
    pub(crate) series: u32,
    /// Series that are full at some time.
    pub(crate) ending: u32,
    /// Those of them whose day the interval holds.
    pub(crate) held: u32,
    /// Series that are never full.
    pub(crate) endless: u32,
    /// Alarms at those.
    pub(crate) false_alarms: u32,
    /// Series that are full within the horizon.
    pub(crate) due: u32,
    /// Those of them without an alarm.
    pub(crate) missed: u32,
    /// Series called slowing.
    pub(crate) slowing: u32,
    /// Series called accelerating.
    pub(crate) accelerating: u32,
}

impl Tally {
    /// Forecasts of series of a kind, by a rule.
    pub(crate) fn of(kind: Kind, reading: Reading, (seeds, rule): (u64, Rule)) -> Self {
        let mut tally = Self::default();
        for seed in 1..=seeds {
            tally.add(&series(kind, reading, seed), rule);
        }
        tally
    }

    fn add(&mut self, made: &Series, rule: Rule) {
        let Ok(trend) = trend(&made.points) else { return };
        let counted = made.points.last().map(|point| point.value);
        let ahead = trend.rises_to(made.full, made.now, counted);
        let alarm = rule.days(ahead, trend.pace).is_some_and(|days| days <= HORIZON);
        let outlook = if rule == Rule::WholeHistory { ahead.long } else { ahead.outlook };
        self.series += 1;
        if let Some(days) = made.full_in {
            self.ending += 1;
            let holds = |outlook: Outlook| outlook.low <= days && days <= outlook.high;
            self.held += u32::from(outlook.is_some_and(holds));
            self.due += u32::from(days <= HORIZON);
            self.missed += u32::from(days <= HORIZON && !alarm);
        } else {
            self.endless += 1;
            self.false_alarms += u32::from(alarm);
        }
        self.slowing += u32::from(trend.pace == Pace::Slowing);
        self.accelerating += u32::from(trend.pace == Pace::Accelerating);
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            series: self.series + other.series,
            ending: self.ending + other.ending,
            held: self.held + other.held,
            endless: self.endless + other.endless,
            false_alarms: self.false_alarms + other.false_alarms,
            due: self.due + other.due,
            missed: self.missed + other.missed,
            slowing: self.slowing + other.slowing,
            accelerating: self.accelerating + other.accelerating,
        }
    }
}
