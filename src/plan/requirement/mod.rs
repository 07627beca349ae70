//! What is asked of a plan: the requirement file and the checking of it.

mod merge;
mod parse;
mod schema;
mod text;
mod values;

pub use parse::parse_requirement;
pub use schema::requirement_schema;
pub use text::{
    Choose, ExistingSubnet, GroupOs, Growth, Limits, PodCount, PodRequest, RequiredCluster,
    RequiredGroup, RequiredOther, RequiredRollout, RequiredVpc, Requirement, Role, Survive,
};
pub use values::{Allowed, CpuAmount, Duration, MemoryAmount, Range, ZoneLoss};
