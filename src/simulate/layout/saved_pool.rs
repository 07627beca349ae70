//! What a group that was observed takes over of its saved NodePool, where the scenario states nothing.

use super::{
    pace::{Budget, BudgetSource},
    resolved::Group,
};
use crate::{
    instance::InstanceLimits,
    simulate::{
        Scaler,
        observed::{NodeSubnets, ObservedGroup},
    },
};

/// The limits and the disruption budgets, and where its EC2NodeClass has new nodes.
pub(super) fn take_over(group: &mut Group<'_>, seen: &ObservedGroup) {
    match group.scaler {
        Scaler::Karpenter => {}
        Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::None => return,
    }
    if group.subnets.iter().eq(&seen.subnets) {
        group.of_pool.subnets = match &seen.node_subnets {
            NodeSubnets::Seen => None,
            NodeSubnets::Unsaved => Some(
                "its EC2NodeClass was not saved, or selects none of these subnets: new nodes start only in \
                 the subnets of its nodes"
                    .to_owned(),
            ),
            NodeSubnets::Class(class) => Some(format!(
                "new nodes start in the subnets that EC2NodeClass {class} selects"
            )),
        };
    }
    let Some(pool) = &seen.node_pool else { return };
    // A type of an unknown size counts for nothing: its NodePool's limits would not hold.
    let sized = |limits: &InstanceLimits| {
        (pool.limits.cpu_thousandths.is_none() || limits.vcpus.is_some())
            && (pool.limits.memory_bytes.is_none() || limits.memory_mib.is_some())
    };
    if group.limits.is_unlimited() && group.types.iter().all(|(limits, _)| sized(limits)) {
        group.limits = pool.limits;
        group.of_pool.limits = pool.limits_text();
    }
    if group.budget.source == BudgetSource::Karpenter {
        group.budget = Budget::of_pool(&pool.budgets);
        group.of_pool.budgets = Some(pool.budgets_text());
    }
}
