//! One maxPods for all types of a NodePool, of which some carry fewer pods.

use super::{Check, Claim, Facts, hints::maxpods_flags};
use crate::{
    cni::{CniSettings, Decides},
    declared::{Ec2NodeClass, Kubelet, NodeClassRef, NodePool, PoolOs},
    density::{Addressing, Cap, DensitySettings, Os, assess},
    finding::{Command, Finding, Severity, Word, command_line, counted},
    instance::{Catalogue, InstanceLimits},
    inventory::AwsNode,
};

pub(super) const CHECK: Check = Check {
    id: "max-pods-over-nodepool",
    about: "one maxPods of an EC2NodeClass holds for types of a NodePool that carry fewer pods",
    claim: |_| {
        Claim::of(
            "has a maxPods above what some of its types carry",
            "have a maxPods above what some of their types carry",
        )
        .about("NodePool", "NodePools")
    },
    severities: &[Severity::Warning, Severity::Info],
    tunables: &[],
    run,
};

/// Types that are named.
const MOST_NAMED: usize = 5;

/// How the CNI is set, and what was assumed of it.
struct Mode {
    settings: DensitySettings,
    assumed: Option<&'static str>,
}

fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(kubernetes) = &facts.inventory.kubernetes else { return Vec::new() };
    let Some(mode) = mode(facts) else { return Vec::new() };
    let classes = kubernetes.ec2_node_classes.as_deref().unwrap_or_default();
    let pools = kubernetes.node_pools.iter().flatten();
    pools.filter_map(|pool| finding(pool, classes, &mode, facts.settings.catalogue)).collect()
}

/// The mode in effect; `None` in an IPv6 cluster, where addresses bind nothing. Where it is not known it is
/// taken for the one with the fewest addresses, so that no node is promised what it may not have.
fn mode(facts: &Facts<'_>) -> Option<Mode> {
    const DECIDES: &[Decides] = &[Decides::Pool];
    let read = facts.aws_node().map(|node| {
        let ipv6 = node.environment.get("ENABLE_IPv6");
        let is_ipv6 = ipv6.and_then(|text| AwsNode::truth(text)) == Some(true);
        (is_ipv6, CniSettings::read(node, DECIDES).ok())
    });
    let has_configs = facts
        .inventory
        .kubernetes
        .as_ref()
        .and_then(|told| told.eni_configs.as_ref())
        .is_some_and(|configs| !configs.is_empty());
    match read {
        Some((true, _)) => None,
        Some((false, Some(cni))) => Some(Mode { settings: of_cni(&cni), assumed: None }),
        Some((false, None)) | None => Some(Mode {
            settings: DensitySettings {
                custom_networking: has_configs,
                cap: Cap::None,
                ..DensitySettings::default()
            },
            assumed: Some(if has_configs {
                "the settings of aws-node are not available: secondary-IP mode with custom networking is \
                 assumed, which carries the fewest pods"
            } else {
                "the settings of aws-node are not available: secondary-IP mode is assumed, which carries \
                 the fewest pods"
            }),
        }),
    }
}

fn of_cni(cni: &CniSettings) -> DensitySettings {
    let max_eni = cni.max_eni.and_then(|most| u32::try_from(most).ok()).filter(|most| *most > 0);
    DensitySettings {
        addressing: if cni.prefix_delegation {
            Addressing::Prefix
        } else {
            Addressing::SecondaryIp
        },
        custom_networking: cni.custom_networking,
        pod_eni: cni.pod_eni,
        max_eni,
        cap: Cap::None,
        ..DensitySettings::default()
    }
}

/// A type whose kubelet takes more pods than it carries.
struct Over<'a> {
    limits: &'a InstanceLimits,
    carries: u32,
}

fn finding(
    pool: &NodePool,
    classes: &[Ec2NodeClass],
    mode: &Mode,
    catalogue: &Catalogue,
) -> Option<Finding> {
    let of_pool = pool.node_class.as_ref();
    if of_pool.is_some_and(NodeClassRef::is_auto_mode) {
        return None;
    }
    let class = of_pool.and_then(|named| classes.iter().find(|class| class.name == named.name));
    // A NodePool of v1beta1 sets the kubelet itself.
    let kubelet = pool.kubelet.as_ref().or_else(|| class?.kubelet.as_ref())?;
    let one = kubelet.one_max_pods()?;
    let is_windows = pool.os() == PoolOs::Windows || class.is_some_and(Ec2NodeClass::is_windows);
    let settings = DensitySettings {
        os: if is_windows { Os::Windows } else { Os::Linux },
        custom_networking: mode.settings.custom_networking && !is_windows,
        pod_eni: mode.settings.pod_eni && !is_windows,
        ..mode.settings.clone()
    };
    let matched = pool.types(catalogue);
    let mut over: Vec<Over<'_>> = matched
        .types
        .iter()
        .filter_map(|limits| over(limits, (one, kubelet), &settings, catalogue))
        .collect();
    over.sort_by_key(|one| one.carries);
    let lowest = over.first()?;
    let named: Vec<&str> =
        over.iter().take(MOST_NAMED).map(|one| one.limits.instance_type.as_ref()).collect();
    let others = match over.len() - named.len() {
        0 => String::new(),
        rest => format!(" and {rest} more"),
    };
    let flags = maxpods_flags(&settings);
    let all = if others.is_empty() {
        String::new()
    } else {
        format!(
            "; the command shows {} of {}, and `eksnet maxpods --nodepool FILE{flags}` with the NodePool's \
             manifest all",
            named.len(),
            over.len()
        )
    };
    let unchecked = match matched.not_checked.as_slice() {
        [] => String::new(),
        rows => {
            let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
            format!(
                "; requirements that the table of types cannot answer leave no type out: {}",
                keys.join(", ")
            )
        }
    };
    let assumed = mode.assumed.map_or_else(String::new, |text| format!("; {text}"));
    let whose = match class {
        Some(class) => format!("maxPods {one} of EC2NodeClass {}", class.name),
        None => format!("maxPods {one}"),
    };
    let severity = if mode.assumed.is_some() { Severity::Info } else { Severity::Warning };
    Some(
        CHECK
            .finding(severity, &pool.name)
            .message(format!(
                "NodePool {}: {whose} holds for all {} that it may start, and {} fewer pods: {}{others}; \
                 the lowest is {} with {}{assumed}{unchecked}",
                pool.name,
                counted(matched.types.len(), "instance type", "instance types"),
                if over.len() == 1 { "1 carries".to_owned() } else { format!("{} carry", over.len()) },
                named.join(", "),
                lowest.limits.instance_type,
                lowest.carries,
            ))
            .hint(format!(
                "set maxPods to the lowest, {}, or leave such types out of the NodePool's requirements, or \
                 give them an EC2NodeClass of their own; nodes that run are replaced{all}",
                lowest.carries
            ))
            .command(recommend(&named, &flags))
            .detail(format!("maxPods {one}, lowest {}", lowest.carries))
            .with("max_pods", one)
            .with("lowest", lowest.carries)
            .with("lowest_type", lowest.limits.instance_type.to_string())
            .with("types", matched.types.len())
            .with("types_over", over.len())
            .with("types_named", named)
            .with("node_class", class.map(|class| class.name.clone()))
            .with("assumed", mode.assumed.is_some()),
    )
}

fn over<'a>(
    limits: &'a InstanceLimits,
    (one, kubelet): (u32, &Kubelet),
    settings: &DensitySettings,
    catalogue: &Catalogue,
) -> Option<Over<'a>> {
    let carries = assess(catalogue, limits, settings).ok()?.eni_max_pods?;
    // The kubelet takes the lower of both (karpenter-provider-aws `pkg/providers/instancetype/types.go`, pods).
    let by_core = kubelet.pods_per_core.filter(|per| *per > 0).zip(limits.vcpus);
    let by_core = by_core.map_or(u32::MAX, |(per, vcpus)| per.saturating_mul(vcpus));
    (one.min(by_core) > carries).then_some(Over { limits, carries })
}

fn recommend(types: &[&str], flags: &str) -> Option<Command> {
    let mut words: Vec<Word<'_>> = types.iter().map(|name| Word::Name(name)).collect();
    if !flags.is_empty() {
        words.push(Word::Own(flags.trim_start()));
    }
    command_line(&words).map(Command::Maxpods)
}
