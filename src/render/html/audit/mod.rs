//! `eksnet audit` as a page: the answer, then what needs action worst first, then the rest.

mod address_line;
mod card;
mod cells;
mod forecast;
mod nodes;
mod owners;
mod rest;
mod source;
mod tiles;

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use askama::Template;

use self::{
    address_line::{AddressLine, lines},
    card::{GroupCard, cards},
    cells::BUDGET,
    forecast::{Forecasts, forecasts},
    nodes::{Nodes, nodes},
    rest::{Rest, rest},
    source::{PageSource, grade},
    tiles::tiles,
};
use super::{
    bar::WIDTH,
    class,
    head::{Head, Tile, VerdictBand},
    is_long, text, time_chart,
};
use crate::{
    audit::{
        AddressMap, AuditReport,
        answer::{Answer, Facts, Group, View, folded},
    },
    render::{Block, Document, escape, ignored::ignored, parts, usage},
};

/// Cards of a page: where there are more, subnets of which the same is said share one.
const MOST: usize = 40;
/// Cards of a page whatever they share.
const MOST_CARDS: usize = 200;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    head: Head,
    day: Option<String>,
    tiles: Vec<Tile>,
    /// What is not available, and how much.
    withheld: Vec<(String, String)>,
    cards: Vec<GroupCard>,
    /// Cards that there is no room for.
    more: usize,
    /// What flags of the run hide.
    hidden: Vec<String>,
    rest: Rest,
    forecasts: Option<Forecasts>,
    lines: Vec<AddressLine>,
    nodes: Option<Nodes>,
    blocks: Vec<Block>,
}

/// The subnets whose blocks a page shows one by one, as many as there is room for: those with findings first.
#[must_use]
pub fn mapped<'a>(report: &'a AuditReport, view: &View) -> BTreeSet<&'a str> {
    mapped_of(&Answer::of(report, view))
}

fn mapped_of<'a>(answer: &Answer<'a>) -> BTreeSet<&'a str> {
    let concerned = answer.groups.iter().filter_map(Group::subnet);
    let mut room = BUDGET;
    let mut ids = BTreeSet::new();
    for subnet in concerned.chain(answer.calm.iter().copied()) {
        if subnet.map.len() <= room && !subnet.map.is_empty() {
            room -= subnet.map.len();
            ids.insert(subnet.subnet_id.as_str());
        }
    }
    ids
}

/// Writes an audit as one page. The map holds what lies in the subnets of [`mapped`].
///
/// # Errors
/// When the writer fails.
pub fn write_audit(
    report: &AuditReport,
    view: &View,
    map: &AddressMap,
    out: &mut dyn Write,
) -> io::Result<()> {
    let answer = Answer::of(report, view);
    let forecasts = report.forecast.iter().flatten();
    let source = PageSource {
        mapped: mapped_of(&answer),
        forecasts: forecasts.map(|forecast| (forecast.subnet_id.as_str(), forecast)).collect(),
        report,
        answer,
        view,
        map,
    };
    page(&source).write_into(out)?;
    writeln!(out)
}

fn page(source: &PageSource<'_>) -> AuditPage {
    let PageSource { report, answer, view, map, .. } = source;
    let mut groups = view.first(&answer.groups);
    if groups.len() > MOST {
        groups = folded(&groups);
    }
    let more = groups.len().saturating_sub(MOST_CARDS);
    groups.truncate(MOST_CARDS);
    let mut blocks = Document::default();
    usage::questions(report, &mut blocks);
    ignored(&report.ignored, &mut blocks);
    parts::notes(&report.notes, &mut blocks);
    let withheld = report.withheld.iter();
    AuditPage {
        head: head(source),
        day: report.source.captured_at.as_deref().map(|at| text(at.get(..10).unwrap_or(at))),
        tiles: tiles(source),
        withheld: withheld.map(|row| (text(&row.operation), text(&row.reason))).collect(),
        cards: cards(source, &groups),
        more,
        hidden: answer.filtered().into_iter().chain(answer.cut()).map(|line| text(&line)).collect(),
        rest: rest(source),
        forecasts: forecasts(source),
        lines: lines(source, map),
        nodes: nodes(report),
        blocks: blocks.blocks,
    }
}

fn head(source: &PageSource<'_>) -> Head {
    let facts = Facts::of(source.report);
    let verdict = &source.answer.verdict;
    let more = source.report.baseline.as_ref().map(crate::render::baseline::line);
    Head {
        command: "audit",
        subject: text(&facts.title),
        facts: facts.pieces().into_iter().skip(1).map(text).collect(),
        verdict: VerdictBand {
            grade: grade(verdict.status),
            sentence: text(&verdict.sentence),
            more: [Some(verdict.numbers()), more]
                .into_iter()
                .flatten()
                .map(|line| text(&line))
                .collect(),
        },
    }
}
