//! What stands in a VPC is a requirement: that what runs today goes on to run.

mod assumed;
mod groups;
mod requirement;

pub use requirement::{ObservedRequirement, observed_requirement};
