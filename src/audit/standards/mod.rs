//! What an audit is held against: the thresholds, and a policy's say in checks and findings.

mod fail_on;
mod ignore;
mod percent;
mod rules;
mod settings;
mod status;
mod thresholds;
mod tunable;

pub use fail_on::FailOn;
pub use ignore::{Ignore, Target};
pub use percent::{Percent, PercentError, whole_percent};
pub use rules::{Changes, Override, Policy};
pub use settings::Settings;
pub use status::Status;
pub use thresholds::Thresholds;
pub use tunable::{Field, Tunable};
