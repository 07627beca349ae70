//! One answer of all runs.

mod played;

pub use played::{
    Figure, Played, PlayedGroup, PlayedStep, PlayedSubnet, PlayedSubnetStep, PlayedTotal,
    PlayedWaits, Runs,
};
