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
    /// Something that is not stated, and why not.
    Unstated(&'static str),
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

/// What NodeConfigs in the user data of a class of Karpenter change on the node. Karpenter itself does not look at
/// them.
#[derive(Debug, Default)]
pub struct UserData {
    /// nodeadm's expression: Karpenter sets max pods, and nodeadm still reserves memory by the expression.
    pub expression: Option<PodsSetting>,
    /// `--max-pods`, which the kubelet takes before Karpenter's number.
    pub max_pods: Option<u32>,
    /// `podsPerCore`, where it holds.
    pub pods_per_core: Option<u32>,
    /// What is reserved where Karpenter reserves nothing, or by flags.
    pub reservations: Vec<Reservation>,
    /// For whom flags reserve, which replaces all that Karpenter writes.
    pub replaced: Vec<ReservedFor>,
}

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
    /// What NodeConfigs in the user data of a class of Karpenter change.
    pub user_data: UserData,
    /// Whether nodeadm may reserve memory on the node by its own table, where Karpenter reckons with its number.
    pub nodeadm_reserves: bool,
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
            user_data: UserData::default(),
            nodeadm_reserves: false,
        }
    }

    /// ENIs of a type that Karpenter's default leaves out.
    pub(super) fn taken_enis(&self, limits: &InstanceLimits) -> u32 {
        self.reserved_enis.saturating_add(self.launch.efa_only_on_card(limits))
    }

    /// Whether it says anything of pods or of what is reserved.
    #[must_use]
    pub fn sets_anything(&self) -> bool {
        !matches!(self.max_pods, PodsSetting::Unset)
            || self.number().is_some()
            || self.pods_per_core.is_some()
            || self.user_data.pods_per_core.is_some()
            || !self.reservations.is_empty()
    }

    /// The number that the kubelet is told on every type, where it is one.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        let own = match self.max_pods {
            PodsSetting::Number(number) => Some(number),
            PodsSetting::Unset
            | PodsSetting::Expression(_)
            | PodsSetting::Refused(_)
            | PodsSetting::Unstated(_) => None,
        };
        self.user_data.max_pods.or(self.kubelet_max_pods).or(own)
    }

    /// Whether anything is an expression.
    #[must_use]
    pub fn has_expressions(&self) -> bool {
        let is_expression = |one: &Reservation| matches!(one.amount, Amount::Expression(_));
        self.text().is_some() || self.reservations.iter().any(is_expression)
    }

    /// The expression of max pods as written, where one is.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.max_pods {
            PodsSetting::Expression(expression) => Some(expression.text()),
            PodsSetting::Refused(error) => Some(&error.text),
            PodsSetting::Unset | PodsSetting::Number(_) | PodsSetting::Unstated(_) => None,
        }
    }

    /// What to do about an expression that the evaluator refuses.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match &self.max_pods {
            PodsSetting::Refused(error) => Some(&error.hint),
            PodsSetting::Expression(_)
            | PodsSetting::Unset
            | PodsSetting::Number(_)
            | PodsSetting::Unstated(_) => None,
        }
    }
}
