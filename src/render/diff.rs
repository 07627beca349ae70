//! `eksnet diff` for people and spreadsheets.

use super::{Cell, Document, Grid, Tone, parts};
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
    document.grid(subnets(&diff.subnets));
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

fn subnets(rows: &[SubnetDiff]) -> Grid {
    let mut titles = vec!["SUBNET", "NAME", "ZONE", "CIDR", "#WAS USED", "#USED", "#GROWTH"];
    titles.extend(["#FREE", "#/28 ASSIGNABLE", "STATUS", "#PER DAY", "FULL IN"]);
    let mut grid = Grid::new(&titles);
    for row in rows {
        let mut cells = vec![
            Cell::new(&row.subnet_id),
            Cell::maybe(row.name.as_ref()),
            Cell::maybe(row.availability_zone.as_ref()),
            Cell::new(row.cidr.map_or("IPv6 only".to_owned(), |cidr| cidr.to_string())),
        ];
        cells.extend(old_new(row.used));
        cells.extend([arrow(row.free), arrow(row.assignable_prefixes), status(row)]);
        cells.extend(rate(row.rate));
        grid.push(cells);
    }
    grid
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
    let growth = change.growth();
    let tone = match growth {
        Some(0) | None => Tone::Dim,
        Some(_) => Tone::Plain,
    };
    let growth =
        growth.map(|growth| if growth == 0 { "0".to_owned() } else { format!("{growth:+}") });
    [Cell::maybe(change.old), Cell::maybe(change.new), Cell::maybe(growth).toned(tone)]
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
    let per_day =
        rate.per_day.map(|per_day| format!("{:+.2}", (per_day * 100.0).round() / 100.0 + 0.0));
    let full = match (rate.exhaustion.days(), rate.exhaustion.reason()) {
        (Some(days), _) => Cell::new(format!("{days:.1} days")).toned(Tone::Warn),
        (None, reason) => Cell::maybe(reason).toned(Tone::Dim),
    };
    [Cell::maybe(per_day), full]
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
    let mut grid = Grid::new(&[
        "subnet_id",
        "name",
        "vpc_id",
        "availability_zone",
        "cidr",
        "presence",
        "used_old",
        "used_new",
        "used_growth",
        "free_old",
        "free_new",
        "free_growth",
        "assignable_prefixes_old",
        "assignable_prefixes_new",
        "assignable_prefixes_growth",
        "status_old",
        "status_new",
        "used_per_day",
        "days_to_exhaustion",
        "reason",
    ]);
    for row in &diff.subnets {
        let mut cells = vec![
            Cell::new(&row.subnet_id),
            Cell::maybe(row.name.as_ref()),
            Cell::new(&row.vpc_id),
            Cell::maybe(row.availability_zone.as_ref()),
            Cell::maybe(row.cidr),
            Cell::new(row.presence.name()),
        ];
        for change in [row.used, row.free, row.assignable_prefixes] {
            cells.push(Cell::maybe(change.old));
            cells.push(Cell::maybe(change.new));
            cells.push(Cell::maybe(change.growth()));
        }
        cells.push(Cell::maybe(row.old_status.map(Status::name)));
        cells.push(Cell::maybe(row.new_status.map(Status::name)));
        cells.push(Cell::maybe(row.rate.per_day.map(|n| super::json::rounded(n, 10_000.0))));
        let days = row.rate.exhaustion.days();
        cells.push(Cell::maybe(days.map(|n| super::json::rounded(n, 10.0))));
        cells.push(Cell::maybe(row.rate.exhaustion.reason()));
        grid.push(cells);
    }
    grid
}
