//! A layout played: time, nodes and the subnets as real address spaces.

mod adopt;
mod churn;
mod join;
mod karpenter;
mod machine;
mod meter;
mod places;
mod pods;
mod result;
mod rollout;
mod run;
mod seat;
mod spread;
mod start;
mod steps;
mod summary;
mod world;

pub use result::{
    FirstFailure, GroupState, Reason, Shortage, StepResult, SubnetState, SubnetSummary, Timeline,
    Verdict,
};
pub(super) use run::Engine;
pub use run::{MOST_SECONDS_PER_STEP, run};
