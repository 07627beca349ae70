//! `eksnet audit` as a page, with each subnet's use and its /28 blocks drawn.

use std::io::{self, Write};

use askama::Template;

use super::{Page, class};
use crate::{
    audit::{AuditReport, SubnetCount},
    network::BlockState,
    render::{
        Block, Document,
        audit::{AuditSections, document},
        escape,
    },
};

/// Width of a drawing.
const WIDTH: u32 = 256;
/// Side of a block: 32 fit in a line, a /23.
const CELL: u32 = 8;
/// Side of a block of a subnet that has many.
const SMALL_CELL: u32 = 4;
/// From how many blocks on they are small: those of a /18.
const MANY: usize = 1024;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage<'a> {
    page: Page<'a>,
    subnets: Vec<Figure<'a>>,
}

/// A subnet's drawing.
struct Figure<'a> {
    title: &'a str,
    about: String,
    /// Width of what is in use; nothing when it could not be seen.
    used: Option<u32>,
    /// Blocks, neighbours of one state in one piece; none when they could not be seen.
    runs: Vec<Run>,
    /// Side of a block.
    cell: u32,
    /// Height of the blocks' drawing.
    height: u32,
}

/// Neighbouring blocks of one state in a line of the map.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    x: u32,
    y: u32,
    width: u32,
    class: &'static str,
}

/// Writes an audit as one page.
///
/// # Errors
/// When the writer fails.
pub fn write_audit(
    report: &AuditReport,
    sections: AuditSections,
    out: &mut dyn Write,
) -> io::Result<()> {
    let document: Document = document(report, sections);
    let page = AuditPage {
        page: Page::new("eksnet audit", &document),
        subnets: report.subnets.iter().map(|subnet| figure(report, subnet)).collect(),
    };
    page.write_into(out)?;
    writeln!(out)
}

fn figure<'a>(report: &AuditReport, subnet: &'a SubnetCount) -> Figure<'a> {
    let cidr = subnet.network();
    let zone = subnet.availability_zone.as_deref().unwrap_or("zone unknown");
    let known = subnet.held.or(subnet.used).zip(subnet.usable);
    let state = match known {
        Some((used, usable)) => {
            format!("{used} of {usable} in use, {}", report.status(subnet).name())
        }
        None if subnet.is_ipv6_only() => "not audited".to_owned(),
        None => "what is in use could not be seen".to_owned(),
    };
    let cell = if subnet.map.len() < MANY { CELL } else { SMALL_CELL };
    let runs = runs(&subnet.map, cell);
    Figure {
        title: subnet.name.as_deref().unwrap_or(&subnet.subnet_id),
        about: format!("{}, {cidr}, {zone}: {state}", subnet.subnet_id),
        used: known.map(|(used, usable)| share(used, usable)),
        cell,
        height: runs.last().map_or(0, |last| last.y + cell),
        runs,
    }
}

/// The part of the width that is used; what there is of it is never invisible, nor all of it while
/// an address is free.
fn share(used: u32, usable: u32) -> u32 {
    let all = u64::from(WIDTH);
    let width = u64::from(used) * all / u64::from(usable.max(1));
    let width = u32::try_from(width).unwrap_or(WIDTH).min(WIDTH);
    if used > 0 { width.max(1) } else { 0 }
}

fn runs(map: &[BlockState], cell: u32) -> Vec<Run> {
    let line = WIDTH / cell;
    let mut runs: Vec<Run> = Vec::new();
    for (at, state) in (0_u32..).zip(map) {
        let (x, y) = (at % line * cell, at / line * cell);
        let class = block_class(*state);
        match runs.last_mut() {
            Some(last) if last.y == y && last.class == class => last.width += cell,
            _ => runs.push(Run { x, y, width: cell, class }),
        }
    }
    runs
}

/// The class that gives a block's state its colour.
fn block_class(state: BlockState) -> &'static str {
    match state {
        BlockState::Reserved => "block-kept",
        BlockState::Prefix => "block-prefix",
        BlockState::Free => "block-free",
        BlockState::Full => "block-full",
        BlockState::Fragmented => "block-fragmented",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_state_are_one_piece() {
        let mut map = vec![BlockState::Free; 66];
        if let Some(first) = map.first_mut() {
            *first = BlockState::Reserved;
        }
        let run = |x, y, width, class| Run { x, y, width, class };
        let expected =
            [run(0, 0, 4, "block-kept"), run(4, 0, 252, "block-free"), run(0, 4, 8, "block-free")];
        assert_eq!(runs(&map, SMALL_CELL), expected);
        assert_eq!(runs(&map, CELL).last(), Some(&run(0, 16, 16, "block-free")));
        assert_eq!(runs(&[], CELL), []);
    }

    #[test]
    fn what_is_used_is_neither_lost_nor_all() {
        let rows = [(0, 251, 0), (1, 65_531, 1), (125, 250, 128), (250, 251, 254), (251, 251, 256)];
        for (used, usable, width) in rows {
            assert_eq!(share(used, usable), width, "{used} of {usable}");
        }
    }
}
