//! `eksnet.plan/v1`.

use schemars::JsonSchema;
use serde::Serialize;

use super::finding::WithheldJson;
use crate::{plan::Plan, render::plan::PlanAnswer};

/// The output of `eksnet plan`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlanJson<'a> {
    /// `eksnet.plan/v1`.
    schema: &'static str,
    /// The plan.
    #[serde(flatten)]
    plan: &'a Plan,
    /// What is not available of the start.
    withheld: Vec<WithheldJson<'a>>,
}

impl<'a> PlanJson<'a> {
    /// The document of an answer.
    #[must_use]
    pub fn new(answer: &'a PlanAnswer) -> Self {
        Self {
            schema: "eksnet.plan/v1",
            plan: &answer.plan,
            withheld: answer.withheld.iter().map(WithheldJson::new).collect(),
        }
    }
}
