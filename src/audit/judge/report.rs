//! What an audit says.

use std::collections::{BTreeMap, HashMap};

use super::{scope::Scope, sorting::Ignored};
use crate::{
    audit::{
        count::SubnetCount,
        drain::Drain,
        forecast::Forecast,
        known::{Baseline, Beside, Comparison, Grounds, Standing},
        pools::{NodeReport, WhatIf},
        standards::{Ignore, Status, Thresholds},
    },
    finding::{Again, Finding, Severity},
    inventory::{Operation, Place, Source, Withheld},
};

/// The whole audit.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditReport {
    /// Where the numbers come from.
    pub source: Source,
    /// The VPCs and clusters that it is about.
    pub scope: Scope,
    /// How the run is repeated.
    pub again: Again,
    /// The thresholds that it was held against.
    pub bars: Thresholds,
    /// Subnets by VPC, zone and network; IPv6-only ones last.
    pub subnets: Vec<SubnetCount>,
    /// Kubernetes nodes with ENIs in the subnets, sorted by id; `None` when instances or ENIs are not
    /// available.
    pub nodes: Option<Vec<NodeReport>>,
    /// Where each subnet goes, in their order; `None` without a history.
    pub forecast: Option<Vec<Forecast>>,
    /// What other settings of the CNI would save, a row each; `None` when it was not asked.
    pub what_if: Option<Vec<WhatIf>>,
    /// Which nodes to drain for whole blocks, a row a subnet; `None` when it was not asked.
    pub drains: Option<Vec<Drain>>,
    /// Findings, worst first.
    pub findings: Vec<Finding>,
    /// Findings that the policy does not want, worst first.
    pub ignored: Vec<Ignored>,
    /// What is not available, sorted.
    pub withheld: Vec<Withheld>,
    /// What was passed over, such as files that hold nothing that is needed.
    pub notes: Vec<String>,
    /// That readings of the history are dated by their names, if any are.
    pub dated: Option<String>,
    /// Rows of the policy that hold and mean no finding, in the policy's order; empty when something is
    /// not available, since that may be what hides what they mean.
    pub unused_ignores: Vec<Ignore>,
    /// Clusters and ENIConfigs that findings were looked for at, for a baseline's rows about them.
    pub beside: Beside,
    /// How the findings stand to a baseline, if there is one.
    pub baseline: Option<Comparison>,
    /// Where what is named in it was seen, by id, in a run over several regions or accounts.
    pub places: Option<BTreeMap<String, Place>>,
}

/// The audit in a few numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Subnets looked at.
    pub subnets: u32,
    /// Subnets by status.
    pub ok: u32,
    /// Subnets at or over the warning threshold.
    pub warning: u32,
    /// Subnets at or over the critical threshold.
    pub critical: u32,
    /// Subnets whose status could not be told.
    pub unknown: u32,
    /// Usable addresses of all subnets; `None` if one, or its network, is unknown, or there is none
    /// because they are not available.
    pub usable: Option<u64>,
    /// Used addresses of all subnets; `None` as well.
    pub used: Option<u64>,
    /// Free addresses of all subnets; `None` as well.
    pub free: Option<u64>,
    /// Findings by severity: critical, warning, info.
    pub findings: [u32; 3],
    /// Findings that the policy does not want.
    pub ignored: u32,
}

impl AuditReport {
    /// The audit in a few numbers. IPv6-only subnets count as subnets and have no addresses.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for subnet in &self.subnets {
            summary.subnets += 1;
            match self.status(subnet) {
                Status::Unknown => summary.unknown += 1,
                Status::Ok => summary.ok += 1,
                Status::Warning => summary.warning += 1,
                Status::Critical => summary.critical += 1,
            }
        }
        let sum = |of: fn(&SubnetCount) -> Option<u32>| {
            let ipv4 = self.subnets.iter().filter(|subnet| !subnet.is_ipv6_only());
            let sum: Option<u64> = ipv4.map(|subnet| of(subnet).map(u64::from)).sum();
            sum.filter(|_| !self.lacks_all_subnets())
        };
        summary.usable = sum(|subnet| subnet.usable);
        summary.used = sum(|subnet| subnet.used);
        summary.free = sum(|subnet| subnet.free);
        summary.ignored = u32::try_from(self.ignored.len()).unwrap_or(u32::MAX);
        for finding in &self.findings {
            let [critical, warning, info] = &mut summary.findings;
            match finding.severity {
                Severity::Critical => *critical += 1,
                Severity::Warning => *warning += 1,
                Severity::Info => *info += 1,
            }
        }
        summary
    }

    /// Whether there is no subnet because they are not available: then their sums are not 0.
    fn lacks_all_subnets(&self) -> bool {
        let subnets = Operation::DescribeSubnets.name();
        self.subnets.is_empty() && self.withheld.iter().any(|row| row.operation == subnets)
    }

    /// How a subnet stands.
    #[must_use]
    pub fn status(&self, subnet: &SubnetCount) -> Status {
        self.bars.status(subnet)
    }

    /// What it says, as far as baselines go by it.
    #[must_use]
    pub fn grounds(&self) -> Grounds<'_> {
        Grounds {
            findings: &self.findings,
            subnets: &self.subnets,
            nodes: self.nodes.as_deref(),
            beside: &self.beside,
            is_complete: self.withheld.is_empty(),
        }
    }

    /// What is known from this audit on.
    #[must_use]
    pub fn known(&self) -> Baseline {
        Baseline::of(&self.grounds(), self.baseline.as_ref())
    }

    /// The command that a finding tells to run, if there is one that shows more than the run did, whole.
    #[must_use]
    pub fn command(&self, finding: &Finding) -> Option<String> {
        let place = self.places.as_ref().map(|places| places.get(&finding.resource));
        let region = match place {
            Some(place) => place.and_then(|place| place.region.as_deref()),
            None => self.source.region.as_deref(),
        };
        let command = finding.command.as_ref().filter(|it| !it.is_shown_by(&self.again))?;
        Some(command.line(&self.again, region))
    }

    /// How a finding stands to the baseline; `None` without one.
    #[must_use]
    pub fn standing(&self, finding: &Finding) -> Option<Standing> {
        self.baseline.as_ref().map(|baseline| baseline.standing(finding))
    }

    /// Whether the baseline has a finding at its severity or a higher one.
    #[must_use]
    pub fn is_known(&self, finding: &Finding) -> bool {
        self.standing(finding) == Some(Standing::Known)
    }

    /// Where something was seen, by its id; `None` if the run looks at one region and account alone.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<Place> {
        self.places.as_ref().map(|places| places.get(id).cloned().unwrap_or_default())
    }

    /// The audited subnets by id, to look up what many findings are about.
    #[must_use]
    pub fn subnets_by_id(&self) -> HashMap<&str, &SubnetCount> {
        self.subnets.iter().map(|subnet| (subnet.subnet_id.as_str(), subnet)).collect()
    }
}
