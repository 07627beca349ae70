//! A scenario with its names resolved and its numbers bounded: what can be simulated.

mod actions;
mod check;
mod cni;
mod eni_configs;
mod families;
mod groups;
mod launched;
mod live;
mod names;
mod nodepool;
mod notes;
mod pace;
mod resolved;
mod saved_pool;
mod shares;
mod subnets;
mod unused;
mod vpc;

pub use check::{check, check_from};
pub use names::CheckError;
pub(super) use nodepool::NodeSize;
pub(super) use pace::RolloutPace;
pub(super) use resolved::MOST_MARGIN;
pub(super) use resolved::{Action, Group, LiveNode, PlacedSubnet, PodSide};
pub use resolved::{Factor, Layout, MARGIN, MOST_NODES, MOST_SUBNETS};
