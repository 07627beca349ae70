//! What a group says of its Karpenter NodePool, checked.

use super::{
    names::{CheckError, value},
    pace::Budget,
    resolved::Group,
};
use crate::{
    declared::Limits,
    instance::InstanceLimits,
    simulate::{NodeGroup, Scaler, Share},
};

/// A group's disruption budget and limits, which only a NodePool has.
pub(super) fn of_group(
    place: &str,
    written: &NodeGroup,
    scaler: Scaler,
    types: &[(&InstanceLimits, u32)],
) -> Result<(Budget, Limits), CheckError> {
    let limits = written.limits.limits();
    let budget = budget(&format!("{place}.disruption_budgets"), &written.disruption_budgets)?;
    match scaler {
        // EKS Auto Mode has NodePools of the same kind.
        Scaler::Karpenter => {}
        Scaler::ManagedNodeGroup | Scaler::Asg | Scaler::None => {
            let keys = [
                ("disruption_budgets", !written.disruption_budgets.is_empty()),
                ("limits", !limits.is_unlimited()),
            ];
            if let Some((key, _)) = keys.iter().find(|(_, is_written)| *is_written) {
                let reason = "only a Karpenter NodePool has them: set scaler: karpenter";
                return Err(value(format!("{place}.{key}"), reason));
            }
        }
    }
    for (limits, _) in types {
        let name = &limits.instance_type;
        let unknown = |what| {
            Err(value(format!("{place}.limits"), format!("no source states {what} of {name}")))
        };
        if written.limits.cpu.is_some() && limits.vcpus.is_none() {
            return unknown("the vCPUs");
        }
        if written.limits.memory.is_some() && limits.memory_mib.is_none() {
            return unknown("the memory");
        }
    }
    Ok((budget, limits))
}

/// What several budgets come to.
pub(super) fn budget(place: &str, all: &[Share]) -> Result<Budget, CheckError> {
    match all.iter().find_map(|share| share.budget_fault()) {
        Some(reason) => Err(value(place, reason)),
        None => Ok(Budget::of_all(all)),
    }
}

/// What a node counts for in a NodePool's limits: one node, its vCPUs, and the memory that Karpenter expects
/// of it, which is 7.5 % below what EC2 states (karpenter-provider-aws `pkg/providers/instancetype/types.go`,
/// VM_MEMORY_OVERHEAD_PERCENT).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::simulate) struct NodeSize {
    pub(in crate::simulate) nodes: u64,
    pub(in crate::simulate) cpu_thousandths: u64,
    pub(in crate::simulate) memory_bytes: u64,
}

impl NodeSize {
    fn of(limits: &InstanceLimits) -> Self {
        let mib = limits.memory_mib.unwrap_or(0);
        let overhead = mib.saturating_mul(75).div_ceil(1000);
        Self {
            nodes: 1,
            cpu_thousandths: u64::from(limits.vcpus.unwrap_or(0)) * 1000,
            memory_bytes: mib.saturating_sub(overhead).saturating_mul(1 << 20),
        }
    }

    /// The same and so many more.
    pub(in crate::simulate) fn and(self, times: u64, other: Self) -> Self {
        let add = |own: u64, other: u64| own.saturating_add(other.saturating_mul(times));
        Self {
            nodes: add(self.nodes, other.nodes),
            cpu_thousandths: add(self.cpu_thousandths, other.cpu_thousandths),
            memory_bytes: add(self.memory_bytes, other.memory_bytes),
        }
    }
}

impl Group<'_> {
    /// What one of its nodes of a type counts for.
    pub(in crate::simulate) fn size_of(&self, kind: usize) -> NodeSize {
        self.types.get(kind).map_or(NodeSize::default(), |(limits, _)| NodeSize::of(limits))
    }

    /// Whether so much is beyond its NodePool's limits.
    pub(in crate::simulate) fn passes_limits(&self, all: NodeSize) -> bool {
        let passes = |limit: Option<u64>, amount: u64| limit.is_some_and(|limit| amount > limit);
        passes(self.limits.nodes, all.nodes)
            || passes(self.limits.cpu_thousandths, all.cpu_thousandths)
            || passes(self.limits.memory_bytes, all.memory_bytes)
    }
}
