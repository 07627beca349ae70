//! What a report comes to.

use super::{
    groups::{Group, grouped},
    leads::Leads,
    order::Order,
    verdict::Verdict,
    view::View,
};
use crate::{
    audit::{AuditReport, Status, SubnetCount},
    finding::{Finding, Severity, counted},
};

/// What a report comes to.
#[derive(Debug)]
pub struct Answer<'a> {
    /// In a sentence and a few numbers, whatever the view hides.
    pub verdict: Verdict,
    /// What needs action or a look, worst first: findings by what they are about. None is folded.
    pub groups: Vec<Group<'a>>,
    /// All subnets, in the view's order.
    pub subnets: Vec<&'a SubnetCount>,
    /// Those without a finding.
    pub calm: Vec<&'a SubnetCount>,
    /// Findings that the view hides.
    pub hidden: usize,
    view: View,
    leads: Leads<'a>,
}

impl<'a> Answer<'a> {
    /// What a report comes to, as a view shows it.
    #[must_use]
    pub fn of(report: &'a AuditReport, view: &View) -> Self {
        let by_id = report.subnets_by_id();
        let leads = Leads::of(&report.findings, &by_id, &report.bars);
        let order = Order { by: view.sort, leads: &leads };
        let shown: Vec<&Finding> =
            report.findings.iter().filter(|finding| view.shows(finding)).collect();
        let mut groups = grouped(&shown, &by_id);
        groups.sort_by(|a, b| order.groups(a, b));
        let mut subnets: Vec<&SubnetCount> = report.subnets.iter().collect();
        subnets.sort_by(|a, b| order.subnets(a, b));
        let calm = subnets.iter().copied().filter(|subnet| leads.lead(subnet).is_none()).collect();
        Self {
            verdict: Verdict::of(report, &by_id),
            groups,
            subnets,
            calm,
            hidden: report.findings.len() - shown.len(),
            view: view.clone(),
            leads,
        }
    }

    /// How many findings the view hides and by which flags; `None` if it hides none.
    #[must_use]
    pub fn filtered(&self) -> Option<String> {
        let View { severity, checks, .. } = &self.view;
        let severity = severity.map(|severity| format!("--severity {}", severity.name()));
        let ids: Vec<&str> = checks.iter().copied().collect();
        let checks = (!ids.is_empty()).then(|| format!("--check {}", ids.join(",")));
        let flags: Vec<String> = severity.into_iter().chain(checks).collect();
        let findings = counted(self.hidden, "finding", "findings");
        (self.hidden > 0).then(|| format!("{findings} hidden by {}", flags.join(" and ")))
    }

    /// How many subnets with findings the view leaves out; `None` if it leaves out none.
    #[must_use]
    pub fn cut(&self) -> Option<String> {
        let beyond = self.groups.len() - self.view.first(&self.groups).len();
        let subnets = counted(beyond, "more subnet", "more subnets");
        let top = self.view.top.filter(|_| beyond > 0)?;
        Some(format!("{subnets} with findings hidden by --top {top}"))
    }

    /// The worst finding about a subnet, of equal ones the first to look at; `None` if there is none.
    #[must_use]
    pub fn lead(&self, subnet: &SubnetCount) -> Option<&'a Finding> {
        self.leads.lead(subnet)
    }

    /// How bad the worst finding about a subnet is; `None` if there is none.
    #[must_use]
    pub fn worst(&self, subnet: &SubnetCount) -> Option<Severity> {
        self.leads.worst(subnet)
    }

    /// How a subnet stands: the worse of its use against the thresholds and of what was found about it. What
    /// is only worth knowing leaves it as it is.
    #[must_use]
    pub fn status(&self, subnet: &SubnetCount) -> Status {
        self.leads.status(subnet)
    }

    /// How bad the worst finding about each subnet is that has one, by id.
    pub fn worst_by_id(&self) -> impl Iterator<Item = (&'a str, Severity)> {
        self.leads.worst_by_id()
    }
}
