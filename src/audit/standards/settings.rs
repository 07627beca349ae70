//! What a run is held against.

use jiff::civil::Date;

use super::{rules::Policy, thresholds::Thresholds};
use crate::instance::Catalogue;

/// What an audit is held against.
#[derive(Debug, Clone)]
pub struct Settings<'a> {
    /// The thresholds.
    pub bars: Thresholds,
    /// Whether subnets larger than /16 are accepted.
    pub allow_large: bool,
    /// The limits of instance types.
    pub catalogue: &'a Catalogue,
    /// What a policy file says of checks and findings.
    pub policy: &'a Policy,
    /// The day of the audit, which rows of the policy expire by.
    pub today: Date,
}

impl<'a> Settings<'a> {
    /// The usual thresholds, and a policy by its word, to which the day is all the same if it has no
    /// rows.
    #[must_use]
    pub fn usual(catalogue: &'a Catalogue, policy: &'a Policy) -> Self {
        let bars = policy.changes.bars.clone();
        Self { bars, allow_large: false, catalogue, policy, today: Date::ZERO }
    }
}
