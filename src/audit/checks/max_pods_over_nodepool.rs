//! One maxPods for all types of a NodePool, of which some carry fewer pods.

use super::{
    Check, Claim, Facts,
    nodepool_types::{Over, OverTypes, Pool},
};
use crate::{
    cni::{CniSettings, Decides},
    declared::{Ec2NodeClass, NodeClassRef, NodePool, PoolOs},
    density::{Addressing, Cap, DensityReport, DensitySettings, Os, assess},
    expression::{Judged, Problem, judge, of_pool},
    finding::{Finding, Severity},
    instance::{Catalogue, InstanceLimits},
    inventory::AwsNode,
};

pub(super) const CHECK: Check = Check {
    id: "max-pods-over-nodepool",
    about: "the maxPods of an EC2NodeClass is above what types of a NodePool carry",
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
/// taken for the one without prefixes, so that no node is promised what it may not have.
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
                 assumed; ENABLE_POD_ENI or MAX_ENI would leave fewer pods"
            } else {
                "the settings of aws-node are not available: secondary-IP mode is assumed; custom \
                 networking, ENABLE_POD_ENI or MAX_ENI would leave fewer pods"
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

/// Settings of Windows nodes are in a ConfigMap, whatever the daemonset for Linux says (EKS user guide, "Deploy Windows
/// nodes on EKS clusters"; amazon-vpc-resource-controller-k8s, `enable-windows-prefix-delegation`).
fn of_windows() -> Mode {
    Mode {
        settings: DensitySettings { os: Os::Windows, cap: Cap::None, ..DensitySettings::default() },
        assumed: Some(
            "Windows nodes go by the ConfigMap amazon-vpc-cni, which is not available: secondary-IP mode is \
             assumed, which carries the fewest pods",
        ),
    }
}

fn finding(
    pool: &NodePool,
    classes: &[Ec2NodeClass],
    mode: &Mode,
    catalogue: &Catalogue,
) -> Option<Finding> {
    let of_pool_class = pool.node_class.as_ref();
    if of_pool_class.is_some_and(NodeClassRef::is_auto_mode) {
        return None;
    }
    let class = of_pool_class.and_then(|named| classes.iter().find(|one| one.name == named.name));
    let place = match class {
        Some(class) => format!("EC2NodeClass `{}`", class.name),
        None => format!("NodePool `{}`", pool.name),
    };
    let asked = match of_pool(pool, class, &place) {
        Ok(asked) => asked?,
        Err(error) => return Some(no_node(&pool.name, &error.text, &error.hint)),
    };
    if !asked.sets_anything() {
        return None;
    }
    let is_windows = pool.os() == PoolOs::Windows || class.is_some_and(Ec2NodeClass::is_windows);
    let windows = of_windows();
    let mode = if is_windows { &windows } else { mode };
    let settings = DensitySettings { launch: asked.launch, ..mode.settings.clone() };
    let matched = pool.types(catalogue);
    let mut pool = Pool { check: &CHECK, declared: pool, class, matched, asked };
    match over(&pool, &settings, catalogue) {
        Ok(types) => {
            let mut assumed: Vec<String> = mode.assumed.map(str::to_owned).into_iter().collect();
            assumed.extend(by_reserved_enis(&mut pool, &types, (&settings, catalogue)));
            pool.finding(&types, &settings, &assumed)
        }
        Err(why) => Some(no_node(&pool.declared.name, &why, pool.remedy())),
    }
}

/// What one more reserved ENI would change: an expression goes by Karpenter's RESERVED_ENIS, which is no setting of
/// the cluster and so not known. Karpenter's documents set 1 for custom networking.
fn by_reserved_enis(
    pool: &mut Pool<'_>,
    types: &OverTypes<'_>,
    (settings, catalogue): (&DensitySettings, &Catalogue),
) -> Option<String> {
    if !settings.custom_networking || pool.asked.text().is_none() || types.sure.is_empty() {
        return None;
    }
    pool.asked.reserved_enis = 1;
    let reserved = over(pool, settings, catalogue);
    pool.asked.reserved_enis = 0;
    let fewer = reserved.ok()?.sure.len();
    let with_one = match fewer {
        fewer if fewer >= types.sure.len() => return None,
        0 => "none of these types carries fewer".to_owned(),
        1 => "1 type carries fewer".to_owned(),
        fewer => format!("{fewer} types carry fewer"),
    };
    Some(format!(
        "Karpenter's RESERVED_ENIS is not available and assumed to be 0; with 1, as Karpenter's documentation sets it \
         for custom networking, {with_one}"
    ))
}

/// Karpenter evaluates an EC2NodeClass as a whole: with an expression that it refuses no node starts. With 0 none
/// takes a pod.
fn no_node(pool: &str, what: &str, hint: &str) -> Finding {
    CHECK
        .finding(Severity::Warning, pool)
        .message(format!("NodePool {pool}: no pod of it can run: {what}"))
        .hint(hint.to_owned())
        .detail("no node".to_owned())
}

/// The types whose kubelet takes more pods than they carry, those that carry the fewest first.
fn over<'a>(
    pool: &Pool<'a>,
    settings: &DensitySettings,
    catalogue: &Catalogue,
) -> Result<OverTypes<'a>, String> {
    let types = pool.matched.types.iter();
    let reports: Vec<(&InstanceLimits, DensityReport)> = types
        .filter_map(|limits| Some((*limits, assess(catalogue, limits, settings).ok()?)))
        .collect();
    let types: Vec<Judged<'_>> =
        reports.iter().map(|(limits, report)| Judged { limits, report }).collect();
    let verdicts = judge(&pool.asked, catalogue, &types).map_err(|error| error.to_string())?;
    // Karpenter's own number is no setting for all types.
    let is_set = pool.asked.number().is_some() || pool.asked.text().is_some();
    // A type that takes no pod is passed over for others.
    let none_takes_any = verdicts.iter().all(|verdict| verdict.value == Some(0));
    let mut over = OverTypes::default();
    for ((limits, report), verdict) in reports.iter().zip(verdicts) {
        if verdict.problems.contains(&Problem::NoNode)
            && (none_takes_any || verdict.value != Some(0))
            && let Some(why) = verdict.reason
        {
            return Err(why);
        }
        let stranded = verdict.stranded_pods.is_some_and(|pods| pods > 0);
        if let (Some(carries), Some(takes), true) =
            (report.eni_max_pods, verdict.value, stranded && is_set)
        {
            let one = Over { limits, carries, takes };
            if pool.matched.unsure.contains(limits.instance_type.as_ref()) {
                over.unsure.push(one);
            } else {
                over.sure.push(one);
            }
        }
    }
    over.sure.sort_by_key(|one| one.carries);
    over.unsure.sort_by_key(|one| one.carries);
    Ok(over)
}
