//! What a group that was observed takes over of its saved NodePool, where the scenario states nothing.

use super::{
    pace::{Budget, BudgetSource},
    resolved::Group,
};
use crate::{
    instance::InstanceLimits,
    simulate::{Scaler, observed::ObservedGroup},
};

/// The limits and the disruption budgets.
pub(super) fn take_over(group: &mut Group<'_>, seen: &ObservedGroup) {
    let Some(pool) = &seen.node_pool else { return };
    match group.scaler {
        Scaler::Karpenter => {}
        Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::None => return,
    }
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
