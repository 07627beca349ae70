//! How subnets stand by what was found about them.

use std::{cmp::Reverse, collections::HashMap};

use super::rank::rank;
use crate::{
    audit::{Status, SubnetCount, Thresholds},
    finding::{Finding, Severity},
};

/// The finding that leads about each subnet that has one.
#[derive(Debug)]
pub(super) struct Leads<'a> {
    by_id: HashMap<&'a str, &'a Finding>,
    bars: &'a Thresholds,
}

impl<'a> Leads<'a> {
    pub(super) fn of(
        findings: &'a [Finding],
        subnets: &HashMap<&'a str, &'a SubnetCount>,
        bars: &'a Thresholds,
    ) -> Self {
        let key = |finding: &Finding| (Reverse(finding.severity), rank(finding));
        let mut by_id: HashMap<&str, &Finding> = HashMap::new();
        for finding in findings.iter().filter(|f| subnets.contains_key(f.resource.as_str())) {
            let lead = by_id.entry(&finding.resource).or_insert(finding);
            if key(finding) < key(lead) {
                *lead = finding;
            }
        }
        Self { by_id, bars }
    }

    pub(super) fn lead(&self, subnet: &SubnetCount) -> Option<&'a Finding> {
        self.by_id.get(subnet.subnet_id.as_str()).copied()
    }

    pub(super) fn worst(&self, subnet: &SubnetCount) -> Option<Severity> {
        self.lead(subnet).map(|finding| finding.severity)
    }

    pub(super) fn status(&self, subnet: &SubnetCount) -> Status {
        self.bars.status(subnet).with(self.worst(subnet))
    }

    pub(super) fn worst_by_id(&self) -> impl Iterator<Item = (&'a str, Severity)> {
        self.by_id.iter().map(|(id, finding)| (*id, finding.severity))
    }
}
