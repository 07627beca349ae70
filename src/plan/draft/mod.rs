//! A layout under way: its subnets have sizes, and not yet their places.

mod build;
mod groups;
mod names;
mod reserve;
mod scenario;
mod shape;

pub(super) use build::{Choice, build, has_prefix_reservation, provisional_block};
pub(super) use groups::DraftGroup;
pub(super) use reserve::reserved;
pub(super) use scenario::{node_subnets, scenario};
pub(super) use shape::{Draft, DraftSubnet, INTERFACES, PodSpace};
