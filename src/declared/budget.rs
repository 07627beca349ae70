//! How many nodes of a NodePool Karpenter disrupts at once (`spec.disruption.budgets`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::place::{DeclaredError, Place};

/// A number of nodes, or a share of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BudgetNodes {
    /// So many.
    Count(u32),
    /// So many of a hundred, rounded up.
    Percent(u32),
}

impl BudgetNodes {
    /// Reads `10%` or `5`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match text.strip_suffix('%') {
            Some(share) if is_digits(share) => {
                share.parse().ok().filter(|share| *share <= 100).map(Self::Percent)
            }
            None if is_digits(text) => text.parse().ok().map(Self::Count),
            Some(_) | None => None,
        }
    }

    /// Nodes that may be disrupted at once of so many (karpenter `pkg/apis/v1/nodepool.go`: a share is
    /// rounded up).
    #[must_use]
    pub fn of(self, nodes: u32) -> u32 {
        match self {
            Self::Count(count) => count,
            Self::Percent(share) => {
                let all = u64::from(nodes) * u64::from(share);
                u32::try_from(all.div_ceil(100)).unwrap_or(u32::MAX)
            }
        }
    }
}

/// One budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Budget {
    /// How many nodes.
    pub nodes: BudgetNodes,
    /// When it begins to hold, as cron says; always where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// For how long, from each beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// Reasons that it holds for (`Drifted`, `Empty`, `Underutilized`); all where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

impl Budget {
    /// What holds where a NodePool says nothing.
    pub const DEFAULT: BudgetNodes = BudgetNodes::Percent(10);

    /// Whether it holds at every time, and not by a schedule.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.schedule.is_none()
    }

    /// Whether it holds for nodes that no longer are as declared, which a roll-out is to Karpenter.
    #[must_use]
    pub fn is_for_drift(&self) -> bool {
        self.reasons.is_empty() || self.reasons.iter().any(|reason| reason == "Drifted")
    }

    pub(super) fn read_all(spec: &Place<'_>) -> Result<Vec<Self>, DeclaredError> {
        let Some(disruption) = spec.key("disruption")? else { return Ok(Vec::new()) };
        disruption.no_slips(&["budgets"])?;
        disruption.list("budgets")?.iter().map(Self::read).collect()
    }

    fn read(place: &Place<'_>) -> Result<Self, DeclaredError> {
        place.no_slips(&["nodes", "schedule", "duration", "reasons"])?;
        let Some(nodes) = place.key("nodes")? else {
            return Err(place.error("a budget needs `nodes`"));
        };
        let text = nodes.scalar()?;
        let message = || nodes.error(&format!("`{text}` is not a count or a share up to 100%"));
        Ok(Self {
            nodes: BudgetNodes::parse(&text).ok_or_else(message)?,
            schedule: place.text("schedule")?,
            duration: place.text("duration")?,
            reasons: place.list("reasons")?.iter().map(Place::scalar).collect::<Result<_, _>>()?,
        })
    }
}
