//! Where a subnet goes: its history as a chart, and when it is full.

use std::collections::HashMap;

use super::{
    super::{
        pieces::{Piece, pieces},
        time_chart::{ChartLevel, ForecastBand, Series, TimeChart},
    },
    source::{PageSource, name},
    text,
};
use crate::{
    audit::{
        SubnetCount,
        forecast::{Forecast, ForecastThreshold, ThresholdForecast},
    },
    render::forecast::{signed, trend_in_words},
    trend::Trend,
};

/// A subnet's history and forecast.
#[derive(Debug)]
pub(super) struct SubnetOutlook {
    pub(super) chart: Option<TimeChart>,
    pub(super) words: String,
}

/// The outlook of a subnet; `None` without a history.
pub(super) fn outlook(source: &PageSource<'_>, subnet: &SubnetCount) -> Option<SubnetOutlook> {
    let forecast = source.forecasts.get(subnet.subnet_id.as_str())?;
    if subnet.is_ipv6_only() {
        return None;
    }
    Some(SubnetOutlook { chart: chart(subnet, forecast), words: words(forecast) })
}

/// Charts of subnets that have no card, and rows of the table.
const MOST_CHARTS: usize = 12;
const MOST_ROWS: usize = 200;

/// Where all subnets go, those that are full first on top.
#[derive(Debug)]
pub(super) struct Forecasts {
    pub(super) charts: Vec<(String, SubnetOutlook)>,
    pub(super) rows: Vec<ForecastRow>,
    pub(super) more: usize,
    /// That readings are dated by their names, if any are.
    pub(super) dated: Option<String>,
}

/// A subnet's row.
#[derive(Debug)]
pub(super) struct ForecastRow {
    pub(super) name: String,
    pub(super) trend: Vec<Piece>,
    pub(super) per_day: String,
    pub(super) full_on: String,
    pub(super) range: Vec<Piece>,
    pub(super) readings: usize,
}

/// The forecasts; `None` without a history.
pub(super) fn forecasts(source: &PageSource<'_>) -> Option<Forecasts> {
    let mut all: Vec<&Forecast> = source.report.forecast.as_ref()?.iter().collect();
    let soonest = |forecast: &Forecast| {
        let outlook = full(forecast).and_then(|bar| bar.ahead.outlook);
        outlook.map_or(f64::INFINITY, |outlook| outlook.days)
    };
    all.sort_by(|a, b| {
        (!a.grows()).cmp(&!b.grows()).then_with(|| soonest(a).total_cmp(&soonest(b)))
    });
    let without_card = source.answer.calm.iter().map(|subnet| (subnet.subnet_id.as_str(), *subnet));
    let without_card: HashMap<&str, &SubnetCount> = without_card.collect();
    let growing = all.iter().filter(|forecast| forecast.grows());
    let drawn = growing.filter_map(|forecast| {
        let subnet = without_card.get(forecast.subnet_id.as_str())?;
        Some((name(subnet), outlook(source, subnet)?))
    });
    Some(Forecasts {
        charts: drawn.take(MOST_CHARTS).collect(),
        rows: all.iter().take(MOST_ROWS).map(|forecast| row(forecast)).collect(),
        more: all.len().saturating_sub(MOST_ROWS),
        dated: source.report.dated.clone(),
    })
}

fn row(forecast: &Forecast) -> ForecastRow {
    let day = |days: f64| forecast.date(days).unwrap_or_else(|| "later".to_owned());
    let outlook = full(forecast).and_then(|bar| bar.ahead.outlook);
    let trend = forecast.trend.as_ref();
    ForecastRow {
        name: text(forecast.name.as_deref().unwrap_or(&forecast.subnet_id)),
        trend: pieces(&trend.map_or_else(ToString::to_string, |trend| {
            format!("{}{}", trend_in_words(trend), whole_history(forecast, trend))
        })),
        per_day: trend.map_or("-".to_owned(), |trend| signed(trend.current().slope)),
        full_on: outlook.map_or("-".to_owned(), |outlook| day(outlook.days)),
        range: pieces(&outlook.map_or("-".to_owned(), |outlook| {
            format!("{} to {}", day(outlook.low), day(outlook.high))
        })),
        readings: forecast.points,
    }
}

/// When a subnet is full, if it grows.
pub(super) fn full(forecast: &Forecast) -> Option<&ThresholdForecast> {
    forecast.bars.iter().find(|bar| bar.bar == ForecastThreshold::Full)
}

/// What the line through the whole history says, where it is not the line to go by.
fn whole_history(forecast: &Forecast, trend: &Trend) -> String {
    if trend.recent.is_none() {
        return String::new();
    }
    let long = full(forecast).and_then(|bar| bar.ahead.long);
    let date = long.and_then(|long| forecast.date(long.days));
    let date = date.map_or(String::new(), |date| format!(", full on {date}"));
    format!("; whole history: {} a day{date}", signed(trend.line.slope))
}

fn words(forecast: &Forecast) -> String {
    let trend = match &forecast.trend {
        Ok(trend) => {
            let line = trend.current();
            format!(
                "{}: {} a day (95% interval {} to {}){}",
                trend_in_words(trend),
                signed(line.slope),
                signed(line.slope_low),
                signed(line.slope_high),
                whole_history(forecast, trend)
            )
        }
        Err(error) => error.to_string(),
    };
    let day = |days: f64| forecast.date(days).unwrap_or_else(|| "later".to_owned());
    let full = full(forecast).map(|bar| match bar.ahead.outlook {
        Some(_) if bar.reached == Some(true) => "; full now".to_owned(),
        Some(outlook) => format!(
            "; full on {} ({} to {})",
            day(outlook.days),
            day(outlook.low),
            day(outlook.high)
        ),
        None => "; not full at this pace".to_owned(),
    });
    format!("{trend}{}", full.filter(|_| forecast.trend.is_ok()).unwrap_or_default())
}

fn chart(subnet: &SubnetCount, forecast: &Forecast) -> Option<TimeChart> {
    let full_at = subnet.full_at().map(f64::from);
    let shown = forecast.bars.iter().filter_map(|bar| {
        let class = match bar.bar {
            ForecastThreshold::Full => "full",
            ForecastThreshold::Critical => "critical",
            ForecastThreshold::Warn
            | ForecastThreshold::MinFree
            | ForecastThreshold::MinPrefixes => return None,
        };
        let at = f64::from(bar.at_addresses?);
        Some(ChartLevel { class, name: format!("{} at {at:.0}", bar.bar.name()), at })
    });
    // Two that lie close hide each other's name.
    let mut levels: Vec<ChartLevel> = shown.collect();
    let near = full_at.unwrap_or(0.0) * 0.14;
    levels.retain(|level| {
        level.class == "full" || full_at.is_none_or(|full| full - level.at >= near)
    });
    let band = full(forecast).filter(|bar| bar.reached != Some(true)).and_then(|bar| {
        let outlook = bar.ahead.outlook?;
        let height = f64::from(bar.at_addresses?);
        Some(ForecastBand { height, days: [outlook.low, outlook.days, outlook.high] })
    });
    let about = format!("used addresses of {} over time: {}", name(subnet), words(forecast));
    let most = full_at.or(subnet.usable.map(f64::from)).unwrap_or(0.0);
    TimeChart::new(about, Series { points: &forecast.daily, most, levels, band })
}
