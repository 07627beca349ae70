//! From what must run to layouts that hold: a [`Requirement`] in, a [`Plan`] out. Every layout is judged by
//! [`crate::simulate`], nothing by a rule of thumb.

mod answer;
mod asked;
mod candidate;
mod draft;
mod error;
mod figures;
mod impossible;
mod judge;
mod levers;
mod limits;
mod make;
mod max_pods;
mod observed;
mod place;
mod rank;
mod requirement;
mod search;
mod size;
mod summary;
mod targets;
pub mod variables;
mod warm;
mod work;

pub use answer::{
    AddedBlock, Candidate, Change, Existing, Figures, Impossible, LimitedBy, Needed, Plan,
    PlannedControlPlane, PlannedGroup, PlannedOther, PlannedReservation, PlannedSubnet,
    PlannedTight, Rejected, SearchSummary, SmallestChange, WorkKind, WorkStep,
};
pub use error::PlanError;
pub use make::plan;
pub use observed::{ObservedGrowth, ObservedRequirement, observed_growth, observed_requirement};
pub use requirement::{
    Allowed, Choose, CpuAmount, Duration, ExistingSubnet, GroupOs, Growth, Limits, MemoryAmount,
    PodCount, PodRequest, Range, RequiredCluster, RequiredGroup, RequiredOther, RequiredRollout,
    RequiredVpc, Requirement, Role, Survive, ZoneLoss, parse_requirement, requirement_schema,
};
pub use targets::{warm_bounds, warm_sources};
pub use warm::{
    LEAST_WARM_IP, WarmBounds, WarmChoice, WarmFigures, WarmGroup, WarmLeftOut, WarmNodeGroup,
    WarmPlan, WarmPlanGroup, WarmSaving, WarmSearch, WarmSources, WarmTargets, WarmVerdict,
    warm_figures, warm_grid, warm_plan, warm_targets,
};
