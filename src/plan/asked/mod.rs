//! A requirement as it is understood: checked, its defaults filled, its types found.

mod assumed;
mod check;
mod group;
mod node_pods;
mod space;
mod understood;

pub(super) use check::understand;
pub(super) use group::{AskedGroup, other_types};
pub(super) use node_pods::{Mode, NodePods, node_pods};
pub(super) use understood::Asked;
