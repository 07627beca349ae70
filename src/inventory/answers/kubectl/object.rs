//! An object of Kubernetes with what is needed of it. Every field may be missing or of another form:
//! what a kind cannot do without is asked for when the kind is known.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::{
    declared::{Declared, read_value},
    inventory::{
        AwsNode, EniConfig, KubernetesNode, KubernetesPod,
        answers::value::{If, IfList, IfObject, IfText, IfTruth},
    },
};

/// The kinds that are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ObjectKind {
    Node,
    Pod,
    EniConfig,
    NodeClass,
    DaemonSet,
    NodePool,
    Ec2NodeClass,
}

impl ObjectKind {
    /// A kind by its own name or by that of a list of it.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.strip_suffix("List").unwrap_or(name) {
            "Node" => Some(Self::Node),
            "Pod" => Some(Self::Pod),
            "ENIConfig" => Some(Self::EniConfig),
            "NodeClass" => Some(Self::NodeClass),
            "DaemonSet" => Some(Self::DaemonSet),
            "NodePool" => Some(Self::NodePool),
            "EC2NodeClass" => Some(Self::Ec2NodeClass),
            _ => None,
        }
    }
}

/// The annotation that the VPC resource controller leaves on a pod with a branch ENI.
const POD_ENI: &str = "vpc.amazonaws.com/pod-eni";
/// Annotations that choose a node's ENIConfig (`ENI_CONFIG_ANNOTATION_DEF`'s default and its like).
const CNI_ANNOTATIONS: &str = "k8s.amazonaws.com/";
/// The container of the daemonset that is the CNI.
const CONTAINER: &str = "aws-node";

#[derive(Deserialize, Default)]
pub(in super::super) struct ObjectJson {
    kind: Option<IfText>,
    #[serde(rename = "apiVersion")]
    pub(super) api_version: Option<IfText>,
    pub(super) metadata: Option<IfObject<MetadataJson>>,
    pub(super) spec: Option<IfObject<SpecJson>>,
    pub(super) status: Option<IfObject<ObjectStatus>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct MetadataJson {
    name: Option<IfText>,
    namespace: Option<IfText>,
    labels: Option<IfObject<BTreeMap<String, IfText>>>,
    annotations: Option<IfObject<BTreeMap<String, IfText>>>,
    owner_references: Option<IfList<OwnerReference>>,
    #[serde(rename = "continue")]
    goes_on: Option<IfText>,
}

#[derive(Deserialize)]
struct OwnerReference {
    kind: Option<IfText>,
    controller: Option<IfTruth>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct SpecJson {
    #[serde(rename = "providerID")]
    provider_id: Option<IfText>,
    unschedulable: Option<IfTruth>,
    node_name: Option<IfText>,
    host_network: Option<IfTruth>,
    subnet: Option<IfText>,
    template: Option<IfObject<TemplateJson>>,
    // Of NodePools and NodeClasses, as they stand.
    limits: Option<Value>,
    disruption: Option<Value>,
    weight: Option<Value>,
    kubelet: Option<Value>,
    ami_family: Option<Value>,
    ami_selector_terms: Option<Value>,
    user_data: Option<Value>,
    ip_prefix_count: Option<Value>,
    network_interfaces: Option<Value>,
    subnet_selector_terms: Option<Value>,
    pod_subnet_selector_terms: Option<Value>,
    pod_security_group_selector_terms: Option<Value>,
    advanced_networking: Option<Value>,
}

#[derive(Deserialize)]
struct TemplateJson {
    metadata: Option<IfObject<TemplateMetadataJson>>,
    spec: Option<IfObject<TemplateSpecJson>>,
}

#[derive(Deserialize)]
struct TemplateMetadataJson {
    labels: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TemplateSpecJson {
    containers: Option<IfList<ContainerJson>>,
    requirements: Option<Value>,
    node_class_ref: Option<Value>,
    kubelet: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContainerJson {
    name: Option<IfText>,
    image: Option<IfText>,
    env: Option<IfList<VariableJson>>,
    env_from: Option<IfList<serde::de::IgnoredAny>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VariableJson {
    name: Option<IfText>,
    value: Option<IfText>,
    value_from: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct ObjectStatus {
    allocatable: Option<IfObject<QuantitiesJson>>,
    phase: Option<IfText>,
    #[serde(rename = "podIP")]
    pod_ip: Option<IfText>,
    #[serde(rename = "hostIP")]
    host_ip: Option<IfText>,
}

#[derive(Deserialize)]
struct QuantitiesJson {
    pods: Option<QuantityJson>,
}

/// A quantity: Kubernetes writes it as a text, and readers accept a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum QuantityJson {
    Text(String),
    Number(u32),
    Other(serde::de::IgnoredAny),
}

impl QuantityJson {
    /// A count; whole thousands may be written with a `k` (apimachinery, `resource.Quantity`).
    fn count(self) -> Result<Option<u32>, String> {
        let text = match self {
            Self::Number(count) => return Ok(Some(count)),
            Self::Other(_) => return Ok(None),
            Self::Text(text) => text,
        };
        let thousands = text.strip_suffix('k').and_then(|digits| digits.parse::<u32>().ok());
        thousands
            .map_or_else(|| text.parse().ok(), |count| count.checked_mul(1000))
            .map(Some)
            .ok_or_else(|| format!("`{text}` is not a number of pods"))
    }
}

fn text(value: Option<IfText>) -> Option<String> {
    value.and_then(|If(text)| text).filter(|text| !text.is_empty())
}

fn is_true(value: Option<&IfTruth>) -> bool {
    matches!(value, Some(If(Some(true))))
}

fn texts(map: Option<IfObject<BTreeMap<String, IfText>>>) -> BTreeMap<String, String> {
    let map = map.and_then(|IfObject(map)| map).unwrap_or_default();
    map.into_iter().filter_map(|(key, If(value))| Some((key, value?))).collect()
}

impl SpecJson {
    /// The keys of NodePools and NodeClasses that are there.
    fn declared(self) -> Value {
        let template = self.template.and_then(|IfObject(template)| template).map(|template| {
            let labels = template.metadata.and_then(|IfObject(metadata)| metadata?.labels);
            let inner = template.spec.and_then(|IfObject(spec)| spec).map(|spec| {
                keys([
                    ("requirements", spec.requirements),
                    ("nodeClassRef", spec.node_class_ref),
                    ("kubelet", spec.kubelet),
                ])
            });
            keys([
                ("metadata", labels.map(|labels| keys([("labels", Some(labels))]))),
                ("spec", inner),
            ])
        });
        keys([
            ("template", template),
            ("limits", self.limits),
            ("disruption", self.disruption),
            ("weight", self.weight),
            ("kubelet", self.kubelet),
            ("amiFamily", self.ami_family),
            ("amiSelectorTerms", self.ami_selector_terms),
            ("userData", self.user_data),
            ("ipPrefixCount", self.ip_prefix_count),
            ("networkInterfaces", self.network_interfaces),
            ("subnetSelectorTerms", self.subnet_selector_terms),
            ("podSubnetSelectorTerms", self.pod_subnet_selector_terms),
            ("podSecurityGroupSelectorTerms", self.pod_security_group_selector_terms),
            ("advancedNetworking", self.advanced_networking),
        ])
    }
}

/// An object of the keys that are there.
fn keys<const N: usize>(all: [(&str, Option<Value>); N]) -> Value {
    let there = all.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(there.collect())
}

impl ObjectJson {
    /// What its `kind` says.
    pub(super) fn kind(&self) -> Option<&str> {
        self.kind.as_ref()?.0.as_deref()
    }

    /// What it is called.
    pub(super) fn name(&self) -> Option<String> {
        let metadata = self.metadata.as_ref()?.0.as_ref()?;
        metadata.name.as_ref()?.0.clone()
    }

    /// Whether it is a list that was left before its end.
    pub(super) fn is_cut(&self) -> bool {
        let metadata = self.metadata.as_ref().and_then(|filed| filed.0.as_ref());
        let token = metadata.and_then(|metadata| metadata.goes_on.as_ref()?.0.as_deref());
        token.is_some_and(|token| !token.is_empty())
    }

    fn parts(self) -> (MetadataJson, SpecJson, ObjectStatus) {
        (
            self.metadata.and_then(|filed| filed.0).unwrap_or_default(),
            self.spec.and_then(|filed| filed.0).unwrap_or_default(),
            self.status.and_then(|filed| filed.0).unwrap_or_default(),
        )
    }

    pub(super) fn node(self) -> Result<KubernetesNode, String> {
        let (metadata, spec, status) = self.parts();
        let name = text(metadata.name).ok_or("a node has no name")?;
        let pods = status.allocatable.and_then(|filed| filed.0).and_then(|all| all.pods);
        let allocatable_pods = match pods {
            Some(pods) => pods.count().map_err(|error| format!("node {name}: {error}"))?,
            None => None,
        };
        let mut annotations = texts(metadata.annotations);
        annotations.retain(|key, _| key.starts_with(CNI_ANNOTATIONS));
        Ok(KubernetesNode {
            name,
            instance_id: text(spec.provider_id).as_deref().and_then(instance_id),
            allocatable_pods,
            labels: texts(metadata.labels),
            annotations,
            unschedulable: is_true(spec.unschedulable.as_ref()),
        })
    }

    /// A pod; `None` if it is finished, since its address is another pod's to have.
    pub(super) fn pod(self) -> Result<Option<KubernetesPod>, String> {
        let (metadata, spec, status) = self.parts();
        if matches!(text(status.phase).as_deref(), Some("Succeeded" | "Failed")) {
            return Ok(None);
        }
        let name = text(metadata.name).ok_or("a pod has no name")?;
        let namespace = text(metadata.namespace).unwrap_or_else(|| "default".to_owned());
        let (ip, has_ipv6) = match text(status.pod_ip) {
            Some(ip) => match ip.parse() {
                Ok(std::net::IpAddr::V4(ip)) => (Some(ip), false),
                Ok(std::net::IpAddr::V6(_)) => (None, true),
                Err(_) => {
                    return Err(format!("pod {namespace}/{name}: `{ip}` is not an IP address"));
                }
            },
            None => (None, false),
        };
        let owners = metadata.owner_references.map_or_else(Vec::new, |IfList(owners)| owners);
        let owner = owners.into_iter().find(|owner| is_true(owner.controller.as_ref()));
        Ok(Some(KubernetesPod {
            namespace,
            name,
            node_name: text(spec.node_name),
            host_ip: text(status.host_ip).and_then(|ip| ip.parse().ok()),
            ip,
            has_ipv6,
            host_network: is_true(spec.host_network.as_ref()),
            branch_eni: texts(metadata.annotations).contains_key(POD_ENI),
            owner_kind: owner.and_then(|owner| text(owner.kind)),
        }))
    }

    pub(super) fn eni_config(self) -> Result<EniConfig, String> {
        let (metadata, spec, _) = self.parts();
        let name = text(metadata.name).ok_or("an ENIConfig has no name")?;
        Ok(EniConfig { name, subnet_id: text(spec.subnet), availability_zone: None, vpc_id: None })
    }

    /// What a NodePool or NodeClass says; nothing of one of another API group that is called the same.
    pub(super) fn declared(self, kind: ObjectKind) -> Result<Declared, String> {
        let version = self.api_version.as_ref().and_then(|If(version)| version.clone());
        let (name, group) = match kind {
            ObjectKind::NodePool => ("NodePool", "karpenter.sh"),
            ObjectKind::Ec2NodeClass => ("EC2NodeClass", "karpenter.k8s.aws"),
            ObjectKind::NodeClass => ("NodeClass", "eks.amazonaws.com"),
            ObjectKind::Node | ObjectKind::Pod | ObjectKind::EniConfig | ObjectKind::DaemonSet => {
                return Ok(Declared::default());
            }
        };
        let (metadata, spec, _) = self.parts();
        let own = text(metadata.name).ok_or_else(|| format!("a {name} has no name"))?;
        let object = serde_json::json!({
            "apiVersion": version.unwrap_or_else(|| format!("{group}/v1")),
            "kind": name,
            "metadata": {"name": own},
            "spec": spec.declared(),
        });
        read_value(object).map_err(|error| format!("{name} {own}: {error}"))
    }

    /// The VPC CNI, if the daemonset is it.
    pub(super) fn aws_node(self) -> Option<AwsNode> {
        let (_, spec, _) = self.parts();
        let template = spec.template?.0?.spec?.0?;
        let mut containers =
            template.containers.map_or_else(Vec::new, |IfList(all)| all).into_iter();
        let named = |container: &ContainerJson| {
            container.name.as_ref().is_some_and(|If(name)| name.as_deref() == Some(CONTAINER))
        };
        let container = containers.find(named)?;
        let mut environment = BTreeMap::new();
        let mut hidden = BTreeSet::new();
        for variable in container.env.map_or_else(Vec::new, |IfList(all)| all) {
            let Some(name) = text(variable.name) else { continue };
            if variable.value_from.is_some() {
                hidden.insert(name);
            } else {
                // A variable without a value is there and empty.
                let value = variable.value.and_then(|If(value)| value).unwrap_or_default();
                environment.insert(name, value);
            }
        }
        Some(AwsNode {
            version: text(container.image).as_deref().and_then(tag),
            environment,
            hidden,
            hidden_more: container.env_from.is_some_and(|IfList(all)| !all.is_empty()),
        })
    }
}

/// The instance of `aws:///eu-west-1a/i-0abc`.
fn instance_id(provider_id: &str) -> Option<String> {
    let rest = provider_id.strip_prefix("aws://")?;
    let last = rest.rsplit('/').next()?;
    last.starts_with("i-").then(|| last.to_owned())
}

/// The tag of `registry/name:tag`, with or without a digest behind it.
fn tag(image: &str) -> Option<String> {
    let named = image.split('@').next()?;
    let (_, tag) = named.rsplit('/').next()?.split_once(':')?;
    Some(tag.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provider_ids_tell_instances() {
        for (id, instance) in [
            ("aws:///eu-west-1a/i-0abc", Some("i-0abc")),
            ("aws:////i-0abc", Some("i-0abc")),
            ("aws:///eu-west-1a/fargate-ip-10-0-0-1", None),
            ("gce://project/zone/i-0abc", None),
            ("", None),
        ] {
            assert_eq!(instance_id(id).as_deref(), instance, "{id}");
        }
    }

    #[test]
    fn images_tell_versions() {
        for (image, version) in [
            (
                "602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.23.1",
                Some("v1.23.1"),
            ),
            (
                "localhost:5000/amazon-k8s-cni:v1.20.4-eksbuild.2@sha256:00",
                Some("v1.20.4-eksbuild.2"),
            ),
            ("localhost:5000/amazon-k8s-cni", None),
            ("amazon-k8s-cni@sha256:00", None),
        ] {
            assert_eq!(tag(image).as_deref(), version, "{image}");
        }
    }

    #[test]
    fn quantities_are_counts() {
        let count = |text: &str| QuantityJson::Text(text.to_owned()).count();
        assert_eq!(count("29"), Ok(Some(29)));
        assert_eq!(count("2k"), Ok(Some(2000)));
        for text in ["", "-1", "1.5", "5Mi", "9999999k"] {
            assert!(count(text).is_err(), "{text}");
        }
    }
}
