//! Where ENIConfigs put the pods of the nodes that were observed, and of those that join.

use std::collections::{BTreeMap, HashMap};

use crate::{
    cni::{Discovery, EniConfigMisfit, eni_config_of, eni_config_subnet, eni_configs_are_zones},
    inventory::{AwsNode, EniConfig, Inventory, KubernetesNode, Subnet},
};

/// The ENIConfigs of a cluster with custom networking.
pub(super) struct EniConfigs<'a> {
    aws_node: &'a AwsNode,
    configs: BTreeMap<&'a str, &'a EniConfig>,
    /// By instance.
    nodes: HashMap<&'a str, &'a KubernetesNode>,
    subnets: HashMap<&'a str, &'a Subnet>,
}

impl<'a> EniConfigs<'a> {
    /// `None` where custom networking is off, or kubectl did not tell.
    pub(super) fn new(inventory: &'a Inventory) -> Option<Self> {
        let kubernetes = inventory.kubernetes.as_ref()?;
        let aws_node = kubernetes.aws_node.as_ref()?;
        Discovery::seen(Some(aws_node)).custom_networking().filter(|is_on| *is_on)?;
        let configs = kubernetes.eni_configs.as_ref()?;
        let nodes = kubernetes.nodes.iter().flatten();
        Some(Self {
            aws_node,
            configs: configs.iter().map(|config| (config.name.as_str(), config)).collect(),
            nodes: nodes.filter_map(|node| Some((node.instance_id.as_deref()?, node))).collect(),
            subnets: inventory.subnets.iter().map(|s| (s.subnet_id.as_str(), s)).collect(),
        })
    }

    /// The subnet of the pods of a node whose primary ENI is in a subnet; `None` where it was not seen
    /// which ENIConfig it uses.
    pub(super) fn of_node(&self, instance: &str, primary: &str) -> Option<Result<&'a str, String>> {
        let subnet = self.subnets.get(primary)?;
        let zone = subnet.availability_zone.as_deref()?;
        let name = eni_config_of(self.aws_node, self.nodes.get(instance)?)?;
        let fit = eni_config_subnet(self.configs.get(name).copied(), zone, Some(&subnet.vpc_id));
        Some(fit.map_err(|misfit| {
            let what = match misfit {
                EniConfigMisfit::Absent => "is absent".to_owned(),
                EniConfigMisfit::NoSubnet => "names no subnet".to_owned(),
                EniConfigMisfit::Unread(subnet) => {
                    format!("names {subnet}, which is not in the list of subnets")
                }
                EniConfigMisfit::OtherZone { subnet, zone } => {
                    format!("names {subnet}, which is in {zone}")
                }
                EniConfigMisfit::OtherVpc { subnet, vpc } => {
                    format!("names {subnet}, which is in {vpc}")
                }
            };
            format!("in {zone}: ENIConfig {name} {what}, so new addresses for pods fail")
        }))
    }

    /// The subnet of the pods of a node that joins in a zone, by name or else by the subnets' zones; an
    /// ENIConfig that does not fit gives none.
    pub(super) fn of_zone(&self, zone: &str, vpc: &str) -> Option<&'a str> {
        if eni_configs_are_zones(self.aws_node) {
            let config = self.configs.get(zone).copied();
            return eni_config_subnet(config, zone, Some(vpc)).ok();
        }
        let fits = |config| eni_config_subnet(Some(config), zone, Some(vpc)).ok();
        self.configs
            .values()
            .copied()
            .filter(|c| c.availability_zone.is_some())
            .filter_map(fits)
            .next_back()
    }
}

/// Where the ENIConfig that a node uses puts its pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulate) enum EniConfigSubnet {
    /// Which one it uses, or what that says, was not seen; or custom networking is off.
    Unseen,
    /// In this subnet.
    Fits(usize),
    /// Nowhere: it is absent, or its subnet is in another zone or VPC.
    Misfit,
}

impl EniConfigSubnet {
    /// What is known of one node.
    pub(super) fn of(found: Option<&Result<Option<usize>, String>>) -> Self {
        match found {
            None => Self::Unseen,
            Some(Ok(Some(subnet))) => Self::Fits(*subnet),
            Some(Ok(None) | Err(_)) => Self::Misfit,
        }
    }
}
