//! What `maxpods` is to judge, and for which types: an expression, or what manifests set.

mod auto_nodes;
mod group;
mod manifests;
mod pools;

use std::sync::Arc;

use super::{Failure, launch::extra_enis, notes::Notes};
use crate::{
    cli::{DialectArg, MaxPodsArgs, OsArg},
    declared::NodePool,
    density::LaunchSettings,
    expression::{Asked, Dialect, SettingError, of_text},
    instance::Catalogue,
};
pub(super) use group::Group;
pub(super) use manifests::Manifests;
pub(super) use pools::auto_mode_group;
use pools::{PoolTypes, note_not_judged, together, types};

/// What is asked, in the order of the command line and of the files; nothing where only types are.
pub(super) fn groups<'a>(
    arguments: &MaxPodsArgs,
    manifests: &Manifests,
    catalogue: &'a Catalogue,
    notes: &Notes<'_>,
) -> Result<Vec<Group<'a>>, Failure> {
    let given = &arguments.expression;
    if arguments.os == OsArg::Windows && (given.expression.is_some() || given.nodeclass.is_some()) {
        return Err(Failure::usage(
            "expressions are judged for Linux nodes only",
            "remove --os windows",
        ));
    }
    let expression = match (&given.expression, given.dialect) {
        (Some(text), Some(dialect)) => Some(of_text(text, of_argument(dialect))?),
        _ => None,
    };
    let reserved = |mut asked: Asked| {
        asked.reserved_enis = arguments.reserved_enis;
        let LaunchSettings { efa, efa_only, unmanaged_enis, .. } =
            extra_enis(&arguments.extra_enis);
        asked.launch = LaunchSettings { efa, efa_only, unmanaged_enis, ..asked.launch };
        Arc::new(asked)
    };
    let pools = if given.nodepool.is_some() { manifests.pools(notes)? } else { Vec::new() };
    if let Some(expression) = expression {
        let expression = reserved(expression);
        let group = |pool: Option<&NodePool>| {
            let of_pool = pool.map(|pool| types(pool, catalogue, notes));
            let PoolTypes { types, no_node } = of_pool.unwrap_or_default();
            Group {
                asked: Some(Arc::clone(&expression)),
                node_pool: pool.map(|pool| pool.name.clone()),
                node_class: None,
                types,
                no_node,
            }
        };
        if given.nodepool.is_none() {
            return Ok(vec![group(None)]);
        }
        return Ok(pools.into_iter().map(|pool| group(Some(pool))).collect());
    }
    if given.nodepool.is_some() {
        let groups = pools.into_iter().map(|pool| {
            let (node_class, asked) = manifests.asked_of(pool)?;
            let PoolTypes { types, no_node } = types(pool, catalogue, notes);
            Ok(Group {
                asked: asked.map(reserved),
                node_pool: Some(pool.name.clone()),
                node_class,
                types,
                no_node,
            })
        });
        let groups = groups.collect::<Result<Vec<_>, Failure>>()?;
        note_not_judged(&groups, notes);
        if groups.iter().all(|group| group.asked.is_none()) {
            return Ok(vec![together(&groups, catalogue)]);
        }
        return Ok(groups);
    }
    if given.nodeclass.is_none() {
        return Ok(Vec::new());
    }
    let all = manifests.asked(notes)?.into_iter();
    Ok(all
        .map(|(node_class, asked)| Group {
            asked: Some(reserved(asked)),
            node_pool: None,
            node_class,
            types: None,
            no_node: None,
        })
        .collect())
}

impl From<SettingError> for Failure {
    fn from(error: SettingError) -> Self {
        Self::usage(error.text, error.hint)
    }
}

fn of_argument(dialect: DialectArg) -> Dialect {
    match dialect {
        DialectArg::Karpenter => Dialect::Karpenter,
        DialectArg::Nodeadm => Dialect::Nodeadm,
        DialectArg::Castai => Dialect::Castai,
    }
}
