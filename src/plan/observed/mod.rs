//! What stands in a VPC is a requirement: that what runs today goes on to run.

mod assumed;
mod groups;
mod growth;
mod requirement;

pub use growth::{ObservedGrowth, observed_growth};
pub use requirement::{ObservedRequirement, observed_requirement};
