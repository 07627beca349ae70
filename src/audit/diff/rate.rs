//! Growth over the time between two audits, and where it leads.

use jiff::Timestamp;

use crate::trend::SOON;

/// The time between two audits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Elapsed {
    /// So many days, more than 0.
    Days(f64),
    /// None: both are of one moment.
    Zero,
    /// A side does not say when it was captured.
    Unknown,
}

impl Elapsed {
    /// The time from one moment to a later one; none if it is not later.
    #[must_use]
    pub fn between(old: Option<Timestamp>, new: Option<Timestamp>) -> Self {
        let Some((old, new)) = old.zip(new) else { return Self::Unknown };
        let days = new.duration_since(old).as_secs_f64() / 86_400.0;
        if days > 0.0 { Self::Days(days) } else { Self::Zero }
    }

    /// Its days; `None` when they are not known.
    #[must_use]
    pub fn days(self) -> Option<f64> {
        match self {
            Self::Days(days) => Some(days),
            Self::Zero => Some(0.0),
            Self::Unknown => None,
        }
    }
}

/// When the straight line between two audits uses up the last address.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Exhaustion {
    /// In so many days after the later one; 0 when none is left.
    InDays(f64),
    /// Never on this line: it does not rise.
    NotGrowing,
    /// No line: no time lies between the two.
    NoTimeBetween,
    /// No line: a side does not say when it was captured.
    TimeUnknown,
    /// No line: it is not there on both sides, or not the same subnets are.
    NotOnBothSides,
    /// A number that the line needs is not available.
    NotSeen,
}

impl Exhaustion {
    /// The days; `None` when there is no date.
    #[must_use]
    pub fn days(self) -> Option<f64> {
        match self {
            Self::InDays(days) => Some(days),
            Self::NotGrowing
            | Self::NoTimeBetween
            | Self::TimeUnknown
            | Self::NotOnBothSides
            | Self::NotSeen => None,
        }
    }

    /// Why there is no date.
    #[must_use]
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::InDays(_) => None,
            Self::NotGrowing => Some("not growing"),
            Self::NoTimeBetween => Some("no time between"),
            Self::TimeUnknown => Some("time between unknown"),
            Self::NotOnBothSides => Some("subnets came or went"),
            Self::NotSeen => Some("not available"),
        }
    }
}

/// How fast addresses go, and when none is left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Growth of used addresses a day; `None` when it is not known.
    pub per_day: Option<f64>,
    /// When none is left.
    pub exhaustion: Exhaustion,
}

/// Used addresses of the same subnets on both sides, and those into which they can still grow on the
/// later one.
#[derive(Debug, Clone, Copy)]
pub(super) struct UsedOnBothSides {
    pub(super) old: Option<u64>,
    pub(super) new: Option<u64>,
    pub(super) left: Option<u64>,
}

impl Rate {
    /// No line, since not the same subnets are on both sides.
    pub(super) const APART: Self = Self { per_day: None, exhaustion: Exhaustion::NotOnBothSides };

    /// The line through what is held.
    pub(super) fn new(held: UsedOnBothSides, elapsed: Elapsed) -> Self {
        let none = |exhaustion| Self { per_day: None, exhaustion };
        let (Some(old), Some(new), Some(left)) = (held.old, held.new, held.left) else {
            return none(Exhaustion::NotSeen);
        };
        let days = match elapsed {
            Elapsed::Days(days) => days,
            Elapsed::Zero => return none(Exhaustion::NoTimeBetween),
            Elapsed::Unknown => return none(Exhaustion::TimeUnknown),
        };
        let growth = signed(new) - signed(old);
        let per_day = growth / days;
        let exhaustion = if growth > 0.0 {
            let least = if left > 0 { SOON } else { 0.0 };
            Exhaustion::InDays((signed(left) / per_day).max(least))
        } else {
            Exhaustion::NotGrowing
        };
        Self { per_day: Some(per_day), exhaustion }
    }
}

/// A count of addresses as a number to divide. There are fewer than 2^32 of them.
fn signed(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}
