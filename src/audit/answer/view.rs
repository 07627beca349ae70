//! What people want to see of a report, and in which order. Neither the verdict nor the exit code follow it.

use std::collections::BTreeSet;

use super::groups::Group;
use crate::{
    audit::SubnetCount,
    finding::{Finding, Severity},
};

/// By what subnets are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortKey {
    /// The worst first: by status, then by what was found, then by use.
    #[default]
    Severity,
    /// The fullest first.
    Utilization,
    /// Those with the fewest free addresses first.
    Free,
    /// Those with the fewest assignable prefixes first.
    Prefixes,
    /// By name, then id.
    Name,
    /// By zone.
    Zone,
    /// By network.
    Cidr,
}

/// What is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View {
    /// Findings from this severity on; `None`: all.
    pub severity: Option<Severity>,
    /// Findings of these checks; empty: of all.
    pub checks: BTreeSet<&'static str>,
    /// The order of subnets.
    pub sort: SortKey,
    /// So many subnets at most, from the first; `None`: all.
    pub top: Option<usize>,
}

impl View {
    /// Whether a finding is shown.
    #[must_use]
    pub fn shows(&self, finding: &Finding) -> bool {
        self.severity.is_none_or(|least| finding.severity >= least)
            && (self.checks.is_empty() || self.checks.contains(finding.id))
    }

    /// The subnets that are shown of sorted ones.
    #[must_use]
    pub fn top<'s, 'a>(&self, subnets: &'s [&'a SubnetCount]) -> &'s [&'a SubnetCount] {
        self.top.and_then(|top| subnets.get(..top)).unwrap_or(subnets)
    }

    /// The groups that are shown of all: those of the first subnets, and what is no subnet.
    #[must_use]
    pub fn first<'a>(&self, groups: &[Group<'a>]) -> Vec<Group<'a>> {
        let mut left = self.top.unwrap_or(usize::MAX);
        let mut is_shown = |group: &&Group<'_>| {
            if group.subnet().is_none() {
                return true;
            }
            let is_first = left > 0;
            left = left.saturating_sub(1);
            is_first
        };
        groups.iter().filter(|group| is_shown(group)).cloned().collect()
    }

    /// Whether it may hide findings.
    #[must_use]
    pub fn is_filter(&self) -> bool {
        self.severity.is_some() || !self.checks.is_empty()
    }
}
