//! Findings by what they are about.

use std::collections::{BTreeMap, HashMap};

use super::rank::rank;
use crate::{
    audit::SubnetCount,
    finding::{Finding, Severity},
};

/// What findings are about.
#[derive(Debug, Clone, PartialEq)]
pub enum About<'a> {
    /// A subnet.
    Subnet(&'a SubnetCount),
    /// Several subnets of which the same checks say the same, worst first.
    Alike(Vec<&'a SubnetCount>),
    /// Something else, by its id or name: a VPC, a cluster, an instance type.
    Other(&'a str),
}

/// Findings about one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Group<'a> {
    /// What they are about.
    pub about: About<'a>,
    /// The worst of them.
    pub severity: Severity,
    /// Worst first; of alike subnets those of the first one.
    pub findings: Vec<&'a Finding>,
}

impl<'a> Group<'a> {
    /// The subnet, or the first of several.
    #[must_use]
    pub fn subnet(&self) -> Option<&'a SubnetCount> {
        match &self.about {
            About::Subnet(subnet) => Some(subnet),
            About::Alike(subnets) => subnets.first().copied(),
            About::Other(_) => None,
        }
    }

    /// How many things it is about.
    #[must_use]
    pub fn size(&self) -> usize {
        match &self.about {
            About::Subnet(_) | About::Other(_) => 1,
            About::Alike(subnets) => subnets.len(),
        }
    }

    /// A finding's message without what the group's heading says already.
    #[must_use]
    pub fn message(&self, finding: &'a Finding) -> &'a str {
        let message = finding.message.as_str();
        let label = self.subnet().map_or_else(|| finding.resource.clone(), SubnetCount::label);
        let rest = message.strip_prefix(label.as_str());
        rest.map_or(message, |rest| rest.strip_prefix(':').unwrap_or(rest).trim_start())
    }

    /// What its findings say, by check and severity.
    fn signature(&self) -> Vec<(Severity, &'static str)> {
        let mut all: Vec<_> = self.findings.iter().map(|f| (f.severity, f.id)).collect();
        all.dedup();
        all
    }
}

/// Findings by what they are about, in no order of the groups.
pub(super) fn grouped<'a>(
    findings: &[&'a Finding],
    subnets: &HashMap<&'a str, &'a SubnetCount>,
) -> Vec<Group<'a>> {
    let mut by_resource: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_resource.entry(&finding.resource).or_default().push(finding);
    }
    let mut groups = Vec::new();
    for (resource, mut findings) in by_resource {
        findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), rank(finding)));
        let Some(first) = findings.first() else { continue };
        let subnet = subnets.get(resource).copied();
        groups.push(Group {
            about: subnet.map_or(About::Other(resource), About::Subnet),
            severity: first.severity,
            findings,
        });
    }
    groups
}

/// The same groups without what a baseline knows, worst first again where they were, and then those of what
/// it knows. Something of which both is said is in both.
#[must_use]
pub fn by_standing(
    groups: Vec<Group<'_>>,
    is_known: impl Fn(&Finding) -> bool,
) -> [Vec<Group<'_>>; 2] {
    let mut both = [Vec::new(), Vec::new()];
    let [fresh, known] = &mut both;
    for group in groups {
        let (old, new): (Vec<&Finding>, Vec<&Finding>) =
            group.findings.iter().partition(|finding| is_known(finding));
        for (findings, into) in [(new, &mut *fresh), (old, &mut *known)] {
            if let Some(first) = findings.first() {
                let severity = first.severity;
                into.push(Group { about: group.about.clone(), severity, findings });
            }
        }
    }
    both
}

/// From how many subnets on those of which the same is said are one group.
const ALIKE: usize = 4;

/// The same groups, with subnets of which the same checks say the same as one, where there are several: at
/// the place of the first.
#[must_use]
pub fn folded<'a>(groups: &[Group<'a>]) -> Vec<Group<'a>> {
    let mut alike: HashMap<Vec<(Severity, &str)>, Vec<&SubnetCount>> = HashMap::new();
    for group in groups {
        if let About::Subnet(subnet) = &group.about {
            alike.entry(group.signature()).or_default().push(subnet);
        }
    }
    alike.retain(|_, subnets| subnets.len() >= ALIKE);
    let mut all = Vec::new();
    for group in groups {
        let signature = group.signature();
        match &group.about {
            About::Other(_) | About::Alike(_) => all.push(group.clone()),
            About::Subnet(subnet) => match alike.get_mut(&signature) {
                None => all.push(group.clone()),
                Some(subnets)
                    if subnets.first().is_some_and(|first| std::ptr::eq(*first, *subnet)) =>
                {
                    let about = About::Alike(std::mem::take(subnets));
                    all.push(Group { about, ..group.clone() });
                }
                // It stands in the group of the first.
                Some(_) => {}
            },
        }
    }
    all
}
