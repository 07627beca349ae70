//! What was observed, counted: who holds what of each subnet, and which nodes. Nothing here knows of
//! thresholds, policies or days.

mod countable;
mod counted;
mod in_use;
mod ledger;
mod node_subnets;
mod nodes;
mod subnet;

pub use countable::countable;
pub use counted::{CountError, Counted, PlaceCount};
pub use in_use::SubnetUse;
pub(in crate::audit) use node_subnets::SubnetNodes;
pub use nodes::NodeCount;
pub use subnet::{OwnerCount, Room, SubnetCount};
