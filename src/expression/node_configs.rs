//! What NodeConfigs set, as nodeadm merges them.

use std::collections::BTreeMap;

use super::{
    Asked, Dialect, PodsSetting, ReservedFor, SettingError,
    asked::MEMORY,
    setting::{reservations, setting},
};
use crate::declared::{NodeConfig, Reserves};

/// What NodeConfigs set, the later over the earlier.
///
/// # Errors
/// When an expression or an amount is not readable.
pub fn of_node_configs(configs: &[NodeConfig], place: &str) -> Result<Asked, SettingError> {
    let mut config = merged(configs);
    let max_pods = match config.max_pods_expression.take().filter(|text| !text.is_empty()) {
        Some(text) => setting(&format!("{place}: maxPodsExpression"), &text, Dialect::Nodeadm)?,
        None => PodsSetting::Unset,
    };
    let mut asked = Asked::new(Dialect::Nodeadm, max_pods);
    let (reserves, _) = flagged(&config);
    asked.kubelet_max_pods = config.flags.max_pods.or(config.max_pods);
    asked.pods_per_core = reserves.pods_per_core;
    asked.reservations = reservations(&reserves, place, Dialect::Nodeadm)?;
    Ok(asked)
}

/// What a NodeConfig reserves, and for whom its flags do: the kubelet takes a flag before its file, and an amount
/// that the flag does not name is not reserved at all.
pub(super) fn flagged(config: &NodeConfig) -> (Reserves, Vec<ReservedFor>) {
    let mut reserves = config.reserves.clone();
    reserves.pods_per_core = config.flags.pods_per_core.or(reserves.pods_per_core);
    let mut replaced = Vec::new();
    let all = [
        (ReservedFor::Kube, &config.flags.kube_reserved, &mut reserves.kube_reserved),
        (ReservedFor::System, &config.flags.system_reserved, &mut reserves.system_reserved),
    ];
    for (whose, flag, amounts) in all {
        let Some(flag) = flag else { continue };
        let none = (MEMORY.to_owned(), "0".to_owned());
        *amounts = BTreeMap::from([none]);
        amounts.extend(flag.clone());
        replaced.push(whose);
    }
    (reserves, replaced)
}

/// The later over the earlier, flags one behind the other (amazon-eks-ami `nodeadm/internal/api/merge.go`).
pub(super) fn merged(configs: &[NodeConfig]) -> NodeConfig {
    let mut all = NodeConfig::default();
    for NodeConfig { max_pods, flags, max_pods_expression, reserves } in configs.iter().cloned() {
        all.max_pods = max_pods.or(all.max_pods);
        all.flags.extend(flags);
        all.max_pods_expression = max_pods_expression.or(all.max_pods_expression);
        all.reserves.pods_per_core = reserves.pods_per_core.or(all.reserves.pods_per_core);
        all.reserves.kube_reserved.extend(reserves.kube_reserved);
        all.reserves.system_reserved.extend(reserves.system_reserved);
    }
    all
}
