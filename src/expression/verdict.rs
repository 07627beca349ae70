//! What max pods and reservations mean for the nodes of an instance type.

/// Whether the evaluator uses what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Ok,
    /// It does not.
    Rejected,
    /// It depends on what no source states of the type.
    Unknown,
}

impl Status {
    /// The status's name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }
}

/// What decides a node's max pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// The expression.
    Expression,
    /// A number that was set.
    Number,
    /// What the evaluator takes without an expression: nodeadm's table, Karpenter's formula.
    Default,
    /// `podsPerCore`.
    PodsPerCore,
}

impl Holder {
    /// The holder's name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Expression => "expression",
            Self::Number => "max-pods",
            Self::Default => "default",
            Self::PodsPerCore => "pods-per-core",
        }
    }
}

/// What is wrong with a number of pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// No node starts, or none that a pod fits on: the evaluator has no number, or 0.
    NoNode,
    /// The kubelet accepts more pods than there are addresses for.
    StrandsPods,
    /// Half of the memory, or more, is reserved.
    ReservesHalf,
    /// The number is above the cap.
    OverCap,
}

impl Problem {
    /// The problem's name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoNode => "no-node",
            Self::StrandsPods => "strands-pods",
            Self::ReservesHalf => "reserves-half",
            Self::OverCap => "over-cap",
        }
    }
}

/// What it means for the nodes of a type.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Max pods of a node; `None` where no node starts or something is unknown.
    pub value: Option<u32>,
    /// Whether what was written is used.
    pub status: Status,
    /// Why not, or what is unknown.
    pub reason: Option<String>,
    /// What decides the value; `None` without a value.
    pub held_by: Option<Holder>,
    /// Pods beyond what the ENIs carry; `None` without a value.
    pub stranded_pods: Option<u32>,
    /// Memory reserved for the kubelet, in MiB.
    pub kube_reserved_memory_mib: Option<u32>,
    /// Memory that nodeadm on AL2023 reserves by its own table, where Karpenter reckons with another number.
    pub nodeadm_reserved_memory_mib: Option<u32>,
    /// Memory reserved for the system, in MiB; `None` where nothing is set.
    pub system_reserved_memory_mib: Option<u32>,
    /// The kubelet's part of the node's memory; `None` where the memory is unknown.
    pub kube_reserved_share: Option<f64>,
    /// Every reservation that is set, by field, as the node has it; `None` where the evaluator has no value.
    pub reserved: Vec<(String, Option<String>)>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Verdict {
    /// The same where no node starts, whatever its max pods were.
    #[must_use]
    pub fn without_node(self, why: &str) -> Self {
        Self {
            value: None,
            reason: Some(why.to_owned()),
            held_by: None,
            stranded_pods: None,
            kube_reserved_memory_mib: None,
            system_reserved_memory_mib: None,
            kube_reserved_share: None,
            problems: vec![Problem::NoNode],
            ..self
        }
    }
}
