//! The audit: a pure function of what was observed and of the bars it is held against.

mod accounting;
pub mod checks;
mod drain;
mod finding;
mod nodes;
mod policy;
mod report;
mod run;
mod usage;
mod vpc;

pub use drain::{Drain, DrainNode, DrainSet, drains};
pub use finding::{Finding, Severity};
pub use nodes::NodeReport;
pub use policy::{Bars, Percent, PercentError, Settings};
pub use report::{AuditReport, OwnerCount, Status, SubnetReport, Summary};
pub use run::{AuditError, audit};
pub use usage::{CniChange, CniSettings, NodeUsage, WhatIf, WhatIfSubnet, what_if};
pub use vpc::vpc_findings;
