//! The forecast in `eksnet.audit/v1`.

use schemars::JsonSchema;
use serde::Serialize;

use super::rounded;
use crate::{
    audit::forecast::{BarForecast, Forecast},
    trend::Line,
};

/// Where a subnet goes.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ForecastJson<'a> {
    /// The subnet.
    subnet_id: &'a str,
    /// Readings of its used addresses, the audit's own among them if its time is known.
    points: usize,
    /// The first of them.
    from: Option<String>,
    /// The last of them.
    to: Option<String>,
    /// What days count from: the audit's time, or that of the history's latest reading.
    as_of: Option<String>,
    /// Growth of used addresses a day, to four decimals; `null` with fewer than six days that have
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
    /// The bars.
    bars: Vec<BarJson>,
}

/// When it reaches a bar.
#[derive(Debug, Serialize, JsonSchema)]
struct BarJson {
    /// `warn`, `critical`, `min-free`, `full` or `min-prefixes`.
    bar: &'static str,
    /// Used addresses at which it is reached; `null` for `min-prefixes`.
    at_addresses: Option<u32>,
    /// Assignable prefixes at which `min-prefixes` is reached.
    at_prefixes: Option<u32>,
    /// Whether it is reached now; `null` when that could not be seen.
    reached: Option<bool>,
    /// Days until then, to one decimal; 0 when it is reached, `null` without a trend toward it.
    days: Option<f64>,
    /// The soonest end of the 95 % interval.
    days_low: Option<f64>,
    /// The latest end.
    days_high: Option<f64>,
    /// The day in UTC.
    date: Option<String>,
}

impl<'a> ForecastJson<'a> {
    pub(super) fn new(forecast: &'a Forecast) -> Self {
        let line = forecast.line.as_ref().ok();
        let slope = |of: fn(&Line) -> f64| line.map(|line| rounded(of(line), 10_000.0));
        Self {
            subnet_id: &forecast.subnet_id,
            points: forecast.points,
            from: forecast.from.map(|at| at.to_string()),
            to: forecast.to.map(|at| at.to_string()),
            as_of: forecast.as_of.map(|at| at.to_string()),
            slope_per_day: slope(|line| line.slope),
            slope_low: slope(|line| line.slope_low),
            slope_high: slope(|line| line.slope_high),
            trend: forecast.direction().map(crate::trend::Direction::name),
            reason: forecast.line.as_ref().err().map(ToString::to_string),
            weekly_pattern: line.map(|line| line.weekly_pattern),
            bars: forecast.bars.iter().map(|bar| bar_json(forecast, bar)).collect(),
        }
    }
}

fn bar_json(forecast: &Forecast, bar: &BarForecast) -> BarJson {
    BarJson {
        bar: bar.bar.name(),
        at_addresses: bar.at_addresses,
        at_prefixes: bar.at_prefixes,
        reached: bar.reached,
        days: bar.outlook.map(|outlook| rounded(outlook.days, 10.0)),
        days_low: bar.outlook.map(|outlook| rounded(outlook.low, 10.0)),
        days_high: bar.outlook.map(|outlook| rounded(outlook.high, 10.0)),
        date: bar.outlook.and_then(|outlook| forecast.date(outlook.days)),
    }
}
