//! How well the forecast does on made series whose truth is known: a table of each, before and after the
//! recent line was added to the line through the whole history, and what other rules for an alarm would
//! do. Prints Markdown. Seeds are 1 to 60, or to the number that is given:
//!
//! ```sh
//! cargo bench --no-default-features --bench forecast_study -- 200
//! ```

use std::io::{self, Write};

#[path = "../tests/support/series.rs"]
mod series;

use series::{Kind, Reading, Rule, Tally};

/// Series of a kind that are read alike.
const SEEDS: u64 = 60;

/// What the first table is about.
const USUAL: Reading = Reading { days: 90, per_day: 1, noise: 0.01, dependence: 0.0 };

/// What the second table is about: other histories.
const OTHERS: [(&str, Reading); 8] = [
    ("90 days, noise 0.5 %", Reading { noise: 0.005, ..USUAL }),
    ("90 days, noise 2 %", Reading { noise: 0.02, ..USUAL }),
    ("90 days, 4 readings a day", Reading { per_day: 4, ..USUAL }),
    ("90 days, dependence 0.5", Reading { dependence: 0.5, ..USUAL }),
    ("90 days, dependence 0.8", Reading { dependence: 0.8, ..USUAL }),
    ("180 days", Reading { days: 180, ..USUAL }),
    ("60 days", Reading { days: 60, ..USUAL }),
    ("30 days", Reading { days: 30, ..USUAL }),
];

fn main() -> io::Result<()> {
    let given = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let seeds = given.unwrap_or(SEEDS);
    let mut out = io::stdout().lock();
    usual(seeds, &mut out)?;
    others(seeds, &mut out)?;
    rules(seeds, &mut out)
}

fn usual(seeds: u64, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "90 daily readings, noise 1 % of the subnet, {seeds} seeds; before → now\n")?;
    writeln!(out, "| series | interval holds | false alarms | missed | slowing | accelerating |")?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    for kind in Kind::ALL {
        let [before, now] =
            [Rule::WholeHistory, Rule::Due].map(|rule| Tally::of(kind, USUAL, (seeds, rule)));
        let both = |of: fn(&Tally) -> String| format!("{} → {}", of(&before), of(&now));
        let share = |is_there: bool, of: fn(&Tally) -> String| {
            if is_there { both(of) } else { String::new() }
        };
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            kind.name(),
            share(kind.is_steady(), holds),
            share(now.endless > 0, |tally| format!("{}/{}", tally.false_alarms, tally.endless)),
            share(now.due > 0, |tally| format!("{}/{}", tally.missed, tally.due)),
            now.slowing,
            now.accelerating,
        )?;
    }
    Ok(())
}

fn holds(tally: &Tally) -> String {
    format!("{:.2}", f64::from(tally.held) / f64::from(tally.ending.max(1)))
}

/// The columns of the tables of several kinds: a title, and the kinds that it takes together.
const GROUPS: [(&str, &[Kind]); 7] = [
    ("steady: missed", &[Kind::Linear, Kind::WeeklyGrowth, Kind::Gap]),
    (
        "flat, weekly, step, shrinking: false",
        &[Kind::Flat, Kind::Weekly, Kind::Step, Kind::Shrinking],
    ),
    ("late step: false", &[Kind::LateStep]),
    ("saturating: false", &[Kind::Saturating]),
    ("accelerating: missed", &[Kind::Accelerating]),
    ("kinks: missed", &[Kind::KinkFromFlat, Kind::KinkFromGrowth]),
    ("slower: missed", &[Kind::Slower]),
];

fn group(kinds: &[Kind], reading: Reading, by: (u64, Rule)) -> Tally {
    kinds.iter().map(|kind| Tally::of(*kind, reading, by)).fold(Tally::default(), Tally::and)
}

/// A share of the tally's series: of misses where there can be some, else of false alarms.
fn wrong(tally: &Tally) -> String {
    let (some, of) =
        if tally.due > 0 { (tally.missed, tally.due) } else { (tally.false_alarms, tally.endless) };
    format!("{:.1} %", 100.0 * f64::from(some) / f64::from(of.max(1)))
}

fn head(first: &str, more: &str, out: &mut dyn Write) -> io::Result<()> {
    let titles: Vec<&str> = GROUPS.iter().map(|(title, _)| *title).collect();
    writeln!(out, "| {first} |{more} {} |", titles.join(" | "))?;
    writeln!(
        out,
        "|---|{}{}",
        "---|".repeat(more.matches('|').count()),
        "---|".repeat(GROUPS.len())
    )
}

fn others(seeds: u64, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nOther histories, now\n")?;
    head("history", " steady: interval holds |", out)?;
    for (name, reading) in OTHERS {
        write!(out, "| {name} |")?;
        for (at, (_, kinds)) in GROUPS.iter().enumerate() {
            let tally = group(kinds, reading, (seeds, Rule::Due));
            if at == 0 {
                write!(out, " {} |", holds(&tally))?;
            }
            write!(out, " {} |", wrong(&tally))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn rules(seeds: u64, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nWhat is an alarm, over all histories of 60 days and more\n")?;
    head("rule", "", out)?;
    let long = || OTHERS.iter().map(|(_, reading)| *reading).filter(|reading| reading.days >= 60);
    for rule in Rule::ALL {
        write!(out, "| {} |", rule.name())?;
        for (_, kinds) in GROUPS {
            let tallies = long().map(|reading| group(kinds, reading, (seeds, rule)));
            write!(out, " {} |", wrong(&tallies.fold(Tally::default(), Tally::and)))?;
        }
        writeln!(out)?;
    }
    Ok(())
}
