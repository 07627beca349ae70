//! What `maxpods` is to judge, and for which types: an expression, or what manifests set.

mod auto_nodes;
mod manifests;
mod pools;

use std::sync::Arc;

use super::{Failure, launch::extra_enis, notes::Notes};
use crate::{
    cli::{DialectArg, MaxPodsArgs, OsArg},
    declared::NodePool,
    density::LaunchSettings,
    expression::{Asked, Dialect, Judged, SettingError, judge, of_text},
    instance::{Catalogue, InstanceLimits},
    render::maxpods::{JudgedPods, MaxPodsRow},
};
pub(super) use manifests::Manifests;
pub(super) use pools::auto_mode_group;
use pools::{PoolTypes, note_not_judged, together, types};

/// Types whose max pods one thing sets.
pub(super) struct Group<'a> {
    /// What sets them; `None` where only the types were asked for.
    asked: Option<Arc<Asked>>,
    /// The NodePool.
    node_pool: Option<String>,
    /// The EC2NodeClass.
    node_class: Option<String>,
    /// The NodePool's types; `None` are those of the command line.
    pub(super) types: Option<Vec<&'a InstanceLimits>>,
    /// Why Karpenter starts no node of the NodePool, whatever max pods are.
    no_node: Option<String>,
}

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
        let of_class = asked.launch.card_efa_only;
        asked.launch =
            LaunchSettings { card_efa_only: of_class, ..extra_enis(&arguments.extra_enis) };
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

impl Group<'_> {
    /// Whether something sets the max pods of its types.
    pub(super) fn is_judged(&self) -> bool {
        self.asked.is_some()
    }

    /// What its instances are launched with, where that is not what the command line says alone.
    pub(super) fn launch(&self) -> Option<LaunchSettings> {
        self.asked.as_ref().map(|asked| asked.launch)
    }

    /// Judges the rows of its types.
    pub(super) fn judge(
        &self,
        catalogue: &Catalogue,
        rows: &mut [MaxPodsRow<'_>],
    ) -> Result<(), Failure> {
        let Some(asked) = &self.asked else { return Ok(()) };
        let types = rows.iter().map(|row| Judged { limits: row.limits, report: &row.report });
        let verdicts = judge(asked, catalogue, &types.collect::<Vec<_>>());
        let verdicts = verdicts
            .map_err(|error| Failure::usage(format!("the expression: {error}"), error.hint))?;
        for (row, verdict) in rows.iter_mut().zip(verdicts) {
            row.judged = Some(JudgedPods {
                dialect: asked.dialect,
                text: asked.text().map(str::to_owned),
                hint: asked.hint().map(str::to_owned),
                node_pool: self.node_pool.clone(),
                node_class: self.node_class.clone(),
                starts_nothing: self.no_node.is_some(),
                verdict: match &self.no_node {
                    Some(why) => verdict.without_node(why),
                    None => verdict,
                },
            });
        }
        Ok(())
    }
}

fn of_argument(dialect: DialectArg) -> Dialect {
    match dialect {
        DialectArg::Karpenter => Dialect::Karpenter,
        DialectArg::Nodeadm => Dialect::Nodeadm,
        DialectArg::Castai => Dialect::Castai,
    }
}
