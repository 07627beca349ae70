//! What kinds of things findings are about, counted so that the numbers add up.

use std::collections::BTreeMap;

use crate::{
    audit::checks::REGISTRY,
    finding::{Finding, counted},
};

/// What one thing is called, and what several are.
pub type Kind = (&'static str, &'static str);

/// What a finding's resource is called.
#[must_use]
pub fn kind(finding: &Finding, is_subnet: bool) -> Kind {
    let noun = REGISTRY
        .iter()
        .find(|check| check.id == finding.id)
        .and_then(|check| (check.claim)(finding.severity).noun);
    if is_subnet { SUBNETS } else { noun.unwrap_or(("other", "others")) }
}

pub(super) const SUBNETS: Kind = ("subnet", "subnets");

/// Things by kind, subnets first: `7 subnets, 1 cluster, 1 VPC`.
#[must_use]
pub fn by_kind(kinds: impl IntoIterator<Item = Kind>) -> String {
    let mut counts: BTreeMap<(bool, Kind), usize> = BTreeMap::new();
    for kind in kinds {
        *counts.entry((kind != SUBNETS, kind)).or_default() += 1;
    }
    let texts = counts.into_iter().map(|((_, (one, many)), count)| counted(count, one, many));
    texts.collect::<Vec<_>>().join(", ")
}
