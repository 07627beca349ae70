//! What manifests set: the kubelet of an EC2NodeClass, and what its user data adds on the node.

use super::{
    Asked, Dialect, PodsSetting, ReservedFor, SettingError, UserData,
    node_configs::{flagged, merged, of_node_configs},
    setting::{reservations, setting},
};
use crate::declared::{Ec2NodeClass, Kubelet, LaunchInterfaceKind, MaxPods, NodePool};

/// Why nothing is known of nodes that Karpenter passes the user data alone.
const CUSTOM: &str = "amiFamily Custom: Karpenter passes the user data alone to its nodes, and no NodeConfig is in \
                      it: max pods is not known";

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
        (Some(kubelet), None) => {
            let mut asked = of_kubelet(kubelet, place)?;
            asked.nodeadm_reserves = reserves_by_table(&asked);
            Ok(Some(asked))
        }
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
    // Karpenter refuses a bad expression, whether it reaches the node or not.
    let of_kubelet = of_kubelet(kubelet, place)?;
    let mut asked = match (class.is_custom(), class.node_configs.is_empty()) {
        (false, _) => of_kubelet,
        (true, false) => of_node_configs(&class.node_configs, &format!("{place}: userData"))?,
        (true, true) => Asked::new(Dialect::Karpenter, PodsSetting::Unstated(CUSTOM)),
    };
    // They take a slot and have no address (karpenter-provider-aws `ENILimitedPods`).
    let efa_only = class
        .interfaces
        .iter()
        .filter(|one| one.card == 0 && one.kind == LaunchInterfaceKind::EfaOnly);
    asked.launch.card_efa_only = u32::try_from(efa_only.count()).unwrap_or(u32::MAX);
    // Of the primary ENI and of each further EFA interface (karpenter-provider-aws `generateNetworkInterfaces`).
    let prefixes = class.ip_prefix_count.unwrap_or(0);
    (asked.launch.ipv4_prefix_count, asked.launch.efa_prefix_count) = (prefixes, prefixes);
    asked.launch.lowers_max_pods = true;
    if class.is_bottlerocket() {
        // Bottlerocket has no such setting (karpenter-provider-aws `PodsPerCoreEnabled`).
        asked.pods_per_core = None;
    }
    if class.has_nodeadm() {
        asked.user_data = of_user_data(class, kubelet, place)?;
        asked.nodeadm_reserves = reserves_by_table(&asked);
    }
    Ok(asked)
}

/// Whether nodeadm reserves memory by its own table: nothing on the node says how much.
fn reserves_by_table(asked: &Asked) -> bool {
    let all = asked.reservations.iter().chain(&asked.user_data.reservations);
    let mut memory = all.filter(|one| one.is_memory(ReservedFor::Kube));
    memory.next().is_none() && asked.user_data.expression.is_none()
}

/// What NodeConfigs of the user data change beside what Karpenter writes. Its own NodeConfig comes last, with the
/// kubelet of the class and always a number of pods: `config` of the user data holds where Karpenter's has nothing,
/// flags hold in any case (karpenter-provider-aws `pkg/providers/amifamily/bootstrap/nodeadm.go`).
fn of_user_data(
    class: &Ec2NodeClass,
    kubelet: &Kubelet,
    place: &str,
) -> Result<UserData, SettingError> {
    let mut config = merged(&class.node_configs);
    let place = format!("{place}: userData");
    let expression = config.max_pods_expression.take().filter(|text| !text.is_empty());
    let expression = expression
        .map(|text| setting(&format!("{place}: maxPodsExpression"), &text, Dialect::Nodeadm));
    let own = &kubelet.reserves;
    config.reserves.kube_reserved.retain(|resource, _| !own.kube_reserved.contains_key(resource));
    config
        .reserves
        .system_reserved
        .retain(|resource, _| !own.system_reserved.contains_key(resource));
    if own.pods_per_core.is_some_and(|each| each > 0) {
        config.reserves.pods_per_core = None;
    }
    let (reserves, replaced) = flagged(&config);
    Ok(UserData {
        expression: expression.transpose()?,
        max_pods: config.flags.max_pods,
        pods_per_core: reserves.pods_per_core,
        reservations: reservations(&reserves, &place, Dialect::Nodeadm)?,
        replaced,
    })
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
