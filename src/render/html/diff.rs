//! `eksnet diff` as a page: what grows and when it is full, then what changed.

use std::io::{self, Write};

use askama::Template;

use super::{
    class,
    head::{Grade, Head, Tile, VerdictBand},
    is_long, text,
    time_chart::{self, ChartLevel, ForecastBand, Series, TimeChart},
};
use crate::{
    audit::{
        diff::{Change, Diff, Elapsed, SubnetDiff},
        whole_percent,
    },
    finding::{counted, thousands},
    render::{Block, Cell, Document, Tone, diff, escape},
    trend::Point,
};

/// Subnets that have a card: those that are full first.
const MOST: usize = 24;

#[derive(Template)]
#[template(path = "diff.html")]
struct DiffPage {
    head: Head,
    day: Option<String>,
    tiles: Vec<Tile>,
    cards: Vec<GrowthCard>,
    blocks: Vec<Block>,
}

/// A subnet that grows.
#[derive(Debug)]
struct GrowthCard {
    name: String,
    place: String,
    figures: Vec<(&'static str, String)>,
    chart: Option<TimeChart>,
}

/// Writes a comparison as one page.
///
/// # Errors
/// When the writer fails.
pub fn write_diff(diff: &Diff, out: &mut dyn Write) -> io::Result<()> {
    let mut growing: Vec<(&SubnetDiff, f64)> = diff
        .subnets
        .iter()
        .filter_map(|subnet| Some((subnet, subnet.rate.exhaustion.days()?)))
        .collect();
    growing.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut blocks = Document::default();
    if growing.len() > MOST {
        let more = format!("{} more grow, which the table lists", growing.len() - MOST);
        blocks.line(Cell::new(more).toned(Tone::Dim));
    }
    blocks.blocks.extend(diff::tables(diff).blocks);
    if let Some(dated) = &diff.dated {
        blocks.line(Cell::new(dated).toned(Tone::Dim));
    }
    let page = DiffPage {
        head: head(diff, &growing),
        day: diff.new.at.map(day),
        tiles: tiles(diff, &growing),
        cards: growing.iter().take(MOST).map(|(subnet, days)| card(diff, subnet, *days)).collect(),
        blocks: blocks.blocks,
    };
    page.write_into(out)?;
    writeln!(out)
}

fn day(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// The day that lies some days after the later side.
fn full_on(diff: &Diff, days: f64) -> Option<String> {
    let span = jiff::SignedDuration::try_from_secs_f64(days * 86_400.0).ok()?;
    Some(day(diff.new.at?.checked_add(span).ok()?))
}

fn label(subnet: &SubnetDiff) -> &str {
    subnet.name.as_deref().unwrap_or(&subnet.subnet_id)
}

fn head(diff: &Diff, growing: &[(&SubnetDiff, f64)]) -> Head {
    let mut vpcs: Vec<&str> = diff.subnets.iter().map(|subnet| subnet.vpc_id.as_str()).collect();
    vpcs.sort_unstable();
    vpcs.dedup();
    let subject = match vpcs.as_slice() {
        [] => "no subnets".to_owned(),
        [one] => (*one).to_owned(),
        many => counted(many.len(), "VPC", "VPCs"),
    };
    let source = &diff.new.source;
    let mut facts: Vec<String> =
        [&source.account, &source.region].into_iter().flatten().map(|fact| text(fact)).collect();
    facts.push(counted(diff.subnets.len(), "subnet", "subnets"));
    Head { command: "diff", subject: text(&subject), facts, verdict: answer(diff, growing) }
}

fn answer(diff: &Diff, growing: &[(&SubnetDiff, f64)]) -> VerdictBand {
    let grade = if !growing.is_empty() {
        Grade::Warning
    } else if diff.withheld.is_empty() {
        Grade::Good
    } else {
        Grade::Unknown
    };
    VerdictBand {
        grade,
        sentence: text(&diff::answer(diff)),
        more: vec![text(&diff::between(diff))],
    }
}

fn tiles(diff: &Diff, growing: &[(&SubnetDiff, f64)]) -> Vec<Tile> {
    let info = |label, value, note| Tile { label, value, note, grade: Grade::Info };
    let sum = |of: fn(&Change) -> Option<u64>| -> Option<u64> {
        diff.subnets
            .iter()
            .filter(|subnet| subnet.cidr.is_some())
            .map(|subnet| of(&subnet.used))
            .sum()
    };
    let used = sum(|used| used.new).map(|now| {
        let before = sum(|used| used.old);
        let note = before
            .map_or("not known before".to_owned(), |was| format!("{} before", thousands(was)));
        info("Addresses used", thousands(now), note)
    });
    let first = growing.first().map(|(subnet, days)| Tile {
        label: "First full",
        value: full_on(diff, *days).unwrap_or_else(|| "not known".to_owned()),
        note: text(label(subnet)),
        grade: Grade::Warning,
    });
    let nodes = diff.nodes.as_ref().map(|nodes| {
        let note =
            format!("{} left, {} stayed", thousands(nodes.went.len()), thousands(nodes.stayed));
        info("Nodes joined", thousands(nodes.came.len()), note)
    });
    let days = match diff.elapsed {
        Elapsed::Days(days) => format!("{days:.1} days"),
        Elapsed::Zero => "none".to_owned(),
        Elapsed::Unknown => "not known".to_owned(),
    };
    let time = info("Time between", days, String::new());
    let missing = (!diff.withheld.is_empty()).then(|| Tile {
        label: "Not available",
        value: thousands(diff.withheld.len()),
        note: "listed below".to_owned(),
        grade: Grade::Unknown,
    });
    let grow =
        info("Subnets that grow", thousands(growing.len()), format!("of {}", diff.subnets.len()));
    [used, Some(grow), first, nodes, Some(time), missing].into_iter().flatten().collect()
}

fn card(diff: &Diff, subnet: &SubnetDiff, days: f64) -> GrowthCard {
    let per_day = subnet.rate.per_day.unwrap_or_default();
    let usable = subnet.used.new.zip(subnet.free.new).map(|(used, free)| used + free);
    let full = full_on(diff, days).unwrap_or_else(|| "not known".to_owned());
    let used = subnet.used.new.zip(usable).map(|(used, usable)| {
        format!(
            "{} of {} ({})",
            thousands(used),
            thousands(usable),
            whole_percent(used, usable, &[])
        )
    });
    let known = |name, value: Option<String>| value.map(|value| (name, value));
    let figures = [
        known("used", used),
        known("growth", Some(format!("+{per_day:.2} a day"))),
        known("full on", Some(full)),
    ];
    let zone = subnet.availability_zone.as_deref().unwrap_or("zone unknown");
    let cidr = subnet.cidr.map_or("IPv6 only".to_owned(), |cidr| cidr.to_string());
    GrowthCard {
        name: text(label(subnet)),
        place: text(&format!("{cidr} · {zone} · {}", subnet.subnet_id)),
        figures: figures.into_iter().flatten().collect(),
        chart: chart(diff, subnet, (days, per_day)),
    }
}

/// The straight line from one side to the other, and on until it is full.
fn chart(diff: &Diff, subnet: &SubnetDiff, (days, per_day): (f64, f64)) -> Option<TimeChart> {
    let count = |number: Option<u64>| u32::try_from(number?).ok().map(f64::from);
    let (old, new) = (count(subnet.used.old)?, count(subnet.used.new)?);
    let points = [Point { at: diff.old.at?, value: old }, Point { at: diff.new.at?, value: new }];
    let full = new + per_day * days;
    let level = ChartLevel { class: "full", name: format!("full at {full:.0}"), at: full };
    let about = format!("addresses used of {}, and when it is full", text(label(subnet)));
    let band = Some(ForecastBand { height: full, days: [days; 3] });
    TimeChart::new(about, Series { points: &points, most: full, levels: vec![level], band })
}
