//! A subnet that runs full within the horizon, as its history has it.

use super::{Check, Facts};
use crate::{
    audit::forecast::{Bar, BarForecast, Forecast},
    finding::{Finding, Severity},
    trend::{Direction, Line, Outlook},
};

pub(super) const CHECK: Check = Check {
    id: "exhaustion",
    about: "a subnet runs out of addresses within the horizon, as its history has it",
    severities: &[Severity::Critical, Severity::Warning],
    tunables: &[],
    run,
};

/// Days within which it is critical: what can still be done, a secondary CIDR with new subnets and
/// node groups, takes about a week with its reviews.
const CRITICAL_WITHIN: f64 = 7.0;

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(history) = facts.settings.history else { return Vec::new() };
    let horizon = f64::from(history.horizon_days);
    facts.forecast.iter().filter_map(|forecast| finding(forecast, horizon)).collect()
}

fn finding(forecast: &Forecast, horizon: f64) -> Option<Finding> {
    let line = forecast.line.as_ref().ok()?;
    if line.direction() != Direction::Growing {
        return None;
    }
    let full = forecast.bars.iter().find(|row| row.bar == Bar::Full)?;
    let outlook = full.outlook.filter(|outlook| outlook.days <= horizon)?;
    let urgent = outlook.days <= CRITICAL_WITHIN;
    Some(
        CHECK
            .finding(
                if urgent { Severity::Critical } else { Severity::Warning },
                &forecast.subnet_id,
            )
            .message(message(forecast, line, (full, outlook)))
            .hint(format!(
                "add --subnet {} --owners to see who holds its addresses; eksnet diff OLD \
                 NEW of two snapshots shows who grew",
                forecast.subnet_id
            ))
            .with("at_addresses", full.at_addresses)
            .with("date", forecast.date(outlook.days))
            .with("date_high", forecast.date(outlook.high))
            .with("date_low", forecast.date(outlook.low))
            .with("days", rounded(outlook.days, 10.0))
            .with("days_high", rounded(outlook.high, 10.0))
            .with("days_low", rounded(outlook.low, 10.0))
            .with("explicit_free", forecast.explicit_free)
            .with("points", forecast.points)
            .with("slope_high", rounded(line.slope_high, 10_000.0))
            .with("slope_low", rounded(line.slope_low, 10_000.0))
            .with("slope_per_day", rounded(line.slope, 10_000.0))
            .with("weekly_pattern", line.weekly_pattern),
    )
}

fn message(forecast: &Forecast, line: &Line, (full, outlook): (&BarForecast, Outlook)) -> String {
    let label = match &forecast.name {
        Some(name) => format!("{} ({name})", forecast.subnet_id),
        None => forecast.subnet_id.clone(),
    };
    let growth = format!(
        "grows by {:.1} addresses a day ({:.1} to {:.1})",
        line.slope, line.slope_low, line.slope_high
    );
    if full.reached == Some(true) {
        return format!("{label} {growth} and is full{}", reserved(forecast));
    }
    let dates: Vec<String> = [outlook.days, outlook.low, outlook.high]
        .into_iter()
        .map(|days| forecast.date(days).unwrap_or_else(|| "later than year 9999".to_owned()))
        .collect();
    format!(
        "{label} {growth} and has none left in {:.1} days, on {}{}",
        outlook.days,
        match dates.as_slice() {
            [on, soonest, latest] => format!("{on} ({soonest} to {latest})"),
            _ => String::new(),
        },
        reserved(forecast)
    )
}

/// What is free and yet no room, if there is such.
fn reserved(forecast: &Forecast) -> String {
    match forecast.explicit_free {
        None | Some(0) => String::new(),
        Some(free) => {
            format!(
                "; {free} more are free in explicit reservations, where EC2 assigns none by itself"
            )
        }
    }
}

fn rounded(number: f64, steps: f64) -> f64 {
    (number * steps).round() / steps + 0.0
}
