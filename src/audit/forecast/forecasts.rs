//! When subnets reach their thresholds, as their history has it. A subnet's addresses and its assignable
//! prefixes are two series, each with a trend of its own.

use jiff::{SignedDuration, Timestamp};

use super::history::{History, Reading};
use crate::{
    audit::{count::SubnetCount, standards::Thresholds},
    inventory::Measure,
    trend::{Ahead, Direction, Point, SOON, TooFew, Trend, daily, trend},
};

/// A threshold that a subnet may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForecastThreshold {
    /// `--warn-at`.
    Warn,
    /// `--critical-at`.
    Critical,
    /// `--min-free`.
    MinFree,
    /// No address is left, but for free ones inside explicit reservations.
    Full,
    /// `--min-prefixes`.
    MinPrefixes,
}

impl ForecastThreshold {
    /// The threshold's name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Critical => "critical",
            Self::MinFree => "min-free",
            Self::Full => "full",
            Self::MinPrefixes => "min-prefixes",
        }
    }
}

/// When a subnet reaches a threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdForecast {
    /// The threshold.
    pub bar: ForecastThreshold,
    /// Used addresses at which it is reached; `None` for `min-prefixes`.
    pub at_addresses: Option<u32>,
    /// Assignable prefixes at which `min-prefixes` is reached.
    pub at_prefixes: Option<u32>,
    /// Whether it is reached in the audit's own count; `None` when that is not available.
    pub reached: Option<bool>,
    /// When it will be, on the line to go by and on each.
    pub ahead: Ahead,
}

impl ThresholdForecast {
    /// Used addresses that the days count from; `None` when it is reached or not at all, and for prefixes.
    #[must_use]
    pub fn from_addresses(&self) -> Option<f64> {
        self.at_addresses.and(self.ahead.outlook?.level)
    }
}

/// Where a subnet goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The subnet.
    pub subnet_id: String,
    /// Its Name tag.
    pub name: Option<String>,
    /// Readings of used addresses, the audit's own among them.
    pub points: usize,
    /// The first of them.
    pub from: Option<Timestamp>,
    /// The last of them.
    pub to: Option<Timestamp>,
    /// The moment that days count from: the audit's, or that of the history's latest reading.
    pub as_of: Option<Timestamp>,
    /// Free addresses inside explicit reservations, which are no room to grow: it is full without them.
    /// `None` when reservations are not available.
    pub explicit_free: Option<u32>,
    /// The trend of used addresses, or why there is none.
    pub trend: Result<Trend, TooFew>,
    /// The thresholds in the order in which they are reached.
    pub bars: Vec<ThresholdForecast>,
    /// Used addresses, one reading a day: the median of the day's.
    pub daily: Vec<Point>,
}

impl Forecast {
    /// Where used addresses go over the whole history; `None` when there are too few readings to tell.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        self.trend.as_ref().ok().map(|trend| trend.line.direction())
    }

    /// Whether used addresses grow now, on the line to go by.
    #[must_use]
    pub fn grows(&self) -> bool {
        let current = self.trend.as_ref().map(|trend| trend.current().direction());
        current == Ok(Direction::Growing)
    }

    /// The day in UTC that lies some days after the moment that days count from, such as
    /// `2026-11-25`; `None` beyond the calendar.
    #[must_use]
    pub fn date(&self, days: f64) -> Option<String> {
        let span = SignedDuration::try_from_secs_f64(days * 86_400.0).ok()?;
        Some(self.as_of?.checked_add(span).ok()?.strftime("%Y-%m-%d").to_string())
    }
}

/// Days as people say them: to a tenth below ten, whole above.
#[must_use]
pub fn days_in_words(days: f64) -> String {
    if days < 1.0 {
        "less than a day".to_owned()
    } else if days < 9.95 {
        format!("{days:.1} days")
    } else {
        format!("{days:.0} days")
    }
}

/// A forecast for each subnet. `now` is when the audit's numbers were captured, if that is known:
/// then they are readings too, and later ones are left out, so that an old snapshot is told what
/// could be known at its time.
pub(in crate::audit) fn forecasts(
    history: &History,
    subnets: &[SubnetCount],
    bars: &Thresholds,
    now: Option<Timestamp>,
) -> Vec<Forecast> {
    let as_of = now.or(history.latest());
    subnets.iter().map(|subnet| forecast(history, subnet, bars, (now, as_of))).collect()
}

fn forecast(
    history: &History,
    subnet: &SubnetCount,
    bars: &Thresholds,
    (now, as_of): (Option<Timestamp>, Option<Timestamp>),
) -> Forecast {
    let mut history_of_it = History::default();
    for measure in [Measure::UsedAddresses, Measure::AssignablePrefixes] {
        let counted = match measure {
            Measure::UsedAddresses => subnet.held,
            Measure::AssignablePrefixes => subnet.assignable_prefixes,
        };
        let own = now.zip(counted);
        let own = own.map(|(at, n)| Point { at, value: f64::from(n) });
        let known = history.points(&subnet.subnet_id, measure).into_iter();
        let known = known.filter(|point| now.is_none_or(|now| point.at <= now));
        for point in known.chain(own) {
            let subnet_id = subnet.subnet_id.clone();
            history_of_it.add(Reading { subnet_id, measure, point });
        }
    }
    let used = history_of_it.points(&subnet.subnet_id, Measure::UsedAddresses);
    let trend_of_used = trend(&used);
    let counted = most(used.last(), subnet.held.map(f64::from));
    let full = subnet.full_at();
    let mut rows = Vec::new();
    for (bar, at) in address_bars(subnet, bars) {
        // Growth ends where it is full.
        let from = as_of.filter(|_| full.is_some_and(|full| at <= full));
        let ahead = from.zip(trend_of_used.as_ref().ok());
        rows.push(ThresholdForecast {
            bar,
            at_addresses: Some(at),
            at_prefixes: None,
            reached: subnet
                .held
                .map(|held| held >= at || (bar == ForecastThreshold::Full && subnet.has_no_room())),
            ahead: ahead.map_or_else(Ahead::never, |(from, trend)| {
                trend.rises_to(f64::from(at), from, counted)
            }),
        });
    }
    if let (Some(at), Some(_)) = (bars.min_prefixes.and_then(|n| n.checked_sub(1)), subnet.cidr) {
        // Prefixes run down: what rises is their negative.
        let mut prefixes = history_of_it.points(&subnet.subnet_id, Measure::AssignablePrefixes);
        for point in &mut prefixes {
            point.value = -point.value;
        }
        let assignable = subnet.assignable_prefixes.map(|assignable| -f64::from(assignable));
        let counted = most(prefixes.last(), assignable);
        rows.push(ThresholdForecast {
            bar: ForecastThreshold::MinPrefixes,
            at_addresses: None,
            at_prefixes: Some(at),
            reached: match subnet.prefixes_at_most() {
                Some(most) if most <= at => Some(true),
                Some(_) | None => subnet.assignable_prefixes.map(|assignable| assignable <= at),
            },
            ahead: as_of.zip(trend(&prefixes).ok()).map_or_else(Ahead::never, |(from, trend)| {
                trend.rises_to(-f64::from(at), from, counted)
            }),
        });
    }
    for row in &mut rows {
        match row.reached {
            Some(true) => row.ahead = Ahead::now(),
            Some(false) => row.ahead = row.ahead.no_sooner_than(SOON),
            None => {}
        }
    }
    Forecast {
        subnet_id: subnet.subnet_id.clone(),
        name: subnet.name.clone(),
        points: used.len(),
        from: used.first().map(|point| point.at),
        to: used.last().map(|point| point.at),
        as_of,
        explicit_free: subnet.explicit_free,
        trend: trend_of_used,
        bars: rows,
        daily: daily(&used),
    }
}

/// Where a series stands: the higher of its last reading and the audit's own count, which is no reading
/// when its time is not known.
fn most(last: Option<&Point>, own: Option<f64>) -> Option<f64> {
    last.map(|point| point.value).into_iter().chain(own).reduce(f64::max)
}

/// The thresholds that count used addresses, by how many reach them. A threshold that asks for no free
/// address is none.
fn address_bars(subnet: &SubnetCount, bars: &Thresholds) -> Vec<(ForecastThreshold, u32)> {
    let Some((usable, full)) = subnet.usable.zip(subnet.full_at()) else { return Vec::new() };
    let mut found = vec![
        (ForecastThreshold::Warn, bars.warn_at.reached_at(usable)),
        (ForecastThreshold::Critical, bars.critical_at.reached_at(usable)),
        (ForecastThreshold::Full, full),
    ];
    if let Some(beyond) = bars.min_free.and_then(|n| n.checked_sub(1)) {
        found.push((ForecastThreshold::MinFree, full.saturating_sub(beyond)));
    }
    found.sort_by_key(|(_, at)| *at);
    found
}
