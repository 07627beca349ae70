//! Layouts simulated: many nodes over shared subnets, through scale-up, roll-outs, zone loss and
//! upgrades, before anything is built.
//!
//! A [`Scenario`] is what was written and [`Observed`] what was there, a [`Layout`] is what they mean,
//! [`run`] simulates it and ends with a [`Timeline`], [`remedies`] looks for what makes it fit, and
//! [`Simulated`] is the answer. The rooms below stand in that order, and each uses only those before it.

mod answer;
mod engine;
mod layout;
mod observed;
mod observed_settings;
mod remedy;
mod scenario;
mod settings;
mod standing;

pub use answer::{
    Figure, PlayedGroup, PlayedStep, PlayedSubnet, PlayedSubnetStep, PlayedTotal, PlayedWaits,
    Runs, Simulated, worst_tight,
};
pub use engine::{
    GroupState, LayoutFailure, MOST_SECONDS_PER_STEP, Reason, Shortage, StepResult, SubnetShort,
    SubnetState, SubnetSummary, TightKind, TightReason, Timeline, Verdict, Waits, run,
};
pub use layout::{CheckError, Factor, Layout, MARGIN, MOST_NODES, MOST_SUBNETS, check, check_from};
pub use observed::{ObserveError, Observed, observe};
pub use remedy::{FurtherSubnet, Play, Purpose, Remedies, Remedy, Sought, Trial, remedies, trial};
pub use scenario::{
    Amount, Cni, CniPatch, ControlPlane, ExtraInterfaces, Fragments, HeldRange, MaxPods, NodeGroup,
    Other, PodsPerNode, PoolLimits, PrefixSize, Reservation, ReservationType, RolloutLike, Scaler,
    Scenario, Share, Start, Step, Subnet, Target, Topology, Used, Vpc, WeightedType, WindowsCni,
    parse, scenario_schema, strict_schema,
};
pub use standing::{Standing, StandingGroup, StandingNode, StandingSubnet};
