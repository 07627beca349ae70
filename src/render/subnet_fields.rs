//! The fields of a subnet's row, in the order of CSV: a new one is a row here, at the end.

use std::{collections::HashMap, rc::Rc};

use super::{
    Cell, Grid, Role, Tone,
    columns::{self, Field},
    figures, place,
};
use crate::{
    audit::{
        AuditReport, Percent, Status, SubnetCount, Thresholds,
        answer::{Answer, View},
    },
    finding::Severity,
    inventory::{Because, OwnerKind},
    network::BlockCounts,
};

/// The subnets as a grid for CSV, under the names of the JSON document; every owner kind is a column. All
/// of them in the report's order, or some in theirs.
#[must_use]
pub fn csv_grid(report: &AuditReport, subnets: Option<&[&SubnetCount]>) -> Grid {
    let answer = Answer::of(report, &View::default());
    let fields = fields(report, &answer);
    let mut grid = match subnets {
        Some(subnets) => columns::csv(&fields, subnets.iter().copied()),
        None => columns::csv(&fields, &report.subnets),
    };
    place::columns(report, 0, ["region", "account"], &mut grid);
    grid
}

/// The tone of a status.
pub(super) fn tone(status: Status) -> Tone {
    match status {
        Status::Critical => Tone::Bad,
        Status::Warning => Tone::Warn,
        Status::Unknown => Tone::Dim,
        Status::Ok => Tone::Good,
    }
}

type Subnet = Field<SubnetCount>;

/// The worst finding about each subnet that has one.
type Worst = Rc<HashMap<String, Severity>>;

/// The fields; how a subnet stands goes by the bars, and for people by what was found too.
pub(super) fn fields(report: &AuditReport, answer: &Answer<'_>) -> Vec<Subnet> {
    let bars = &report.bars;
    let worst = answer.worst_by_id().map(|(id, severity)| (id.to_owned(), severity));
    let worst: Worst = Rc::new(worst.collect());
    let mut fields = head(bars.clone());
    fields.extend(blocks());
    fields.extend(OwnerKind::ALL.iter().map(|kind| owner(*kind)));
    fields.extend(tail(bars.clone(), &worst));
    fields
}

fn head(bars: Thresholds) -> Vec<Subnet> {
    vec![
        Field::new("subnet_id", "SUBNET", |s: &SubnetCount| Cell::new(&s.subnet_id))
            .role(Role::Id)
            .rank(8),
        Field::new("name", "NAME", |s: &SubnetCount| Cell::maybe(s.name.as_ref()))
            .role(Role::Name)
            .rank(0),
        Field::new("vpc_id", "VPC", |s: &SubnetCount| Cell::new(&s.vpc_id)).wide(),
        Field::new("availability_zone", "ZONE", |s: &SubnetCount| {
            Cell::maybe(s.availability_zone.as_ref())
        })
        .rank(7),
        Field::new("cidr", "CIDR", |s: &SubnetCount| Cell::maybe(s.cidr))
            .in_words(|s| Cell::new(s.network()))
            .rank(5),
        Field::new("total", "#TOTAL", |s: &SubnetCount| Cell::maybe(s.total)).wide(),
        Field::new("usable", "#USABLE", |s: &SubnetCount| Cell::maybe(s.usable)).wide(),
        Field::new("used", "#USED", |s: &SubnetCount| Cell::maybe(s.used)).rank(4),
        Field::new("free", "#FREE", |s: &SubnetCount| Cell::maybe(s.free)).rank(2),
        Field::new("reserved_free", "#RESERVED FREE", |s: &SubnetCount| {
            Cell::maybe(s.reserved_free)
        })
        .wide(),
        Field::new("available_reported", "#AVAILABLE", |s: &SubnetCount| {
            Cell::maybe(s.available_reported)
        })
        .wide(),
        Field::new("unexplained", "#UNEXPLAINED", |s: &SubnetCount| Cell::maybe(s.unexplained))
            .wide(),
        Field::new("utilization", "USE", |s: &SubnetCount| Cell::maybe(utilization(s))).in_words(
            move |s| {
                Cell::new(bar(s, [bars.warn_at, bars.critical_at])).toned(tone(bars.status(s)))
            },
        ),
    ]
}

fn blocks() -> Vec<Subnet> {
    vec![
        Field::csv("blocks28_total", |s: &SubnetCount| block(s, |blocks| blocks.total)),
        Field::new("blocks28_free", "#/28 FREE", |s: &SubnetCount| block(s, |b| b.free)).wide(),
        Field::new("blocks28_fragmented", "#/28 FRAGMENTED", |s: &SubnetCount| {
            block(s, |blocks| blocks.fragmented)
        })
        .wide(),
        Field::new("blocks28_full", "#/28 FULL", |s: &SubnetCount| block(s, |b| b.full)).wide(),
        Field::csv("blocks28_reserved", |s: &SubnetCount| block(s, |blocks| blocks.reserved)),
        Field::new("blocks28_prefix", "#/28 PREFIX", |s: &SubnetCount| block(s, |b| b.prefix))
            .wide(),
        Field::new("assignable_prefixes", "#/28 ASSIGNABLE", |s: &SubnetCount| {
            Cell::maybe(s.assignable_prefixes)
        })
        .rank(3),
        Field::new(
            "assignable_prefixes_in_reservation",
            "#/28 IN RESERVATION",
            |s: &SubnetCount| Cell::maybe(s.assignable_prefixes_in_reservation),
        )
        .wide(),
        Field::new("fragmentation_score", "#FRAGMENTED", |s: &SubnetCount| {
            Cell::maybe(s.fragmentation_score)
        })
        .in_words(|s| Cell::maybe(s.fragmentation_score.map(|score| format!("{score}%"))))
        .rank(6),
    ]
}

/// What a kind of owner holds: 0 where others are known and it holds nothing.
fn owner(kind: OwnerKind) -> Subnet {
    Field::csv(kind.column(), move |s: &SubnetCount| {
        let owners = s.owners.as_ref();
        Cell::maybe(owners.map(|o| o.get(&kind).map_or(0, |count| count.addresses)))
    })
}

fn tail(bars: Thresholds, worst: &Worst) -> Vec<Subnet> {
    let (bars_and_findings, finding, found) = (bars.clone(), worst.clone(), worst.clone());
    vec![
        Field::new("status", "STATUS", move |s: &SubnetCount| Cell::new(bars.status(s).name()))
            .in_words(move |s| {
                let found = finding.get(&s.subnet_id).copied();
                let status = bars_and_findings.status(s).with(found);
                Cell::new(status.name()).marked(tone(status))
            })
            .rank(0),
        Field::new("selected_by", "SELECTED BY", |s: &SubnetCount| Cell::new(selected(s, ";")))
            .wide()
            .in_words(|s| Cell::new(selected(s, " "))),
        Field::new("held", "#HELD", |s: &SubnetCount| Cell::maybe(s.held)).wide(),
        Field::new("room", "#ROOM", |s: &SubnetCount| Cell::maybe(s.room().map(|r| r.addresses)))
            .wide(),
        Field::new("room_single", "#ROOM SINGLE", |s: &SubnetCount| {
            Cell::maybe(s.room().map(|room| room.singles))
        })
        .wide(),
        Field::csv("worst_finding", move |s: &SubnetCount| {
            Cell::maybe(found.get(&s.subnet_id).map(|severity| severity.name()))
        }),
    ]
}

fn block(subnet: &SubnetCount, count: impl Fn(BlockCounts) -> u32) -> Cell {
    Cell::maybe(subnet.blocks28.map(count))
}

fn utilization(subnet: &SubnetCount) -> Option<String> {
    subnet.utilization_e4().map(|e4| format!("{}.{:04}", e4 / 10_000, e4 % 10_000))
}

fn bar(subnet: &SubnetCount, thresholds: [Percent; 2]) -> String {
    let known = subnet.used.zip(subnet.usable);
    let drawn = |(used, usable): (u32, u32)| figures::bar(used.into(), usable.into(), &thresholds);
    known.map(drawn).unwrap_or_default()
}

fn selected(subnet: &SubnetCount, between: &str) -> String {
    let reasons: Vec<String> = subnet.selected_by.iter().map(Because::text).collect();
    reasons.join(between)
}
