//! Karpenter's EC2NodeClass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    kubelet::Kubelet,
    misplaced::Where,
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
    /// The family of its AMI's alias (`windows2022`), beside an `amiFamily` that says another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias_family: Option<String>,
    /// Prefixes that an instance's primary ENI and each of its EFA interfaces start with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_prefix_count: Option<u32>,
    /// Interfaces that an instance starts with, where they are listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interfaces: Vec<LaunchInterface>,
    /// NodeConfigs of its user data. Karpenter does not look at them when it counts a node's pods; nodeadm does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node_configs: Vec<NodeConfig>,
}

impl Ec2NodeClass {
    pub(super) fn read(name: String, spec: &Place<'_>) -> Result<Self, DeclaredError> {
        spec.no_strays(Where::Ec2NodeClass)?;
        spec.no_slips(&[
            "kubelet",
            "subnetSelectorTerms",
            "amiSelectorTerms",
            "amiFamily",
            "userData",
            "ipPrefixCount",
            "networkInterfaces",
        ])?;
        let mut of_alias = None;
        for term in spec.list("amiSelectorTerms")? {
            if let (Some(alias), None) = (term.text("alias")?, &of_alias) {
                let family = alias.split_once('@').map_or(alias.as_str(), |(family, _)| family);
                of_alias = Some(family.to_owned());
            }
        }
        // `amiFamily` goes before the alias (karpenter-provider-aws `EC2NodeClass.AMIFamily`).
        let (ami_family, alias_family) = match spec.text("amiFamily")? {
            Some(family) => {
                (Some(family.clone()), of_alias.filter(|one| !one.eq_ignore_ascii_case(&family)))
            }
            None => (of_alias, None),
        };
        let node_configs = match spec.key("userData")? {
            Some(data) => user_data::of_key(&data)?,
            None => Vec::new(),
        };
        Ok(Self {
            name,
            kubelet: Kubelet::read(spec)?,
            subnets: SubnetTerm::read_all(spec, "subnetSelectorTerms")?,
            ami_family,
            alias_family,
            ip_prefix_count: spec.count("ipPrefixCount")?,
            interfaces: LaunchInterface::read_all(spec)?,
            node_configs,
        })
    }

    /// Whether its nodes run Windows: `amiFamily: Custom` may stand beside an alias of Windows.
    #[must_use]
    pub fn is_windows(&self) -> bool {
        let families = [&self.ami_family, &self.alias_family].into_iter().flatten();
        families.into_iter().any(|family| family.to_ascii_lowercase().starts_with("windows"))
    }

    fn is_of(&self, family: &str) -> bool {
        self.ami_family.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(family))
    }

    /// Whether Karpenter passes the user data alone to its nodes, and nothing of the kubelet
    /// (karpenter-provider-aws `pkg/providers/amifamily/custom.go`).
    #[must_use]
    pub fn is_custom(&self) -> bool {
        self.is_of("Custom")
    }

    /// Whether its nodes run Bottlerocket.
    #[must_use]
    pub fn is_bottlerocket(&self) -> bool {
        self.is_of("Bottlerocket")
    }

    /// Whether nodeadm sets up its nodes from what Karpenter writes and the NodeConfigs of the user data: those of
    /// AL2023, and of a class that does not say.
    #[must_use]
    pub fn has_nodeadm(&self) -> bool {
        self.ami_family.is_none() || self.is_of("AL2023")
    }
}
