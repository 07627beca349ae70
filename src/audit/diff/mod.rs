//! Two counts compared: what grew, what came and went, and when the straight line between them reaches the
//! end.

mod compare;
mod rate;
mod rows;

pub use compare::{Diff, Side, diff};
pub use rate::{Elapsed, Exhaustion, Rate};
pub use rows::{Change, NodesDiff, OwnerDiff, Presence, SubnetDiff, ZoneDiff};
