//! What was observed as the start of a simulation: the subnets with every address that is held, the
//! nodes that the CNI serves, and what a snapshot does not tell.

mod class_subnets;
mod cni;
mod eni_configs;
mod groups;
mod nodes;
mod observe;
mod saved_pool;
mod start;
mod stated;
mod subnets;

pub(super) use eni_configs::EniConfigSubnet;
pub use observe::observe;
pub(super) use start::{NodeSubnets, ObservedEni, ObservedGroup, ObservedNode, ObservedSubnet};
pub use start::{ObserveError, Observed};
