//! Groups of nodes, and what targets hold and cost over all of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    node::{self, PlayedNode},
    targets::{WarmTargets, have_effect, most_served},
};
use crate::ipam::{PoolSettings, busiest_minute};

/// Nodes that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarmGroup {
    /// Each node's settings, with the targets in force.
    pub settings: PoolSettings,
    /// Nodes.
    pub nodes: u32,
    /// Pods with an address of the pool that a node usually runs.
    pub usual_pods: u32,
    /// The most that it runs: they come at once, on a node that has just started or beside the usual pods.
    pub most_pods: u32,
}

impl WarmGroup {
    /// The usual pods of a node and the most.
    fn pods(&self) -> (u32, u32) {
        (self.usual_pods, self.most_pods)
    }

    /// Addresses that a node with these settings holds, where a closed form says it.
    fn held(&self, settings: &PoolSettings) -> Option<(u32, u32)> {
        node::held(settings, self.usual_pods).zip(node::held(settings, self.most_pods))
    }
}

/// What is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct WarmBounds {
    /// The longest that a pod may wait for an address, in seconds.
    pub pod_wait_s: Option<u64>,
    /// The most EC2 calls in one minute while all nodes go from their usual pods to the most.
    pub ec2_calls_per_minute: Option<u64>,
}

/// What targets hold and cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WarmFigures {
    /// Addresses that all nodes hold with their usual pods, those of the ENIs themselves included.
    pub addresses_usual: u64,
    /// Addresses that all nodes hold with the most pods.
    pub addresses_most: u64,
    /// EC2 calls of every node's start with its usual pods.
    pub start_calls: u64,
    /// The most EC2 calls in one minute while all nodes go from their usual pods to the most.
    pub burst_calls_per_minute: u64,
    /// The longest that a pod waits for an address, in seconds; `null`: one never gets an address.
    pub wait_s: Option<u64>,
}

/// Targets and what comes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WarmChoice {
    /// The targets.
    pub targets: WarmTargets,
    /// What they hold and cost.
    pub figures: WarmFigures,
}

/// Groups on which targets have an effect, with as many pods as their nodes can serve.
pub(super) fn served(groups: &[WarmGroup]) -> Vec<WarmGroup> {
    let live = groups.iter().filter(|group| group.nodes > 0 && have_effect(&group.settings));
    let bounded = live.map(|group| {
        let most = most_served(&group.settings);
        let usual_pods = group.usual_pods.min(most);
        let most_pods = group.most_pods.min(most).max(usual_pods);
        WarmGroup { usual_pods, most_pods, ..group.clone() }
    });
    bounded.collect()
}

/// The targets in force, of the first group, and what each group's hold and cost.
pub(super) fn in_force(groups: &[WarmGroup]) -> WarmChoice {
    let none = PoolSettings::default();
    let targets = WarmTargets::of(groups.first().map_or(&none, |group| &group.settings));
    let mut sum = Sum::default();
    for group in groups {
        let played = node::play(&group.settings, group.pods());
        sum.held(group, group.held(&group.settings).unwrap_or(played.held));
        sum.add(group, &played);
    }
    WarmChoice { targets, figures: sum.figures() }
}

/// What the targets in force hold and cost.
#[must_use]
pub fn warm_figures(groups: &[WarmGroup]) -> WarmFigures {
    in_force(&served(groups)).figures
}

/// What other targets hold and cost; `None` where they never settle or a pod never gets an address.
pub(super) fn figures_with(groups: &[WarmGroup], targets: &WarmTargets) -> Option<WarmFigures> {
    simulated(&served(groups), targets, u64::MAX)
}

/// Addresses that all nodes hold with their usual pods and with the most; `None` for targets that never
/// settle.
pub(super) fn held(groups: &[WarmGroup], targets: &WarmTargets) -> Option<(u64, u64)> {
    let mut sum = Sum::default();
    for group in groups {
        sum.held(group, group.held(&targets.applied(&group.settings))?);
    }
    Some((sum.usual, sum.most))
}

/// The least that the last pod waits, in seconds.
pub(super) fn least_wait_s(groups: &[WarmGroup], targets: &WarmTargets) -> u64 {
    let least = groups
        .iter()
        .map(|group| node::least_wait_s(&targets.applied(&group.settings), group.pods()));
    least.max().unwrap_or(0)
}

/// What targets hold and cost; `None` where a pod waits longer than that.
pub(super) fn simulated(
    groups: &[WarmGroup],
    targets: &WarmTargets,
    most_s: u64,
) -> Option<WarmFigures> {
    let mut sum = Sum::default();
    for group in groups {
        let settings = targets.applied(&group.settings);
        let played = node::play(&settings, group.pods());
        if played.wait_s.is_none_or(|wait_s| wait_s > most_s) {
            return None;
        }
        sum.held(group, group.held(&settings)?);
        sum.add(group, &played);
    }
    Some(sum.figures())
}

/// All groups together.
struct Sum {
    usual: u64,
    most: u64,
    start_calls: u64,
    burst_calls: BTreeMap<u64, u64>,
    wait_s: Option<u64>,
}

impl Default for Sum {
    fn default() -> Self {
        Self { usual: 0, most: 0, start_calls: 0, burst_calls: BTreeMap::new(), wait_s: Some(0) }
    }
}

impl Sum {
    fn held(&mut self, group: &WarmGroup, (usual, most): (u32, u32)) {
        self.usual += u64::from(group.nodes) * u64::from(usual);
        self.most += u64::from(group.nodes) * u64::from(most);
    }

    fn add(&mut self, group: &WarmGroup, played: &PlayedNode) {
        let nodes = u64::from(group.nodes);
        self.start_calls += nodes * u64::from(played.start_calls);
        for (at_ms, calls) in &played.burst_calls {
            *self.burst_calls.entry(*at_ms).or_default() += nodes * u64::from(*calls);
        }
        self.wait_s = self.wait_s.zip(played.wait_s).map(|(all, one)| all.max(one));
    }

    fn figures(&self) -> WarmFigures {
        WarmFigures {
            addresses_usual: self.usual,
            addresses_most: self.most,
            start_calls: self.start_calls,
            burst_calls_per_minute: busiest_minute(&self.burst_calls, 0..u64::MAX),
            wait_s: self.wait_s,
        }
    }
}
