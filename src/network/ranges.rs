//! Parts of a subnet, asked whether they hold something without a look at each of them.

use std::cmp::Reverse;

use super::Cidr;

/// Networks by their first and last address or offset, sorted and apart. Of two networks that share an
/// address one lies in the other, and the outer one stands for both.
#[derive(Debug)]
pub struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    /// Networks by their addresses.
    pub fn of(networks: impl IntoIterator<Item = Cidr>) -> Self {
        Self::new(networks.into_iter().map(ends).collect())
    }

    /// Whether one of the networks shares an address with this one.
    #[must_use]
    pub fn overlap_network(&self, network: Cidr) -> bool {
        let (first, last) = ends(network);
        self.overlap(first, last)
    }

    pub(super) fn new(mut all: Vec<(u32, u32)>) -> Self {
        all.sort_unstable_by_key(|(first, last)| (*first, Reverse(*last)));
        all.dedup_by(|inner, outer| inner.1 <= outer.1);
        Self(all)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        self.0.iter().copied()
    }

    /// The first that does not end before an offset.
    fn from(&self, offset: u32) -> Option<(u32, u32)> {
        self.0.get(self.0.partition_point(|(_, last)| *last < offset)).copied()
    }

    /// Whether one of them has an address of these.
    pub(super) fn overlap(&self, first: u32, last: u32) -> bool {
        self.from(first).is_some_and(|(begins, _)| begins <= last)
    }

    /// Whether one of them has all of these.
    pub(super) fn cover(&self, first: u32, last: u32) -> bool {
        self.from(first).is_some_and(|(begins, ends)| begins <= first && last <= ends)
    }
}

fn ends(network: Cidr) -> (u32, u32) {
    (network.first().to_bits(), network.last().to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of two /28 side by side neither covers a /27, and one inside of another adds nothing.
    #[test]
    fn networks_are_asked_as_one_by_one() {
        let all = vec![(64, 79), (16, 31), (32, 47), (16, 19), (64, 127), (64, 79)];
        let ranges = Ranges::new(all.clone());
        assert_eq!(ranges.iter().collect::<Vec<_>>(), [(16, 31), (32, 47), (64, 127)]);
        for first in 0..140 {
            for last in first..140 {
                let overlap = all.iter().any(|(from, to)| *from <= last && first <= *to);
                let cover = all.iter().any(|(from, to)| *from <= first && last <= *to);
                assert_eq!(
                    (ranges.overlap(first, last), ranges.cover(first, last)),
                    (overlap, cover)
                );
            }
        }
    }
}
