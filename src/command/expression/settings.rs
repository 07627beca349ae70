//! From what is written to what is asked: texts are compiled, amounts are read.

use crate::{
    command::Failure,
    declared::{Ec2NodeClass, Kubelet, LaunchInterfaceKind, MaxPods, NodeConfig, Quantity},
    expression::{
        Amount, Asked, CompileError, Compiled, Dialect, Fault, PodsSetting, Reservation,
        ReservedFor,
    },
};

const BYTES_PER_MIB: u64 = 1 << 20;
/// Characters of an expression that an error repeats.
const REPEATED: usize = 60;

/// An expression of the command line.
pub(super) fn of_text(text: &str, dialect: Dialect) -> Result<Asked, Failure> {
    Ok(Asked::new(dialect, setting("--expression", text, dialect)?))
}

/// What an EC2NodeClass sets.
pub(super) fn of_class(class: &Ec2NodeClass, place: &str) -> Result<Asked, Failure> {
    let mut asked = match &class.kubelet {
        Some(kubelet) => of_kubelet(kubelet, place)?,
        None => Asked::new(Dialect::Karpenter, PodsSetting::Unset),
    };
    // They take a slot and have no address (karpenter-provider-aws `ENILimitedPods`).
    let efa_only = class
        .interfaces
        .iter()
        .filter(|one| one.card == 0 && one.kind == LaunchInterfaceKind::EfaOnly);
    asked.class_efa_only = u32::try_from(efa_only.count()).unwrap_or(u32::MAX);
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

/// What the kubelet of a NodeClass sets, or that of an older NodePool.
pub(super) fn of_kubelet(kubelet: &Kubelet, place: &str) -> Result<Asked, Failure> {
    let line = kubelet.max_pods_line.map(|line| format!(", line {line}")).unwrap_or_default();
    let max_pods = match &kubelet.max_pods {
        None => PodsSetting::Unset,
        Some(MaxPods::Number(number)) => PodsSetting::Number(*number),
        Some(MaxPods::Expression(text)) => {
            setting(&format!("{place}{line}: maxPods"), text, Dialect::Karpenter)?
        }
    };
    let mut asked = Asked::new(Dialect::Karpenter, max_pods);
    asked.pods_per_core = kubelet.pods_per_core;
    let all = [
        (ReservedFor::Kube, &kubelet.kube_reserved),
        (ReservedFor::System, &kubelet.system_reserved),
    ];
    for (whose, amounts) in all {
        for (resource, text) in amounts {
            let field = format!("{place}: {}.{resource}", whose.key());
            // Karpenter takes for an expression what is no quantity.
            let amount = match quantity(text) {
                Some(amount) => amount,
                None => Amount::Expression(compiled(&field, text, Dialect::Karpenter)?),
            };
            asked.reservations.push(Reservation { whose, resource: resource.clone(), amount });
        }
    }
    Ok(asked)
}

/// What NodeConfigs set, the later over the earlier, as nodeadm merges them.
pub(super) fn of_node_configs(configs: &[NodeConfig], place: &str) -> Result<Asked, Failure> {
    let config = merged(configs);
    let expression = config.max_pods_expression.filter(|text| !text.is_empty());
    let max_pods = match expression {
        Some(text) => setting(&format!("{place}: maxPodsExpression"), &text, Dialect::Nodeadm)?,
        None => PodsSetting::Unset,
    };
    let mut asked = Asked::new(Dialect::Nodeadm, max_pods);
    // A flag of the kubelet goes before its file.
    asked.kubelet_max_pods = config.max_pods_flag.or(config.max_pods);
    asked.pods_per_core = config.pods_per_core;
    let all =
        [(ReservedFor::Kube, config.kube_reserved), (ReservedFor::System, config.system_reserved)];
    for (whose, amounts) in all {
        for (resource, text) in amounts {
            let Some(amount) = quantity(&text) else {
                return Err(Failure::usage(
                    format!("{place}: {}.{resource} is `{text}`, not a quantity", whose.key()),
                    "write an amount such as 512Mi: nodeadm takes no expression here",
                ));
            };
            asked.reservations.push(Reservation { whose, resource, amount });
        }
    }
    Ok(asked)
}

/// The later over the earlier (amazon-eks-ami, "Merging multiple configuration objects").
fn merged(configs: &[NodeConfig]) -> NodeConfig {
    let mut all = NodeConfig::default();
    for config in configs.iter().cloned() {
        all.max_pods = config.max_pods.or(all.max_pods);
        all.max_pods_flag = config.max_pods_flag.or(all.max_pods_flag);
        all.max_pods_expression = config.max_pods_expression.or(all.max_pods_expression);
        all.pods_per_core = config.pods_per_core.or(all.pods_per_core);
        all.kube_reserved.extend(config.kube_reserved);
        all.system_reserved.extend(config.system_reserved);
    }
    all
}

/// nodeadm goes on without an expression that it refuses; what Karpenter or CAST AI refuse is bad input.
fn setting(place: &str, text: &str, dialect: Dialect) -> Result<PodsSetting, Failure> {
    match Compiled::new(text, dialect) {
        Ok(expression) => Ok(PodsSetting::Expression(expression)),
        Err(error) if dialect == Dialect::Nodeadm && error.fault == Fault::Refused => {
            Ok(PodsSetting::Refused(error))
        }
        Err(error) => Err(refusal(place, dialect, &error)),
    }
}

fn compiled(place: &str, text: &str, dialect: Dialect) -> Result<Compiled, Failure> {
    Compiled::new(text, dialect).map_err(|error| refusal(place, dialect, &error))
}

/// An expression that eksnet does not read.
pub(super) fn unread(whose: &str, error: &CompileError) -> Failure {
    Failure::usage(format!("{whose}: {error}"), error.hint.clone())
}

fn refusal(place: &str, dialect: Dialect, error: &CompileError) -> Failure {
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
        (Fault::Unread, _) => return unread(&whose, error),
    };
    Failure::usage(format!("{whose} does not compile: {error}"), hint)
}

fn quantity(text: &str) -> Option<Amount> {
    let bytes = Quantity::parse(text).ok()?.units();
    let mib = u32::try_from(bytes.div_ceil(BYTES_PER_MIB)).unwrap_or(u32::MAX);
    Some(Amount::Written { text: text.to_owned(), mib })
}
