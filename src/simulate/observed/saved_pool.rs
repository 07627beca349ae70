//! What the NodePool of a group's nodes states, where it was saved beside the other answers.

use crate::{
    declared::{BudgetNodes, Limits, NodePool},
    simulate::Share,
};

/// A NodePool's limits and disruption budgets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulate) struct SavedPool {
    pub(in crate::simulate) limits: Limits,
    /// Those that a roll-out goes by.
    pub(in crate::simulate) budgets: Vec<Share>,
    /// Whether it has others, which hold at some time or for other reasons alone.
    has_others: bool,
}

impl SavedPool {
    /// The NodePool of a name; `None` where none was saved, or several that differ, as those of two clusters
    /// can.
    pub(super) fn named(name: &str, pools: &[NodePool]) -> Option<Self> {
        let mut named = pools.iter().filter(|pool| pool.name == name).map(Self::of);
        let first = named.next()?;
        named.all(|other| other == first).then_some(first)
    }

    fn of(pool: &NodePool) -> Self {
        let holding = pool.rollout_budgets();
        let share = |budget: &BudgetNodes| match *budget {
            BudgetNodes::Count(count) => Share::Count(count),
            BudgetNodes::Percent(percent) => Share::Percent(percent),
        };
        // Karpenter disrupts all nodes at once while no budget holds (karpenter `pkg/apis/v1/nodepool.go`,
        // GetAllowedDisruptionsByReason), which takes the most addresses.
        let budgets = match holding.as_slice() {
            [] => vec![Share::Percent(100)],
            all => all.iter().map(share).collect(),
        };
        let has_others = pool.budgets.len() > holding.len();
        Self { limits: pool.limits, budgets, has_others }
    }

    /// Its limits in words; `None` where it has none.
    pub(in crate::simulate) fn limits_text(&self) -> Option<String> {
        let Limits { cpu_thousandths, memory_bytes, nodes } = self.limits;
        let cpu = |thousandths: u64| match thousandths % 1000 {
            0 => format!("cpu {}", thousandths / 1000),
            _ => format!("cpu {thousandths}m"),
        };
        let memory = |bytes: u64| {
            let unit = [("Gi", 1 << 30), ("Mi", 1 << 20)]
                .into_iter()
                .find(|(_, of)| bytes.is_multiple_of(*of));
            let (name, of) = unit.unwrap_or(("", 1));
            format!("memory {}{name}", bytes / of)
        };
        let nodes = nodes.map(|nodes| format!("nodes {nodes}"));
        let all = [cpu_thousandths.map(cpu), memory_bytes.map(memory), nodes];
        let all: Vec<String> = all.into_iter().flatten().collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    /// Its disruption budgets in words.
    pub(in crate::simulate) fn budgets_text(&self) -> String {
        let share = |share: &Share| match share {
            Share::Count(count) => count.to_string(),
            Share::Percent(percent) => format!("{percent}%"),
        };
        let all: Vec<String> = self.budgets.iter().map(share).collect();
        let others = if self.has_others {
            " (those with a schedule or for other reasons than drift do not count)"
        } else {
            ""
        };
        format!("{}{others}", all.join(", "))
    }
}
