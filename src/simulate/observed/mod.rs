//! What was observed as the start of a simulation: the subnets with every address that is held, the
//! nodes that the CNI serves, and what a snapshot does not tell.

mod cni;
mod eni_configs;
mod groups;
mod nodes;
mod observe;
mod parts;
mod subnets;

pub use observe::observe;
pub(super) use parts::{EniConfigSubnet, ObservedEni, ObservedNode};
pub use parts::{ObserveError, Observed};
