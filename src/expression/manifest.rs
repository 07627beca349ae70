//! From what manifests and people write to what is asked: texts are compiled, amounts are read.

use super::{
    Amount, Asked, CompileError, Compiled, Dialect, Fault, PodsSetting, Reservation, ReservedFor,
};
use crate::declared::{
    Ec2NodeClass, Kubelet, LaunchInterfaceKind, MaxPods, NodeConfig, NodePool, Quantity, Reserves,
};

/// What is written cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct SettingError {
    /// The text with its place, and what is wrong.
    pub text: String,
    /// What to do about it.
    pub hint: String,
}

const BYTES_PER_MIB: u64 = 1 << 20;
/// Characters of an expression that an error repeats.
const REPEATED: usize = 60;

impl SettingError {
    fn new(text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { text: text.into(), hint: hint.into() }
    }
}

/// An expression of the command line.
///
/// # Errors
/// When it does not compile.
pub fn of_text(text: &str, dialect: Dialect) -> Result<Asked, SettingError> {
    Ok(Asked::new(dialect, setting("--expression", text, dialect)?))
}

/// What sets the max pods of a NodePool's nodes: its own kubelet, as NodePools of v1beta1 have it, else that of its
/// EC2NodeClass. `None` where there is neither.
///
/// # Errors
/// When an expression or an amount is not readable.
pub fn of_pool(
    pool: &NodePool,
    class: Option<&Ec2NodeClass>,
    place: &str,
) -> Result<Option<Asked>, SettingError> {
    match (&pool.kubelet, class) {
        (Some(kubelet), Some(class)) => of_kubelet_in(kubelet, class, place).map(Some),
        (Some(kubelet), None) => of_kubelet(kubelet, place).map(Some),
        (None, Some(class)) => of_class(class, place).map(Some),
        (None, None) => Ok(None),
    }
}

/// What an EC2NodeClass sets.
///
/// # Errors
/// When an expression or an amount is not readable.
pub fn of_class(class: &Ec2NodeClass, place: &str) -> Result<Asked, SettingError> {
    of_kubelet_in(&class.kubelet.clone().unwrap_or_default(), class, place)
}

/// What the kubelet's settings come to on nodes of an EC2NodeClass.
fn of_kubelet_in(
    kubelet: &Kubelet,
    class: &Ec2NodeClass,
    place: &str,
) -> Result<Asked, SettingError> {
    let mut asked = of_kubelet(kubelet, place)?;
    // They take a slot and have no address (karpenter-provider-aws `ENILimitedPods`).
    let efa_only = class
        .interfaces
        .iter()
        .filter(|one| one.card == 0 && one.kind == LaunchInterfaceKind::EfaOnly);
    asked.launch.card_efa_only = u32::try_from(efa_only.count()).unwrap_or(u32::MAX);
    if is_bottlerocket(class) {
        // Bottlerocket has no such setting (karpenter-provider-aws `PodsPerCoreEnabled`).
        asked.pods_per_core = None;
    }
    let expression = merged(&class.node_configs).max_pods_expression;
    if let Some(text) = expression.filter(|text| !text.is_empty()) {
        let place = format!("{place}: maxPodsExpression in userData");
        asked.user_data = Some(setting(&place, &text, Dialect::Nodeadm)?);
    }
    Ok(asked)
}

fn is_bottlerocket(class: &Ec2NodeClass) -> bool {
    class.ami_family.as_deref().is_some_and(|family| family.eq_ignore_ascii_case("bottlerocket"))
}

fn of_kubelet(kubelet: &Kubelet, place: &str) -> Result<Asked, SettingError> {
    let line = kubelet.max_pods_line.map(|line| format!(", line {line}")).unwrap_or_default();
    let max_pods = match &kubelet.max_pods {
        None => PodsSetting::Unset,
        Some(MaxPods::Number(number)) => PodsSetting::Number(*number),
        Some(MaxPods::Expression(text)) => {
            setting(&format!("{place}{line}: maxPods"), text, Dialect::Karpenter)?
        }
    };
    let mut asked = Asked::new(Dialect::Karpenter, max_pods);
    asked.pods_per_core = kubelet.reserves.pods_per_core;
    asked.reservations = reservations(&kubelet.reserves, place, Dialect::Karpenter)?;
    Ok(asked)
}

/// What NodeConfigs set, the later over the earlier, as nodeadm merges them.
///
/// # Errors
/// When an expression or an amount is not readable.
pub fn of_node_configs(configs: &[NodeConfig], place: &str) -> Result<Asked, SettingError> {
    let config = merged(configs);
    let expression = config.max_pods_expression.filter(|text| !text.is_empty());
    let max_pods = match expression {
        Some(text) => setting(&format!("{place}: maxPodsExpression"), &text, Dialect::Nodeadm)?,
        None => PodsSetting::Unset,
    };
    let mut asked = Asked::new(Dialect::Nodeadm, max_pods);
    // A flag of the kubelet goes before its file.
    asked.kubelet_max_pods = config.max_pods_flag.or(config.max_pods);
    asked.pods_per_core = config.reserves.pods_per_core;
    asked.reservations = reservations(&config.reserves, place, Dialect::Nodeadm)?;
    Ok(asked)
}

/// What is kept for Kubernetes and the system. Karpenter takes for an expression what is no quantity; nodeadm takes
/// no expression here.
fn reservations(
    reserves: &Reserves,
    place: &str,
    dialect: Dialect,
) -> Result<Vec<Reservation>, SettingError> {
    let all = [
        (ReservedFor::Kube, &reserves.kube_reserved),
        (ReservedFor::System, &reserves.system_reserved),
    ];
    let mut read = Vec::new();
    for (whose, amounts) in all {
        for (resource, text) in amounts {
            let field = format!("{place}: {}.{resource}", whose.key());
            let amount = match (quantity(text), dialect) {
                (Some(amount), _) => amount,
                (None, Dialect::Karpenter) => Amount::Expression(compiled(&field, text, dialect)?),
                (None, Dialect::Nodeadm | Dialect::Castai) => {
                    return Err(SettingError::new(
                        format!("{field} is `{text}`, not a quantity"),
                        "write an amount such as 512Mi: nodeadm takes no expression here",
                    ));
                }
            };
            read.push(Reservation { whose, resource: resource.clone(), amount });
        }
    }
    Ok(read)
}

/// The later over the earlier (amazon-eks-ami, "Merging multiple configuration objects").
fn merged(configs: &[NodeConfig]) -> NodeConfig {
    let mut all = NodeConfig::default();
    for config in configs.iter().cloned() {
        all.max_pods = config.max_pods.or(all.max_pods);
        all.max_pods_flag = config.max_pods_flag.or(all.max_pods_flag);
        all.max_pods_expression = config.max_pods_expression.or(all.max_pods_expression);
        all.reserves.pods_per_core = config.reserves.pods_per_core.or(all.reserves.pods_per_core);
        all.reserves.kube_reserved.extend(config.reserves.kube_reserved);
        all.reserves.system_reserved.extend(config.reserves.system_reserved);
    }
    all
}

/// nodeadm goes on without an expression that it refuses; what Karpenter or CAST AI refuse is bad input.
fn setting(place: &str, text: &str, dialect: Dialect) -> Result<PodsSetting, SettingError> {
    match Compiled::new(text, dialect) {
        Ok(expression) => Ok(PodsSetting::Expression(expression)),
        Err(error) if dialect == Dialect::Nodeadm && error.fault == Fault::Refused => {
            Ok(PodsSetting::Refused(error))
        }
        Err(error) => Err(refusal(place, dialect, &error)),
    }
}

fn compiled(place: &str, text: &str, dialect: Dialect) -> Result<Compiled, SettingError> {
    Compiled::new(text, dialect).map_err(|error| refusal(place, dialect, &error))
}

fn refusal(place: &str, dialect: Dialect, error: &CompileError) -> SettingError {
    let cut = error.text.chars().take(REPEATED).collect::<String>();
    let rest = if cut.len() < error.text.len() { "…" } else { "" };
    let whose = format!("{place} `{cut}{rest}`");
    let hint = match (error.fault, dialect) {
        (Fault::Refused, Dialect::Karpenter) => {
            // A hint that asks is a sentence of its own.
            let end = if error.hint.ends_with('?') { "" } else { ";" };
            let then = "Karpenter starts no node with it (KubeletExpressionInvalid)";
            format!("{}{end} {then}", error.hint)
        }
        (Fault::Refused, Dialect::Nodeadm | Dialect::Castai) => error.hint.clone(),
        (Fault::Unread, _) => {
            return SettingError::new(format!("{whose}: {error}"), error.hint.clone());
        }
    };
    SettingError::new(format!("{whose} does not compile: {error}"), hint)
}

fn quantity(text: &str) -> Option<Amount> {
    let bytes = Quantity::parse(text).ok()?.units();
    let mib = u32::try_from(bytes.div_ceil(BYTES_PER_MIB)).unwrap_or(u32::MAX);
    Some(Amount::Written { text: text.to_owned(), mib })
}
