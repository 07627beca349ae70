//! The audit: a pure function of what was observed and of the bars it is held against.

mod accounting;
mod baseline;
pub mod checks;
pub mod diff;
mod drain;
pub mod forecast;
mod node_subnets;
mod nodes;
mod policy;
mod report;
mod run;
mod several;
mod sorting;
mod usage;

pub use baseline::{
    BASELINE_SCHEMA, Baseline, Beside, Comparison, Standing, baseline_schema, read_baseline,
    write_baseline,
};
pub use drain::{Drain, DrainNode, DrainSet, drains};
pub use nodes::NodeReport;
pub use policy::{
    Bars, Changes, FailOn, FailOnError, Field, Ignore, Override, Percent, PercentError, Policy,
    Settings, Target, Tunable, parse_policy, policy_schema,
};
pub use report::{AuditReport, OwnerCount, Room, Status, SubnetReport, Summary};
pub use run::{AuditError, audit};
pub use several::Together;
pub use sorting::Ignored;
pub use usage::{LeftOut, NodeUsage, WhatIf, WhatIfSubnet, what_if};
