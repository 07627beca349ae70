//! What saved NodePools and NodeClasses state and a simulation does not take over from them.

use super::{
    pace::BudgetSource,
    resolved::{Group, Layout},
};
use crate::{
    declared::{Budget, NodePool},
    simulate::{
        Scaler,
        observed::{Observed, ObservedGroup},
    },
};

impl Layout<'_> {
    /// Limits, disruption budgets and pod subnets that stand in the answers and would change what happens to
    /// a group that states none of its own.
    #[must_use]
    pub fn unused_notes(&self, start: &Observed) -> Vec<String> {
        let mut notes: Vec<String> =
            start.node_pools.iter().filter_map(|pool| self.unused_of(pool, start)).collect();
        let lacks = |group: &Group<'_>| group.auto_mode.is_some() && group.pod_subnets.is_empty();
        if self.groups.iter().any(lacks) {
            notes.extend(start.pod_subnet_classes.iter().map(|name| {
                format!(
                    "NodeClass {name}: its podSubnetSelectorTerms are not used: set pod_subnets in \
                     node_groups"
                )
            }));
        }
        notes
    }

    fn unused_of(&self, pool: &NodePool, start: &Observed) -> Option<String> {
        let all = self.groups.iter().enumerate();
        let own = all.filter(|(at, group)| {
            let seen = start.groups.get(*at);
            group.scaler == Scaler::Karpenter && seen.is_none_or(|seen| may_be_of(seen, pool))
        });
        let own: Vec<(usize, &Group<'_>)> = own.collect();
        // A group of the NodePool's name is its nodes; of another name any may be.
        let is_named = own.iter().any(|(_, group)| *group.name == *pool.name);
        let mut limits = false;
        let mut budgets = false;
        for (at, group) in own {
            if is_named && *group.name != *pool.name {
                continue;
            }
            limits |= !pool.limits.is_unlimited() && group.limits.is_unlimited();
            let mut paces = self.steps.iter().filter_map(|(_, action)| action.pace_of(at));
            // Kubernetes writes Karpenter's default into every NodePool that has no budget.
            budgets |= pool.rollout_budgets() != [Budget::DEFAULT]
                && paces.any(|pace| pace.budget_source() == Some(BudgetSource::Karpenter));
        }
        let (what, keys) = match (limits, budgets) {
            (true, true) => ("limits and budgets", "limits and disruption_budgets"),
            (true, false) => ("limits", "limits"),
            (false, true) => ("budgets", "disruption_budgets"),
            (false, false) => return None,
        };
        Some(format!("NodePool {}: its {what} are not used: set {keys} in node_groups", pool.name))
    }
}

/// Whether nodes that were observed may be those of a NodePool: their tag says of which they are.
fn may_be_of(seen: &ObservedGroup, pool: &NodePool) -> bool {
    let name = seen.name.rsplit_once('/').map_or(seen.name.as_str(), |(_, name)| name);
    seen.scaler != Scaler::Karpenter || name == pool.name
}
