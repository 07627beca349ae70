//! The smallest sets, by branch and bound: sizes are tried from a lower bound on, and of each size all
//! sets that can still reach what is wanted. What is too much work is left to the greedy set, with the
//! sizes that were ruled out as the bound. Work is counted and not timed, so that the same input gives
//! the same answer everywhere.

use super::{
    blocks::Edge,
    greedy::{given_back, greedy},
};

/// A multiple of every number of owners that a block can have (1 to 16), so that shares of a block are
/// whole numbers.
const WHOLE: u64 = 720_720;

/// The work that may still be done.
#[derive(Debug)]
pub(super) struct Budget {
    all: u64,
    left: u64,
}

impl Budget {
    pub(super) fn new(work: u64) -> Self {
        Self { all: work, left: work }
    }

    pub(super) fn spent(&self) -> u64 {
        self.all - self.left
    }

    fn spend(&mut self, work: usize) -> Result<(), Exhausted> {
        let work = u64::try_from(work).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(work).ok_or(Exhausted)?;
        Ok(())
    }
}

/// No work is left.
struct Exhausted;

/// The smallest sets that were found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DrainSets {
    /// Sorted nodes, with the blocks they give back; at least one set, all of one size.
    pub(super) sets: Vec<(Vec<usize>, u32)>,
    /// Whether no smaller set does it.
    pub(super) exact: bool,
    /// Nodes that any set has at least.
    pub(super) lower_bound: u32,
}

/// The smallest sets of nodes that give back so many blocks; `None` if all together do not.
pub(super) fn smallest(
    edges: &[Edge],
    wanted: u32,
    most_sets: usize,
    budget: &mut Budget,
) -> Option<DrainSets> {
    let known = greedy(edges, wanted)?;
    let size = known.0.len();
    let mut search = DrainSearch::new(edges, wanted, most_sets);
    let mut next = search.least(size);
    while next <= size {
        search.size = next;
        match search.deeper(0, budget) {
            Ok(()) if search.found.is_empty() => next += 1,
            Ok(()) => return Some(search.answer(next)),
            Err(Exhausted) => break,
        }
    }
    let found_some = !search.found.is_empty();
    if found_some {
        return Some(search.answer(next));
    }
    let next = next.min(size);
    Some(DrainSets {
        sets: vec![known],
        exact: next == size,
        lower_bound: u32::try_from(next).unwrap_or(u32::MAX),
    })
}

/// A search under way.
struct DrainSearch<'a> {
    edges: &'a [Edge],
    wanted: u32,
    most_sets: usize,
    /// How many nodes a set has now.
    size: usize,
    nodes: usize,
    chosen: Vec<usize>,
    found: Vec<(Vec<usize>, u32)>,
}

impl<'a> DrainSearch<'a> {
    fn new(edges: &'a [Edge], wanted: u32, most_sets: usize) -> Self {
        let nodes = edges.iter().flat_map(|edge| &edge.owners).max().map_or(0, |last| last + 1);
        let (chosen, found) = (Vec::new(), Vec::new());
        Self { edges, wanted, most_sets, size: 0, nodes, chosen, found }
    }

    fn answer(self, size: usize) -> DrainSets {
        DrainSets {
            sets: self.found,
            exact: true,
            lower_bound: u32::try_from(size).unwrap_or(u32::MAX),
        }
    }

    /// The smallest size that the bound does not rule out, `most` at most. A larger size never reaches
    /// less.
    fn least(&mut self, most: usize) -> usize {
        let (mut low, mut high) = (1, most.max(1));
        while low < high {
            let middle = low.midpoint(high);
            self.size = middle;
            if self.reach(0).0 >= self.wanted {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }

    /// All sets of the size that begin with the chosen nodes and go on with nodes from `from` on.
    fn deeper(&mut self, from: usize, budget: &mut Budget) -> Result<(), Exhausted> {
        let (reach, looks) = self.reach(from);
        budget.spend(looks + 1)?;
        if reach < self.wanted || self.found.len() >= self.most_sets {
            return Ok(());
        }
        if self.chosen.len() == self.size {
            self.found.push((self.chosen.clone(), given_back(self.edges, &self.chosen)));
            return Ok(());
        }
        for node in from..self.nodes {
            self.chosen.push(node);
            let done = self.deeper(node + 1, budget);
            self.chosen.pop();
            done?;
        }
        Ok(())
    }

    /// The most blocks that the chosen nodes and any further ones from `from` on give back, as a bound;
    /// and how many owners were looked at.
    ///
    /// An open block that still needs m nodes counts as 1/m for each of them. The nodes that complete it
    /// are all in the set, so that together they count it once: no set of r nodes gives back more than
    /// the r largest counts.
    fn reach(&self, from: usize) -> (u32, usize) {
        let left = self.size.saturating_sub(self.chosen.len());
        let mut shares = vec![0_u64; self.nodes];
        let (mut whole, mut looks) = (0_u32, self.nodes);
        for edge in self.edges {
            looks += edge.owners.len();
            let is_open = |owner: &&usize| self.chosen.binary_search(owner).is_err();
            let open = || edge.owners.iter().filter(is_open);
            let count = open().count();
            if count == 0 {
                whole = whole.saturating_add(edge.blocks);
            } else if count <= left && open().all(|owner| *owner >= from) {
                let share = u64::try_from(count).map_or(0, |count| WHOLE / count);
                for owner in open() {
                    if let Some(sum) = shares.get_mut(*owner) {
                        *sum += share * u64::from(edge.blocks);
                    }
                }
            }
        }
        shares.sort_unstable_by(|a, b| b.cmp(a));
        let further: u64 = shares.iter().take(left).sum::<u64>() / WHOLE;
        (whole.saturating_add(u32::try_from(further).unwrap_or(u32::MAX)), looks)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn edges() -> impl Strategy<Value = Vec<Edge>> {
        let edge = (proptest::collection::btree_set(0..8_usize, 1..5), 1..4_u32);
        proptest::collection::vec(edge, 0..14).prop_map(|list| {
            let mut edges: Vec<Edge> = list
                .into_iter()
                .map(|(owners, blocks)| Edge { owners: owners.into_iter().collect(), blocks })
                .collect();
            edges.sort_by(|a, b| a.owners.cmp(&b.owners));
            edges.dedup_by(|a, b| a.owners == b.owners);
            edges
        })
    }

    /// Every set of the eight nodes, tried.
    fn brute_force(edges: &[Edge], wanted: u32) -> Option<(usize, BTreeSet<Vec<usize>>)> {
        let mut best: Option<(usize, BTreeSet<Vec<usize>>)> = None;
        for bits in 0..256_u32 {
            let set: Vec<usize> = (0..8).filter(|node| bits >> node & 1 == 1).collect();
            if given_back(edges, &set) < wanted {
                continue;
            }
            match &mut best {
                Some((size, sets)) if *size == set.len() => {
                    sets.insert(set);
                }
                Some((size, _)) if *size < set.len() => {}
                _ => best = Some((set.len(), BTreeSet::from([set]))),
            }
        }
        best
    }

    proptest! {
        #[test]
        fn the_smallest_sets_are_those_of_brute_force(edges in edges(), wanted in 1..12_u32) {
            let answer = smallest(&edges, wanted, usize::MAX, &mut Budget::new(u64::MAX));
            let expected = brute_force(&edges, wanted);
            prop_assert_eq!(answer.is_some(), expected.is_some());
            if let (Some(answer), Some((size, sets))) = (answer, expected) {
                prop_assert!(answer.exact);
                prop_assert_eq!(usize::try_from(answer.lower_bound).unwrap(), size);
                let found: BTreeSet<Vec<usize>> =
                    answer.sets.iter().map(|(set, _)| set.clone()).collect();
                prop_assert_eq!(found, sets);
                for (set, blocks) in &answer.sets {
                    prop_assert_eq!(given_back(&edges, set), *blocks);
                }
            }
        }

        #[test]
        fn short_of_work_the_bound_still_holds(
            edges in edges(),
            wanted in 1..12_u32,
            work in 0..2_000_u64,
        ) {
            let mut budget = Budget::new(work);
            let answer = smallest(&edges, wanted, 3, &mut budget);
            prop_assert!(budget.spent() <= work);
            if let (Some(answer), Some((size, _))) = (answer, brute_force(&edges, wanted)) {
                let bound = usize::try_from(answer.lower_bound).unwrap();
                prop_assert!(bound <= size && !answer.sets.is_empty());
                for (set, blocks) in &answer.sets {
                    prop_assert!(set.len() >= size && *blocks >= wanted);
                    prop_assert_eq!(answer.exact, set.len() == bound);
                }
            }
        }
    }
}
