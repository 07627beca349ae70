//! What is answered, and how the run ends.

use crate::{
    finding::counted,
    inventory::Withheld,
    plan::{Candidate, Plan},
};

/// What is answered.
#[derive(Debug, Clone)]
pub struct PlanAnswer {
    /// The plan.
    pub plan: Plan,
    /// The candidate that is shown in full, where another than the recommended one was asked for.
    pub chosen: Option<String>,
    /// What is not available of the start.
    pub withheld: Vec<Withheld>,
}

/// How a run ends, with why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanEnding {
    /// A candidate is recommended.
    Recommended(String),
    /// None is.
    Impossible(String),
    /// Data that the plan needs is not available.
    Incomplete(String),
}

impl PlanAnswer {
    /// The candidate that is to be built: the chosen one, or else the recommended one.
    #[must_use]
    pub fn selected(&self) -> Option<&Candidate> {
        let chosen = self.chosen.as_ref().and_then(|id| self.plan.candidate(id));
        chosen.or_else(|| self.plan.recommended())
    }

    /// The candidate that is shown in full: the one that is to be built, or else the first.
    #[must_use]
    pub fn shown(&self) -> Option<&Candidate> {
        self.selected().or_else(|| self.plan.candidates.first())
    }

    /// How the run ends. What is not available comes before what was found, as in the audit.
    #[must_use]
    pub fn ending(&self) -> PlanEnding {
        let missing = self.withheld.len() + self.plan.needed.len();
        if missing > 0 {
            let things = counted(missing, "value is", "values are");
            return PlanEnding::Incomplete(format!("{things} not available"));
        }
        match &self.plan.recommended {
            Some(id) => PlanEnding::Recommended(format!("{id} is recommended")),
            None => PlanEnding::Impossible("nothing is recommended".to_owned()),
        }
    }
}

impl PlanEnding {
    /// The exit code and why.
    #[must_use]
    pub fn code_and_reason(&self) -> (u8, &str) {
        match self {
            Self::Recommended(why) => (0, why),
            Self::Impossible(why) => (1, why),
            Self::Incomplete(why) => (4, why),
        }
    }
}
