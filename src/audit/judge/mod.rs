//! What is said of what was counted: findings, forecasts and answers, as one report.

mod places;
mod report;
mod run;
mod scope;
mod sorting;

pub use report::{AuditReport, Summary};
pub use run::{Questions, judge};
pub use scope::Scope;
pub use sorting::Ignored;
