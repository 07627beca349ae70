//! A subnet that runs full within the horizon, as its history has it.

use super::{Check, Claim, Facts, hints::look_at};
use crate::{
    audit::forecast::{Forecast, ForecastThreshold, ThresholdForecast, days_in_words},
    finding::{Finding, Severity, thousands},
    trend::{Ahead, Direction, Line, Outlook, Pace, Trend},
};

pub(super) const CHECK: Check = Check {
    id: "exhaustion",
    about: "a subnet runs out of addresses within the horizon, as its history has it",
    claim: |_| Claim::of("runs out of addresses soon", "run out of addresses soon"),
    severities: &[Severity::Critical, Severity::Warning],
    tunables: &[],
    run,
};

/// Days within which it is critical: what can still be done, a secondary CIDR with new subnets and
/// node groups, takes about a week with its reviews.
const CRITICAL_WITHIN: f64 = 7.0;

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(days) = facts.horizon_days else { return Vec::new() };
    let horizon = f64::from(days);
    facts.forecast.iter().filter_map(|forecast| finding(forecast, horizon)).collect()
}

fn finding(forecast: &Forecast, horizon: f64) -> Option<Finding> {
    let trend = forecast.trend.as_ref().ok()?;
    if trend.current().direction() != Direction::Growing {
        return None;
    }
    let full = forecast.bars.iter().find(|row| row.bar == ForecastThreshold::Full)?;
    let outlook = full.ahead.outlook?;
    let due = full.ahead.due.filter(|due| *due <= horizon)?;
    let is_full = full.reached == Some(true);
    let severity = if due <= CRITICAL_WITHIN { Severity::Critical } else { Severity::Warning };
    let line = &trend.line;
    let recent = |of: fn(&Line) -> f64| trend.recent.as_ref().map(|line| per_day(of(line)));
    let days = |outlook: Option<Outlook>| outlook.map(|outlook| tenths(outlook.days));
    Some(
        CHECK
            .finding(severity, &forecast.subnet_id)
            .message(message(forecast, trend, full, (!is_full).then_some(outlook)))
            .hint(
                "see who holds the addresses; eksnet diff OLD NEW of two snapshots shows who grew",
            )
            .command(look_at(&forecast.subnet_id, "--owners"))
            .with("at_addresses", full.at_addresses)
            .with("date", forecast.date(outlook.days))
            .with("date_high", forecast.date(outlook.high))
            .with("date_low", forecast.date(outlook.low))
            .with("days", tenths(outlook.days))
            .with("days_high", tenths(outlook.high))
            .with("days_low", tenths(outlook.low))
            .with("days_recent", days(full.ahead.recent))
            .with("days_whole_history", days(full.ahead.long))
            .with("explicit_free", forecast.explicit_free)
            .with("from_addresses", outlook.level.map(tenths))
            .with("pace", trend.pace.name())
            .with("points", forecast.points)
            .with("recent_since", trend.recent.as_ref().and_then(since))
            .with("recent_slope_high", recent(|line| line.slope_high))
            .with("recent_slope_low", recent(|line| line.slope_low))
            .with("recent_slope_per_day", recent(|line| line.slope))
            .with("slope_high", per_day(line.slope_high))
            .with("slope_low", per_day(line.slope_low))
            .with("slope_per_day", per_day(line.slope))
            .with("weekly_pattern", line.weekly_pattern),
    )
}

/// What grows how fast, and when none is left, unless that is so already.
fn message(
    forecast: &Forecast,
    trend: &Trend,
    full: &ThresholdForecast,
    outlook: Option<Outlook>,
) -> String {
    let label = match &forecast.name {
        Some(name) => format!("{} ({name})", forecast.subnet_id),
        None => forecast.subnet_id.clone(),
    };
    let line = trend.current();
    let recently = match trend.recent.as_ref().and_then(since) {
        Some(day) => format!(" since {day}"),
        None => String::new(),
    };
    let growth = format!(
        "grows by {:.1} addresses a day{recently} ({:.1} to {:.1})",
        line.slope, line.slope_low, line.slope_high
    );
    let end = reserved(forecast);
    let Some(outlook) = outlook else {
        return format!("{label} {growth} and is full{end}");
    };
    let date = |days| forecast.date(days).unwrap_or_else(|| "later than year 9999".to_owned());
    format!(
        "{label} {growth} and has none left in {}, on {} ({} to {}){}{}{end}",
        days_in_words(outlook.days),
        date(outlook.days),
        date(outlook.low),
        date(outlook.high),
        counted_from(trend, full, outlook),
        whole_history(trend, full.ahead)
    )
}

/// Where the way to the threshold begins and ends, so that its days can be worked out again from the growth.
fn counted_from(trend: &Trend, full: &ThresholdForecast, outlook: Outlook) -> String {
    let Some((level, at)) = outlook.level.zip(full.at_addresses) else { return String::new() };
    // Of two lines the sooner one counts, which may be the other one than the growth is of.
    let days = (f64::from(at) - level) / trend.current().slope;
    if (days - outlook.days).abs() > 0.1 {
        return String::new();
    }
    let level = level.round();
    if trend.line.weekly_pattern {
        format!(", counted from a typical full weekday, {level}, up to {at}")
    } else {
        format!(", counted from {level} up to {at}")
    }
}

/// What the line through the whole history says, where the recent one disagrees with it.
fn whole_history(trend: &Trend, ahead: Ahead) -> String {
    let why = match trend.pace {
        Pace::Steady => return String::new(),
        Pace::Accelerating => "growth has sped up",
        Pace::Slowing => "growth has slowed",
    };
    let long = match ahead.long {
        Some(long) => {
            let (slope, days) = (trend.line.slope, days_in_words(long.days));
            format!("over the whole history it is {slope:.1} a day, and {days}")
        }
        None => "over the whole history it shows no growth".to_owned(),
    };
    format!("; {why}: {long}")
}

/// The day a line begins.
fn since(line: &Line) -> Option<String> {
    Some(line.since()?.strftime("%Y-%m-%d").to_string())
}

/// What is free and yet no room, if there is such.
fn reserved(forecast: &Forecast) -> String {
    match forecast.explicit_free {
        None | Some(0) => String::new(),
        Some(free) => format!(
            "; {} more are free in explicit reservations, where EC2 assigns none by itself",
            thousands(free)
        ),
    }
}

fn tenths(days: f64) -> f64 {
    (days * 10.0).round() / 10.0 + 0.0
}

fn per_day(slope: f64) -> f64 {
    (slope * 10_000.0).round() / 10_000.0 + 0.0
}
