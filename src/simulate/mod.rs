//! Layouts played out: many nodes over shared subnets, through scale-up, roll-outs, zone loss and
//! upgrades, before anything is built.
//!
//! A [`Scenario`] is what was written, a [`Layout`] is what it means, [`run`] plays it and answers
//! with a [`Timeline`].

mod adopt;
mod check;
mod churn;
mod discovery;
mod engine;
mod layout;
mod machine;
mod meter;
mod observed;
mod parse;
mod played;
mod pods;
mod remedy;
mod result;
mod rollout;
mod scenario;
mod schema;
mod seat;
mod settings;
mod shown;
mod spread;
mod start;
mod steps;
mod summary;
mod values;
mod version;
mod world;

pub use check::{CheckError, check, check_from};
pub use engine::{MOST_SECONDS_PER_STEP, run};
pub use layout::{Layout, MOST_NODES, MOST_SUBNETS};
pub use observed::{ObserveError, Observed, observe};
pub use parse::parse;
pub use played::{
    Figure, Played, PlayedGroup, PlayedStep, PlayedSubnet, PlayedSubnetStep, PlayedTotal, Runs,
};
pub use remedy::{Play, Remedies, Remedy, Sought, Trial, remedies, trial};
pub use result::{
    FirstFailure, GroupState, Reason, Shortage, StepResult, SubnetState, SubnetSummary, Timeline,
    Verdict,
};
pub use scenario::{
    Cni, CniPatch, ControlPlane, NodeGroup, Other, Reservation, ReservationType, RolloutLike,
    Scenario, Step, Subnet, Vpc, WeightedType,
};
pub use schema::scenario_schema;
pub use values::{Fragments, HeldRange, MaxPods, PodsPerNode, Share, Target, Used};
