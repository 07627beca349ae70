//! Findings as the policy wants them: with its severities, and those it ignores apart.

use std::collections::HashMap;

use super::{
    Finding, Ignored, Settings, Target,
    checks::{Facts, REGISTRY},
};
use crate::inventory::{Inventory, Tags};

/// What the enabled checks find, worst first, and what of it the policy ignores.
pub(super) fn findings(facts: &Facts<'_>) -> (Vec<Finding>, Vec<Ignored>) {
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
fn part(
    found: Vec<Finding>,
    inventory: &Inventory,
    settings: &Settings<'_>,
) -> (Vec<Finding>, Vec<Ignored>) {
    let rows = || settings.policy.ignore.iter().filter(|row| !row.is_expired(settings.today));
    let by_tag = rows().any(|row| matches!(row.target, Target::Tag(_)));
    let tags = if by_tag { tags(inventory) } else { HashMap::new() };
    let (mut wanted, mut ignored) = (Vec::new(), Vec::new());
    for finding in found {
        let its = tags.get(finding.resource.as_str()).copied();
        match rows().find(|row| row.means(&finding, its)) {
            Some(row) => {
                ignored.push(Ignored { finding, reason: row.reason.clone(), until: row.until });
            }
            None => wanted.push(finding),
        }
    }
    (wanted, ignored)
}

/// The tags of what findings are about, by id.
fn tags(inventory: &Inventory) -> HashMap<&str, &Tags> {
    let vpcs = inventory.vpcs.iter().flatten().map(|vpc| (vpc.vpc_id.as_str(), &vpc.tags));
    let subnets = inventory.subnets.iter().map(|s| (s.subnet_id.as_str(), &s.tags));
    let instances = inventory.instances.iter().flatten();
    vpcs.chain(subnets).chain(instances.map(|i| (i.instance_id.as_str(), &i.tags))).collect()
}
