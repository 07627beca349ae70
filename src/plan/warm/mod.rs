//! Warm targets for the pods that there are: a search over the grid of WARM_ENI_TARGET, WARM_IP_TARGET,
//! MINIMUM_IP_TARGET and WARM_PREFIX_TARGET. [`crate::ipam`]'s closed forms say what each holds, and its
//! stepped model what the pods of those wait, and what they cost in EC2 calls, that hold the fewest.
//!
//! The targets are the daemonset's, so that one set of them holds for all nodes.

mod advise;
mod answer;
mod figures;
mod grid;
mod node;
mod search;
mod sources;
mod targets;

pub use advise::warm_plan;
pub use answer::{WarmLeftOut, WarmPlan, WarmPlanGroup, WarmSaving, WarmVerdict};
pub use figures::{WarmBounds, WarmChoice, WarmFigures, WarmGroup, warm_figures};
pub use grid::{LEAST_WARM_IP, warm_grid};
pub use search::{WarmSearch, warm_targets};
pub use sources::{WarmNodeGroup, WarmSources};
pub use targets::WarmTargets;
