//! The blocks of the VPC, each as a line to scale with the subnets in it.

use super::{
    super::bar::{WIDTH, place},
    text,
};
use crate::{
    finding::thousands,
    network::{Cidr, free_networks},
    plan::{Candidate, Plan},
};

/// Free networks of a block that are named: the largest.
const MOST_FREE: usize = 8;

/// A block.
#[derive(Debug)]
pub(super) struct SpaceLine {
    pub(super) cidr: Cidr,
    pub(super) title: String,
    pub(super) pieces: Vec<SpacePiece>,
    pub(super) free: Vec<Cidr>,
    pub(super) more_free: usize,
}

/// A subnet in a block, or a range that is taken.
#[derive(Debug)]
pub(super) struct SpacePiece {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) name: String,
    pub(super) cidr: Cidr,
    pub(super) x: u64,
    pub(super) width: u64,
}

/// What is drawn of a subnet: its block, what it is called, and how it is drawn and marked.
type Drawn = (Cidr, String, (&'static str, &'static str));

/// The blocks, those that are there first.
pub(super) fn lines(plan: &Plan, candidate: &Candidate) -> Vec<SpaceLine> {
    let before = candidate.vpc_cidrs.iter().map(|cidr| (*cidr, "there today"));
    let added = candidate.vpc_cidrs_added.iter().map(|block| (block.cidr, "to add"));
    let planned = candidate.subnets.iter().map(|subnet| {
        let (style, name) = (if subnet.new { ("new", "+") } else { ("old", "·") }, &subnet.name);
        let tagged = subnet.tags.get("Name").filter(|tag| *tag != name);
        let tagged = tagged.map_or_else(String::new, |tag| format!("{tag} "));
        (subnet.cidr, format!("{tagged}{name} ({})", subnet.zone), style)
    });
    let unused = plan
        .requirement
        .vpc
        .subnets
        .iter()
        .filter(|subnet| candidate.subnets.iter().all(|planned| planned.cidr != subnet.cidr));
    let unused = unused.map(|subnet| (subnet.cidr, subnet.name.clone(), ("old", "·")));
    let taken = plan.requirement.vpc.used.iter();
    let taken = taken.map(|cidr| (*cidr, "taken".to_owned(), ("taken", "×")));
    let mut all: Vec<Drawn> = planned.chain(unused).chain(taken).collect();
    all.sort_by_key(|(cidr, ..)| *cidr);
    before.chain(added).map(|(cidr, word)| line(cidr, word, &all)).collect()
}

fn line(block: Cidr, word: &str, all: &[Drawn]) -> SpaceLine {
    let inside: Vec<&Drawn> = all.iter().filter(|(cidr, ..)| block.covers(*cidr)).collect();
    let taken: Vec<Cidr> = inside.iter().map(|(cidr, ..)| *cidr).collect();
    let mut free = free_networks(block, &taken);
    free.sort_by_key(|cidr| (cidr.prefix_len(), *cidr));
    let more_free = free.len().saturating_sub(MOST_FREE);
    free.truncate(MOST_FREE);
    free.sort();
    SpaceLine {
        cidr: block,
        title: format!("{block}, {} addresses, {word}", thousands(block.size())),
        pieces: inside.into_iter().map(|drawn| piece(block, drawn)).collect(),
        free,
        more_free,
    }
}

fn piece(block: Cidr, (cidr, name, (class, mark)): &Drawn) -> SpacePiece {
    let start = u64::from(u32::from(cidr.first())) - u64::from(u32::from(block.first()));
    let x = place(start, block.size());
    let end = place(start + cidr.size(), block.size());
    SpacePiece {
        class,
        mark,
        name: text(name),
        cidr: *cidr,
        x: x.min(WIDTH - 2),
        width: end.saturating_sub(x).max(2),
    }
}
