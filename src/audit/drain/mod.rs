//! Which nodes to drain so that whole /28 blocks come back. A drained node is one that is gone: its
//! ENIs' own addresses, its pods' and its delegated prefixes are free then.

mod blocks;
mod drains;
mod greedy;
mod search;

pub use drains::{Drain, DrainNode, DrainSet, drains};
