//! The order of subnets, and of what findings are about.

use std::cmp::{Ordering, Reverse};

use super::{groups::Group, leads::Leads, rank::rank, view::SortKey};
use crate::audit::{Status, SubnetCount};

/// An order of subnets.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) by: SortKey,
    pub(super) leads: &'a Leads<'a>,
}

impl Order<'_> {
    /// The order of groups: subnets as they are sorted, and what is no subnet after those that are as bad, or
    /// after all where the order is not by severity.
    pub(super) fn groups(&self, a: &Group<'_>, b: &Group<'_>) -> Ordering {
        let by_severity = match self.by {
            SortKey::Severity => {
                let lead = |group: &Group<'_>| group.findings.first().map(|first| rank(first));
                let key = |group: &Group<'_>| {
                    (Reverse(group.severity), group.subnet().is_none(), lead(group))
                };
                key(a).cmp(&key(b))
            }
            SortKey::Utilization
            | SortKey::Free
            | SortKey::Prefixes
            | SortKey::Name
            | SortKey::Zone
            | SortKey::Cidr => Ordering::Equal,
        };
        by_severity.then_with(|| match (a.subnet(), b.subnet()) {
            (Some(a), Some(b)) => self.subnets(a, b),
            (a_subnet, b_subnet) => {
                let name = |group: &Group<'_>| {
                    group.findings.first().map(|finding| finding.resource.clone())
                };
                let key = (a_subnet.is_none(), Reverse(a.severity), name(a));
                key.cmp(&(b_subnet.is_none(), Reverse(b.severity), name(b)))
            }
        })
    }

    pub(super) fn subnets(&self, a: &SubnetCount, b: &SubnetCount) -> Ordering {
        let fullest = |subnet: &SubnetCount| Reverse(subnet.utilization_e4());
        let first = match self.by {
            SortKey::Severity => {
                let key = |subnet: &SubnetCount| {
                    let lead = self.leads.lead(subnet);
                    let worst = Reverse(lead.map(|finding| finding.severity));
                    (urgency(self.leads.status(subnet)), worst, lead.map(rank), fullest(subnet))
                };
                key(a).cmp(&key(b))
            }
            SortKey::Utilization => fullest(a).cmp(&fullest(b)),
            SortKey::Free => known_first(a.free.as_ref(), b.free.as_ref()),
            SortKey::Prefixes => {
                known_first(a.assignable_prefixes.as_ref(), b.assignable_prefixes.as_ref())
            }
            SortKey::Name => known_first(
                a.name.as_deref().map(pieces).as_ref(),
                b.name.as_deref().map(pieces).as_ref(),
            ),
            SortKey::Zone => {
                known_first(a.availability_zone.as_ref(), b.availability_zone.as_ref())
            }
            SortKey::Cidr => known_first(a.cidr.as_ref(), b.cidr.as_ref()),
        };
        first.then_with(|| a.order().cmp(&b.order()))
    }
}

/// Worst first; what is unknown needs a look before what is well.
fn urgency(status: Status) -> u8 {
    match status {
        Status::Critical => 0,
        Status::Warning => 1,
        Status::Unknown => 2,
        Status::Ok => 3,
    }
}

/// What is not known comes last.
fn known_first<T: Ord>(a: Option<&T>, b: Option<&T>) -> Ordering {
    a.is_none().cmp(&b.is_none()).then_with(|| a.cmp(&b))
}

/// A piece of a name, in the order in which people list names: app-2 before app-10.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Piece<'a> {
    /// How many digits it has without zeros before it, and these.
    Number(usize, &'a str),
    Text(&'a str),
}

fn pieces(name: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let is_number = rest.starts_with(|letter: char| letter.is_ascii_digit());
        let end = rest.find(|letter: char| letter.is_ascii_digit() != is_number);
        let (piece, later) = end.map_or((rest, ""), |end| rest.split_at(end));
        pieces.push(if is_number {
            let digits = piece.trim_start_matches('0');
            Piece::Number(digits.len(), digits)
        } else {
            Piece::Text(piece)
        });
        rest = later;
    }
    pieces
}
