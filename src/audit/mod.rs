//! The audit: what was observed is counted, and what was counted is judged. Both are pure functions.

mod address_map;
pub mod answer;
pub mod checks;
mod count;
pub mod diff;
mod drain;
pub mod forecast;
mod judge;
mod known;
mod policy;
mod pools;
mod standards;

pub use address_map::{AddressMap, PlacedSubnet, VpcBlock, VpcMap};
pub use count::{
    CountError, Counted, NodeCount, OwnerCount, PlaceCount, Room, SubnetCount, SubnetUse, countable,
};
pub use drain::{Drain, DrainNode, DrainSet, drains};
pub use judge::{AuditReport, Ignored, Questions, Scope, Summary, judge};
pub use known::{
    BASELINE_SCHEMA, Baseline, Beside, Comparison, Grounds, Standing, baseline_schema,
    read_baseline, write_baseline,
};
pub use policy::{FailOnError, parse_policy, policy_schema};
pub use pools::{Asked, GivenAddress, LeftOut, NodeReport, NodeUsage, WhatIf, WhatIfSubnet};
pub use standards::{
    Changes, FailOn, Field, Ignore, Override, Percent, PercentError, Policy, Settings, Status,
    Target, Thresholds, Tunable, whole_percent,
};
