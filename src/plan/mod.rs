//! From what must run to layouts that hold: a [`Requirement`] in, a [`Plan`] out. Every layout is judged by
//! [`crate::simulate`], nothing by a rule of thumb.

mod answer;
mod observed;
mod requirement;
mod warm;

pub use answer::{
    AddedBlock, Candidate, Change, Existing, Figures, Impossible, LimitedBy, Needed, Plan,
    PlannedControlPlane, PlannedGroup, PlannedOther, PlannedReservation, PlannedSubnet,
    PlannedTight, Rejected, SearchSummary, SmallestChange, WorkKind, WorkStep,
};
pub use observed::{ObservedRequirement, observed_requirement};
pub use requirement::{
    Allowed, Choose, CpuAmount, Duration, ExistingSubnet, GroupOs, Growth, Limits, MemoryAmount,
    PodCount, PodRequest, Range, RequiredCluster, RequiredGroup, RequiredOther, RequiredRollout,
    RequiredVpc, Requirement, Role, Survive, ZoneLoss, parse_requirement, requirement_schema,
};
pub use warm::{
    LEAST_WARM_IP, WarmBounds, WarmChoice, WarmFigures, WarmGroup, WarmLeftOut, WarmNodeGroup,
    WarmPlan, WarmPlanGroup, WarmSaving, WarmSearch, WarmSources, WarmTargets, WarmVerdict,
    warm_figures, warm_grid, warm_plan, warm_targets,
};
