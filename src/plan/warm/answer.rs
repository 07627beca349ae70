//! The answer of `eksnet plan --warm-targets`: which targets to set for the pods that there are.

use schemars::JsonSchema;
use serde::Serialize;

use super::figures::{WarmBounds, WarmChoice};

/// Which targets to set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WarmPlan {
    /// What to do.
    pub verdict: WarmVerdict,
    /// Nodes that the answer is about.
    pub nodes: u64,
    /// Pods on them with an address of the nodes' pools.
    pub pods: u64,
    /// The targets in force, and what fresh nodes hold with them; `null` where they are not known.
    pub in_force: Option<WarmChoice>,
    /// What the targets in force do wrong: pods that never get an address, or a pool that never settles.
    pub harm: Option<String>,
    /// The targets to set, or those in force where they are to stay; `null` where there are none.
    pub best: Option<WarmChoice>,
    /// Addresses that the best targets save, with the usual pods and with the most; below 0 they hold more.
    pub saves: Option<WarmSaving>,
    /// The commands that set the best targets; empty where those in force stay.
    pub commands: Vec<String>,
    /// The commands that set the targets in force again.
    pub back: Vec<String>,
    /// The same for the EKS add-on: the part of its configuration values; `null` where nothing changes.
    pub addon_configuration: Option<String>,
    /// What was allowed: where nothing is given, what the targets in force do.
    pub bounds: WarmBounds,
    /// Targets to choose from, where another wait or other calls are acceptable. By addresses.
    pub finalists: Vec<WarmChoice>,
    /// Node group by node group.
    pub groups: Vec<WarmPlanGroup>,
    /// Nodes that the answer is not about, and why.
    pub left_out: Vec<WarmLeftOut>,
    /// Addresses that the nodes hold now; `null` where no node runs. They hold more than fresh ones where
    /// pods have gone.
    pub held_now: Option<u64>,
    /// What was assumed.
    pub assumed: Vec<String>,
}

/// What to do about warm targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WarmVerdict {
    /// Set the best targets.
    Change,
    /// The targets in force stay.
    Keep,
    /// No targets are within the bounds.
    OutOfBounds,
    /// What the answer needs is not available.
    CannotTell,
}

/// Addresses that are saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WarmSaving {
    /// With the usual pods.
    pub addresses_usual: i64,
    /// With the most pods.
    pub addresses_most: i64,
}

/// A node group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WarmPlanGroup {
    /// Its name.
    pub name: String,
    /// Its nodes.
    pub nodes: u64,
    /// Pods on them.
    pub pods: u64,
    /// The most pods on one of its nodes.
    pub most_pods: u32,
    /// What its fresh nodes hold with the targets in force.
    pub in_force: WarmChoice,
    /// What they hold with the best targets for all groups; `null` where there are none.
    pub best: Option<WarmChoice>,
    /// The best targets for this group alone, where they are others. aws-node is one DaemonSet, so that they
    /// hold only where the group has one of its own.
    pub own_best: Option<WarmChoice>,
    /// Addresses that its own best targets save beyond the best for all groups, with the usual pods.
    pub own_saves: Option<i64>,
}

/// Nodes that the answer is not about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct WarmLeftOut {
    /// Why.
    pub reason: String,
    /// The number of nodes.
    pub nodes: u64,
}
