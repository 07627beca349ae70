//! Settings of Windows nodes: the ConfigMap amazon-vpc-cni, which the VPC resource controller reads, and the
//! same as values of the add-on.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{cluster::Cluster, config_value::ConfigValue, site::Site};
use crate::simulate::{Cni, Target};

/// The ConfigMap's data: what the plan sets, where Windows nodes run.
pub(super) fn data(cni: &Cni) -> BTreeMap<&'static str, String> {
    let windows = cni.windows.clone().unwrap_or_default();
    let target = |target: Option<Target>| Some(target?.value()?.to_string());
    let named = [
        ("enable-windows-ipam", Some("true".to_owned())),
        (
            "enable-windows-prefix-delegation",
            windows.prefix_delegation.filter(|on| *on).map(|on| on.to_string()),
        ),
        ("minimum-ip-target", target(windows.minimum_ip_target)),
        ("warm-ip-target", target(windows.warm_ip_target)),
        ("warm-prefix-target", target(windows.warm_prefix_target)),
    ];
    named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// A patch of the ConfigMap: a key that goes is `null`.
pub(super) fn patch(from: &Cni, to: &Cni) -> Value {
    let wanted = data(to);
    let gone = data(from).into_keys().filter(|name| !wanted.contains_key(name));
    let gone = gone.map(|name| (name.to_owned(), Value::Null));
    let set = wanted.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())));
    gone.chain(set).collect()
}

/// The values of the add-on; none without Windows nodes.
pub(super) fn config(site: &Site<'_>, cluster: &Cluster<'_>) -> BTreeMap<String, ConfigValue> {
    if !cluster.has_windows() {
        return BTreeMap::new();
    }
    let called = |name: &str| match name {
        "enable-windows-ipam" => Some("enableWindowsIpam"),
        "enable-windows-prefix-delegation" => Some("enableWindowsPrefixDelegation"),
        "warm-prefix-target" => Some("warmWindowsPrefixTarget"),
        "warm-ip-target" => Some("warmWindowsIPTarget"),
        "minimum-ip-target" => Some("minimumWindowsIPTarget"),
        _ => None,
    };
    let value = |text: String| text.parse().map_or(ConfigValue::Text(text), ConfigValue::Number);
    data(&site.candidate.cni)
        .into_iter()
        .filter_map(|(name, text)| Some((called(name)?.to_owned(), value(text))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::WindowsCni;
    use serde_json::json;

    #[test]
    fn a_key_that_goes_is_taken_away() {
        let of = |windows: WindowsCni| Cni { windows: Some(windows), ..Cni::default() };
        let prefixes = of(WindowsCni {
            prefix_delegation: Some(true),
            warm_prefix_target: Some(Target::Value(1)),
            ..WindowsCni::default()
        });
        let all = json!({
            "enable-windows-ipam": "true",
            "enable-windows-prefix-delegation": "true",
            "warm-prefix-target": "1",
        });
        assert_eq!(patch(&Cni::default(), &prefixes), all);
        let targets =
            of(WindowsCni { warm_ip_target: Some(Target::Value(2)), ..WindowsCni::default() });
        let patched = json!({
            "enable-windows-ipam": "true",
            "enable-windows-prefix-delegation": null,
            "warm-ip-target": "2",
            "warm-prefix-target": null,
        });
        assert_eq!(patch(&prefixes, &targets), patched);
    }
}
