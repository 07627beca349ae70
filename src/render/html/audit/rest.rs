//! The subnets that need no action: a row each, and a map where there is room.

use super::{
    super::{
        bar::{BarPart, bar},
        head::Grade,
    },
    card::{place, share},
    cells::{Cells, UNEXPLAINED, cells, shown},
    source::{PageSource, grade, name},
};
use crate::{
    audit::SubnetCount,
    finding::thousands,
    network::{BlockCounts, BlockState},
};

/// All subnets in a table, and the maps of those without a card.
#[derive(Debug)]
pub(super) struct Rest {
    /// How many need no action.
    pub(super) calm: usize,
    pub(super) rows: Vec<SubnetRow>,
    pub(super) maps: Vec<Cells>,
}

/// A subnet's row.
#[derive(Debug)]
pub(super) struct SubnetRow {
    pub(super) grade: Grade,
    pub(super) word: &'static str,
    pub(super) name: String,
    pub(super) place: String,
    pub(super) share: String,
    pub(super) used: String,
    pub(super) free: String,
    pub(super) prefixes: String,
    pub(super) blocks: Vec<BarPart>,
}

/// The subnets without a finding.
pub(super) fn rest(source: &PageSource<'_>) -> Rest {
    let calm = &source.answer.calm;
    let mapped = calm.iter().filter(|s| source.mapped.contains(s.subnet_id.as_str()));
    let maps = mapped.enumerate();
    let maps = maps.filter_map(|(at, subnet)| cells(subnet, source.map, UNEXPLAINED + at));
    Rest {
        calm: calm.len(),
        rows: calm.iter().map(|subnet| row(source, subnet)).collect(),
        maps: maps.collect(),
    }
}

fn row(source: &PageSource<'_>, subnet: &SubnetCount) -> SubnetRow {
    let status = source.answer.status(subnet);
    let number = |number: Option<u32>| number.map_or("-".to_owned(), thousands);
    let used = subnet.held.or(subnet.used);
    SubnetRow {
        grade: grade(status),
        word: if subnet.is_ipv6_only() { "IPv6 only" } else { status.name() },
        name: name(subnet),
        place: place(source, subnet),
        share: used
            .zip(subnet.usable)
            .map_or("-".to_owned(), |(used, usable)| share(source, used, usable)),
        used: number(used),
        free: number(subnet.free),
        prefixes: number(subnet.assignable_prefixes),
        blocks: subnet.blocks28.map(blocks).unwrap_or_default(),
    }
}

/// How many blocks are in each state, as a bar.
fn blocks(counts: BlockCounts) -> Vec<BarPart> {
    let part = |state: BlockState, count: u32| {
        let (class, name) = shown(state);
        (class.to_owned(), format!("{} /28 {name}", thousands(count)), u64::from(count))
    };
    let parts = [
        part(BlockState::Full, counts.full),
        part(BlockState::Prefix, counts.prefix),
        part(BlockState::Fragmented, counts.fragmented),
        part(BlockState::Reserved, counts.reserved),
        part(BlockState::Free, counts.free),
    ];
    bar(counts.total.into(), parts.into_iter())
}
