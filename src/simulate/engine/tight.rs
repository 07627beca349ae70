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
            TightKind::WarmTargetUnmet | TightKind::PrefixFallback | TightKind::Margin => {
                self.value > other.value
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Of how many go without, or how much is used, the most is the worst; of what is left, the least.
    #[test]
    fn the_worst_step_is_kept() {
        for (kind, values, worst) in [
            (TightKind::WarmTargetUnmet, [2, 5, 3], (5, 1)),
            (TightKind::Margin, [95, 91, 95], (95, 0)),
            (TightKind::NextEniRefused, [7, 3, 4], (3, 1)),
            (TightKind::LastPrefixes, [1, 2, 1], (1, 0)),
        ] {
            let mut tightness = Tightness::default();
            for (step, value) in (0..).zip(values) {
                let text = value.to_string();
                tightness.add(TightReason { kind, subnet: None, group: None, value, step, text });
            }
            let kept = tightness.into_reasons();
            let kept: Vec<(u64, u32)> = kept.iter().map(|kept| (kept.value, kept.step)).collect();
            assert_eq!(kept, [worst], "{kind:?}");
        }
    }
}
