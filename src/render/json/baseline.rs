//! How an audit's findings stand to a baseline.

use schemars::JsonSchema;
use serde::Serialize;

use crate::audit::Comparison;

/// Findings and the baseline's rows, counted.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BaselineJson {
    /// Findings that the baseline lacks.
    new: u32,
    /// Findings that the baseline has at a lower severity.
    worse: u32,
    /// Findings that the baseline has.
    known: u32,
    /// Rows of the baseline that are found no longer; `null` when something is not available.
    fixed: Option<u32>,
    /// Rows of the baseline that this audit says nothing of.
    not_judged: u32,
}

impl BaselineJson {
    pub(super) fn new(comparison: &Comparison) -> Self {
        Self {
            new: comparison.new,
            worse: comparison.worse,
            known: comparison.known,
            fixed: comparison.fixed,
            not_judged: comparison.not_judged,
        }
    }
}
