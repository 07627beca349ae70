//! `eksnet.plan-warm-targets/v1`.

use schemars::JsonSchema;
use serde::Serialize;

use super::finding::WithheldJson;
use crate::{
    plan::WarmPlan,
    render::plan_warm::{WarmAnswer, verdict},
};

/// The output of `eksnet plan --warm-targets`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WarmPlanJson<'a> {
    /// `eksnet.plan-warm-targets/v1`.
    schema: &'static str,
    /// What to set and what that saves, in one sentence.
    summary: String,
    /// The answer.
    #[serde(flatten)]
    plan: &'a WarmPlan,
    /// What is not available.
    withheld: Vec<WithheldJson<'a>>,
}

impl<'a> WarmPlanJson<'a> {
    /// The document of an answer.
    #[must_use]
    pub fn new(answer: &'a WarmAnswer) -> Self {
        Self {
            schema: "eksnet.plan-warm-targets/v1",
            summary: verdict(&answer.plan),
            plan: &answer.plan,
            withheld: answer.withheld.iter().map(WithheldJson::new).collect(),
        }
    }
}
