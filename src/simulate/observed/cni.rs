//! The CNI's settings as its daemonset states them.

use crate::{
    inventory::{AwsNode, Inventory},
    simulate::{Target, settings::CniSettings, shown::Stated},
};

/// The variables that are read.
const READ: [&str; 10] = [
    "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG",
    "CLUSTER_NAME",
    "ENABLE_POD_ENI",
    "ENABLE_PREFIX_DELEGATION",
    "ENABLE_SUBNET_DISCOVERY",
    "MAX_ENI",
    "MINIMUM_IP_TARGET",
    "WARM_ENI_TARGET",
    "WARM_IP_TARGET",
    "WARM_PREFIX_TARGET",
];

/// What the daemonset and the ENIConfigs state.
#[derive(Debug, Clone)]
pub(in crate::simulate) struct StatedCni {
    aws_node: AwsNode,
    /// The subnets of the ENIConfigs; `None` when they were not looked at.
    eni_config_subnets: Option<Vec<usize>>,
}

impl StatedCni {
    /// What is stated; `None` if the daemonset was not looked at, or a variable's value stands
    /// elsewhere. `index` is a subnet's place among the played ones.
    pub(super) fn new(
        inventory: &Inventory,
        index: impl Fn(&str) -> Option<usize>,
    ) -> Option<Self> {
        let kubernetes = inventory.kubernetes.as_ref()?;
        let aws_node = kubernetes.aws_node.as_ref()?;
        if READ.iter().any(|variable| aws_node.hides(variable)) {
            return None;
        }
        let subnets = kubernetes.eni_configs.as_ref().map(|configs| {
            configs.iter().filter_map(|config| index(config.subnet_id.as_deref()?)).collect()
        });
        Some(Self { aws_node: aws_node.clone(), eni_config_subnets: subnets })
    }

    /// Takes over what is stated. Where custom networking is on and no ENIConfig was looked at, the
    /// pods' subnets stay those that the nodes show; a version that is not played stays the newest.
    pub(in crate::simulate) fn apply(
        &self,
        cni: &mut CniSettings,
        zone_of: impl Fn(usize) -> Option<usize>,
    ) {
        // No node's example counts against what the daemonset says.
        cni.stated = Stated { prefix_delegation: true, custom_networking: true };
        let aws_node = &self.aws_node;
        let target =
            |variable: &str| aws_node.number(variable).map_or(Target::Unset, Target::Value);
        let is_on = |variable: &str| aws_node.truth(variable).unwrap_or(false);
        if let Some(version) = aws_node.version.as_ref().and_then(|text| text.parse().ok()) {
            cni.version = version;
        }
        cni.warm_eni = target("WARM_ENI_TARGET");
        cni.warm_ip = target("WARM_IP_TARGET");
        cni.minimum_ip = target("MINIMUM_IP_TARGET");
        cni.warm_prefix = target("WARM_PREFIX_TARGET");
        cni.max_eni = target("MAX_ENI");
        cni.prefix_delegation = is_on("ENABLE_PREFIX_DELEGATION");
        cni.pod_eni = is_on("ENABLE_POD_ENI");
        cni.subnet_discovery = aws_node.truth("ENABLE_SUBNET_DISCOVERY").unwrap_or(true);
        cni.cluster_name = aws_node.environment.get("CLUSTER_NAME").cloned();
        if !is_on("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG") {
            cni.custom_networking = None;
            return;
        }
        let by_zone = cni.custom_networking.get_or_insert_default();
        for subnet in self.eni_config_subnets.iter().flatten() {
            let Some(zone) = zone_of(*subnet) else { continue };
            if by_zone.len() <= zone {
                by_zone.resize(zone + 1, None);
            }
            if let Some(entry) = by_zone.get_mut(zone) {
                *entry = Some(*subnet);
            }
        }
    }
}
