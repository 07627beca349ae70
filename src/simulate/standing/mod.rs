//! What stands in an observed VPC, in the words of a scenario, for whoever plans from there: subnets with
//! what others hold of them, groups with their pods, and the CNI's settings in force.

mod cni;
mod form;
mod groups;
mod nodes;
mod read;
mod subnets;

pub use form::{Standing, StandingGroup, StandingSubnet};
pub use nodes::StandingNode;
