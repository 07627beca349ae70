//! `eksnet diff` for people and spreadsheets.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use super::{
    Cell, Document, Grid, Role, Tone,
    columns::{self, Field, Width},
    parts,
};
use crate::{
    audit::{
        Status,
        diff::{Change, Diff, Elapsed, NodesDiff, Presence, Rate, SubnetDiff},
    },
    finding::{counted, thousands},
};

/// The document: what grew, the time between, subnets, zones, owners, nodes, what was withheld.
#[must_use]
pub fn document(diff: &Diff) -> Document {
    let mut document = Document::default();
    document.line(Cell::new(answer(diff)).toned(Tone::Strong));
    document.line(Cell::new(between(diff)));
    document.blocks.extend(tables(diff).blocks);
    document
}

/// The same without what stands above the tables.
pub(super) fn tables(diff: &Diff) -> Document {
    let mut document = Document::default();
    document.heading("Subnets");
    let mut subnets: Vec<&SubnetDiff> = diff.subnets.iter().collect();
    subnets.sort_by_key(|subnet| Reverse(subnet.used.growth()));
    document.grid(columns::table(&fields(), subnets, Width::Plain));
    document.heading("Zones");
    document.grid(zones(diff));
    document.heading("Owners");
    let mut owners = Grid::new(&["OWNER", "#WAS USED", "#USED", "#GROWTH"]).ranked(&[0, 2, 1, 0]);
    for owner in &diff.owners {
        let mut row = vec![Cell::new(owner.kind.name())];
        row.extend(old_new(owner.addresses));
        owners.push(row);
    }
    document.grid(owners);
    document.heading("Nodes");
    nodes(diff.nodes.as_ref(), &mut document);
    parts::withheld(&diff.withheld, &mut document);
    parts::notes(&diff.notes, &mut document);
    document
}

/// What grew most, and which subnet is full first, in a line.
#[must_use]
pub fn answer(diff: &Diff) -> String {
    let known = diff.subnets.iter().filter_map(|subnet| Some((subnet.used.growth()?, subnet)));
    let grown = known.clone().filter(|(growth, _)| *growth > 0);
    let Some((growth, most)) = grown.rev().max_by_key(|(growth, _)| *growth) else {
        return match (known.count(), diff.subnets.len()) {
            (0, _) => "growth is not available for any subnet".to_owned(),
            (known, all) if known < all => format!(
                "no subnet grew, of the {} whose growth is available",
                counted(known, "subnet", "subnets")
            ),
            _ => "no subnet grew".to_owned(),
        };
    };
    let (old, new) = (most.used.old.unwrap_or_default(), most.used.new.unwrap_or_default());
    let text = format!(
        "{} grew most: {growth:+} addresses ({} → {} used)",
        label(most),
        thousands(old),
        thousands(new)
    );
    let days = |subnet: &SubnetDiff| subnet.rate.exhaustion.days();
    let full = diff.subnets.iter().filter_map(|subnet| Some((days(subnet)?, subnet)));
    if let Some((days, first)) = full.min_by(|(a, _), (b, _)| a.total_cmp(b)) {
        let when = match diff.new.at.and_then(|at| date_after(at, days)) {
            _ if days <= 0.0 => "now".to_owned(),
            Some(date) => format!("on {date}, in {days:.1} days"),
            None => format!("in {days:.1} days"),
        };
        return if first.subnet_id == most.subnet_id {
            format!("{text}; full first at this pace, {when}")
        } else {
            format!("{text}; full first at this pace: {}, {when}", label(first))
        };
    }
    text
}

fn label(subnet: &SubnetDiff) -> &str {
    subnet.name.as_deref().unwrap_or(&subnet.subnet_id)
}

fn date_after(at: Timestamp, days: f64) -> Option<String> {
    let later = at.checked_add(SignedDuration::try_from_secs_f64(days * 86_400.0).ok()?).ok()?;
    Some(later.strftime("%Y-%m-%d").to_string())
}

/// The time between the two.
pub(super) fn between(diff: &Diff) -> String {
    let moment = |at: Option<Timestamp>| at.map_or("not known".to_owned(), |at| at.to_string());
    let (old, new) = (moment(diff.old.at), moment(diff.new.at));
    match (diff.elapsed, diff.old.at, diff.new.at) {
        (Elapsed::Days(days), ..) => format!("from {old} to {new}: {days:.1} days"),
        (Elapsed::Zero, ..) => {
            format!("both were captured at {new}: no growth per day and no dates")
        }
        (Elapsed::Unknown, None, None) => "neither side says when it was captured: no growth per \
             day and no dates; pass --old-at and --new-at"
            .to_owned(),
        (Elapsed::Unknown, None, _) => format!(
            "the earlier side does not say when it was captured (the later one: {new}): no growth \
             per day and no dates; pass --old-at"
        ),
        (Elapsed::Unknown, ..) => format!(
            "the later side does not say when it was captured (the earlier one: {old}): no growth \
             per day and no dates; pass --new-at"
        ),
    }
}

fn zones(diff: &Diff) -> Grid {
    let mut titles = vec!["ZONE", "#SUBNETS", "#WAS USED", "#USED", "#GROWTH", "#FREE"];
    titles.extend(["#/28 ASSIGNABLE", "#PER DAY", "FULL IN"]);
    let mut grid = Grid::new(&titles).ranked(&[0, 5, 4, 2, 1, 3, 6, 2, 1]);
    for zone in &diff.zones {
        let mut cells = vec![Cell::maybe(zone.availability_zone.as_ref()), arrow(zone.subnets)];
        cells.extend(old_new(zone.used));
        cells.extend([arrow(zone.free), arrow(zone.assignable_prefixes)]);
        cells.extend(rate(zone.rate));
        grid.push(cells);
    }
    grid
}

fn old_new(change: Change) -> [Cell; 3] {
    [Cell::maybe(change.old), Cell::maybe(change.new), growth(change)]
}

fn growth(change: Change) -> Cell {
    let growth = change.growth();
    let tone = match growth {
        Some(0) | None => Tone::Dim,
        Some(_) => Tone::Plain,
    };
    let signed = |growth| if growth == 0 { "0".to_owned() } else { format!("{growth:+}") };
    Cell::maybe(growth.map(signed)).toned(tone)
}

/// One number when nothing changed, else both.
fn arrow(change: Change) -> Cell {
    let text = |number: Option<u64>| number.map_or("-".to_owned(), |number| number.to_string());
    match change {
        Change { old, new } if old == new => Cell::maybe(new),
        Change { old, new } => Cell::new(format!("{} → {}", text(old), text(new))),
    }
}

fn status(row: &SubnetDiff) -> Cell {
    let name = |status: Option<Status>| status.map(Status::name).unwrap_or_default();
    let tone = match row.new_status {
        Some(Status::Critical) => Tone::Bad,
        Some(Status::Warning) => Tone::Warn,
        Some(Status::Ok) => Tone::Good,
        Some(Status::Unknown) | None => Tone::Dim,
    };
    let (old, new) = (name(row.old_status), name(row.new_status));
    Cell::new(match row.presence {
        Presence::Came => format!("added, {new}"),
        Presence::Went => format!("removed, was {old}"),
        Presence::Stayed if old == new => new.to_owned(),
        Presence::Stayed => format!("{old} → {new}"),
    })
    .marked(tone)
}

fn rate(rate: Rate) -> [Cell; 2] {
    [per_day(rate), full_in(rate)]
}

fn per_day(rate: Rate) -> Cell {
    Cell::maybe(rate.per_day.map(|n| format!("{:+.2}", (n * 100.0).round() / 100.0 + 0.0)))
}

fn full_in(rate: Rate) -> Cell {
    match (rate.exhaustion.days(), rate.exhaustion.reason()) {
        (Some(days), _) => Cell::new(format!("{days:.1} days")).toned(Tone::Warn),
        (None, reason) => Cell::maybe(reason).toned(Tone::Dim),
    }
}

fn nodes(nodes: Option<&NodesDiff>, document: &mut Document) {
    let Some(nodes) = nodes else {
        document.line(Cell::new("not available for both sides").marked(Tone::Warn));
        return;
    };
    let named = |what: &str, ids: &[String]| match ids {
        [] => format!("0 {what}"),
        ids => format!("{} {what}: {}", ids.len(), ids.join(", ")),
    };
    document.line(Cell::new(named("joined", &nodes.came)));
    document.line(Cell::new(named("left", &nodes.went)));
    document.line(Cell::new(format!("{} stayed", nodes.stayed)));
}

/// The subnets as a grid for CSV, under the names of the JSON document.
#[must_use]
pub fn csv_grid(diff: &Diff) -> Grid {
    columns::csv(&fields(), &diff.subnets)
}

type Row = Field<SubnetDiff>;

/// The fields of a subnet's row, in the order of CSV.
fn fields() -> Vec<Row> {
    let mut fields = vec![
        Field::new("subnet_id", "SUBNET", |d: &SubnetDiff| Cell::new(&d.subnet_id))
            .role(Role::Id)
            .rank(8),
        Field::new("name", "NAME", |d: &SubnetDiff| Cell::maybe(d.name.as_ref()))
            .role(Role::Name)
            .rank(0),
        Field::csv("vpc_id", |d: &SubnetDiff| Cell::new(&d.vpc_id)),
        Field::new("availability_zone", "ZONE", |d: &SubnetDiff| {
            Cell::maybe(d.availability_zone.as_ref())
        })
        .rank(7),
        Field::new("cidr", "CIDR", |d: &SubnetDiff| Cell::maybe(d.cidr))
            .in_words(|d| Cell::new(d.cidr.map_or("IPv6 only".to_owned(), |cidr| cidr.to_string())))
            .rank(6),
        Field::csv("presence", |d: &SubnetDiff| Cell::new(d.presence.name())),
        Field::new("used_old", "#WAS USED", |d: &SubnetDiff| Cell::maybe(d.used.old)).rank(5),
        Field::new("used_new", "#USED", |d: &SubnetDiff| Cell::maybe(d.used.new)).rank(3),
        Field::new("used_growth", "#GROWTH", |d: &SubnetDiff| Cell::maybe(d.used.growth()))
            .in_words(|d| growth(d.used))
            .rank(0),
        Field::csv("free_old", |d: &SubnetDiff| Cell::maybe(d.free.old)),
        Field::csv("free_new", |d: &SubnetDiff| Cell::maybe(d.free.new)),
        Field::csv("free_growth", |d: &SubnetDiff| Cell::maybe(d.free.growth())),
        Field::people("#FREE", |d: &SubnetDiff| arrow(d.free)).rank(4),
    ];
    fields.extend(prefixes_and_status());
    fields
}

fn prefixes_and_status() -> Vec<Row> {
    vec![
        Field::csv("assignable_prefixes_old", |d: &SubnetDiff| {
            Cell::maybe(d.assignable_prefixes.old)
        }),
        Field::csv("assignable_prefixes_new", |d: &SubnetDiff| {
            Cell::maybe(d.assignable_prefixes.new)
        }),
        Field::csv("assignable_prefixes_growth", |d: &SubnetDiff| {
            Cell::maybe(d.assignable_prefixes.growth())
        }),
        Field::people("#/28 ASSIGNABLE", |d: &SubnetDiff| arrow(d.assignable_prefixes)).rank(5),
        Field::csv("status_old", |d: &SubnetDiff| Cell::maybe(d.old_status.map(Status::name))),
        Field::csv("status_new", |d: &SubnetDiff| Cell::maybe(d.new_status.map(Status::name))),
        Field::people("USE STATUS", status).rank(1),
        Field::new("used_per_day", "#PER DAY", |d: &SubnetDiff| {
            Cell::maybe(d.rate.per_day.map(|n| super::json::rounded(n, 10_000.0)))
        })
        .in_words(|d| per_day(d.rate))
        .rank(3),
        Field::csv("days_to_exhaustion", |d: &SubnetDiff| {
            Cell::maybe(d.rate.exhaustion.days().map(|n| super::json::rounded(n, 10.0)))
        }),
        Field::csv("reason", |d: &SubnetDiff| Cell::maybe(d.rate.exhaustion.reason())),
        Field::people("FULL IN", |d: &SubnetDiff| full_in(d.rate)).rank(1),
    ]
}
