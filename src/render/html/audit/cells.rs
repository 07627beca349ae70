//! Each /28 block of a subnet as a cell. A cell is a radio button, so that a map is one stop of the keyboard
//! and the arrow keys go from block to block, without a script; what it tells is its label.

use std::{collections::BTreeSet, net::Ipv4Addr};

use super::text;
use crate::{
    audit::{AddressMap, SubnetCount},
    inventory::OwnerKind,
    network::{BLOCK, BlockState},
};

/// Blocks that a page shows one by one; those of further subnets it shows together.
pub(super) const BUDGET: usize = 6144;
/// Blocks of a row: a /23.
const ROW: usize = 32;
/// Holders of a block that are named, and addresses of one that are.
const MOST: usize = 4;

/// From this number on maps stand side by side, and one legend is for all.
pub(super) const UNEXPLAINED: usize = 1_000_000;

/// A subnet's blocks.
#[derive(Debug)]
pub(super) struct Cells {
    /// Tells the maps of a page apart.
    pub(super) number: usize,
    /// Whether what the cells mean stands beside them.
    pub(super) has_legend: bool,
    pub(super) subnet: String,
    pub(super) rows: Vec<BlockRow>,
}

/// Blocks in a row.
#[derive(Debug)]
pub(super) struct BlockRow {
    /// Its first address.
    pub(super) start: Ipv4Addr,
    pub(super) cells: Vec<BlockCell>,
}

/// A block.
#[derive(Debug)]
pub(super) struct BlockCell {
    pub(super) class: &'static str,
    pub(super) about: String,
}

/// The blocks of a subnet; `None` when they are not known.
pub(super) fn cells(subnet: &SubnetCount, map: &AddressMap, number: usize) -> Option<Cells> {
    let first = subnet.cidr?.first();
    let at = |block: u32| Ipv4Addr::from(u32::from(first).saturating_add(block * BLOCK));
    let blocks: Vec<(u32, BlockState)> = (0..).zip(subnet.map.iter().copied()).collect();
    let rows: Vec<BlockRow> = blocks
        .chunks(ROW)
        .map(|row| BlockRow {
            start: at(row.first().map_or(0, |(block, _)| *block)),
            cells: row
                .iter()
                .map(|(block, state)| {
                    cell(*state, at(*block), || holders(map, &subnet.subnet_id, *block))
                })
                .collect(),
        })
        .collect();
    let subnet = text(subnet.name.as_deref().unwrap_or(&subnet.subnet_id));
    (!rows.is_empty()).then_some(Cells { number, has_legend: number < UNEXPLAINED, subnet, rows })
}

fn cell(state: BlockState, start: Ipv4Addr, holders: impl Fn() -> String) -> BlockCell {
    let (class, name) = shown(state);
    let about = match state {
        BlockState::Free => format!("{start}/28 {name}"),
        BlockState::Reserved | BlockState::Prefix | BlockState::Full | BlockState::Fragmented => {
            format!("{start}/28 {name}{}", holders())
        }
    };
    BlockCell { class, about }
}

/// The class and the name of a state.
pub(super) fn shown(state: BlockState) -> (&'static str, &'static str) {
    match state {
        BlockState::Reserved => ("r", "reserved by AWS in part"),
        BlockState::Prefix => ("p", "delegated prefix"),
        BlockState::Free => ("e", "free"),
        BlockState::Full => ("u", "full"),
        BlockState::Fragmented => ("x", "fragmented"),
    }
}

fn holders(map: &AddressMap, subnet_id: &str, block: u32) -> String {
    let all: Vec<_> = map.holders(subnet_id, block).collect();
    let held: usize = all.iter().map(|(_, _, addresses)| addresses.len()).sum();
    let is_prefix = all.iter().any(|(_, _, addresses)| addresses.is_empty());
    let used = if held > 0 && !is_prefix { format!(", {held} of 16 used") } else { String::new() };
    let shown = all.iter().take(MOST);
    let mut named: Vec<String> =
        shown.map(|(kind, who, addresses)| holder(*kind, who, addresses)).collect();
    match all.len().saturating_sub(MOST) {
        0 => {}
        more => named.push(format!("{more} more")),
    }
    if named.is_empty() { used } else { format!("{used}: {}", named.join("; ")) }
}

fn holder(kind: OwnerKind, who: &str, addresses: &BTreeSet<Ipv4Addr>) -> String {
    // The host name of a node tells it, without the domain that all nodes share.
    let is_address = who.parse::<Ipv4Addr>().is_ok();
    let short = if is_address { who } else { who.split('.').next().unwrap_or(who) };
    let mut words = vec![kind.name().to_owned(), text(short)];
    if addresses.len() > MOST {
        words.push(format!("{} addresses", addresses.len()));
    } else {
        words.extend(addresses.iter().map(|address| {
            let [.., last] = address.octets();
            format!(".{last}")
        }));
    }
    words.join(" ")
}
