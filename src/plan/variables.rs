//! Settings of the VPC CNI as environment variables of aws-node: what a plan sets, what stays as the
//! manifest has it, and what changes from today.

use std::collections::BTreeMap;

use crate::{
    cni::{CniSettings, Decides, VARIABLES, Variable},
    inventory::{AwsNode, keys::ZONE_LABEL},
    simulate::{Cni, Target},
};

/// Whether the cluster is one of IPv6, for its life.
#[must_use]
pub fn is_ipv6(cni: &Cni) -> bool {
    cni.ipv6 == Some(true)
}

/// What a variable is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// As the shipped manifest has it.
    Shipped,
    /// Absent, though the manifest sets it.
    Absent,
    /// This value, which is not the manifest's.
    Value(String),
}

/// Every variable, in the order of [`VARIABLES`].
pub type Settings = Vec<(&'static Variable, Wanted)>;

/// The variables that a plan's settings mean.
#[must_use]
pub fn settings(cni: &Cni, custom_networking: bool) -> Settings {
    VARIABLES.iter().map(|variable| (variable, wanted(variable, cni, custom_networking))).collect()
}

fn wanted(variable: &Variable, cni: &Cni, custom_networking: bool) -> Wanted {
    let target =
        |target: Option<Target>| target.map(|target| target.value().map(|v| v.to_string()));
    let truth = |truth: Option<bool>| truth.map(|truth| Some(truth.to_string()));
    let set: Option<Option<String>> = match variable.name {
        "WARM_ENI_TARGET" => target(cni.warm_eni_target),
        "WARM_IP_TARGET" => target(cni.warm_ip_target),
        "MINIMUM_IP_TARGET" => target(cni.minimum_ip_target),
        "WARM_PREFIX_TARGET" => target(cni.warm_prefix_target),
        "MAX_ENI" => target(cni.max_eni),
        "ENABLE_PREFIX_DELEGATION" => truth(cni.prefix_delegation),
        "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG" => truth(Some(custom_networking)),
        "ENI_CONFIG_LABEL_DEF" if custom_networking => Some(Some(ZONE_LABEL.to_owned())),
        "ENABLE_POD_ENI" => truth(cni.pod_eni),
        "DISABLE_NETWORK_RESOURCE_PROVISIONING" => truth(cni.disable_network_provisioning),
        "IP_COOLDOWN_PERIOD" => cni.cooldown_seconds.map(|seconds| Some(seconds.to_string())),
        "ENABLE_SUBNET_DISCOVERY" => truth(cni.subnet_discovery),
        "CLUSTER_NAME" => cni.cluster_name.clone().map(Some),
        _ => None,
    };
    match (set, variable.in_manifest) {
        (None, _) | (Some(None), None) => Wanted::Shipped,
        (Some(None), Some(_)) => Wanted::Absent,
        (Some(Some(value)), shipped) => {
            // What the manifest leaves out has the value that the code takes then.
            let is_shipped = shipped.or(variable.in_code) == Some(value.as_str());
            if is_shipped { Wanted::Shipped } else { Wanted::Value(value) }
        }
    }
}

/// The variables of an add-on's configuration or of Helm values: those that differ from the manifest. One
/// that is to be absent has the value that the code takes then, since neither form can take one away.
#[must_use]
pub fn env(settings: &Settings) -> BTreeMap<&'static str, String> {
    settings
        .iter()
        .filter_map(|(variable, wanted)| {
            let value = match wanted {
                Wanted::Shipped => return None,
                Wanted::Absent => variable.in_code?.to_owned(),
                Wanted::Value(value) => value.clone(),
            };
            (variable.in_manifest != Some(value.as_str())).then_some((variable.name, value))
        })
        .collect()
}

/// Arguments of `kubectl set env` that change settings: `NAME=VALUE`, or `NAME-` for a variable that goes.
#[must_use]
pub fn changes(from: &Settings, to: &Settings) -> Vec<String> {
    let pairs = from.iter().zip(to).filter(|((_, from), (_, to))| from != to);
    pairs
        .map(|(_, (variable, wanted))| match (wanted, variable.in_manifest) {
            (Wanted::Value(value), _) => format!("{}={value}", variable.name),
            (Wanted::Shipped, Some(value)) => format!("{}={value}", variable.name),
            (Wanted::Absent, _) | (Wanted::Shipped, None) => format!("{}-", variable.name),
        })
        .collect()
}

/// The same as the CNI reads them from its daemonset.
#[must_use]
pub fn as_read(settings: &Settings, version: Option<&str>) -> CniSettings {
    let mut environment = BTreeMap::new();
    for (variable, wanted) in settings {
        let value = match wanted {
            Wanted::Shipped => variable.in_manifest.map(ToOwned::to_owned),
            Wanted::Absent => None,
            Wanted::Value(value) => Some(value.clone()),
        };
        environment.extend(value.map(|value| (variable.name.to_owned(), value)));
    }
    let version = version.map(ToOwned::to_owned);
    let aws_node = AwsNode { version, environment, ..AwsNode::default() };
    // Nothing stands elsewhere: every variable is in the environment or absent.
    CniSettings::read(&aws_node, &[Decides::Pool, Decides::Subnets])
        .unwrap_or_else(|_| CniSettings::shipped())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(warm_eni: Option<Target>, warm_ip: Option<Target>) -> Settings {
        let cni = Cni { warm_eni_target: warm_eni, warm_ip_target: warm_ip, ..Cni::default() };
        settings(&cni, false)
    }

    #[test]
    fn defaults_are_not_written() {
        let same = Cni {
            warm_eni_target: Some(Target::Value(1)),
            warm_ip_target: Some(Target::Unset),
            subnet_discovery: Some(true),
            prefix_delegation: Some(false),
            cooldown_seconds: Some(30),
            ..Cni::default()
        };
        assert!(env(&settings(&same, false)).is_empty());
        assert!(changes(&settings(&Cni::default(), false), &settings(&same, false)).is_empty());
    }

    #[test]
    fn what_goes_back_to_the_default_is_taken_away_or_set_back() {
        let today = targets(Some(Target::Value(0)), Some(Target::Value(5)));
        let shipped = targets(None, None);
        assert_eq!(changes(&today, &shipped), ["WARM_ENI_TARGET=1", "WARM_IP_TARGET-"]);
        assert_eq!(changes(&shipped, &today), ["WARM_ENI_TARGET=0", "WARM_IP_TARGET=5"]);
        let absent = targets(Some(Target::Unset), None);
        assert_eq!(changes(&shipped, &absent), ["WARM_ENI_TARGET-"]);
        // Without the variable the code takes 1, which is what the manifest says.
        assert!(env(&absent).is_empty());
        let no_prefix = Cni { warm_prefix_target: Some(Target::Unset), ..Cni::default() };
        assert_eq!(
            env(&settings(&no_prefix, false)),
            BTreeMap::from([("WARM_PREFIX_TARGET", "0".into())])
        );
    }

    #[test]
    fn custom_networking_goes_by_the_zone() {
        let env = env(&settings(&Cni::default(), true));
        assert_eq!(env["AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"], "true");
        assert_eq!(env["ENI_CONFIG_LABEL_DEF"], "topology.kubernetes.io/zone");
    }

    #[test]
    fn the_daemonset_is_read_as_it_was_meant() {
        let cni = Cni {
            prefix_delegation: Some(true),
            warm_ip_target: Some(Target::Value(2)),
            max_eni: Some(Target::Value(3)),
            ..Cni::default()
        };
        let read = as_read(&settings(&cni, true), Some("1.22.1"));
        assert!(read.prefix_delegation && read.custom_networking);
        assert_eq!(
            (read.warm_ip_target, read.max_eni, read.warm_eni_target),
            (Some(2), Some(3), Some(1))
        );
    }
}
