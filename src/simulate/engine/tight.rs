//! Where there is nothing to spare, of all steps the worst.

use std::collections::BTreeMap;

use super::result::{TightKind, TightReason};

/// What a reason is about.
type About = (TightKind, Option<String>, Option<String>);

/// The reasons so far.
#[derive(Debug, Default)]
pub(super) struct Tightness {
    reasons: BTreeMap<About, TightReason>,
}

impl TightReason {
    /// Whether its value is the worse of two.
    pub(in crate::simulate) fn is_worse(&self, other: &Self) -> bool {
        match self.kind {
            TightKind::WarmTargetUnmet | TightKind::Margin => self.value > other.value,
            TightKind::NextEniRefused | TightKind::LastPrefixes => self.value < other.value,
        }
    }
}

impl Tightness {
    /// Keeps a reason, of those about the same thing the worst.
    pub(super) fn add(&mut self, reason: TightReason) {
        let about = (reason.kind, reason.subnet.clone(), reason.group.clone());
        let kept = self.reasons.entry(about).or_insert_with(|| reason.clone());
        if reason.is_worse(kept) {
            *kept = reason;
        }
    }

    /// All of them, by kind.
    pub(super) fn into_reasons(self) -> Vec<TightReason> {
        self.reasons.into_values().collect()
    }
}
