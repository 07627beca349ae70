//! Which ENIConfig a node uses under custom networking, and whether it fits the node.

use super::variables::{ENI_CONFIG_ANNOTATION, ENI_CONFIG_LABEL};
use crate::inventory::{AwsNode, EniConfig, KubernetesNode, keys::ZONE_LABEL};

/// What chooses a node's ENIConfig (amazon-vpc-cni-k8s `pkg/eniconfig`): this label before all, then the
/// annotation, then the label of its name, then the config called `default`.
const CHOOSES_FIRST: &str = "vpc.amazonaws.com/externalEniConfig";
const CHOOSES: &str = "k8s.amazonaws.com/eniConfig";
const DEFAULT: &str = "default";
/// Labels whose value is the node's zone.
const ZONE_LABELS: [&str; 2] = [ZONE_LABEL, "failure-domain.beta.kubernetes.io/zone"];

/// Why a node gets no pod address from its ENIConfig.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EniConfigMisfit<'a> {
    /// There is no such ENIConfig.
    Absent,
    /// It names no subnet.
    NoSubnet,
    /// It names a subnet that is not among those that were read.
    Unread(&'a str),
    /// Its subnet is in another zone.
    OtherZone {
        /// The subnet.
        subnet: &'a str,
        /// Its zone.
        zone: &'a str,
    },
    /// Its subnet is in another VPC.
    OtherVpc {
        /// The subnet.
        subnet: &'a str,
        /// Its VPC.
        vpc: &'a str,
    },
}

/// The subnet that a node in a zone and a VPC takes pod addresses from, by the ENIConfig it uses.
///
/// # Errors
/// With why it gets none: an instance takes no ENI from another zone or VPC.
pub fn eni_config_subnet<'a>(
    config: Option<&'a EniConfig>,
    node_zone: &str,
    node_vpc: Option<&str>,
) -> Result<&'a str, EniConfigMisfit<'a>> {
    let config = config.ok_or(EniConfigMisfit::Absent)?;
    let subnet = config.subnet_id.as_deref().ok_or(EniConfigMisfit::NoSubnet)?;
    let vpc = config.vpc_id.as_deref().ok_or(EniConfigMisfit::Unread(subnet))?;
    match config.availability_zone.as_deref() {
        Some(zone) if zone != node_zone => Err(EniConfigMisfit::OtherZone { subnet, zone }),
        Some(_) | None => match node_vpc {
            Some(node_vpc) if node_vpc != vpc => Err(EniConfigMisfit::OtherVpc { subnet, vpc }),
            Some(_) | None => Ok(subnet),
        },
    }
}

/// Whether a node uses the ENIConfig that is called as its zone, unless it says another itself.
#[must_use]
pub fn eni_configs_are_zones(aws_node: &AwsNode) -> bool {
    ENI_CONFIG_LABEL.text(aws_node).is_some_and(|label| ZONE_LABELS.contains(&label))
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Tags;

    fn daemonset(variables: &[(&str, &str)], hidden: &[&str]) -> AwsNode {
        let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        AwsNode {
            environment: pairs.collect(),
            hidden: hidden.iter().map(|name| (*name).to_owned()).collect(),
            ..AwsNode::default()
        }
    }

    fn node(labels: &[(&str, &str)], annotations: &[(&str, &str)]) -> KubernetesNode {
        let tags = |pairs: &[(&str, &str)]| -> Tags {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        KubernetesNode {
            name: "node".to_owned(),
            instance_id: None,
            allocatable_pods: None,
            labels: tags(labels),
            annotations: tags(annotations),
            unschedulable: false,
        }
    }

    #[test]
    fn zones_name_configs_where_the_label_is_the_zones() {
        for (label, are_zones) in [
            (Some("topology.kubernetes.io/zone"), true),
            (Some("failure-domain.beta.kubernetes.io/zone"), true),
            (Some("team"), false),
            (None, false),
        ] {
            let variables = label.map(|label| ("ENI_CONFIG_LABEL_DEF", label));
            let aws_node = daemonset(variables.as_slice(), &[]);
            assert_eq!(eni_configs_are_zones(&aws_node), are_zones, "{label:?}");
        }
    }

    /// The annotation comes before the label, and the config called `default` last.
    #[test]
    fn a_node_names_its_config() {
        let (aws_node, key) = (daemonset(&[], &[]), "k8s.amazonaws.com/eniConfig");
        let name = |labels: &[(&str, &str)], annotations: &[(&str, &str)]| {
            eni_config_of(&aws_node, &node(labels, annotations)).map(str::to_owned)
        };
        assert_eq!(name(&[], &[]).as_deref(), Some("default"));
        assert_eq!(name(&[(key, "of-label")], &[]).as_deref(), Some("of-label"));
        assert_eq!(name(&[(key, "of-label")], &[(key, "of-note")]).as_deref(), Some("of-note"));
        let first = [(CHOOSES_FIRST, "first")];
        assert_eq!(name(&first, &[(key, "of-note")]).as_deref(), Some("first"));
    }

    /// Where a name stands that is not seen, no config is known, unless the first label names it.
    #[test]
    fn what_is_hidden_may_name_another() {
        let plain = node(&[], &[]);
        let named = node(&[(CHOOSES_FIRST, "first")], &[]);
        let more = AwsNode { hidden_more: true, ..daemonset(&[], &[]) };
        for aws_node in [
            daemonset(&[], &["ENI_CONFIG_LABEL_DEF"]),
            daemonset(&[], &["ENI_CONFIG_ANNOTATION_DEF"]),
            more,
        ] {
            assert_eq!(eni_config_of(&aws_node, &plain), None, "{aws_node:?}");
            assert_eq!(eni_config_of(&aws_node, &named), Some("first"), "{aws_node:?}");
        }
    }
}
