//! The forecast for people.

use super::{Cell, Document, Grid, Tone};
use crate::{
    audit::forecast::{BarForecast, Forecast},
    trend::Direction,
};

/// The section: a row a subnet and bar that it will reach, a row a subnet that reaches none.
pub(super) fn section(forecasts: &[Forecast], document: &mut Document) {
    document.heading("Forecast");
    let mut titles = vec!["SUBNET", "NAME", "#READINGS", "TREND", "#PER DAY", "95 %"];
    titles.extend(["BAR", "#AT", "#DAYS", "DATE", "95 %"]);
    let mut grid = Grid::new(&titles);
    for forecast in forecasts {
        let reached: Vec<&BarForecast> =
            forecast.bars.iter().filter(|row| row.outlook.is_some()).collect();
        if reached.is_empty() {
            let mut row = head(forecast);
            row.extend((0..5).map(|_| Cell::new("")));
            grid.push(row);
        }
        for bar in reached {
            let mut row = head(forecast);
            row.extend(tail(forecast, bar));
            grid.push(row);
        }
    }
    document.grid(grid);
    let how = "slopes after Theil and Sen over the medians of days; no trend means that the \
               interval contains 0";
    document.line(Cell::new(how).toned(Tone::Dim));
}

fn head(forecast: &Forecast) -> Vec<Cell> {
    let mut cells = vec![
        Cell::new(&forecast.subnet_id),
        Cell::maybe(forecast.name.as_ref()),
        Cell::new(forecast.points),
    ];
    match &forecast.line {
        Ok(line) => {
            let (trend, tone) = match line.direction() {
                Direction::Growing => ("growing", Tone::Warn),
                Direction::Shrinking => ("shrinking", Tone::Plain),
                Direction::None => ("no trend", Tone::Dim),
            };
            let pattern = if line.weekly_pattern { ", weekly pattern removed" } else { "" };
            cells.push(Cell::new(format!("{trend}{pattern}")).toned(tone));
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

fn tail(forecast: &Forecast, bar: &BarForecast) -> Vec<Cell> {
    let at = match (bar.at_addresses, bar.at_prefixes) {
        (Some(addresses), _) => addresses.to_string(),
        (None, Some(prefixes)) => format!("{prefixes} /28"),
        (None, None) => String::new(),
    };
    let day = |days: f64| forecast.date(days).unwrap_or_else(|| "later".to_owned());
    let mut cells = vec![Cell::new(bar.bar.name()), Cell::new(at)];
    match bar.outlook {
        Some(_) if bar.reached == Some(true) => {
            cells.extend([Cell::new("0"), Cell::new("reached").toned(Tone::Bad), Cell::new("")]);
        }
        Some(outlook) => cells.extend([
            Cell::new(format!("{:.1}", outlook.days)),
            Cell::new(day(outlook.days)),
            Cell::new(format!("{} to {}", day(outlook.low), day(outlook.high))),
        ]),
        None => cells.extend([Cell::new(""), Cell::new(""), Cell::new("")]),
    }
    cells
}

/// To two decimals, with a sign, and never a negative 0.
fn signed(number: f64) -> String {
    let hundredths = (number * 100.0).round() / 100.0 + 0.0;
    format!("{hundredths:+.2}")
}
