//! What is to be judged: what sets a node's max pods, and what it reserves.

use super::{CompileError, Compiled, Dialect};
use crate::{density::LaunchSettings, instance::InstanceLimits};

/// What sets a node's max pods.
#[derive(Debug)]
pub enum PodsSetting {
    /// Nothing: the evaluator's own default.
    Unset,
    /// A number.
    Number(u32),
    /// An expression.
    Expression(Compiled),
    /// An expression that the evaluator refuses.
    Refused(CompileError),
}

/// For whom something is reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReservedFor {
    /// The kubelet and the container runtime (`kubeReserved`).
    Kube,
    /// The operating system (`systemReserved`).
    System,
}

impl ReservedFor {
    /// The key in the kubelet's configuration.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Kube => "kubeReserved",
            Self::System => "systemReserved",
        }
    }
}

/// How much is reserved.
#[derive(Debug)]
pub enum Amount {
    /// As much as is written there.
    Written {
        /// The quantity, such as `512Mi`.
        text: String,
        /// The same in MiB, rounded up.
        mib: u32,
    },
    /// What an expression comes to.
    Expression(Compiled),
}

/// A reservation of one resource.
#[derive(Debug)]
pub struct Reservation {
    /// For whom.
    pub whose: ReservedFor,
    /// The resource: `cpu`, `memory`, `ephemeral-storage`, `pid`.
    pub resource: String,
    /// How much.
    pub amount: Amount,
}

impl Reservation {
    /// The field as it is named in output, such as `kubeReserved.memory`.
    #[must_use]
    pub fn field(&self) -> String {
        format!("{}.{}", self.whose.key(), self.resource)
    }

    pub(super) fn is_memory(&self, whose: ReservedFor) -> bool {
        self.whose == whose && self.resource == MEMORY
    }
}

pub(super) const MEMORY: &str = "memory";

/// What is to be judged.
#[derive(Debug)]
pub struct Asked {
    /// Who evaluates it.
    pub dialect: Dialect,
    /// What sets max pods.
    pub max_pods: PodsSetting,
    /// nodeadm's `kubelet.config.maxPods`, which precedes its expression.
    pub kubelet_max_pods: Option<u32>,
    /// `podsPerCore`.
    pub pods_per_core: Option<u32>,
    /// Karpenter's RESERVED_ENIS.
    pub reserved_enis: u32,
    /// What the instances are launched with.
    pub launch: LaunchSettings,
    /// What is reserved, beside what the AMI computes from max pods.
    pub reservations: Vec<Reservation>,
    /// nodeadm's expression in the user data of a class of Karpenter, which sets max pods itself: nodeadm
    /// still reserves memory by the expression.
    pub user_data: Option<PodsSetting>,
}

impl Asked {
    /// Max pods and nothing else.
    #[must_use]
    pub fn new(dialect: Dialect, max_pods: PodsSetting) -> Self {
        Self {
            dialect,
            max_pods,
            kubelet_max_pods: None,
            pods_per_core: None,
            reserved_enis: 0,
            launch: LaunchSettings::default(),
            reservations: Vec::new(),
            user_data: None,
        }
    }

    /// ENIs of a type that Karpenter's default leaves out.
    pub(super) fn taken_enis(&self, limits: &InstanceLimits) -> u32 {
        self.reserved_enis.saturating_add(self.launch.efa_only_on_card(limits))
    }

    /// Whether anything is an expression.
    pub(super) fn has_expressions(&self) -> bool {
        let is_expression = |one: &Reservation| matches!(one.amount, Amount::Expression(_));
        self.text().is_some() || self.reservations.iter().any(is_expression)
    }

    /// The expression of max pods as written, where one is.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.max_pods {
            PodsSetting::Expression(expression) => Some(expression.text()),
            PodsSetting::Refused(error) => Some(&error.text),
            PodsSetting::Unset | PodsSetting::Number(_) => None,
        }
    }

    /// What to do about an expression that the evaluator refuses.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match &self.max_pods {
            PodsSetting::Refused(error) => Some(&error.hint),
            PodsSetting::Expression(_) | PodsSetting::Unset | PodsSetting::Number(_) => None,
        }
    }
}
