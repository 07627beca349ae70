//! A VPC's blocks, each as a line to scale with the subnets in it and what is free between them.

use super::{
    super::{
        bar::{WIDTH, place},
        head::Grade,
    },
    source::{PageSource, grade},
    text,
};
use crate::{
    audit::{AddressMap, PlacedSubnet, VpcBlock},
    finding::thousands,
    network::Cidr,
};

/// Free networks of a block that are named: the largest.
const MOST_FREE: usize = 8;
/// Subnets of a block that are named below it.
const MOST_NAMED: usize = 32;

/// A VPC.
#[derive(Debug)]
pub(super) struct AddressLine {
    pub(super) title: String,
    pub(super) blocks: Vec<BlockLine>,
}

/// A block.
#[derive(Debug)]
pub(super) struct BlockLine {
    pub(super) cidr: Cidr,
    pub(super) size: String,
    pub(super) pieces: Vec<Piece>,
    pub(super) named: Vec<Piece>,
    pub(super) unnamed: usize,
    /// Addresses of the block that no subnet takes, and the largest networks among them.
    pub(super) free: Option<(String, Vec<String>)>,
    pub(super) more_free: usize,
}

/// A subnet in a block.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) grade: Grade,
    pub(super) is_audited: bool,
    pub(super) name: String,
    pub(super) cidr: Cidr,
    pub(super) x: u64,
    pub(super) width: u64,
}

/// The lines of all VPCs.
pub(super) fn lines(source: &PageSource<'_>, map: &AddressMap) -> Vec<AddressLine> {
    let counts = source.report.subnets_by_id();
    let grade = |subnet: &PlacedSubnet| {
        let count = counts.get(subnet.subnet_id.as_str());
        count.map_or(Grade::Unknown, |count| grade(source.answer.status(count)))
    };
    map.vpcs
        .iter()
        .map(|vpc| AddressLine {
            title: match &vpc.name {
                Some(name) => format!("{} ({})", text(name), text(&vpc.vpc_id)),
                None => text(&vpc.vpc_id),
            },
            blocks: vpc.blocks.iter().map(|block| line(block, grade)).collect(),
        })
        .collect()
}

fn line(block: &VpcBlock, grade: impl Fn(&PlacedSubnet) -> Grade) -> BlockLine {
    let offset =
        |cidr: Cidr| u64::from(u32::from(cidr.first())) - u64::from(u32::from(block.cidr.first()));
    let piece = |subnet: &PlacedSubnet| {
        let start = offset(subnet.cidr);
        let x = place(start, block.cidr.size());
        let end = place(start + subnet.cidr.size(), block.cidr.size());
        Piece {
            grade: grade(subnet),
            is_audited: subnet.is_audited,
            name: text(subnet.name.as_deref().unwrap_or(&subnet.subnet_id)),
            cidr: subnet.cidr,
            x: x.min(WIDTH - 2),
            width: end.saturating_sub(x).max(2),
        }
    };
    let pieces: Vec<Piece> = block.subnets.iter().map(piece).collect();
    let free = block.free.as_ref().map(|networks| named(networks));
    BlockLine {
        cidr: block.cidr,
        size: thousands(block.cidr.size()),
        named: pieces.iter().take(MOST_NAMED).cloned().collect(),
        unnamed: pieces.len().saturating_sub(MOST_NAMED),
        pieces,
        more_free: block.free.as_ref().map_or(0, |all| all.len().saturating_sub(MOST_FREE)),
        free,
    }
}

/// How many addresses free networks hold, and the largest of them in address order.
fn named(networks: &[Cidr]) -> (String, Vec<String>) {
    let size: u64 = networks.iter().map(|cidr| cidr.size()).sum();
    let mut largest = networks.to_vec();
    largest.sort_by_key(|cidr| (cidr.prefix_len(), *cidr));
    largest.truncate(MOST_FREE);
    largest.sort();
    (thousands(size), largest.iter().map(ToString::to_string).collect())
}
