//! Types whose max pods one thing sets.

use std::sync::Arc;

use crate::{
    command::Failure,
    density::LaunchSettings,
    expression::{Asked, Judged, judge},
    instance::{Catalogue, InstanceLimits},
    render::maxpods::{JudgedPods, MaxPodsRow},
};

/// Types whose max pods one thing sets.
pub(in crate::command) struct Group<'a> {
    /// What sets them; `None` where only the types were asked for.
    pub(super) asked: Option<Arc<Asked>>,
    /// The NodePool.
    pub(super) node_pool: Option<String>,
    /// The EC2NodeClass.
    pub(super) node_class: Option<String>,
    /// The NodePool's types; `None` are those of the command line.
    pub(in crate::command) types: Option<Vec<&'a InstanceLimits>>,
    /// Why Karpenter starts no node of the NodePool, whatever max pods are.
    pub(super) no_node: Option<String>,
}

impl Group<'_> {
    /// Whether something sets the max pods of its types.
    pub(in crate::command) fn is_judged(&self) -> bool {
        self.asked.is_some()
    }

    /// What its instances are launched with, where that is not what the command line says alone.
    pub(in crate::command) fn launch(&self) -> Option<LaunchSettings> {
        self.asked.as_ref().map(|asked| asked.launch)
    }

    /// Judges the rows of its types.
    pub(in crate::command) fn judge(
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
