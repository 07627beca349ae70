//! Two lines through a series: one through all of it, one through the days since its pace last changed.

use jiff::Timestamp;

use super::{
    change::since_change,
    days::days,
    line::{Direction, Line, Outlook, TooFew, straight, through},
    point::Point,
    weekly::without_pattern,
};

/// Days with a reading among which a change of pace is looked for: about half a year. Growth that
/// changed before that is told by the readings since.
const LOOKED_AT: usize = 180;

/// How growth goes on, against the line through the whole series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As before, as far as can be told.
    Steady,
    /// It grows faster, or has begun to grow.
    Accelerating,
    /// It grew, and grows more slowly now or no longer.
    Slowing,
}

impl Pace {
    /// The pace's name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Accelerating => "accelerating",
            Self::Slowing => "slowing",
        }
    }
}

/// Where a series goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// The line through all days.
    pub line: Line,
    /// The line through the days since the pace changed, a week of readings at least, where it disagrees
    /// with the other one: their growth differs by more than chance.
    pub recent: Option<Line>,
    /// How the two differ.
    pub pace: Pace,
}

/// When a series reaches a threshold, on either line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    /// The one to go by: the sooner one where growth accelerates, and the recent line's where it slows.
    /// `None` when that line does not grow.
    pub outlook: Option<Outlook>,
    /// On the line through all days.
    pub long: Option<Outlook>,
    /// On the recent line, where there is one.
    pub recent: Option<Outlook>,
    /// Days within which to act: those of the outlook, or its soonest end where growth accelerates, since
    /// it may go on doing so.
    pub due: Option<f64>,
}

impl Ahead {
    /// A threshold that is not reached.
    #[must_use]
    pub fn never() -> Self {
        Self { outlook: None, long: None, recent: None, due: None }
    }

    /// A threshold that is reached.
    #[must_use]
    pub fn now() -> Self {
        let outlook = Outlook { days: 0.0, low: 0.0, high: 0.0, level: None };
        Self { outlook: Some(outlook), due: Some(0.0), ..Self::never() }
    }

    /// The same with no outlook sooner than some days; its soonest end may be.
    #[must_use]
    pub fn no_sooner_than(self, days: f64) -> Self {
        let later = |outlook: Option<Outlook>| {
            outlook.map(|outlook| Outlook {
                days: outlook.days.max(days),
                high: outlook.high.max(days),
                level: outlook.level.filter(|_| outlook.days >= days),
                ..outlook
            })
        };
        Self {
            outlook: later(self.outlook),
            long: later(self.long),
            recent: later(self.recent),
            due: self.due,
        }
    }
}

/// The trend of readings, in whatever order they are given.
///
/// # Errors
/// When there are fewer than six days with a reading: then no interval of 95 % exists.
pub fn trend(points: &[Point]) -> Result<Trend, TooFew> {
    let days = days(points);
    let line = through(&days)?;
    let flat = without_pattern(&days);
    let late = flat.get(flat.len().saturating_sub(LOOKED_AT)..).unwrap_or_default();
    let recent = since_change(late).and_then(straight);
    let pace = recent.as_ref().map_or(Pace::Steady, |recent| pace(&line, recent));
    let recent = recent.filter(|_| pace != Pace::Steady);
    Ok(Trend { line, recent, pace })
}

fn pace(line: &Line, recent: &Line) -> Pace {
    if recent.direction() == Direction::Growing && recent.slope > line.slope {
        Pace::Accelerating
    } else if line.slope > 0.0 && recent.slope_high < line.slope {
        Pace::Slowing
    } else {
        Pace::Steady
    }
}

impl Trend {
    /// The line to go by: the recent one where there is one.
    #[must_use]
    pub fn current(&self) -> &Line {
        self.recent.as_ref().unwrap_or(&self.line)
    }

    /// When it rises to a threshold, from a moment on. `counted` is the value then, if it was counted.
    #[must_use]
    pub fn rises_to(&self, bar: f64, from: Timestamp, counted: Option<f64>) -> Ahead {
        let long = self.line.rises_to(bar, from, counted);
        let recent = self.recent.as_ref().and_then(|line| line.rises_to(bar, from, counted));
        let outlook = match self.pace {
            Pace::Steady => long,
            Pace::Slowing => recent,
            Pace::Accelerating => {
                let sooner =
                    long.into_iter().chain(recent).min_by(|a, b| a.days.total_cmp(&b.days));
                let faster = self
                    .recent
                    .as_ref()
                    .and_then(|line| line.rises_faster_to(&self.line, (bar, from, counted)));
                sooner.map(|sooner| Outlook {
                    low: faster.map_or(sooner.low, |faster| sooner.low.min(faster)),
                    ..sooner
                })
            }
        };
        let due = outlook.map(|outlook| match self.pace {
            Pace::Steady | Pace::Slowing => outlook.days,
            Pace::Accelerating => outlook.low,
        });
        Ahead { outlook, long, recent, due }
    }
}
