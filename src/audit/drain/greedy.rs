//! A set of nodes that does it, quickly and not always the smallest.

use super::blocks::Edge;

/// Nodes that give back so many blocks, sorted, with the blocks; `None` if all together do not.
///
/// The cheapest blocks first: those that want the fewest further nodes a block.
pub(super) fn greedy(edges: &[Edge], wanted: u32) -> Option<(Vec<usize>, u32)> {
    let nodes = edges.iter().flat_map(|edge| &edge.owners).max().map_or(0, |last| last + 1);
    let mut chosen = vec![false; nodes];
    let mut missing: Vec<usize> = edges.iter().map(|edge| edge.owners.len()).collect();
    let mut of_node: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for (at, edge) in edges.iter().enumerate() {
        for owner in &edge.owners {
            if let Some(list) = of_node.get_mut(*owner) {
                list.push(at);
            }
        }
    }
    let mut gained = 0;
    while gained < wanted {
        let open = edges.iter().zip(&missing).filter(|(_, missing)| **missing > 0);
        // Blocks a node, compared as products; then the first in the fixed order of edges.
        let (best, _) = open.reduce(|best, other| {
            let value = |(edge, _): &(&Edge, &usize), by: &(&Edge, &usize)| {
                u64::from(edge.blocks).saturating_mul(u64::try_from(*by.1).unwrap_or(u64::MAX))
            };
            if value(&other, &best) > value(&best, &other) { other } else { best }
        })?;
        for owner in &best.owners {
            let Some(is_chosen) = chosen.get_mut(*owner).filter(|is_chosen| !**is_chosen) else {
                continue;
            };
            *is_chosen = true;
            for at in of_node.get(*owner).into_iter().flatten() {
                if let (Some(missing), Some(edge)) = (missing.get_mut(*at), edges.get(*at)) {
                    *missing -= 1;
                    gained += if *missing == 0 { edge.blocks } else { 0 };
                }
            }
        }
    }
    let set: Vec<usize> =
        chosen.iter().enumerate().filter(|(_, is)| **is).map(|(node, _)| node).collect();
    Some(without_idle(edges, set, wanted))
}

/// The same set without the nodes that it can do without.
fn without_idle(edges: &[Edge], mut set: Vec<usize>, wanted: u32) -> (Vec<usize>, u32) {
    /// Above so many looks at an edge the set stays as it is.
    const MOST_LOOKS: usize = 2_000_000;
    if set.len().saturating_mul(edges.len()) <= MOST_LOOKS {
        for node in set.clone() {
            let rest: Vec<usize> = set.iter().copied().filter(|its| *its != node).collect();
            if given_back(edges, &rest) >= wanted {
                set = rest;
            }
        }
    }
    let blocks = given_back(edges, &set);
    (set, blocks)
}

/// Blocks that come back when a sorted set of nodes is drained.
pub(super) fn given_back(edges: &[Edge], set: &[usize]) -> u32 {
    let is_whole = |edge: &&Edge| edge.owners.iter().all(|owner| set.binary_search(owner).is_ok());
    edges.iter().filter(is_whole).map(|edge| edge.blocks).sum()
}
