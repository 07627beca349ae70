//! The environment variables of the daemonset aws-node that are read: one list, a row each
//! (amazon-vpc-cni-k8s v1.23.1, README and `config/master/aws-k8s-cni.yaml`).

use std::collections::BTreeSet;

use crate::inventory::{AwsNode, Withheld};

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VariableKind {
    /// A whole number; anything else counts as absent.
    Number,
    /// A truth value by Go's strconv.ParseBool; anything else counts as absent.
    Truth,
    /// Any text.
    Text,
}

/// What a variable decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decides {
    /// How many addresses a node holds.
    Pool,
    /// Which subnets carry pods.
    Subnets,
    /// Which ENIConfig a node uses.
    EniConfig,
}

/// A variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What its value is.
    pub kind: VariableKind,
    /// What it decides.
    pub decides: Decides,
    /// What the CNI's code takes when it is absent; `None`: nothing, which is not 0.
    pub in_code: Option<&'static str>,
    /// What the shipped manifest sets; `None`: it does not name the variable.
    pub in_manifest: Option<&'static str>,
}

const fn variable(name: &'static str, kind: VariableKind, decides: Decides) -> Variable {
    Variable { name, kind, decides, in_code: None, in_manifest: None }
}

impl Variable {
    const fn in_code(self, value: &'static str) -> Self {
        Self { in_code: Some(value), ..self }
    }

    const fn in_manifest(self, value: &'static str) -> Self {
        Self { in_manifest: Some(value), ..self }
    }
}

pub(super) const WARM_ENI_TARGET: Variable =
    variable("WARM_ENI_TARGET", VariableKind::Number, Decides::Pool).in_code("1").in_manifest("1");
pub(super) const WARM_IP_TARGET: Variable =
    variable("WARM_IP_TARGET", VariableKind::Number, Decides::Pool);
pub(super) const MINIMUM_IP_TARGET: Variable =
    variable("MINIMUM_IP_TARGET", VariableKind::Number, Decides::Pool);
pub(super) const WARM_PREFIX_TARGET: Variable =
    variable("WARM_PREFIX_TARGET", VariableKind::Number, Decides::Pool)
        .in_code("0")
        .in_manifest("1");
pub(super) const MAX_ENI: Variable = variable("MAX_ENI", VariableKind::Number, Decides::Pool);
pub(super) const PREFIX_DELEGATION: Variable =
    variable("ENABLE_PREFIX_DELEGATION", VariableKind::Truth, Decides::Pool)
        .in_code("false")
        .in_manifest("false");
pub(super) const CUSTOM_NETWORKING: Variable =
    variable("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", VariableKind::Truth, Decides::Pool)
        .in_code("false")
        .in_manifest("false");
pub(super) const POD_ENI: Variable = variable("ENABLE_POD_ENI", VariableKind::Truth, Decides::Pool)
    .in_code("false")
    .in_manifest("false");
pub(super) const NO_PROVISIONING: Variable =
    variable("DISABLE_NETWORK_RESOURCE_PROVISIONING", VariableKind::Truth, Decides::Pool)
        .in_code("false")
        .in_manifest("false");
pub(super) const IMDS_ONLY: Variable =
    variable("ENABLE_IMDS_ONLY_MODE", VariableKind::Truth, Decides::Pool)
        .in_code("false")
        .in_manifest("false");
pub(super) const MANAGE_UNTAGGED: Variable =
    variable("MANAGE_UNTAGGED_ENI", VariableKind::Truth, Decides::Pool).in_code("true");
pub(super) const MULTI_NIC: Variable =
    variable("ENABLE_MULTI_NIC", VariableKind::Truth, Decides::Pool).in_code("false");
pub(super) const COOL_DOWN: Variable =
    variable("IP_COOLDOWN_PERIOD", VariableKind::Number, Decides::Pool).in_code("30");
pub(super) const SUBNET_DISCOVERY: Variable =
    variable("ENABLE_SUBNET_DISCOVERY", VariableKind::Truth, Decides::Subnets)
        .in_code("true")
        .in_manifest("true");
pub(super) const CLUSTER_NAME: Variable =
    variable("CLUSTER_NAME", VariableKind::Text, Decides::Subnets);
pub(super) const ENI_CONFIG_ANNOTATION: Variable =
    variable("ENI_CONFIG_ANNOTATION_DEF", VariableKind::Text, Decides::EniConfig)
        .in_code("k8s.amazonaws.com/eniConfig");
pub(super) const ENI_CONFIG_LABEL: Variable =
    variable("ENI_CONFIG_LABEL_DEF", VariableKind::Text, Decides::EniConfig)
        .in_code("k8s.amazonaws.com/eniConfig");

/// Every variable that is read.
pub const VARIABLES: &[Variable] = &[
    WARM_ENI_TARGET,
    WARM_IP_TARGET,
    MINIMUM_IP_TARGET,
    WARM_PREFIX_TARGET,
    MAX_ENI,
    PREFIX_DELEGATION,
    CUSTOM_NETWORKING,
    POD_ENI,
    NO_PROVISIONING,
    IMDS_ONLY,
    MANAGE_UNTAGGED,
    MULTI_NIC,
    COOL_DOWN,
    SUBNET_DISCOVERY,
    CLUSTER_NAME,
    ENI_CONFIG_ANNOTATION,
    ENI_CONFIG_LABEL,
];

impl Variable {
    /// Whether its value stands, or may stand, elsewhere than in the daemonset, such as in a ConfigMap.
    #[must_use]
    pub fn is_hidden(&self, aws_node: &AwsNode) -> bool {
        aws_node.hidden.contains(self.name)
            || (aws_node.hidden_more && !aws_node.environment.contains_key(self.name))
    }

    /// Its number as the CNI reads it; `None` if it is absent or none.
    #[must_use]
    pub fn number(&self, aws_node: &AwsNode) -> Option<i64> {
        aws_node.environment.get(self.name)?.parse().ok()
    }

    /// Its truth value as the CNI reads it: what is absent or none is as in the code.
    #[must_use]
    pub fn is_on(&self, aws_node: &AwsNode) -> bool {
        let value = aws_node.environment.get(self.name).and_then(|value| AwsNode::truth(value));
        value.or_else(|| AwsNode::truth(self.in_code?)).unwrap_or(false)
    }

    /// Its text; `None` if it is absent or empty.
    #[must_use]
    pub fn text<'a>(&self, aws_node: &'a AwsNode) -> Option<&'a str> {
        aws_node.environment.get(self.name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// As [`Self::is_on`]; `None` if that stands elsewhere.
    #[must_use]
    pub fn known_on(&self, aws_node: &AwsNode) -> Option<bool> {
        (!self.is_hidden(aws_node)).then(|| self.is_on(aws_node))
    }
}

/// The variables that decide one of these and whose value stands elsewhere.
#[must_use]
pub fn hidden(aws_node: &AwsNode, decides: &[Decides]) -> BTreeSet<&'static str> {
    VARIABLES
        .iter()
        .filter(|row| decides.contains(&row.decides) && row.is_hidden(aws_node))
        .map(|row| row.name)
        .collect()
}

/// The variables that decide something and whose values are not available.
#[must_use]
pub fn elsewhere(hidden: &BTreeSet<&'static str>) -> Withheld {
    let names = hidden.iter().copied().collect::<Vec<_>>().join(", ");
    let reason = format!(
        "the value of {names} is set outside the daemonset (ConfigMap, Secret or \
                          field reference)"
    );
    Withheld::of_command(AwsNode::COMMAND, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(variables: &[(&str, &str)]) -> AwsNode {
        let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        AwsNode { environment: pairs.collect(), ..AwsNode::default() }
    }

    #[test]
    fn names_are_there_once_and_defaults_are_values() {
        let names: BTreeSet<&str> = VARIABLES.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), VARIABLES.len());
        for row in VARIABLES {
            for value in [row.in_code, row.in_manifest].into_iter().flatten() {
                let is_one = match row.kind {
                    VariableKind::Number => value.parse::<i64>().is_ok(),
                    VariableKind::Truth => AwsNode::truth(value).is_some(),
                    VariableKind::Text => !value.is_empty(),
                };
                assert!(is_one, "{}: {value}", row.name);
            }
        }
    }

    #[test]
    fn a_value_that_is_none_leaves_the_codes_default() {
        for (value, is_on) in [("yes", true), ("", true), ("F", false), ("1", true)] {
            assert_eq!(
                SUBNET_DISCOVERY.is_on(&node(&[("ENABLE_SUBNET_DISCOVERY", value)])),
                is_on,
                "{value}"
            );
        }
        assert!(!CUSTOM_NETWORKING.is_on(&node(&[(CUSTOM_NETWORKING.name, "yes")])));
        assert_eq!(WARM_IP_TARGET.number(&node(&[(WARM_IP_TARGET.name, "many")])), None);
        assert_eq!(WARM_IP_TARGET.number(&node(&[(WARM_IP_TARGET.name, "-1")])), Some(-1));
    }

    #[test]
    fn what_stands_elsewhere_is_not_guessed() {
        let mut aws_node = node(&[("WARM_IP_TARGET", "2")]);
        aws_node.hidden.insert("MY_NODE_NAME".to_owned());
        assert!(hidden(&aws_node, &[Decides::Pool, Decides::Subnets]).is_empty());
        aws_node.hidden.insert("MAX_ENI".to_owned());
        aws_node.hidden.insert("CLUSTER_NAME".to_owned());
        assert_eq!(hidden(&aws_node, &[Decides::Pool]), BTreeSet::from(["MAX_ENI"]));
        assert_eq!(hidden(&aws_node, &[Decides::Subnets]), BTreeSet::from(["CLUSTER_NAME"]));
        aws_node.hidden_more = true;
        let hidden = hidden(&aws_node, &[Decides::Pool]);
        assert!(hidden.contains("WARM_ENI_TARGET") && !hidden.contains("WARM_IP_TARGET"));
    }
}
