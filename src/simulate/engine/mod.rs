//! A layout simulated: time, nodes and the subnets as real address spaces.

mod adopt;
mod calls;
mod churn;
mod join;
mod karpenter;
mod launch;
mod machine;
mod meter;
mod next_node;
mod nodepool;
mod places;
mod pods;
mod pooled;
mod result;
mod rollout;
mod run;
mod seat;
mod spare;
mod spread;
mod start;
mod steps;
mod summary;
mod tight;
mod waits;
mod world;

pub use result::{
    GroupState, LayoutFailure, Reason, Shortage, StepResult, SubnetShort, SubnetState,
    SubnetSummary, TightKind, TightReason, Timeline, Verdict, Waits,
};
pub(super) use run::Engine;
pub use run::{MOST_SECONDS_PER_STEP, run};
