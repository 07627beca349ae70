//! Findings that are known, so that a pipeline fails for what is new.

mod baseline;
mod file;
mod judged;

pub use baseline::{Baseline, Comparison, Standing};
pub use file::{BASELINE_SCHEMA, baseline_schema, read_baseline, write_baseline};
pub use judged::{Beside, Grounds};
