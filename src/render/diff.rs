//! `eksnet diff` for people and spreadsheets.

use super::{
    Cell, Document, Grid, Tone,
    columns::{self, Field, Width},
    parts,
};
use crate::audit::{
    Status,
    diff::{Change, Diff, Elapsed, NodesDiff, Presence, Rate, SubnetDiff},
};

/// The document: the time between, subnets, zones, owners, nodes, what was withheld.
#[must_use]
pub fn document(diff: &Diff) -> Document {
    let mut document = Document::default();
    document.line(Cell::new(between(diff)));
    document.heading("Subnets");
    document.grid(columns::table(&fields(), &diff.subnets, Width::Plain));
    document.heading("Zones");
    document.grid(zones(diff));
    document.heading("Owners");
    let mut owners = Grid::new(&["OWNER", "#WAS USED", "#USED", "#GROWTH"]);
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

fn between(diff: &Diff) -> String {
    let moment = |at: Option<jiff::Timestamp>| at.map_or("?".to_owned(), |at| at.to_string());
    let time = match diff.elapsed {
        Elapsed::Days(days) => format!("{days:.1} days"),
        Elapsed::Zero => "no time between, so no growth a day".to_owned(),
        Elapsed::Unknown => "time between unknown, so no growth a day".to_owned(),
    };
    format!("{} to {}: {time}", moment(diff.old.at), moment(diff.new.at))
}

fn zones(diff: &Diff) -> Grid {
    let mut titles = vec!["ZONE", "#SUBNETS", "#WAS USED", "#USED", "#GROWTH", "#FREE"];
    titles.extend(["#/28 ASSIGNABLE", "#PER DAY", "FULL IN"]);
    let mut grid = Grid::new(&titles);
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
        Presence::Came => format!("came, {new}"),
        Presence::Went => format!("went, was {old}"),
        Presence::Stayed if old == new => new.to_owned(),
        Presence::Stayed => format!("{old} → {new}"),
    })
    .toned(tone)
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
        document.line(Cell::new("could not be seen").toned(Tone::Warn));
        return;
    };
    let listed = |what: &str, ids: &[String]| match ids {
        [] => format!("0 {what}"),
        ids => format!("{} {what}: {}", ids.len(), ids.join(", ")),
    };
    document.line(Cell::new(listed("came", &nodes.came)));
    document.line(Cell::new(listed("went", &nodes.went)));
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
        Field::new("subnet_id", "SUBNET", |d: &SubnetDiff| Cell::new(&d.subnet_id)),
        Field::new("name", "NAME", |d: &SubnetDiff| Cell::maybe(d.name.as_ref())),
        Field::csv("vpc_id", |d: &SubnetDiff| Cell::new(&d.vpc_id)),
        Field::new("availability_zone", "ZONE", |d: &SubnetDiff| {
            Cell::maybe(d.availability_zone.as_ref())
        }),
        Field::new("cidr", "CIDR", |d: &SubnetDiff| Cell::maybe(d.cidr)).in_words(|d| {
            Cell::new(d.cidr.map_or("IPv6 only".to_owned(), |cidr| cidr.to_string()))
        }),
        Field::csv("presence", |d: &SubnetDiff| Cell::new(d.presence.name())),
        Field::new("used_old", "#WAS USED", |d: &SubnetDiff| Cell::maybe(d.used.old)),
        Field::new("used_new", "#USED", |d: &SubnetDiff| Cell::maybe(d.used.new)),
        Field::new("used_growth", "#GROWTH", |d: &SubnetDiff| Cell::maybe(d.used.growth()))
            .in_words(|d| growth(d.used)),
        Field::csv("free_old", |d: &SubnetDiff| Cell::maybe(d.free.old)),
        Field::csv("free_new", |d: &SubnetDiff| Cell::maybe(d.free.new)),
        Field::csv("free_growth", |d: &SubnetDiff| Cell::maybe(d.free.growth())),
        Field::people("#FREE", |d: &SubnetDiff| arrow(d.free)),
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
        Field::people("#/28 ASSIGNABLE", |d: &SubnetDiff| arrow(d.assignable_prefixes)),
        Field::csv("status_old", |d: &SubnetDiff| Cell::maybe(d.old_status.map(Status::name))),
        Field::csv("status_new", |d: &SubnetDiff| Cell::maybe(d.new_status.map(Status::name))),
        Field::people("STATUS", status),
        Field::new("used_per_day", "#PER DAY", |d: &SubnetDiff| {
            Cell::maybe(d.rate.per_day.map(|n| super::json::rounded(n, 10_000.0)))
        })
        .in_words(|d| per_day(d.rate)),
        Field::csv("days_to_exhaustion", |d: &SubnetDiff| {
            Cell::maybe(d.rate.exhaustion.days().map(|n| super::json::rounded(n, 10.0)))
        }),
        Field::csv("reason", |d: &SubnetDiff| Cell::maybe(d.rate.exhaustion.reason())),
        Field::people("FULL IN", |d: &SubnetDiff| full_in(d.rate)),
    ]
}
