//! EKS Auto Mode's NodeClass (EKS user guide, "Create a Node Class for Amazon EKS").

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    misplaced::Where,
    place::{DeclaredError, Place},
    selector::{LaunchInterface, SubnetTerm},
};

/// How nodes take addresses (`advancedNetworking.ipv4PrefixSize`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ipv4PrefixSize {
    /// Prefixes, and single addresses where no /28 is left: what holds where nothing is said.
    #[default]
    Auto,
    /// Single addresses (`"32"`).
    Single,
}

/// A NodeClass of EKS Auto Mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AutoNodeClass {
    /// Its name.
    pub name: String,
    /// Which subnets its instances start in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subnets: Vec<SubnetTerm>,
    /// Which subnets pods take their addresses of; the node's own where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pod_subnets: Vec<SubnetTerm>,
    /// Whether it names security groups for pods, which pod subnets need.
    #[serde(default)]
    pub pod_security_groups: bool,
    /// How nodes take addresses.
    #[serde(default)]
    pub ipv4_prefix_size: Ipv4PrefixSize,
    /// Interfaces that an instance starts with, where they are listed: it gets no others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interfaces: Vec<LaunchInterface>,
}

impl AutoNodeClass {
    pub(super) fn read(name: String, spec: &Place<'_>) -> Result<Self, DeclaredError> {
        spec.no_strays(Where::AutoNodeClass)?;
        spec.no_slips(&[
            "subnetSelectorTerms",
            "podSubnetSelectorTerms",
            "podSecurityGroupSelectorTerms",
            "securityGroupSelectorTerms",
            "advancedNetworking",
        ])?;
        let (mut ipv4_prefix_size, mut interfaces) = (Ipv4PrefixSize::Auto, Vec::new());
        if let Some(networking) = spec.key("advancedNetworking")? {
            networking.no_strays(Where::AdvancedNetworking)?;
            networking.no_slips(&["ipv4PrefixSize", "networkInterfaces"])?;
            if let Some(size) = networking.key("ipv4PrefixSize")? {
                ipv4_prefix_size = prefix_size(&size)?;
            }
            interfaces = LaunchInterface::read_all(&networking)?;
        }
        Ok(Self {
            name,
            subnets: SubnetTerm::read_all(spec, "subnetSelectorTerms")?,
            pod_subnets: SubnetTerm::read_all(spec, "podSubnetSelectorTerms")?,
            pod_security_groups: !spec.list("podSecurityGroupSelectorTerms")?.is_empty(),
            ipv4_prefix_size,
            interfaces,
        })
    }
}

fn prefix_size(place: &Place<'_>) -> Result<Ipv4PrefixSize, DeclaredError> {
    match place.scalar()?.as_str() {
        "Auto" => Ok(Ipv4PrefixSize::Auto),
        "32" => Ok(Ipv4PrefixSize::Single),
        other => Err(place.error(&format!("`{other}` is not Auto or \"32\""))),
    }
}
