//! What is asked of a plan, whatever it was made of.

use crate::{inventory::Withheld, plan::Requirement, simulate::StandingNode};

/// What is asked of a plan.
pub(super) struct Asked {
    pub(super) requirement: Requirement,
    /// What was assumed of it.
    pub(super) assumed: Vec<String>,
    /// What is not available of the start.
    pub(super) withheld: Vec<Withheld>,
    /// The nodes that run, where nothing that was written or typed is about groups.
    pub(super) running: Option<Running>,
}

/// The nodes that run.
pub(super) struct Running {
    pub(super) nodes: Vec<StandingNode>,
    /// Whether kubectl told the CNI's settings.
    pub(super) cni_told: bool,
    /// What was taken for granted of the nodes.
    pub(super) notes: Vec<String>,
}
