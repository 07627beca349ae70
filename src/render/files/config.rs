//! The configuration of the add-on vpc-cni, which the Helm chart takes as values: one content for
//! `vpc-cni-addon.json`, `vpc-cni-values.yaml`, Terraform, CloudFormation and eksctl.

use std::collections::BTreeMap;

use super::{cluster::Cluster, config_value::ConfigValue, site::Site, windows};
use crate::plan::variables::env;

fn fields<K: Into<String>>(fields: impl IntoIterator<Item = (K, ConfigValue)>) -> ConfigValue {
    ConfigValue::Fields(fields.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

/// The configuration, whole: what it does not name has its default.
pub(super) fn config(site: &Site<'_>, cluster: &Cluster<'_>) -> ConfigValue {
    let mut all = BTreeMap::new();
    let env = env(&site.settings);
    if !env.is_empty() {
        let env = env.into_iter().map(|(name, value)| (name, ConfigValue::Text(value)));
        all.insert("env".to_owned(), fields(env));
    }
    let eni_configs = cluster.eni_configs();
    if !eni_configs.is_empty() {
        let subnets = eni_configs.into_iter().map(|(name, subnet)| {
            (name, fields([("id", ConfigValue::SubnetId(subnet.to_owned()))]))
        });
        let eni_config = fields([
            ("create", ConfigValue::Truth(true)),
            ("region", ConfigValue::Text(site.region())),
            ("subnets", fields(subnets)),
        ]);
        all.insert("eniConfig".to_owned(), eni_config);
    }
    all.extend(windows::config(site, cluster));
    ConfigValue::Fields(all)
}

/// Whether there is something to configure, or something to set back.
pub(super) fn applies(site: &Site<'_>, cluster: &Cluster<'_>) -> bool {
    let is_empty = |value: &ConfigValue| match value {
        ConfigValue::Fields(fields) => fields.is_empty(),
        ConfigValue::Text(_)
        | ConfigValue::Truth(_)
        | ConfigValue::Number(_)
        | ConfigValue::SubnetId(_) => false,
    };
    !is_empty(&config(site, cluster)) || !env(&site.today).is_empty()
}
