//! What `maxpods` is to judge, and for which types: an expression, or what manifests set.

mod auto_nodes;
mod manifests;

use std::{collections::BTreeSet, sync::Arc};

use super::{Failure, launch::extra_enis, note};
use crate::{
    cli::{CommonArgs, DialectArg, MaxPodsArgs, OsArg},
    declared::NodePool,
    density::{LaunchSettings, not_launched},
    expression::{Asked, Dialect, Judged, SettingError, judge, of_text},
    finding::{counted, listed},
    instance::{Catalogue, InstanceLimits},
    render::maxpods::{JudgedPods, MaxPodsRow},
};
pub(super) use manifests::Manifests;

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
}

/// What is asked, in the order of the command line and of the files; nothing where only types are.
pub(super) fn groups<'a>(
    arguments: &MaxPodsArgs,
    manifests: &Manifests,
    catalogue: &'a Catalogue,
    common: &CommonArgs,
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
    let pools = if given.nodepool.is_some() { manifests.pools(common)? } else { Vec::new() };
    if let Some(expression) = expression {
        let expression = reserved(expression);
        let group = |pool: Option<&NodePool>| Group {
            asked: Some(Arc::clone(&expression)),
            node_pool: pool.map(|pool| pool.name.clone()),
            node_class: None,
            types: pool.map(|pool| types(pool, catalogue, common)),
        };
        if given.nodepool.is_none() {
            return Ok(vec![group(None)]);
        }
        return Ok(pools.into_iter().map(|pool| group(Some(pool))).collect());
    }
    if given.nodepool.is_some() {
        let groups = pools.into_iter().map(|pool| {
            let (node_class, asked) = manifests.asked_of(pool)?;
            Ok(Group {
                asked: asked.map(reserved),
                node_pool: Some(pool.name.clone()),
                node_class,
                types: Some(types(pool, catalogue, common)),
            })
        });
        let groups = groups.collect::<Result<Vec<_>, Failure>>()?;
        if groups.iter().all(|group| group.asked.is_none()) {
            return Ok(vec![together(&groups, catalogue)]);
        }
        note_not_judged(&groups, common);
        return Ok(groups);
    }
    if given.nodeclass.is_none() {
        return Ok(Vec::new());
    }
    let all = manifests.asked(common)?.into_iter();
    Ok(all
        .map(|(node_class, asked)| Group {
            asked: Some(reserved(asked)),
            node_pool: None,
            node_class,
            types: None,
        })
        .collect())
}

impl From<SettingError> for Failure {
    fn from(error: SettingError) -> Self {
        Self::usage(error.text, error.hint)
    }
}

impl Group<'_> {
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
                verdict,
            });
        }
        Ok(())
    }
}

/// The types of the NodePools of EKS Auto Mode, which sets their max pods.
pub(super) fn auto_mode_group<'a>(
    pools: &[NodePool],
    catalogue: &'a Catalogue,
    common: &CommonArgs,
) -> Group<'a> {
    let of = |pool: &NodePool| {
        let mut types = types(pool, catalogue, common);
        let all = types.len();
        types.retain(|limits| not_launched(limits).is_none());
        if types.len() < all {
            let left_out = counted(all - types.len(), "type is", "types are");
            note(
                common,
                &format!(
                    "NodePool {}: {left_out} left out: EKS Auto Mode launches none of them",
                    pool.name
                ),
            );
        }
        Group { asked: None, node_pool: None, node_class: None, types: Some(types) }
    };
    together(&pools.iter().map(of).collect::<Vec<_>>(), catalogue)
}

/// The types of NodePools among which nothing tells them apart: one row for each.
fn together<'a>(groups: &[Group<'a>], catalogue: &'a Catalogue) -> Group<'a> {
    let types = groups.iter().flat_map(|group| group.types.iter().flatten());
    let names: BTreeSet<&str> = types.map(|limits| &*limits.instance_type).collect();
    let types = catalogue.types().iter().filter(|limits| names.contains(&*limits.instance_type));
    Group { asked: None, node_pool: None, node_class: None, types: Some(types.collect()) }
}

/// A table of verdicts has no rows of NodePools without one.
fn note_not_judged(groups: &[Group<'_>], common: &CommonArgs) {
    for group in groups.iter().filter(|group| group.asked.is_none()) {
        let pool = group.node_pool.as_deref().unwrap_or_default();
        let text = match &group.node_class {
            Some(class) => format!(
                "NodePool {pool} is not judged: its EC2NodeClass {class} is in none of the files"
            ),
            None => format!("NodePool {pool} is not judged: it names no EC2NodeClass"),
        };
        note(common, &text);
    }
}

/// The NodePool's types, with what could not be looked at.
fn types<'a>(
    pool: &NodePool,
    catalogue: &'a Catalogue,
    common: &CommonArgs,
) -> Vec<&'a InstanceLimits> {
    let matched = pool.types(catalogue);
    for one in &matched.not_checked {
        let text = format!(
            "NodePool {}: `{}` leaves no type out: {} ({} types)",
            pool.name, one.key, one.reason, one.types
        );
        note(common, &text);
    }
    for one in &matched.too_few {
        let text = format!(
            "NodePool {}: `{}` asks for {} values and the types have {}: Karpenter starts no node",
            pool.name, one.key, one.wanted, one.found
        );
        note(common, &text);
    }
    for one in &matched.no_such_values {
        let text = format!(
            "NodePool {}: `{}` has values of no instance type in the table: {}",
            pool.name,
            one.key,
            listed(&one.values)
        );
        note(common, &text);
    }
    if matched.types.is_empty() {
        note(common, &format!("NodePool {} admits no instance type of the table", pool.name));
    }
    matched.types
}

fn of_argument(dialect: DialectArg) -> Dialect {
    match dialect {
        DialectArg::Karpenter => Dialect::Karpenter,
        DialectArg::Nodeadm => Dialect::Nodeadm,
        DialectArg::Castai => Dialect::Castai,
    }
}
