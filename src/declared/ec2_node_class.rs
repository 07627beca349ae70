//! Karpenter's EC2NodeClass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    kubelet::Kubelet,
    node_config::NodeConfig,
    place::{DeclaredError, Place},
    selector::{LaunchInterface, SubnetTerm},
    user_data,
};

/// An EC2NodeClass, with what it says of addresses and pods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ec2NodeClass {
    /// Its name.
    pub name: String,
    /// The kubelet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubelet: Option<Kubelet>,
    /// Which subnets its instances start in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subnets: Vec<SubnetTerm>,
    /// The family of its AMI, such as `AL2023`; that of an alias in its own spelling (`al2023`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ami_family: Option<String>,
    /// Prefixes that an instance's primary ENI and each of its EFA interfaces start with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_prefix_count: Option<u32>,
    /// Interfaces that an instance starts with, where they are listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interfaces: Vec<LaunchInterface>,
    /// NodeConfigs of its user data. Karpenter does not look at them when it counts a node's pods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node_configs: Vec<NodeConfig>,
}

impl Ec2NodeClass {
    pub(super) fn read(name: String, spec: &Place<'_>) -> Result<Self, DeclaredError> {
        spec.no_slips(&[
            "kubelet",
            "subnetSelectorTerms",
            "amiSelectorTerms",
            "amiFamily",
            "userData",
            "ipPrefixCount",
            "networkInterfaces",
        ])?;
        let mut ami_family = spec.text("amiFamily")?;
        for term in spec.list("amiSelectorTerms")? {
            if let (Some(alias), None) = (term.text("alias")?, &ami_family) {
                let family = alias.split_once('@').map_or(alias.as_str(), |(family, _)| family);
                ami_family = Some(family.to_owned());
            }
        }
        let node_configs = match spec.key("userData")? {
            Some(data) => user_data::of_key(&data)?,
            None => Vec::new(),
        };
        Ok(Self {
            name,
            kubelet: Kubelet::read(spec)?,
            subnets: SubnetTerm::read_all(spec, "subnetSelectorTerms")?,
            ami_family,
            ip_prefix_count: spec.count("ipPrefixCount")?,
            interfaces: LaunchInterface::read_all(spec)?,
            node_configs,
        })
    }

    /// Whether its nodes run Windows.
    #[must_use]
    pub fn is_windows(&self) -> bool {
        let family = self.ami_family.as_deref().unwrap_or_default();
        family.to_ascii_lowercase().starts_with("windows")
    }
}
