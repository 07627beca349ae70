//! The forecast as a grid for CSV: a row a subnet and bar, under the names of the JSON document.

use super::{
    Cell, Grid,
    audit_csv::PLACE,
    columns::{self, Field},
    json::rounded,
    place,
};
use crate::{
    audit::{
        AuditReport,
        forecast::{Forecast, ThresholdForecast},
    },
    trend::{Line, Outlook, Trend},
};

/// What a row is about.
struct Row<'a> {
    forecast: &'a Forecast,
    /// The bar; `None` for a subnet that has none.
    bar: Option<&'a ThresholdForecast>,
}

/// The forecasts as a timeline: those of subnets that grow first, each part by the day on which a threshold is
/// reached; what is never reached comes last, in the report's order.
#[must_use]
pub fn forecast_grid(report: &AuditReport) -> Grid {
    let mut rows = Vec::new();
    for forecast in report.forecast.iter().flatten() {
        rows.extend(forecast.bars.iter().map(|bar| Row { forecast, bar: Some(bar) }));
        if forecast.bars.is_empty() {
            rows.push(Row { forecast, bar: None });
        }
    }
    rows.sort_by(|a, b| {
        (!grows(a)).cmp(&!grows(b)).then_with(|| soonest(a).total_cmp(&soonest(b)))
    });
    let mut fields = series();
    fields.extend(lines());
    fields.extend(bar());
    let mut grid = columns::csv(&fields, &rows);
    place::columns(report, 0, PLACE, &mut grid);
    grid
}

fn grows(row: &Row<'_>) -> bool {
    row.forecast.grows()
}

/// The days after which a row's threshold is reached: never is the latest.
fn soonest(row: &Row<'_>) -> f64 {
    let outlook = row.bar.and_then(|bar| bar.ahead.outlook);
    outlook.map_or(f64::INFINITY, |outlook| outlook.days)
}

fn series<'a>() -> Vec<Field<Row<'a>>> {
    let at = |at: Option<jiff::Timestamp>| Cell::maybe(at.map(|at| at.to_string()));
    vec![
        Field::csv("subnet_id", |row: &Row<'_>| Cell::new(&row.forecast.subnet_id)),
        Field::csv("name", |row: &Row<'_>| Cell::maybe(row.forecast.name.as_ref())),
        Field::csv("points", |row: &Row<'_>| Cell::new(row.forecast.points)),
        Field::csv("from", move |row: &Row<'_>| at(row.forecast.from)),
        Field::csv("to", move |row: &Row<'_>| at(row.forecast.to)),
        Field::csv("as_of", move |row: &Row<'_>| at(row.forecast.as_of)),
    ]
}

fn lines<'a>() -> Vec<Field<Row<'a>>> {
    let long = |row: &Row<'_>, of: fn(&Line) -> f64| number(trend(row).map(|t| of(&t.line)));
    let recent = |row: &Row<'_>, of: fn(&Line) -> f64| {
        number(trend(row).and_then(|trend| trend.recent.as_ref()).map(of))
    };
    let of_recent = |row: &Row<'_>, of: fn(&Line) -> String| {
        Cell::maybe(trend(row).and_then(|trend| trend.recent.as_ref()).map(of))
    };
    let reason = |row: &Row<'_>| row.forecast.trend.as_ref().err().map(ToString::to_string);
    vec![
        Field::csv("slope_per_day", move |row: &Row<'_>| long(row, |line| line.slope)),
        Field::csv("slope_low", move |row: &Row<'_>| long(row, |line| line.slope_low)),
        Field::csv("slope_high", move |row: &Row<'_>| long(row, |line| line.slope_high)),
        Field::csv("trend", |row: &Row<'_>| {
            Cell::maybe(row.forecast.direction().map(crate::trend::Direction::name))
        }),
        Field::csv("reason", move |row: &Row<'_>| Cell::maybe(reason(row))),
        Field::csv("weekly_pattern", |row: &Row<'_>| {
            Cell::maybe(trend(row).map(|trend| trend.line.weekly_pattern))
        }),
        Field::csv("pace", |row: &Row<'_>| Cell::maybe(trend(row).map(|t| t.pace.name()))),
        Field::csv("recent_since", |row: &Row<'_>| {
            let since = trend(row).and_then(|trend| trend.recent.as_ref()?.since());
            Cell::maybe(since.map(|since| since.strftime("%Y-%m-%d").to_string()))
        }),
        Field::csv("recent_days", move |row: &Row<'_>| of_recent(row, |l| l.days.to_string())),
        Field::csv("recent_slope_per_day", move |row: &Row<'_>| recent(row, |l| l.slope)),
        Field::csv("recent_slope_low", move |row: &Row<'_>| recent(row, |l| l.slope_low)),
        Field::csv("recent_slope_high", move |row: &Row<'_>| recent(row, |l| l.slope_high)),
        Field::csv("recent_trend", move |row: &Row<'_>| {
            of_recent(row, |line| line.direction().name().to_owned())
        }),
    ]
}

fn bar<'a>() -> Vec<Field<Row<'a>>> {
    let days = |outlook: Option<Outlook>, of: fn(Outlook) -> f64| {
        Cell::maybe(outlook.map(|outlook| rounded(of(outlook), 10.0)))
    };
    let outlook = |row: &Row<'_>| row.bar?.ahead.outlook;
    let long = |row: &Row<'_>| row.bar?.ahead.long;
    let recent = |row: &Row<'_>| row.bar?.ahead.recent;
    vec![
        Field::csv("bars_bar", |row: &Row<'_>| Cell::maybe(row.bar.map(|bar| bar.bar.name()))),
        Field::csv("bars_at_addresses", |row: &Row<'_>| {
            Cell::maybe(row.bar.and_then(|bar| bar.at_addresses))
        }),
        Field::csv("bars_at_prefixes", |row: &Row<'_>| {
            Cell::maybe(row.bar.and_then(|bar| bar.at_prefixes))
        }),
        Field::csv("bars_reached", |row: &Row<'_>| {
            Cell::maybe(row.bar.and_then(|bar| bar.reached))
        }),
        Field::csv("bars_days", move |row: &Row<'_>| days(outlook(row), |o| o.days)),
        Field::csv("bars_days_low", move |row: &Row<'_>| days(outlook(row), |o| o.low)),
        Field::csv("bars_days_high", move |row: &Row<'_>| days(outlook(row), |o| o.high)),
        Field::csv("bars_date", move |row: &Row<'_>| {
            Cell::maybe(outlook(row).and_then(|outlook| row.forecast.date(outlook.days)))
        }),
        Field::csv("bars_whole_history_days", move |row: &Row<'_>| days(long(row), |o| o.days)),
        Field::csv("bars_recent_days", move |row: &Row<'_>| days(recent(row), |o| o.days)),
        Field::csv("bars_from_addresses", |row: &Row<'_>| {
            let level = row.bar.and_then(ThresholdForecast::from_addresses);
            Cell::maybe(level.map(|level| rounded(level, 10.0)))
        }),
    ]
}

fn trend<'a>(row: &Row<'a>) -> Option<&'a Trend> {
    row.forecast.trend.as_ref().ok()
}

fn number(slope: Option<f64>) -> Cell {
    Cell::maybe(slope.map(|slope| rounded(slope, 10_000.0)))
}
