//! Which of equally bad findings comes first.

use crate::finding::Finding;

/// Checks that lead, first those that stop pods or upgrades now; the others follow by id.
const FIRST: [&str; 9] = [
    "no-room",
    "prefix-starved",
    "auto-mode-pod-subnet",
    "pods-waiting",
    "custom-networking-mismatch",
    "eks-health",
    "control-plane-headroom",
    "exhaustion",
    "utilization",
];

/// A finding's place among those of its severity.
pub(super) fn rank(finding: &Finding) -> (usize, &'static str) {
    let first = FIRST.iter().position(|id| *id == finding.id);
    (first.unwrap_or(FIRST.len()), finding.id)
}
