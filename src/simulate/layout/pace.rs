//! How fast a group's nodes are replaced, and who says so.

use crate::simulate::Share;

/// How many nodes Karpenter disrupts at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulate) struct Budget {
    /// The least of those that are counts, and of those that are percentages.
    count: Option<u32>,
    percent: Option<u32>,
    pub(in crate::simulate) source: BudgetSource,
}

/// Who states a disruption budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulate) enum BudgetSource {
    /// Nobody: it is Karpenter's own.
    Karpenter,
    /// The scenario.
    Scenario,
    /// The NodePool that was saved.
    NodePool,
}

impl Budget {
    /// Those of a saved NodePool.
    pub(in crate::simulate) fn of_pool(all: &[Share]) -> Self {
        Self { source: BudgetSource::NodePool, ..Self::of_all(all) }
    }

    /// What several come to; Karpenter's 10 % where there is none (karpenter `pkg/apis/v1/nodepool.go`).
    pub(in crate::simulate) fn of_all(all: &[Share]) -> Self {
        let default = [Share::Percent(10)];
        let (source, all) = match all {
            [] => (BudgetSource::Karpenter, &default[..]),
            [..] => (BudgetSource::Scenario, all),
        };
        let mut least = Self { count: None, percent: None, source };
        for share in all {
            let (kept, new) = match share {
                Share::Count(count) => (&mut least.count, *count),
                Share::Percent(percent) => (&mut least.percent, *percent),
            };
            *kept = Some(kept.map_or(new, |known| known.min(new)));
        }
        least
    }

    /// Nodes of a group of `nodes`; a percentage is rounded up.
    fn of(self, nodes: u32) -> u32 {
        let count = self.count.map(Share::Count);
        let all = [count, self.percent.map(Share::Percent)].into_iter().flatten();
        all.map(|share| share.of(nodes)).min().unwrap_or(nodes)
    }
}

/// How fast nodes are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulate) enum RolloutPace {
    /// So many new nodes beyond the group's size, and so many that may be missing.
    Bounds { surge: Share, unavailable: Share },
    /// As many new nodes as Karpenter's disruption budget allows.
    Karpenter(Budget),
    /// As many new nodes as twice the group's zones, or as these if that is more.
    Managed { unavailable: Share },
}

impl RolloutPace {
    /// Who states the disruption budget that it goes by.
    pub(in crate::simulate) fn budget_source(self) -> Option<BudgetSource> {
        match self {
            Self::Karpenter(budget) => Some(budget.source),
            Self::Bounds { .. } | Self::Managed { .. } => None,
        }
    }

    /// Surge and unavailable nodes of a group of `nodes` in `zones` zones.
    pub(in crate::simulate) fn of(self, nodes: u32, zones: u32) -> (u32, u32) {
        match self {
            Self::Bounds { surge, unavailable } => (surge.of(nodes), unavailable.of(nodes)),
            Self::Karpenter(budget) => (budget.of(nodes), 0),
            Self::Managed { unavailable } => {
                (unavailable.of(nodes).max(zones.saturating_mul(2)).max(1), 0)
            }
        }
    }
}
