//! Findings after the policy: with its severities, and those it ignores apart.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::{
    audit::{
        checks::{Facts, REGISTRY},
        standards::{Ignore, Settings, Target},
    },
    finding::Finding,
    inventory::{AnyTags, Inventory},
};

/// A finding that the policy does not want.
#[derive(Debug, Clone, PartialEq)]
pub struct Ignored {
    /// The finding.
    pub finding: Finding,
    /// Why it is not wanted.
    pub reason: String,
    /// The last day on which it is ignored; `None`: for ever.
    pub until: Option<Date>,
}

/// What the enabled checks find, by what the policy says of it.
pub(super) struct Sorted {
    /// What is wanted, worst first.
    pub(super) wanted: Vec<Finding>,
    /// What a row of the policy ignores, worst first.
    pub(super) ignored: Vec<Ignored>,
    /// Rows that hold and mean no finding, in their order.
    pub(super) unused: Vec<Ignore>,
}

/// Runs the enabled checks and sorts what they find.
pub(super) fn sorted(facts: &Facts<'_>) -> Sorted {
    let changes = &facts.settings.policy.changes;
    let mut found = Vec::new();
    for check in REGISTRY {
        let say = changes.of(check.id);
        if !say.enabled {
            continue;
        }
        found.extend((check.run)(facts).into_iter().map(|finding| Finding {
            severity: say.severity.unwrap_or(finding.severity),
            ..finding
        }));
    }
    found.sort_by(|a, b| a.order().cmp(&b.order()));
    part(found, facts.inventory, facts.settings)
}

/// The findings that are wanted, and those that a row of the policy ignores. The first row that means
/// one gives the reason; a row that has run out means none.
fn part(found: Vec<Finding>, inventory: &Inventory, settings: &Settings<'_>) -> Sorted {
    let mut rows = IgnoreIndex::new(settings);
    let tags = if rows.by_tag.is_empty() { HashMap::new() } else { tags(inventory) };
    let (mut wanted, mut ignored) = (Vec::new(), Vec::new());
    for finding in found {
        let its = tags.get(finding.resource.as_str()).copied();
        match rows.first(&finding, its) {
            Some(row) => {
                ignored.push(Ignored { finding, reason: row.reason.clone(), until: row.until });
            }
            None => wanted.push(finding),
        }
    }
    Sorted { wanted, ignored, unused: rows.unused() }
}

/// A row of the policy that holds.
struct IgnoreUse<'a> {
    ignore: &'a Ignore,
    is_used: bool,
}

/// The rows that hold, indexed: there may be thousands of both rows and findings.
struct IgnoreIndex<'a> {
    /// In the policy's order.
    all: Vec<IgnoreUse<'a>>,
    /// Places of rows by check and id.
    by_id: HashMap<(&'a str, &'a str), Vec<usize>>,
    /// Places of rows by check.
    by_tag: HashMap<&'a str, Vec<usize>>,
}

impl<'a> IgnoreIndex<'a> {
    fn new(settings: &Settings<'a>) -> Self {
        let rows = settings.policy.ignore.iter().filter(|row| !row.is_expired(settings.today));
        let mut by_id: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
        let mut by_tag: HashMap<&str, Vec<usize>> = HashMap::new();
        let all: Vec<IgnoreUse<'_>> =
            rows.map(|ignore| IgnoreUse { ignore, is_used: false }).collect();
        for (at, row) in all.iter().enumerate() {
            match &row.ignore.target {
                Target::Subnet(id) | Target::Id(id) => {
                    by_id.entry((row.ignore.check, id)).or_default().push(at);
                }
                Target::Tag(_) => by_tag.entry(row.ignore.check).or_default().push(at),
            }
        }
        Self { all, by_id, by_tag }
    }

    /// The first row that means a finding; all that do are used from then on.
    fn first(&mut self, finding: &Finding, tags: Option<AnyTags<'_>>) -> Option<&'a Ignore> {
        let by_id = self.by_id.get(&(finding.id, finding.resource.as_str()));
        let by_tag = self.by_tag.get(finding.id);
        let mut first: Option<usize> = None;
        for at in by_id.into_iter().chain(by_tag).flatten().copied() {
            let Some(row) = self.all.get_mut(at) else { continue };
            // One that is used already and comes later changes nothing.
            let is_later = first.is_some_and(|first| first < at);
            if (row.is_used && is_later) || !row.ignore.means(finding, tags) {
                continue;
            }
            row.is_used = true;
            first = Some(first.map_or(at, |first| first.min(at)));
        }
        self.all.get(first?).map(|row| row.ignore)
    }

    fn unused(self) -> Vec<Ignore> {
        let unused = self.all.into_iter().filter(|row| !row.is_used);
        unused.map(|row| row.ignore.clone()).collect()
    }
}

/// The tags of what findings are about, by id.
fn tags(inventory: &Inventory) -> HashMap<&str, AnyTags<'_>> {
    let vpcs =
        inventory.vpcs.iter().flatten().map(|vpc| (vpc.vpc_id.as_str(), AnyTags::Few(&vpc.tags)));
    let subnets = inventory.subnets.iter().map(|s| (s.subnet_id.as_str(), AnyTags::Few(&s.tags)));
    let instances = inventory.instances.iter().flatten();
    let instances = instances.map(|i| (i.instance_id.as_str(), AnyTags::Many(&i.tags)));
    vpcs.chain(subnets).chain(instances).collect()
}
