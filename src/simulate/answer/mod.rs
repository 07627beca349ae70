//! One answer of all runs.

mod simulated;

pub use simulated::{
    Figure, PlayedGroup, PlayedStep, PlayedSubnet, PlayedSubnetStep, PlayedTotal, PlayedWaits,
    Runs, Simulated, worst_tight,
};
