//! Which ENIConfig a node uses under custom networking.

use super::variables::{ENI_CONFIG_ANNOTATION, ENI_CONFIG_LABEL};
use crate::inventory::{AwsNode, KubernetesNode};

/// What chooses a node's ENIConfig (amazon-vpc-cni-k8s `pkg/eniconfig`): this label before all, then the
/// annotation, then the label of its name, then the config called `default`.
const CHOOSES_FIRST: &str = "vpc.amazonaws.com/externalEniConfig";
const CHOOSES: &str = "k8s.amazonaws.com/eniConfig";
const DEFAULT: &str = "default";

/// The name of the ENIConfig that a node uses; `None` if another annotation than those that are known
/// may name it.
#[must_use]
pub fn eni_config_of<'a>(aws_node: &'a AwsNode, node: &'a KubernetesNode) -> Option<&'a str> {
    if let Some(first) = node.labels.get(CHOOSES_FIRST) {
        return Some(first);
    }
    if aws_node.hidden_more
        || ENI_CONFIG_LABEL.is_hidden(aws_node)
        || ENI_CONFIG_ANNOTATION.is_hidden(aws_node)
    {
        return None;
    }
    let annotation = ENI_CONFIG_ANNOTATION.text(aws_node).unwrap_or(CHOOSES);
    if annotation != CHOOSES {
        return None;
    }
    let label = ENI_CONFIG_LABEL.text(aws_node).unwrap_or(CHOOSES);
    let chosen = node.annotations.get(annotation).or_else(|| node.labels.get(label));
    Some(chosen.map_or(DEFAULT, String::as_str))
}
