//! What makes a layout fit that does not: found by trying, not by reckoning.

mod change;
mod find;
mod further;
mod reservation;
mod search;
mod settings;
mod trial;

pub use change::{FurtherSubnet, Purpose, Remedy};
pub use find::{Remedies, remedies};
pub use search::{Play, Sought};
pub use trial::{Trial, trial};
