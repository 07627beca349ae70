//! What kubectl tells of a cluster: its nodes, pods, ENIConfigs and the VPC CNI's settings. The serde
//! form is the snapshot file's, so fields are added and never renamed.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AwsNodeMetrics;
use crate::declared::{AutoNodeClass, Ec2NodeClass, NodePool};

/// Data from Kubernetes; lists that were not read are `null`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kubernetes {
    /// Nodes, sorted by name and instance.
    pub nodes: Option<Vec<KubernetesNode>>,
    /// Pods that are not finished, sorted by namespace and name.
    pub pods: Option<Vec<KubernetesPod>>,
    /// ENIConfigs, sorted by name.
    pub eni_configs: Option<Vec<EniConfig>>,
    /// NodeClasses of EKS Auto Mode, sorted by name; absent where none were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_classes: Option<Vec<AutoNodeClass>>,
    /// The daemonset aws-node.
    pub aws_node: Option<AwsNode>,
    /// NodePools of Karpenter and of EKS Auto Mode, sorted by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_pools: Option<Vec<NodePool>>,
    /// EC2NodeClasses, sorted by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ec2_node_classes: Option<Vec<Ec2NodeClass>>,
    /// Whether the pods are known to be those of all namespaces.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_namespaces: bool,
    /// aws-node's own metrics, one a file, sorted by file; absent where none were saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Vec<AwsNodeMetrics>>,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KubernetesNode {
    /// Its name.
    pub name: String,
    /// The EC2 instance, out of `spec.providerID`.
    pub instance_id: Option<String>,
    /// `status.allocatable.pods`: the pods it accepts, including host-network pods.
    pub allocatable_pods: Option<u32>,
    /// Its labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Its annotations that the CNI reads (`k8s.amazonaws.com/eniConfig`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Whether it is cordoned (`spec.unschedulable`).
    #[serde(default)]
    pub unschedulable: bool,
}

/// A pod that is not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KubernetesPod {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The node it is on.
    pub node_name: Option<String>,
    /// `status.hostIP`, if IPv4: the primary address of its node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_ip: Option<Ipv4Addr>,
    /// `status.podIP`, if IPv4.
    pub ip: Option<Ipv4Addr>,
    /// Whether `status.podIP` is an IPv6 address.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_ipv6: bool,
    /// Whether it uses the host network, and so needs no address of its own.
    #[serde(default)]
    pub host_network: bool,
    /// Whether it has a branch ENI (annotation `vpc.amazonaws.com/pod-eni`).
    #[serde(default)]
    pub branch_eni: bool,
    /// The kind of its controller, such as `DaemonSet`.
    pub owner_kind: Option<String>,
}

impl KubernetesPod {
    /// Whether its address is the pool's to give: it uses neither the host's network nor a branch ENI.
    #[must_use]
    pub fn is_pooled(&self) -> bool {
        !self.host_network && !self.branch_eni
    }

    /// Whether it needs an address of the pool and has none.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.is_pooled() && self.ip.is_none() && !self.has_ipv6
    }
}

/// An ENIConfig: the subnet of a zone's pods under custom networking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EniConfig {
    /// Its name, usually a zone's.
    pub name: String,
    /// `spec.subnet`.
    pub subnet_id: Option<String>,
    /// The zone of that subnet, if the subnet was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability_zone: Option<String>,
    /// The VPC of that subnet, if the subnet was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vpc_id: Option<String>,
}

/// The daemonset aws-node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AwsNode {
    /// The version its image is tagged with, such as `v1.23.1-eksbuild.1`.
    pub version: Option<String>,
    /// The environment of its container `aws-node`: plain values only.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Variables whose value is taken from elsewhere, such as a ConfigMap.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub hidden: BTreeSet<String>,
    /// Whether it takes whole ConfigMaps or Secrets as variables (`envFrom`).
    #[serde(default)]
    pub hidden_more: bool,
}

impl AwsNode {
    /// The command whose answer has it.
    pub const COMMAND: &'static str = "kubectl -n kube-system get daemonset aws-node";

    /// The truth value of a variable's text, by Go's strconv.ParseBool; `None` if it is none.
    #[must_use]
    pub fn truth(text: &str) -> Option<bool> {
        match text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
            _ => None,
        }
    }
}
