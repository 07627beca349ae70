//! What an expression, or a number, means for the nodes of an instance type.

use super::{CompileError, Compiled, Dialect, Outcome, Purpose, Variables};
use crate::{
    density::{DensityReport, kube_reserved_memory_mib},
    instance::InstanceLimits,
};

/// Karpenter rounds the result of a memory expression up to so many MiB (karpenter-provider-aws
/// `pkg/cel`, since launch templates are grouped by the values).
const KARPENTER_MEMORY_STEP_MIB: u32 = 16;

/// What sets a node's max pods.
#[derive(Debug)]
pub enum MaxPods {
    /// Nothing: the evaluator's own default.
    Unset,
    /// A number.
    Number(u32),
    /// An expression.
    Expression(Compiled),
    /// An expression that the evaluator refuses.
    Refused(CompileError),
}

/// Memory that is reserved.
#[derive(Debug)]
pub enum Memory {
    /// So many MiB.
    Mib(u32),
    /// An expression.
    Expression(Compiled),
    /// An expression that the evaluator refuses.
    Refused(CompileError),
}

/// What is to be judged.
#[derive(Debug)]
pub struct Asked {
    /// Who evaluates it.
    pub dialect: Dialect,
    /// What sets max pods.
    pub max_pods: MaxPods,
    /// nodeadm's `kubelet.config.maxPods`, which precedes its expression.
    pub kubelet_max_pods: Option<u32>,
    /// `podsPerCore`.
    pub pods_per_core: Option<u32>,
    /// `kubeReserved.memory`; `None` is what the AMI computes from max pods.
    pub kube_reserved: Option<Memory>,
    /// `systemReserved.memory`.
    pub system_reserved: Option<Memory>,
}

impl Asked {
    /// An expression and nothing else.
    #[must_use]
    pub fn expression(dialect: Dialect, max_pods: MaxPods) -> Self {
        Self {
            dialect,
            max_pods,
            kubelet_max_pods: None,
            pods_per_core: None,
            kube_reserved: None,
            system_reserved: None,
        }
    }
}

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
    /// No node starts: the evaluator has no number.
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
    /// Memory reserved for the system, in MiB; `None` where nothing is set.
    pub system_reserved_memory_mib: Option<u32>,
    /// The kubelet's part of the node's memory; `None` where the memory is unknown.
    pub kube_reserved_share: Option<f64>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// A type to judge for.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The values of the variables.
    pub variables: &'a Variables,
    /// Its limits.
    pub limits: &'a InstanceLimits,
    /// What its ENIs carry.
    pub report: &'a DensityReport,
}

/// Judges some types, in their order.
///
/// # Errors
/// When the system gives no thread to evaluate an expression.
pub fn judge(asked: &Asked, types: &[Judged<'_>]) -> Result<Vec<Verdict>, CompileError> {
    let variables: Vec<Variables> = types.iter().map(|one| one.variables.clone()).collect();
    let computed = match &asked.max_pods {
        MaxPods::Unset => variables.iter().map(Computed::default_of).collect(),
        MaxPods::Number(number) => vec![Computed::number(*number); types.len()],
        MaxPods::Expression(expression) => {
            let outcomes = expression.evaluate(Purpose::MaxPods, &variables)?;
            let all = outcomes.into_iter().zip(&variables);
            all.map(|(outcome, of)| Computed::from(asked.dialect, outcome, of)).collect()
        }
        MaxPods::Refused(error) => variables
            .iter()
            .map(|of| Computed::unusable(asked.dialect, error.to_string(), of))
            .collect::<Vec<_>>(),
    };
    let held: Vec<Computed> = computed
        .iter()
        .zip(&variables)
        .map(|(computed, of)| computed.clone().under(asked, of))
        .collect();
    // nodeadm reserves by its own number, whatever the kubelet is told; Karpenter by what the node gets.
    let reserving = match asked.dialect {
        Dialect::Nodeadm => &computed,
        Dialect::Karpenter | Dialect::Castai => &held,
    };
    let kube = reserved(asked.kube_reserved.as_ref(), &held, &variables)?;
    let system = reserved(asked.system_reserved.as_ref(), &held, &variables)?;
    let by_pods = reserving.iter().map(|computed| computed.value.map(kube_reserved_memory_mib));
    let by_pods: Vec<Option<u32>> = by_pods.collect();
    let all = held.into_iter().zip(kube).zip(system).zip(by_pods).zip(types);
    Ok(all
        .map(|((((held, kube), system), by_pods), one)| {
            let kube = if asked.kube_reserved.is_some() { kube } else { Reserved::of(by_pods) };
            verdict(held, &kube, &system, one)
        })
        .collect())
}

/// What max pods come to, and by whose word.
#[derive(Debug, Clone)]
struct Computed {
    value: Option<u32>,
    status: Status,
    reason: Option<String>,
    holder: Holder,
}

impl Computed {
    fn number(number: u32) -> Self {
        Self { value: Some(number), status: Status::Ok, reason: None, holder: Holder::Number }
    }

    fn default_of(variables: &Variables) -> Self {
        Self { holder: Holder::Default, ..Self::number(variables.max_pods) }
    }

    fn from(dialect: Dialect, outcome: Outcome, variables: &Variables) -> Self {
        match outcome {
            Outcome::Number(number) => Self { holder: Holder::Expression, ..Self::number(number) },
            Outcome::Unusable(why) => Self::unusable(dialect, why, variables),
            Outcome::Unknown(why) => Self {
                value: None,
                status: Status::Unknown,
                reason: Some(why),
                holder: Holder::Expression,
            },
        }
    }

    /// nodeadm drops the expression and takes its table. Karpenter's NodeClass is not Ready. What CAST AI
    /// does is not documented.
    fn unusable(dialect: Dialect, why: String, variables: &Variables) -> Self {
        let value = match dialect {
            Dialect::Nodeadm => Some(variables.max_pods),
            Dialect::Karpenter | Dialect::Castai => None,
        };
        Self { value, status: Status::Rejected, reason: Some(why), holder: Holder::Default }
    }

    /// What else limits the kubelet.
    fn under(mut self, asked: &Asked, variables: &Variables) -> Self {
        if let Some(number) = asked.kubelet_max_pods {
            self.value = Some(number);
            self.holder = Holder::Number;
        }
        let (Some(value), Some(each)) = (self.value, asked.pods_per_core.filter(|each| *each > 0))
        else {
            return self;
        };
        match variables.vcpus {
            Some(vcpus) if each.saturating_mul(vcpus) < value => {
                self.value = Some(each.saturating_mul(vcpus));
                self.holder = Holder::PodsPerCore;
            }
            Some(_) => {}
            None => {
                self.value = None;
                self.status = Status::Unknown;
                let of = &variables.instance_type;
                self.reason = Some(format!("no source states the number of vCPUs of {of}"));
            }
        }
        self
    }
}

/// A reservation of memory for one type.
#[derive(Debug, Clone, Default)]
struct Reserved {
    mib: Option<u32>,
    /// Why there is none.
    fault: Option<(Status, String)>,
}

impl Reserved {
    fn of(mib: Option<u32>) -> Self {
        Self { mib, fault: None }
    }
}

/// What is reserved, for each type: an expression reads the max pods that the node gets.
fn reserved(
    memory: Option<&Memory>,
    held: &[Computed],
    variables: &[Variables],
) -> Result<Vec<Reserved>, CompileError> {
    let expression = match memory {
        None => return Ok(vec![Reserved::default(); held.len()]),
        Some(Memory::Mib(mib)) => return Ok(vec![Reserved::of(Some(*mib)); held.len()]),
        Some(Memory::Refused(error)) => {
            let fault = Some((Status::Rejected, error.to_string()));
            return Ok(vec![Reserved { mib: None, fault }; held.len()]);
        }
        Some(Memory::Expression(expression)) => expression,
    };
    let with_held = held
        .iter()
        .zip(variables)
        .map(|(held, of)| Variables { max_pods: held.value.unwrap_or(of.max_pods), ..of.clone() });
    let outcomes = expression.evaluate(Purpose::Reserved, &with_held.collect::<Vec<_>>())?;
    Ok(outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Number(mib) => {
                Reserved::of(Some(mib.next_multiple_of(KARPENTER_MEMORY_STEP_MIB)))
            }
            Outcome::Unusable(why) => Reserved { mib: None, fault: Some((Status::Rejected, why)) },
            Outcome::Unknown(why) => Reserved { mib: None, fault: Some((Status::Unknown, why)) },
        })
        .collect())
}

fn verdict(held: Computed, kube: &Reserved, system: &Reserved, one: &Judged<'_>) -> Verdict {
    let Computed { mut value, mut status, mut reason, holder } = held;
    let faults = [("kubeReserved.memory", &kube.fault), ("systemReserved.memory", &system.fault)];
    for (field, fault) in faults {
        if let (Some((theirs, why)), Status::Ok) = (fault, status) {
            // A NodeClass with one bad expression is not Ready as a whole.
            status = *theirs;
            reason = Some(format!("{field}: {why}"));
            if *theirs == Status::Rejected {
                value = None;
            }
        }
    }
    let memory = one.limits.memory_mib.filter(|mib| *mib > 0);
    let stranded_pods = value
        .map(|value| one.report.eni_max_pods.map_or(0, |carried| value.saturating_sub(carried)));
    let kube_mib = kube.mib.filter(|_| value.is_some());
    let system_mib = system.mib.filter(|_| value.is_some());
    let kube_reserved_share = kube_mib.zip(memory).map(|(mib, all)| share(mib, all));
    if reason.is_none() && value.is_some() && memory.is_none() {
        reason = Some(format!("no source states the memory of {}", one.limits.instance_type));
    }
    let mut problems = Vec::new();
    if value.is_none() && status == Status::Rejected {
        problems.push(Problem::NoNode);
    }
    if stranded_pods.is_some_and(|pods| pods > 0) {
        problems.push(Problem::StrandsPods);
    }
    let both = u64::from(kube_mib.unwrap_or(0)) + u64::from(system_mib.unwrap_or(0));
    if memory.is_some_and(|all| both * 2 >= all) {
        problems.push(Problem::ReservesHalf);
    }
    if value.zip(one.report.cap).is_some_and(|(value, cap)| value > cap) {
        problems.push(Problem::OverCap);
    }
    Verdict {
        value,
        status,
        reason,
        held_by: value.map(|_| holder),
        stranded_pods,
        kube_reserved_memory_mib: kube_mib,
        system_reserved_memory_mib: system_mib,
        kube_reserved_share,
        problems,
    }
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "MiB of one machine")]
fn share(mib: u32, of: u64) -> f64 {
    f64::from(mib) / of as f64
}
