//! The forecast for people.

use super::{Cell, Document, Grid, Tone};
use crate::{
    audit::forecast::{Forecast, ThresholdForecast},
    finding::counted,
    render::audit::Folding,
    trend::{Direction, Line, Pace, Trend},
};

/// The section: a row a subnet and bar that it will reach on either line, a row a subnet that reaches none.
pub(super) fn section(forecasts: &[Forecast], fold: Folding, document: &mut Document) {
    document.heading("Forecast");
    let mut titles = vec!["SUBNET", "NAME", "#READINGS", "TREND", "#PER DAY", "95 %"];
    titles.extend(["THRESHOLD", "#FROM", "#AT", "#DAYS", "DATE", "95 %"]);
    // A column for those whose pace has changed, if there are any.
    let changed = |forecast: &Forecast| forecast.trend.as_ref().is_ok_and(|t| t.recent.is_some());
    let both = forecasts.iter().any(changed);
    if both {
        titles.push("WHOLE HISTORY");
    }
    let (mut rows, mut folded) = (Vec::new(), 0);
    for forecast in forecasts {
        let shown =
            |row: &&ThresholdForecast| row.ahead.outlook.is_some() || row.ahead.long.is_some();
        let reached: Vec<Option<&ThresholdForecast>> =
            forecast.bars.iter().filter(shown).map(Some).collect();
        if fold == Folding::Folded && reached.is_empty() && stays(forecast) {
            folded += 1;
            continue;
        }
        for bar in if reached.is_empty() { vec![None] } else { reached } {
            let mut row = head(forecast);
            match bar {
                Some(bar) => row.extend(tail(forecast, bar)),
                None => row.extend((0..6).map(|_| Cell::new(""))),
            }
            if both {
                row.push(whole_history(forecast, bar));
            }
            rows.push((urgency(forecast, bar), row));
        }
    }
    rows.sort_by(|((a, x), _), ((b, y), _)| a.cmp(b).then(x.total_cmp(y)));
    let mut grid =
        Grid::new(&titles).named("SUBNET", "NAME").ranked(&[8, 1, 9, 6, 3, 7, 0, 7, 4, 1, 0, 5, 9]);
    grid.rows = rows.into_iter().map(|(_, row)| row).collect();
    if !grid.rows.is_empty() {
        document.grid(grid);
    }
    if folded > 0 {
        let text = format!("{}: no growth (--all)", counted(folded, "subnet", "subnets"));
        document.line(Cell::new(text).toned(Tone::Dim));
    }
    let how = "slopes after Theil and Sen over the medians of days; no clear growth means \
               that the interval contains 0; days count from the level FROM; since a day: the pace changed then, and the row goes by it";
    document.line(Cell::new(how).toned(Tone::Dim));
}

/// Whether a subnet does not grow, as far as can be told.
fn stays(forecast: &Forecast) -> bool {
    let current = forecast.trend.as_ref().map(|trend| trend.current().direction());
    current == Ok(Direction::None)
}

/// What comes first: thresholds by the day on which they are reached, then subnets that grow and reach
/// none, then those without a trend, then those that shrink, then those without enough readings.
fn urgency(forecast: &Forecast, bar: Option<&ThresholdForecast>) -> (u8, f64) {
    match bar.map(|bar| (bar.reached, bar.ahead.outlook, bar.ahead.long)) {
        Some((Some(true), Some(_), _)) => return (0, 0.0),
        Some((_, Some(outlook), _)) => return (1, outlook.days),
        Some((_, None, Some(long))) => return (2, long.days),
        Some((_, None, None)) | None => {}
    }
    match forecast.trend.as_ref().map(|trend| trend.current().direction()) {
        Ok(Direction::Growing) => (3, 0.0),
        Ok(Direction::None) => (4, 0.0),
        Ok(Direction::Shrinking) => (5, 0.0),
        Err(_) => (6, 0.0),
    }
}

fn head(forecast: &Forecast) -> Vec<Cell> {
    let mut cells = vec![
        Cell::new(&forecast.subnet_id),
        Cell::maybe(forecast.name.as_ref()),
        Cell::new(forecast.points),
    ];
    match &forecast.trend {
        Ok(trend) => {
            let (line, tone) = (trend.current(), tone(trend));
            cells.push(Cell::new(trend_in_words(trend)).toned(tone));
            cells.push(Cell::new(signed(line.slope)));
            let (low, high) = (signed(line.slope_low), signed(line.slope_high));
            cells.push(Cell::new(format!("{low} to {high}")));
        }
        Err(error) => {
            let known = !forecast.bars.is_empty();
            let text = if known { error.to_string() } else { "IPv6 only".to_owned() };
            cells.push(Cell::new(text).toned(Tone::Dim));
            cells.extend([Cell::new(""), Cell::new("")]);
        }
    }
    cells
}

fn tone(trend: &Trend) -> Tone {
    match trend.current().direction() {
        Direction::Growing => Tone::Warn,
        Direction::Shrinking => Tone::Plain,
        Direction::None => Tone::Dim,
    }
}

/// The trend of the line to go by.
pub(super) fn trend_in_words(trend: &Trend) -> String {
    let direction = match trend.current().direction() {
        Direction::Growing => match trend.pace {
            Pace::Steady => "growing",
            Pace::Accelerating => "growing faster",
            Pace::Slowing => "slowing",
        },
        Direction::Shrinking => "shrinking",
        // Nothing at all to tell of: it stayed what it was.
        Direction::None if is_constant(trend) => return "no growth".to_owned(),
        Direction::None => "no clear growth",
    };
    let since = match trend.recent.as_ref().and_then(Line::since) {
        Some(since) => format!(" since {}", since.strftime("%Y-%m-%d")),
        None => String::new(),
    };
    let pattern = if trend.line.weekly_pattern { ", weekly pattern removed" } else { "" };
    format!("{direction}{since}{pattern}")
}

/// Whether the whole interval is 0.
fn is_constant(trend: &Trend) -> bool {
    let line = trend.current();
    let slopes = [line.slope_low, line.slope_high];
    trend.recent.is_none() && slopes.iter().all(|slope| slope.abs() < f64::EPSILON)
}

fn tail(forecast: &Forecast, bar: &ThresholdForecast) -> Vec<Cell> {
    let at = match (bar.at_addresses, bar.at_prefixes) {
        (Some(addresses), _) => addresses.to_string(),
        (None, Some(prefixes)) => format!("{prefixes} /28"),
        (None, None) => String::new(),
    };
    let day = |days: f64| forecast.date(days).unwrap_or_else(|| "later".to_owned());
    let mut cells = vec![Cell::new(bar.bar.name()), Cell::new(from(bar)), Cell::new(at)];
    match bar.ahead.outlook {
        Some(_) if bar.reached == Some(true) => {
            cells.extend([Cell::new("0"), Cell::new("reached").toned(Tone::Bad), Cell::new("")]);
        }
        Some(outlook) => cells.extend([
            Cell::new(short(outlook.days)),
            Cell::new(day(outlook.days)),
            Cell::new(format!("{} to {}", day(outlook.low), day(outlook.high))),
        ]),
        None => cells.extend([Cell::new(""), Cell::new("not at this pace"), Cell::new("")]),
    }
    cells
}

/// Where the days to a threshold count from, in its own unit.
fn from(bar: &ThresholdForecast) -> String {
    let level = bar.ahead.outlook.and_then(|outlook| outlook.level);
    match (level, bar.at_addresses) {
        (Some(level), Some(_)) => format!("{level:.0}"),
        (Some(level), None) => format!("{:.0} /28", -level + 0.0),
        (None, _) => String::new(),
    }
}

/// What the line through the whole history says, of a bar if it is about one, where it is not the line to
/// go by.
fn whole_history(forecast: &Forecast, bar: Option<&ThresholdForecast>) -> Cell {
    let Some(trend) = forecast.trend.as_ref().ok().filter(|trend| trend.recent.is_some()) else {
        return Cell::new("");
    };
    let slope = signed(trend.line.slope);
    Cell::new(match bar.and_then(|bar| bar.ahead.long) {
        Some(long) => {
            let date = forecast.date(long.days).unwrap_or_else(|| "later".to_owned());
            format!("{slope} a day, {date}")
        }
        None => format!("{slope} a day"),
    })
}

/// Days to a tenth below ten, whole above.
fn short(days: f64) -> String {
    if days < 9.95 { format!("{days:.1}") } else { format!("{days:.0}") }
}

/// To two decimals, with a sign, and never a negative 0.
pub(super) fn signed(number: f64) -> String {
    let hundredths = (number * 100.0).round() / 100.0 + 0.0;
    format!("{hundredths:+.2}")
}
