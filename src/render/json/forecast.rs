//! The forecast in `eksnet.audit/v1`.

use schemars::JsonSchema;
use serde::Serialize;

use super::rounded;
use crate::{
    audit::forecast::{Forecast, ThresholdForecast},
    trend::{Line, Outlook},
};

/// Where a subnet goes.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ForecastJson<'a> {
    /// The subnet.
    subnet_id: &'a str,
    /// Its Name tag.
    name: Option<&'a str>,
    /// Readings of its used addresses, the audit's own among them if its time is known.
    points: usize,
    /// The first of them.
    from: Option<String>,
    /// The last of them.
    to: Option<String>,
    /// What days count from: the audit's time, or that of the history's latest reading.
    as_of: Option<String>,
    /// Growth of used addresses a day over the whole history, to four decimals; `null` with fewer than six days that have
    /// a reading.
    slope_per_day: Option<f64>,
    /// The low end of its 95 % interval.
    slope_low: Option<f64>,
    /// The high end.
    slope_high: Option<f64>,
    /// `growing`, `shrinking`, or `none` when the interval contains 0; `null` with too few readings.
    trend: Option<&'static str>,
    /// Why `trend` is `null`.
    reason: Option<String>,
    /// Whether a week's pattern was removed.
    weekly_pattern: Option<bool>,
    /// `steady`; `accelerating` or `slowing` when growth since some day differs from that of the whole
    /// history by more than chance; `null` with too few readings.
    pace: Option<&'static str>,
    /// The line through the days since then, which decides the thresholds' days; `null` when the pace is steady.
    recent: Option<RecentJson>,
    /// The thresholds.
    bars: Vec<BarJson>,
}

/// The line through the days since the pace changed.
#[derive(Debug, Serialize, JsonSchema)]
struct RecentJson {
    /// Its first day in UTC.
    since: Option<String>,
    /// Days with a reading.
    days: usize,
    /// Growth of used addresses a day.
    slope_per_day: f64,
    /// The low end of its 95 % interval.
    slope_low: f64,
    /// The high end.
    slope_high: f64,
    /// `growing`, `shrinking`, or `none` when the interval contains 0.
    trend: &'static str,
}

/// When it reaches a threshold.
#[derive(Debug, Serialize, JsonSchema)]
struct BarJson {
    /// `warn`, `critical`, `min-free`, `full` or `min-prefixes`.
    bar: &'static str,
    /// Used addresses at which it is reached; `null` for `min-prefixes`.
    at_addresses: Option<u32>,
    /// Assignable prefixes at which `min-prefixes` is reached.
    at_prefixes: Option<u32>,
    /// Whether it is reached now; `null` when that is not available.
    reached: Option<bool>,
    /// Days until then, to one decimal: on the sooner line when growth accelerates, on the recent line
    /// when it slows. 0 when it is reached and only then, `null` without a trend toward it.
    days: Option<f64>,
    /// The soonest end of the 95 % interval. When growth accelerates, that of growth which goes on doing
    /// so if that is sooner.
    days_low: Option<f64>,
    /// The latest end.
    days_high: Option<f64>,
    /// The day in UTC.
    date: Option<String>,
    /// What the line through the whole history says; `null` when it does not grow or the threshold is reached.
    whole_history: Option<OutlookJson>,
    /// What the recent line says; `null` too when the pace is steady.
    recent: Option<OutlookJson>,
    /// Used addresses that the days count from: `at_addresses` less this, divided by the slope to go by, is
    /// `days`; `null` when it is reached or not at all, and for prefixes.
    from_addresses: Option<f64>,
}

/// When one line reaches a threshold.
#[derive(Debug, Serialize, JsonSchema)]
struct OutlookJson {
    /// Days until then.
    days: f64,
    /// The soonest end of the 95 % interval.
    days_low: f64,
    /// The latest end.
    days_high: f64,
    /// The day in UTC.
    date: Option<String>,
}

impl<'a> ForecastJson<'a> {
    pub(super) fn new(forecast: &'a Forecast) -> Self {
        let trend = forecast.trend.as_ref().ok();
        let line = trend.map(|trend| &trend.line);
        let slope = |of: fn(&Line) -> f64| line.map(|line| rounded(of(line), 10_000.0));
        Self {
            subnet_id: &forecast.subnet_id,
            name: forecast.name.as_deref(),
            points: forecast.points,
            from: forecast.from.map(|at| at.to_string()),
            to: forecast.to.map(|at| at.to_string()),
            as_of: forecast.as_of.map(|at| at.to_string()),
            slope_per_day: slope(|line| line.slope),
            slope_low: slope(|line| line.slope_low),
            slope_high: slope(|line| line.slope_high),
            trend: forecast.direction().map(crate::trend::Direction::name),
            reason: forecast.trend.as_ref().err().map(ToString::to_string),
            weekly_pattern: line.map(|line| line.weekly_pattern),
            pace: trend.map(|trend| trend.pace.name()),
            recent: trend.and_then(|trend| trend.recent.as_ref()).map(recent_json),
            bars: forecast.bars.iter().map(|bar| bar_json(forecast, bar)).collect(),
        }
    }
}

fn recent_json(line: &Line) -> RecentJson {
    RecentJson {
        since: line.since().map(|since| since.strftime("%Y-%m-%d").to_string()),
        days: line.days,
        slope_per_day: rounded(line.slope, 10_000.0),
        slope_low: rounded(line.slope_low, 10_000.0),
        slope_high: rounded(line.slope_high, 10_000.0),
        trend: line.direction().name(),
    }
}

fn bar_json(forecast: &Forecast, bar: &ThresholdForecast) -> BarJson {
    let outlook = bar.ahead.outlook.map(|outlook| outlook_json(forecast, outlook));
    BarJson {
        bar: bar.bar.name(),
        at_addresses: bar.at_addresses,
        at_prefixes: bar.at_prefixes,
        reached: bar.reached,
        days: outlook.as_ref().map(|outlook| outlook.days),
        days_low: outlook.as_ref().map(|outlook| outlook.days_low),
        days_high: outlook.as_ref().map(|outlook| outlook.days_high),
        date: outlook.and_then(|outlook| outlook.date),
        whole_history: bar.ahead.long.map(|long| outlook_json(forecast, long)),
        recent: bar.ahead.recent.map(|recent| outlook_json(forecast, recent)),
        from_addresses: bar.from_addresses().map(|level| rounded(level, 10.0)),
    }
}

fn outlook_json(forecast: &Forecast, outlook: Outlook) -> OutlookJson {
    OutlookJson {
        days: rounded(outlook.days, 10.0),
        days_low: rounded(outlook.low, 10.0),
        days_high: rounded(outlook.high, 10.0),
        date: forecast.date(outlook.days),
    }
}
