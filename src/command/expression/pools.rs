//! The instance types of NodePools.

use std::collections::BTreeSet;

use super::group::Group;
use crate::{
    command::notes::Notes,
    declared::NodePool,
    density::not_launched,
    finding::{counted, listed},
    instance::{Catalogue, InstanceLimits},
};

/// What a NodePool has.
#[derive(Default)]
pub(super) struct PoolTypes<'a> {
    /// Its types.
    pub(super) types: Option<Vec<&'a InstanceLimits>>,
    /// Why no node of it starts.
    pub(super) no_node: Option<String>,
}

/// The types of the NodePools of EKS Auto Mode, which sets their max pods.
pub(in crate::command) fn auto_mode_group<'a>(
    pools: &[NodePool],
    catalogue: &'a Catalogue,
    notes: &Notes<'_>,
) -> Group<'a> {
    let of = |pool: &NodePool| {
        let mut all = types(pool, catalogue, notes).types.unwrap_or_default();
        let admitted = all.len();
        all.retain(|limits| not_launched(limits).is_none());
        let left_out = counted(admitted - all.len(), "type is", "types are");
        let text = format!(
            "NodePool {}: {left_out} left out: EKS Auto Mode launches none of them",
            pool.name
        );
        match all.len() {
            0 if admitted > 0 => notes.lacks(text),
            left if left < admitted => notes.add(text),
            _ => {}
        }
        Group { asked: None, node_pool: None, node_class: None, types: Some(all), no_node: None }
    };
    together(&pools.iter().map(of).collect::<Vec<_>>(), catalogue)
}

/// The types of NodePools among which nothing tells them apart: one row for each.
pub(super) fn together<'a>(groups: &[Group<'a>], catalogue: &'a Catalogue) -> Group<'a> {
    let types = groups.iter().flat_map(|group| group.types.iter().flatten());
    let names: BTreeSet<&str> = types.map(|limits| &*limits.instance_type).collect();
    let types = catalogue.types().iter().filter(|limits| names.contains(&*limits.instance_type));
    let types = Some(types.collect());
    Group { asked: None, node_pool: None, node_class: None, types, no_node: None }
}

/// Says of NodePools that nothing tells what Karpenter sets on their nodes. A table of verdicts has no rows of
/// them, and lacks their answer; without any verdict the numbers are another thing, which is said. One without
/// types has no numbers.
pub(super) fn note_not_judged(groups: &[Group<'_>], notes: &Notes<'_>) {
    let is_mixed = groups.iter().any(Group::is_judged);
    let has_types = |group: &&Group<'_>| group.types.as_ref().is_some_and(|all| !all.is_empty());
    for group in groups.iter().filter(|group| !group.is_judged()).filter(has_types) {
        let pool = group.node_pool.as_deref().unwrap_or_default();
        let why = match &group.node_class {
            Some(class) => format!("its EC2NodeClass {class} is in none of the files"),
            None => "it names no EC2NodeClass".to_owned(),
        };
        let text = format!("NodePool {pool} is not judged: {why}");
        if is_mixed {
            notes.lacks(text);
        } else {
            notes.add(format!(
                "{text}; the numbers are what the addresses and the cap allow, not what Karpenter sets"
            ));
        }
    }
}

/// The NodePool's types, with what could not be looked at.
pub(super) fn types<'a>(
    pool: &NodePool,
    catalogue: &'a Catalogue,
    notes: &Notes<'_>,
) -> PoolTypes<'a> {
    let matched = pool.types(catalogue);
    for one in &matched.not_checked {
        notes.add(format!(
            "NodePool {}: `{}` leaves no type out: {} ({} types)",
            pool.name, one.key, one.reason, one.types
        ));
    }
    for one in &matched.no_such_values {
        notes.add(format!(
            "NodePool {}: `{}` has values of no instance type in the table: {}",
            pool.name,
            one.key,
            listed(&one.values)
        ));
    }
    let none = PoolTypes { types: Some(Vec::new()), no_node: None };
    if matched.types.is_empty() {
        notes.lacks(format!("NodePool {} admits no instance type of the table", pool.name));
        return none;
    }
    let too_few: Vec<String> = matched
        .too_few
        .iter()
        .map(|one| {
            format!(
                "NodePool {}: `{}` asks for {} values and the types have {}: Karpenter starts no node",
                pool.name, one.key, one.wanted, one.found
            )
        })
        .collect();
    let no_node = too_few.first().cloned();
    for text in too_few {
        notes.wrong(text);
    }
    PoolTypes { types: Some(matched.types), no_node }
}
