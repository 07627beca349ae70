//! A baseline: findings that are known, so that a pipeline fails for what is new.

use std::collections::{BTreeMap, BTreeSet};

use super::judged::{Grounds, Judged};
use crate::finding::{Finding, Severity};

/// Findings by what stays the same between runs: check, resource and detail. Of several with one key
/// the worst severity counts. A row without a detail, as older files have them, knows every finding of
/// its check and resource.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    pub(super) known: BTreeMap<Key, Severity>,
}

/// What stays the same of a finding: the check's id, the resource, the detail.
pub(super) type Key = (String, String, Option<String>);

/// How a finding stands to a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is not in the baseline.
    New,
    /// The baseline has it at this lower severity.
    Worse(Severity),
    /// The baseline has it at its severity or a higher one.
    Known,
}

/// An audit held against a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    baseline: Baseline,
    /// Findings that the baseline lacks.
    pub new: u32,
    /// Findings that the baseline has at a lower severity.
    pub worse: u32,
    /// Findings that the baseline has.
    pub known: u32,
    /// Rows of the baseline that are found no longer; `None` when something is not available, since that
    /// may be what hides them.
    pub fixed: Option<u32>,
    /// Rows of the baseline that this audit says nothing of: their resource is none that their check
    /// looked at, or something is not available.
    pub not_judged: u32,
}

impl Comparison {
    /// How a finding stands.
    #[must_use]
    pub fn standing(&self, finding: &Finding) -> Standing {
        let known = |key| self.baseline.known.get(&key).copied();
        // None is less than any severity.
        match known(key(finding)).max(known(without_detail(finding))) {
            None => Standing::New,
            Some(known) if known < finding.severity => Standing::Worse(known),
            Some(_) => Standing::Known,
        }
    }
}

impl Baseline {
    /// What is known from an audit on: its findings, and of the baseline it was held against those
    /// rows that it could not judge.
    #[must_use]
    pub fn of(grounds: &Grounds<'_>, before: Option<&Comparison>) -> Self {
        let mut known = BTreeMap::new();
        for finding in grounds.findings {
            let severity = known.entry(key(finding)).or_insert(finding.severity);
            *severity = finding.severity.max(*severity);
        }
        let before = before.into_iter().flat_map(|there| &there.baseline.known);
        let judged = Judged::new(grounds);
        for (key, severity) in before.filter(|((id, resource, _), _)| !judged.is(id, resource)) {
            known.entry(key.clone()).or_insert(*severity);
        }
        Self { known }
    }

    /// Holds an audit's findings against the baseline.
    #[must_use]
    pub fn compare(self, grounds: &Grounds<'_>) -> Comparison {
        let findings = || grounds.findings.iter();
        let found: BTreeSet<Key> =
            findings().map(key).chain(findings().map(without_detail)).collect();
        let judged = Judged::new(grounds);
        let (mut fixed, mut not_judged) = (0, 0);
        for key in self.known.keys().filter(|key| !found.contains(*key)) {
            if judged.is(&key.0, &key.1) {
                fixed += 1;
            } else {
                not_judged += 1;
            }
        }
        let mut comparison = Comparison {
            baseline: self,
            new: 0,
            worse: 0,
            known: 0,
            fixed: grounds.is_complete.then_some(fixed),
            not_judged,
        };
        for finding in grounds.findings {
            match comparison.standing(finding) {
                Standing::New => comparison.new += 1,
                Standing::Worse(_) => comparison.worse += 1,
                Standing::Known => comparison.known += 1,
            }
        }
        comparison
    }
}

fn key(finding: &Finding) -> Key {
    (finding.id.to_owned(), finding.resource.clone(), finding.detail.clone())
}

fn without_detail(finding: &Finding) -> Key {
    (finding.id.to_owned(), finding.resource.clone(), None)
}
